"""The page of an archive: readable without a network and without script, by a parent as by a lawyer. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from html import escape
from itertools import groupby
from typing import Any

from babel.dates import format_date

from outreach.languages import known
from outreach.models import Delivery, Event
from outreach.posts.archive_read import Edit, Kept
from outreach.posts.archive_said import Tongue, approvers, said_by, stands
from outreach.posts.archive_style import STYLE
from outreach.posts.archive_table import NO_FILE, Named, network_name
from outreach.posts.changes import Piece
from outreach.posts.deeds import deed
from outreach.posts.kinds import KINDS
from outreach.posts.spoken import zone_name
from outreach.words import Sentence, several

TAGS = {"added": "ins", "removed": "del"}


@dataclass(frozen=True)
class Title:
    library: str
    first: date
    last: date
    who: str
    at: datetime
    posts: int
    messages: int
    places: tuple[str, ...]


def head(title: Title, tongue: Tongue) -> str:
    say, name = tongue.say, escape(title.library)
    first, last = (str(format_date(day, "long", locale=known(tongue.language))) for day in (title.first, title.last))
    days = say(Sentence("%(first)s to %(last)s", first=first, last=last))
    lines = [
        Sentence("All that went out in these days at: %(places)s.", places=", ".join(title.places)),
        Sentence("What was taken down or deleted later is here too, and says so."),
        Sentence("All times are those of the library: %(zone)s.", zone=zone_name(tongue.zone, tongue.language)),
        Sentence("Made by %(who)s, %(when)s.", who=title.who, when=tongue.moment(title.at)),
    ]
    counted = f"{say(several(title.posts, '%(count)s post', '%(count)s posts'))}, " + say(
        several(title.messages, "%(count)s message at its places", "%(count)s messages at their places")
    )
    told = "".join(f"<p>{escape(say(line))}</p>" for line in lines)
    return (
        f'<!doctype html>\n<html lang="{escape(known(tongue.language))}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1"><meta name="color-scheme" '
        f'content="light dark"><title>{name}: {escape(days)}</title><style>{STYLE}</style></head>\n<body><header>'
        f"<h1>{name}</h1><p class=days>{escape(days)}</p><p><b>{escape(counted)}</b></p>{told}</header>\n<main>\n"
    )


END = "</main></body></html>\n"


def article(kept: Kept, named: Named, tongue: Tongue) -> str:
    """One post: its words at the places that got the same, then who did what to it."""
    post, say = kept.post, tongue.say
    first = kept.sent[0].published_at or kept.sent[0].due_at
    title = f"{say(KINDS[post.kind].name)}, {tongue.moment(first)}"
    body = "".join(_same(list(some), kept.events, named, tongue) for some in alike(kept.sent))
    return (
        f'<article id="post-{post.id}"><h2>{escape(title)}</h2>'
        f"<p>{escape(say(Sentence('Post %(number)s', number=str(post.id))))} · {escape(_who(kept, first, tongue))}</p>"
        f"{body}{_changes(kept.edits, tongue)}{_history(kept, tongue)}</article>\n"
    )


def alike(sent: Sequence[Delivery]) -> list[list[Delivery]]:
    """Those with the very same words and pictures together, in the order of the messages."""

    def seal(delivery: Delivery) -> tuple[int, str]:
        return delivery.part, delivery.digest

    first = {seal(one): at for at, one in reversed(list(enumerate(sent)))}
    ordered = sorted(sent, key=lambda one: (one.part, first[seal(one)], one.id))
    return [list(some) for _, some in groupby(ordered, key=seal)]


def _who(kept: Kept, at: datetime, tongue: Tongue) -> str:
    names = [event.who for event in approvers(kept.events, at)]
    if not names:
        return tongue.say(Sentence("written by %(author)s", author=kept.post.author_name))
    approved = Sentence("written by %(author)s, approved by %(names)s", author=kept.post.author_name,
                        names=" + ".join(names))  # fmt: skip
    return tongue.say(approved)


def _same(sent: Sequence[Delivery], events: Sequence[Event], named: Named, tongue: Tongue) -> str:
    one, payload = sent[0], sent[0].payload
    number = Sentence("message %(n)s of %(all)s", n=one.part + 1, all=one.parts)
    which = f"<h3>{escape(tongue.say(number))}</h3>" if one.parts > 1 else ""
    warning = f"<p class=warn>{escape(payload['warning'])}</p>" if payload.get("warning") else ""
    poll = "".join(f"<li>{escape(choice)}</li>" for choice in payload.get("poll", ()))
    pictures = "".join(_picture(image, named, tongue) for image in payload.get("images", ()))
    where = "".join(f"<li>{_at(delivery, events, tongue)}</li>" for delivery in sent)
    return (
        f"<section>{which}{warning}<div class=words dir=auto>{escape(payload.get('text', ''))}</div>"
        f"{f'<ol class=poll type=A>{poll}</ol>' if poll else ''}{pictures}<ul class=where>{where}</ul></section>"
    )


def _picture(image: Mapping[str, Any], named: Named, tongue: Tongue) -> str:
    path, alt = named(image), escape(image.get("alt", ""))
    shown = f'<img src="{escape(path)}" alt="{alt}" loading=lazy>' if path else f"<p>{escape(tongue.say(NO_FILE))}</p>"
    return f"<figure>{shown}<figcaption>{alt}<br><small>{escape(path)}</small></figcaption></figure>"


def _at(delivery: Delivery, events: Sequence[Event], tongue: Tongue) -> str:
    account, say = delivery.account, tongue.say
    network = network_name(delivery, tongue)
    place = " · ".join(dict.fromkeys(part for part in (account.name, network, account.handle) if part))
    lines = [f"<b>{escape(place)}</b>"]
    if delivery.published_at:
        lines.append(f"<time>{escape(tongue.moment(delivery.published_at))}</time>")
    if who := said_by(events, delivery):
        lines.append(escape(say(Sentence("%(who)s said that it was posted.", who=who))))
    if url := delivery.remote_url:
        link = url.startswith(("https://", "http://"))
        lines.append(f'<a href="{escape(url)}" rel="noreferrer">{escape(url)}</a>' if link else escape(url))
    lines += [f"<span class=down>{escape(say(told))}</span>" for told in stands(events, delivery, tongue)]
    return "<br>".join(lines)


def _changes(edits: Sequence[Edit], tongue: Tongue) -> str:
    """Crossed out what went, underlined what came."""
    if not edits:
        return ""
    made = "".join(f"<li>{_edit(edit, tongue)}</li>" for edit in edits)
    return f"<h3>{escape(tongue.say(Sentence('What was changed before it went out, and after')))}</h3><ol>{made}</ol>"


def _edit(edit: Edit, tongue: Tongue) -> str:
    told = "".join(f"<br><i>{escape(tongue.say(change.what))}:</i> {_pieces(change.pieces, change.listed, tongue)}"
                   for change in edit.changes)  # fmt: skip
    return f"{escape(tongue.moment(edit.at))} – <b>{escape(edit.who)}</b>{told}"


def _pieces(pieces: Sequence[Piece], listed: bool, tongue: Tongue) -> str:
    apart = "; " if listed else " " if any(piece.at or piece.whole for piece in pieces) else ""
    return apart.join(_piece(piece, tongue) for piece in pieces)


def _piece(piece: Piece, tongue: Tongue) -> str:
    text = escape(tongue.moment(piece.at) if piece.at else piece.text)
    tag = TAGS.get(piece.how)
    return f"<{tag}>{text}</{tag}>" if tag else text


def _history(kept: Kept, tongue: Tongue) -> str:
    names = {delivery.id: delivery.account.name for delivery in kept.sent}
    lines = "".join(f"<li>{line}</li>" for line in _lines(kept.events, names, tongue))
    return f"<h3>{escape(tongue.say(Sentence('History')))}</h3><ol class=history>{lines}</ol>"


def _lines(events: Sequence[Event], names: Mapping[int, str], tongue: Tongue) -> Iterator[str]:
    """Of the post, and of the messages that are in this archive."""
    for event in events:
        if event.thing == "delivery" and event.thing_id not in names:
            continue
        place = f" ({escape(names[event.thing_id])})" if event.thing == "delivery" else ""
        note = f": {escape(tongue.say(event.note))}" if event.note else ""
        what = escape(tongue.say(deed(event)))
        yield f"{escape(tongue.moment(event.at))} – <b>{escape(event.who)}</b> {what}{place}{note}"
