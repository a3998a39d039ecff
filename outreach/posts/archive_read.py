"""What went out in some days, with all that was done to it: read a few posts at a time, however many they are."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from itertools import islice

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import Session, joinedload

from outreach import clock
from outreach.models import Account, Delivery, Event, Library, Post, PostVersion, Title
from outreach.posts.changes import Change, Names, changes
from outreach.posts.versions import load

AT_A_TIME = 200  # posts


@dataclass(frozen=True)
class Asked:
    """Whole days in the library's zone, both included, and the places (their ids)."""

    first: date
    last: date
    places: tuple[int, ...]


@dataclass(frozen=True)
class Edit:
    """It was saved again: what was changed."""

    at: datetime
    who: str
    changes: Sequence[Change]


@dataclass(frozen=True)
class Kept:
    """A post, the messages of it that went out in those days, and its history from the beginning."""

    post: Post
    sent: list[Delivery]
    events: list[Event] = field(default_factory=list)
    edits: list[Edit] = field(default_factory=list)


def went_out(library: Library, asked: Asked) -> ColumnElement[bool]:
    """Whatever became of it since; and what nobody can say of, whether it went out."""
    begin = clock.at_wall(asked.first, "00:00", library.timezone)
    end = clock.at_wall(asked.last + timedelta(days=1), "00:00", library.timezone)
    out = (Delivery.published_at >= begin) & (Delivery.published_at < end)
    unsure = (Delivery.state == "unclear") & (Delivery.due_at >= begin) & (Delivery.due_at < end)
    return Delivery.account_id.in_(asked.places) & or_(out, unsure)


def posts_of(session: Session, library: Library, asked: Asked) -> list[int]:
    """Their ids, in the order in which they went out."""
    moment = func.min(func.coalesce(Delivery.published_at, Delivery.due_at))
    found = select(Delivery.post_id).where(went_out(library, asked)).group_by(Delivery.post_id)
    return list(session.scalars(found.order_by(moment, Delivery.post_id)))


def kept(session: Session, library: Library, asked: Asked, post_ids: Iterable[int]) -> Iterator[Kept]:
    """Each post with its messages; what was handed on is forgotten, so that ten thousand need no more room than ten."""
    ids, places = iter(post_ids), _places(session, library)
    while some := list(islice(ids, AT_A_TIME)):
        out = select(Delivery).where(Delivery.post_id.in_(some), went_out(library, asked))
        ordered = out.options(joinedload(Delivery.account)).order_by(Delivery.published_at, Delivery.id)
        sent = _by_post(session, ordered)
        events = _by_post(session, select(Event).where(Event.post_id.in_(some)).order_by(Event.id))
        versions = _by_post(session, select(PostVersion).where(PostVersion.post_id.in_(some)).order_by(PostVersion.id))
        posts = {post.id: post for post in session.scalars(select(Post).where(Post.id.in_(some)))}
        names = Names(places, _titles(session, versions.values()))
        for n in some:
            if n in posts and sent[n]:
                yield Kept(posts[n], sent[n], events[n], edits_of(versions[n], names))


def _by_post(session: Session, chosen: object) -> dict[int, list]:  # type: ignore[type-arg]
    found = defaultdict(list)
    for row in session.scalars(chosen):  # type: ignore[call-overload]
        found[row.post_id].append(row)
    return found


def edits_of(versions: Sequence[PostVersion], names: Names) -> list[Edit]:
    """What each version changed of the one before it."""
    written = [load(version.written) for version in versions]
    pairs = zip(versions[1:], written, written[1:], strict=False)
    made = [Edit(version.at, version.who, changes(before, after, names)) for version, before, after in pairs]
    return [edit for edit in made if edit.changes]


def _places(session: Session, library: Library) -> dict[int, str]:
    mine = select(Account.id, Account.name).where(Account.library_id == library.id)
    return dict(session.execute(mine).all())


def _titles(session: Session, versions: Iterable[Sequence[PostVersion]]) -> dict[int, str]:
    """Of posts that were changed at all."""
    changed = [one for some in versions if len(some) > 1 for one in some]
    ids = {int(n) for one in changed for n in one.written.get("titles", [])}
    if not ids:
        return {}
    return dict(session.execute(select(Title.id, Title.title).where(Title.id.in_(ids))).all())
