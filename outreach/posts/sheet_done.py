"""What a table left behind once it is in: its posts that are drafts, and the rows that were left out, with reasons."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from outreach.models import Post, Sheet
from outreach.posts.sheet_posts import PostRow
from outreach.words import Sentence, cap

MOST = 100  # on the page
WORDS = 80  # characters


@dataclass(frozen=True)
class LeftOut:
    number: int
    words: str
    reasons: Sequence[Sentence]


def kept(rows: Sequence[PostRow]) -> list[list[Any]]:
    """Of a table's rows those that were left out, as the sheet keeps them."""
    return [[r.number, cap(_words(r), WORDS), [stop.dump() for stop in r.stops]] for r in rows if r.stops]


def _words(row: PostRow) -> str:
    return str(row.written.fields.get("name") or row.written.words)


def left_out(sheet: Sheet) -> list[LeftOut]:
    return [LeftOut(n, words, [Sentence.load(said) for said in reasons]) for n, words, reasons in sheet.rows]


def drafts_of(session: Session, sheet: Sheet) -> list[Post]:
    """Its posts that nobody has sent for review yet, in their order."""
    found = select(Post).where(Post.sheet_id == sheet.id, Post.state == "draft")
    return list(session.scalars(found.order_by(Post.wished_at, Post.id).limit(MOST)))
