"""What the rows of a table would become in a library: with its places, pictures, usual times and closed days."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from outreach.accounts.limits import stands_apart
from outreach.holidays import closed_because
from outreach.models import Account, Library, Medium, Placement, Post, PostMedium, Sheet
from outreach.posts.queries import accounts_of
from outreach.posts.reading import post_problems
from outreach.posts.sheet_cells import Desk
from outreach.posts.sheet_dates import plain
from outreach.posts.sheet_posts import THERE, USUAL, PostRow, Table, post_rows
from outreach.posts.written import Written

MONTH_FIRST = ("US", "PH", "PR", "GU")  # countries that write 12/24; of Canada nobody knows


def looked_at(session: Session, sheet: Sheet, now: datetime, by_day: bool | None) -> Table:
    """Its rows as they would be taken in now; `by_day`: see `post_rows`. Raises NotDone where no column has words."""
    return look(session, sheet.library, sheet.rows, now, by_day)


def look(
    session: Session, library: Library, kept: Sequence[Sequence[Any]], now: datetime, by_day: bool | None
) -> Table:
    table = post_rows([(n, cells) for n, cells in kept], desk_of(session, library, now), by_day)
    known = taken(session, library.id, [row.key for row in table.rows])
    rows = [replace(row, stops=[*row.stops, THERE]) if _is_new(row) and row.key in known else row for row in table.rows]
    return replace(table, rows=rows)


def _is_new(row: PostRow) -> bool:
    return THERE not in row.stops


def taken(session: Session, library_id: int, keys: list[str]) -> set[str]:
    """Of rows that were taken in before, and whose posts are there still."""
    mine = select(Post.form_key).where(
        Post.library_id == library_id, Post.form_key.in_(keys), Post.state != "cancelled"
    )
    return {key for key in session.scalars(mine) if key}


def first_of(session: Session, sheet: Sheet) -> datetime | None:
    """When the first of its posts goes out, once all are in."""
    return session.scalar(select(func.min(Post.wished_at)).where(Post.sheet_id == sheet.id, Post.state != "cancelled"))


def desk_of(session: Session, library: Library, now: datetime) -> Desk:
    accounts = accounts_of(session, library.id)
    there = select(Post.kind, Post.words, Post.wished_at).where(
        Post.library_id == library.id, Post.wished_at > now, Post.state != "cancelled"
    )
    return Desk(
        zone=library.timezone,
        now=now,
        by_day=_by_day(library),
        places={plain(account.name): account.id for account in accounts},
        usual_places=[account.id for account in accounts if not stands_apart(account)],
        pictures=pictures_of(session, library.id),
        usual_time=lambda day, kind: _usual_time(library, day, kind),
        closed=lambda day: closed_because(library, day),
        library_id=library.id,
        there={(kind, words, at) for kind, words, at in session.execute(there)},
    )


def _by_day(library: Library) -> bool:
    if library.country:
        return library.country not in MONTH_FIRST
    far = library.timezone.startswith(("Europe/", "Asia/", "Africa/", "Australia/", "Indian/", "Pacific/Auckland"))
    return library.language != "en" or far


def _usual_time(library: Library, day: date, kind: str) -> str:
    mine = [slot for slot in library.slots if slot.weekday == day.weekday() and slot.kind in (kind, None)]
    return next((slot.clock for slot in mine), USUAL)


def pictures_of(session: Session, library_id: int) -> dict[str, int]:
    """By their names, of several the newest, and by their digests."""
    mine = select(Medium.id, Medium.name, Medium.digest).where(Medium.library_id == library_id, Medium.drawn.is_(False))
    found = session.execute(mine.order_by(Medium.id)).all()
    return {plain(name): n for n, name, _ in found if name} | {digest: n for n, _, digest in found}


def with_problems(session: Session, library: Library, rows: list[PostRow], now: datetime) -> list[PostRow]:
    """And what would stand in the way of each of them in review."""
    accounts = {account.id: account for account in accounts_of(session, library.id)}
    wanted = {medium for row in rows for medium, _ in row.written.media}
    media = {m.id: m for m in session.scalars(select(Medium).where(Medium.id.in_(wanted)))} if wanted else {}
    return [row if row.stops else _checked(row, library, accounts, media, now) for row in rows]


def _checked(
    row: PostRow, library: Library, accounts: dict[int, Account], media: dict[int, Medium], now: datetime
) -> PostRow:
    post = _imagined(row.written, library, accounts, media, now)
    said = [problem.sentence for problem in post_problems(post, post.wished_at)]
    return replace(row, hints=[*row.hints, *said], lacks=row.lacks or bool(said))


def _imagined(
    written: Written, library: Library, accounts: dict[int, Account], media: dict[int, Medium], now: datetime
) -> Post:
    """The post that it would be; in no session."""
    same: dict[str, Any] = {
        name: getattr(written, name)
        for name in ("kind", "words", "link", "visibility", "warning", "language", "timing", "wished_at")
    }
    post = Post(library=library, library_id=library.id, state="draft", created_at=now, updated_at=now, **same)
    post.fields, post.second = dict(written.fields), dict(written.second)
    post.placements = [Placement(account=accounts[n], account_id=n, words=own) for n, own in written.accounts.items()]
    post.media = [
        PostMedium(medium=media[n], medium_id=n, alt=alt, position=at, shape="", seal="")
        for at, (n, alt) in enumerate(written.media)
    ]
    return post
