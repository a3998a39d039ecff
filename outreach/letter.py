"""What one e-mail says, from one or more rows of the outbox. Pure: text, and the same for eyes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from email.message import EmailMessage
from html import escape

from outreach.words import Sentence

DECIDE = "/decide/"  # in the outbox with a post, in the letter with a token: that acts, once


@dataclass(frozen=True)
class Item:
    subject: str
    body: str
    html: str = ""
    path: str = ""


Say = Callable[[Sentence], str]  # in the language of whoever reads it


def message(items: Sequence[Item], public_url: str, say: Say = str) -> EmailMessage:
    """One item is a letter of its own; several are a list, each with its own link."""
    made, titled = EmailMessage(), len(items) > 1
    many = Sentence("%(count)s things for you, and your day", count=len(items))
    made["Subject"] = say(many) if titled else items[0].subject
    made.set_content("\n\n\n".join(_text(item, public_url, titled, say) for item in items))
    if any(item.html for item in items):
        shown = "<hr>".join(_html(item, public_url, titled, say) for item in items)
        made.add_alternative(f"<!doctype html><html><body>{shown}</body></html>", subtype="html")
    return made


def _text(item: Item, public_url: str, titled: bool, say: Say) -> str:
    word, more = _link_words(item.path, public_url, say)
    link = f"{public_url}{item.path}" if public_url and item.path else ""
    pieces = [f"{item.subject}\n{'=' * len(item.subject)}" if titled else "", item.body]
    pieces.append("\n".join(filter(None, (word, link, more))))
    return "\n\n".join(piece for piece in pieces if piece)


def _html(item: Item, public_url: str, titled: bool, say: Say) -> str:
    word, more = map(escape, _link_words(item.path, public_url, say))
    head = f"<h2>{escape(item.subject)}</h2>" if titled else ""
    shown = item.html or f"<p>{lines(item.body)}</p>"
    if public_url and item.path:
        address = escape(public_url + item.path)
        word = f'<a href="{address}">{word or escape(say(Sentence("Open it")))}</a>'
    said = "".join(f"<p>{one}</p>" for one in (word, more) if one)
    return head + shown + said


def _link_words(path: str, public_url: str, say: Say) -> tuple[str, str]:
    """What stands on a link, and below it."""
    if not path.startswith(DECIDE):
        return "", ""
    if not public_url:
        return say(Sentence("To decide, sign in to Outreach and open Review.")), ""
    once = Sentence("The link is yours alone. It works once, within 7 days.")
    return say(Sentence("Look and decide")), say(once)


def lines(text: str) -> str:
    """Plain words as HTML."""
    return "<br>".join(map(escape, text.splitlines()))
