"""Posts about titles that a person chose: of a list that came in, or picked on the titles page."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from outreach.access import Actor
from outreach.accounts.limits import stands_apart
from outreach.db import db
from outreach.languages import spoken
from outreach.models import Feed, Import, Library, Post, Title
from outreach.posts import compose
from outreach.posts.queries import accounts_of
from outreach.posts.schedule import next_free
from outreach.posts.written import Written
from outreach.titles.covers import Studio
from outreach.titles.digest import DEFAULT_WORDS
from outreach.titles.pictures import redraw
from outreach.titles.queries import untold, waiting_of_list
from outreach.titles.rules import MOST
from outreach.words import NotDone, Sentence

BOOK_LIST = Sentence("Books from our shelves:")


def about_list(import_id: int, studio: Studio, by: Actor, now: datetime) -> Post:
    """A draft about what a list brought and may be announced. Raises NotDone where that is nothing."""
    session = db.session()
    row = session.get_one(Import, import_id)
    return about(row.library, waiting_of_list(session, row, now), studio, by, now)


def about_feed(feed_id: int, studio: Studio, by: Actor, now: datetime) -> Post:
    """A draft about the newest of what a feed has had all along. Raises NotDone where that was told, or is nothing."""
    session = db.session()
    feed = session.get_one(Feed, feed_id)
    return about(feed.library, untold(session, feed, now), studio, by, now)


def about_chosen(library: Library, title_ids: Sequence[int], studio: Studio, by: Actor, now: datetime) -> Post:
    """A draft about titles that a person picked: a list of books where they are not all new. Raises NotDone."""
    old = Title.baseline | Title.announced_at.is_not(None)
    is_old = db.session().scalar(select(Title.id).where(Title.id.in_(title_ids), old).limit(1)) is not None
    return about(library, title_ids, studio, by, now, BOOK_LIST if is_old else DEFAULT_WORDS)


def about(
    library: Library,
    title_ids: Sequence[int],
    studio: Studio,
    by: Actor,
    now: datetime,
    words: Sentence = DEFAULT_WORDS,
) -> Post:
    """A draft for the next usual time, on the usual places. Raises NotDone without a title."""
    if not title_ids:
        raise NotDone(Sentence("Choose at least one title."))
    session = db.session()
    written = Written(
        kind="titles",
        words=spoken(words, library.language),
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
