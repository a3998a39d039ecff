"""Posts about titles that a person chose: of a list that came in, or picked on the titles page."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from outreach.access import Actor
from outreach.accounts.limits import stands_apart
from outreach.db import db
from outreach.models import Import, ImportTitle, Library, Post, Title
from outreach.models.titles import NEWS
from outreach.posts import compose
from outreach.posts.compose import Written
from outreach.posts.queries import accounts_of
from outreach.posts.schedule import next_free
from outreach.titles.covers import Studio
from outreach.titles.digest import DEFAULT_WORDS
from outreach.titles.pictures import redraw
from outreach.titles.queries import under_way
from outreach.titles.rules import MOST
from outreach.words import NotDone, Sentence


def about_list(import_id: int, studio: Studio, by: Actor, now: datetime) -> Post:
    """A draft about what a list brought and may be announced. Raises NotDone where that is nothing."""
    session = db.session()
    row = session.get_one(Import, import_id)
    offered = (
        select(Title.id)
        .join(ImportTitle, ImportTitle.title_id == Title.id)
        .where(ImportTitle.import_id == import_id, text(NEWS), Title.id.not_in(under_way(now)))
        .order_by(Title.id)
        .limit(MOST)
    )
    return about(row.library, list(session.scalars(offered)), studio, by, now)


def about(library: Library, title_ids: Sequence[int], studio: Studio, by: Actor, now: datetime) -> Post:
    """A draft for the next usual time, on the usual places. Raises NotDone without a title."""
    if not title_ids:
        raise NotDone(Sentence("Choose at least one title."))
    session = db.session()
    written = Written(
        kind="titles",
        words=str(DEFAULT_WORDS),
        fields={"pictures": "collage"},
        timing="slot",
        wished_at=next_free(session, library, "titles", now),
        accounts=dict.fromkeys(_usual_places(session, library.id), ""),
        titles=title_ids[:MOST],
    )
    post = compose.create(library.id, written, by, now)
    redraw(post.id, studio, now)
    return post


def _usual_places(session: Session, library_id: int) -> list[int]:
    return [a.id for a in accounts_of(session, library_id) if not stands_apart(a)]
