"""What was written, into the rows of a post: its words, places, pictures and titles."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from outreach.models import Account, Medium, Placement, Post, PostMedium, PostTitle, Title
from outreach.posts.consents import codes_of, link
from outreach.posts.drafts import whole_address
from outreach.posts.kinds import KINDS
from outreach.words import NotDone, Sentence, keepable, several

LONGEST = 20_000  # characters of one field; nothing longer is a post


@dataclass(frozen=True)
class Written:
    """What a person (or a feed, or the command line) wrote, as far as a database keeps it.

    Ids are checked against the library.
    """

    kind: str
    words: str = ""
    link: str = ""
    fields: Mapping[str, Any] = field(default_factory=dict)
    visibility: str = ""
    warning: str = ""
    language: str = ""
    second: Mapping[str, Any] = field(default_factory=dict)  # the same in another language, see posts/wording.py
    timing: str = "slot"  # slot: the next usual time; at: wished_at; now: as soon as it is approved
    wished_at: datetime | None = None
    accounts: Mapping[int, str] = field(default_factory=dict)  # account id -> its own words
    media: Sequence[tuple[int, str]] = ()  # (medium id, alt text), in order
    titles: Sequence[int] = ()
    permitted: bool = False  # "I checked the school's permission list today", for student work
    old_tick: bool = False  # it was ticked before this form was opened: that covers no other work

    def __post_init__(self) -> None:
        for one in fields(self):
            object.__setattr__(self, one.name, keepable(getattr(self, one.name)))


def kind_of(kind: str) -> str:
    """Raises NotDone for what is no kind of post."""
    if kind not in KINDS:
        raise NotDone(Sentence("Choose what you want to share."))
    return kind


def write(session: Session, post: Post, written: Written) -> None:
    """Raises NotDone for what is too long, and for what is not of the library of the post."""
    for text in (
        written.words,
        written.link,
        written.warning,
        *map(str, written.fields.values()),
        *map(str, written.second.values()),
        *written.accounts.values(),
    ):
        if len(text) > LONGEST:
            raise NotDone(Sentence("That is more than %(most)s characters. Shorten it.", most=LONGEST))
    post.words, post.link, post.warning = written.words.strip(), web_address(written.link), written.warning.strip()
    post.fields, post.visibility, post.language = dict(written.fields), written.visibility, written.language
    if post.series_id is not None:
        post.fields.pop("repeat", None)  # e.g. of an earlier version: it does already
    if written.kind == "student":
        _consents(session, post)
    post.second = dict(written.second)
    post.timing, post.wished_at = written.timing, written.wished_at
    _place(session, post, written.accounts)
    _illustrate(session, post, written.media)
    _list_titles(session, post, written.titles)


def _consents(session: Session, post: Post) -> None:
    """Raises NotDone for what is the name of a student."""
    typed = post.fields.pop("codes", None) or []
    if codes := codes_of(",".join(map(str, typed))):
        post.fields["codes"] = codes
    link(session, post)


def web_address(link: str) -> str:
    """Raises NotDone for what is none."""
    link = whole_address(link)
    try:
        known = urlsplit(link).hostname is not None
    except ValueError:
        known = False
    if link and not (known and link.lower().startswith(("http://", "https://")) and not re.search(r"\s", link)):
        raise NotDone(Sentence("A link begins with https:// – please check it."))
    return link


def _place(session: Session, post: Post, accounts: Mapping[int, str]) -> None:
    known = {p.account_id: p for p in post.placements}
    _own(session, Account, post.library_id, accounts)
    for account_id, words in accounts.items():
        if account_id in known:
            known[account_id].words = words.strip()
        else:
            post.placements.append(Placement(account_id=account_id, words=words.strip()))
    post.placements[:] = [p for p in post.placements if p.account_id in accounts]


def _illustrate(session: Session, post: Post, media: Sequence[tuple[int, str]]) -> None:
    _own(session, Medium, post.library_id, [m for m, _ in media])
    known = {m.medium_id: m for m in post.media if not m.shape}
    kept = []
    for position, (medium_id, alt) in enumerate(dict(media).items()):
        row = known.get(medium_id) or PostMedium(medium_id=medium_id)
        row.position, row.alt = position, " ".join(alt.split())
        kept.append(row)
    post.media[:] = kept + [m for m in post.media if m.shape]  # what we drew is not in the form


def _list_titles(session: Session, post: Post, titles: Sequence[int]) -> None:
    known = {t.title_id: t for t in post.titles}
    _refuse_gone(session, set(titles))
    _own(session, Title, post.library_id, titles)
    _refuse_aside(session, set(titles) - known.keys())
    kept = []
    for position, title_id in enumerate(dict.fromkeys(titles)):
        row = known.get(title_id) or PostTitle(title_id=title_id)
        row.position = position
        kept.append(row)
    post.titles[:] = kept


def _refuse_aside(session: Session, titles: set[int]) -> None:
    """A form that is old, or not ours, brings none into a post that was hidden or left out."""
    aside = Title.hidden_at.is_not(None) | (Title.left_out != "")
    if name := session.scalar(select(Title.title).where(Title.id.in_(titles), aside).limit(1)):
        raise NotDone(Sentence("“%(title)s” is hidden or left out. Add it on its own page first.", title=name))


def _refuse_gone(session: Session, titles: set[int]) -> None:
    """A list may be undone while a form with its titles is open."""
    gone = len(titles) - (session.scalar(select(func.count(Title.id)).where(Title.id.in_(titles))) or 0)
    if gone:
        raise NotDone(
            several(
                gone,
                "A title of this post is gone: its list was undone. Look at the others and save again.",
                "%(count)s titles of this post are gone: their list was undone. Look at the others and save again.",
            )
        )


def _own(session: Session, model: Any, library_id: int, ids: Any) -> None:
    """Everything a post points to belongs to its library."""
    wanted = set(ids)
    found = set(session.scalars(select(model.id).where(model.library_id == library_id, model.id.in_(wanted))))
    if wanted - found:
        raise NotDone(Sentence("Something in this post belongs to another library. Choose it again."))
