"""Rows -> the plain values that wording and policy decide with."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import inspect, select
from sqlalchemy.orm import object_session, selectinload

from outreach import clock
from outreach.accounts.limits import limits_of
from outreach.channels import about
from outreach.holidays import is_closed
from outreach.models import Account, Library, Medium, Post, PostTitle, Title
from outreach.posts.catalog_link import link_of
from outreach.posts.drafts import Book, Draft, Image, whole_address
from outreach.posts.format_names import format_name
from outreach.posts.policy import Place, Problem, problems
from outreach.posts.versions import written_of
from outreach.posts.wording import Message, render
from outreach.posts.written import Written

SCHOOL_DAYS_TO_ANSWER = 2


def draft_of(post: Post, at: datetime | None = None) -> Draft:
    """`at`: the time the first message goes out, if it is decided."""
    _load_ids(post)
    images = tuple(image_of(m.medium, m.alt, m.shape, m.seal) for m in post.media)
    books = tuple(book_of(t.title, post.library) for t in post.titles)
    permitted = post.permission_at is not None
    return draft_from(written_of(post), post.library, at or post.wished_at, images, books, permitted)


def image_of(medium: Medium, alt: str, shape: str = "", seal: str = "") -> Image:
    return Image(medium.digest, medium.mime, alt, medium.size, medium.width * medium.height, shape, seal=seal)


def draft_from(
    written: Written,
    library: Library,
    at: datetime | None,
    images: tuple[Image, ...],
    books: tuple[Book, ...],
    permitted: bool,
) -> Draft:
    """What was written, saved or not, as the plain value that wording takes. Raises nothing."""
    return Draft(
        kind=written.kind,
        words=written.words,
        link=whole_address(written.link),
        fields=written.fields,
        images=images,
        books=books,
        visibility=written.visibility,
        warning=written.warning,
        language=written.language or (library.language if written.second.get("language") else ""),
        second=written.second,
        own={account: words for account, words in written.accounts.items() if words.strip()},
        hashtags=" ".join(filter(None, [str(written.fields.get("hashtags") or ""), library.hashtags])),
        library=library.name,
        zone=library.timezone,
        speaks=written.language or library.language,
        permitted=permitted,
        at=at,
        answer_at=answer_time(written, library, at) if written.kind == "trivia" else None,
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
    kind = format_name(title.format, library.language)
    return Book(
        title.title,
        title.author,
        link,
        kind,
        title.audience,
        title.call_number,
        title.subtitle,
        title.id,
        title.announced_at,
    )


def answer_time(written: Written | Post, library: Library, at: datetime | None) -> datetime | None:
    """When a trivia answer comes: as chosen, else two school days later at the same wall time."""
    chosen = written.fields.get("answer_at")
    if chosen:
        return datetime.fromisoformat(str(chosen))
    return default_answer_time(library, at) if at else None


def default_answer_time(library: Library, at: datetime) -> datetime:
    local = clock.to_local(at, library.timezone)

    def closed(day: date) -> bool:
        return is_closed(library, day)

    day = clock.school_days_after(local.date(), SCHOOL_DAYS_TO_ANSWER, closed)
    return clock.to_utc(datetime.combine(day, local.time().replace(tzinfo=None)), library.timezone)


def place_of(account: Account) -> Place:
    return Place(account.id, account.name, limits_of(account), about(account.network).price)


def rendered(post: Post, at: datetime | None = None) -> dict[Place, list[Message]]:
    draft = draft_of(post, at)
    places = [(place_of(p.account), p.words) for p in post.placements]
    return {place: render(draft, place.limits, words) for place, words in places}


def post_problems(post: Post, at: datetime | None = None) -> list[Problem]:
    return problems(draft_of(post, at), rendered(post, at))
