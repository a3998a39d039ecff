"""Rows -> the plain values that wording and policy decide with."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import inspect, select
from sqlalchemy.orm import object_session, selectinload

from outreach import clock
from outreach.accounts.limits import limits_of
from outreach.holidays import is_closed
from outreach.models import Account, Library, Post, PostTitle, Title
from outreach.posts.catalog_link import link_of
from outreach.posts.kinds import Book, Draft, Image
from outreach.posts.policy import Place, Problem, problems
from outreach.posts.wording import Message, render

SCHOOL_DAYS_TO_ANSWER = 2


def draft_of(post: Post, at: datetime | None = None) -> Draft:
    """`at`: the time the first message goes out, if it is decided."""
    _load_ids(post)
    library, at = post.library, at or post.wished_at
    return Draft(
        kind=post.kind,
        words=post.words,
        link=post.link,
        fields=post.fields,
        images=tuple(
            Image(
                m.medium.digest,
                m.medium.mime,
                m.alt,
                m.medium.size,
                m.medium.width * m.medium.height,
                m.shape,
                seal=m.seal,
            )
            for m in post.media
        ),
        books=tuple(book_of(t.title, library) for t in post.titles),
        visibility=post.visibility,
        warning=post.warning,
        language=post.language,
        hashtags=library.hashtags,
        library=library.name,
        at=at,
        answer_at=answer_time(post, at) if post.kind == "trivia" else None,
    )


def _load_ids(post: Post) -> None:
    """What its titles are known by, in one question: the library's pattern of links asks each of them."""
    if not post.library.title_link or all(_has_ids(row) for row in post.titles):
        return
    if session := object_session(post):
        mine = select(Title).where(Title.id.in_([row.title_id for row in post.titles]))
        session.scalars(mine.options(selectinload(Title.ids))).all()


def _has_ids(row: PostTitle) -> bool:
    return "title" not in inspect(row).unloaded and "ids" not in inspect(row.title).unloaded


def book_of(title: Title, library: Library) -> Book:
    link = link_of(title, library)
    return Book(
        title.title, title.author, link, title.format, title.audience, title.call_number, title.subtitle, title.id
    )


def answer_time(post: Post, at: datetime | None) -> datetime | None:
    """When a trivia answer comes: as chosen, else two school days later at the same wall time."""
    chosen = post.fields.get("answer_at")
    if chosen:
        return datetime.fromisoformat(str(chosen))
    return default_answer_time(post.library, at) if at else None


def default_answer_time(library: Library, at: datetime) -> datetime:
    local = clock.to_local(at, library.timezone)

    def closed(day: date) -> bool:
        return is_closed(library, day)

    day = clock.school_days_after(local.date(), SCHOOL_DAYS_TO_ANSWER, closed)
    return clock.to_utc(datetime.combine(day, local.time().replace(tzinfo=None)), library.timezone)


def place_of(account: Account) -> Place:
    return Place(account.id, account.name, limits_of(account))


def rendered(post: Post, at: datetime | None = None) -> dict[Place, list[Message]]:
    draft = draft_of(post, at)
    places = [(place_of(p.account), p.words) for p in post.placements]
    return {place: render(draft, place.limits, words) for place, words in places}


def post_problems(post: Post, at: datetime | None = None) -> list[Problem]:
    return problems(draft_of(post, at), rendered(post, at))
