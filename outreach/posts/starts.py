"""Posts that were kept to start others from."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from outreach.db import db, writing
from outreach.models import Post, Start
from outreach.posts.versions import dump, load, still_there, written_of
from outreach.posts.written import Written
from outreach.words import NotDone, Sentence, within

MOST = 100  # of one library


def save(post_id: int, name: str, now: datetime) -> Start:
    """The post as it is now, without its time, under a name; the one of this name is replaced. Raises NotDone."""
    name = " ".join(within(name, 80).split())
    if not name:
        raise NotDone(Sentence("Give it a name, so that you find it again."))
    with writing() as session:
        post = session.get_one(Post, post_id)
        kept = dump(replace(written_of(post), timing="slot", wished_at=None, fields=_timeless(post)))
        there = {start.name.casefold(): start for start in starts_of(session, post.library_id)}
        if start := there.get(name.casefold()):
            start.name, start.kind, start.written = name, post.kind, kept
            return start
        if len(there) >= MOST:
            raise NotDone(Sentence("There are %(most)s already. Remove one that you do not use.", most=MOST))
        start = Start(library_id=post.library_id, name=name, kind=post.kind, written=kept, created_at=now)
        session.add(start)
        session.flush()
        return start


def _timeless(post: Post) -> dict[str, object]:
    """A moment of the past helps no new post; and none repeats because an older one did."""
    return {name: value for name, value in post.fields.items() if not name.endswith("_at") and name != "repeat"}


def written(start_id: int) -> Written:
    """What a new post begins with, without what is gone since."""
    session = db.session()
    start = session.get_one(Start, start_id)
    return still_there(session, start.library_id, load(start.written))


def starts_of(session: Session, library_id: int) -> list[Start]:
    return list(session.scalars(select(Start).where(Start.library_id == library_id).order_by(Start.name)))


def remove(start_id: int) -> None:
    """Posts that began with it stay."""
    with writing() as session:
        session.delete(session.get_one(Start, start_id))
