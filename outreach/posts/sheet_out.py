"""Posts as a table: what was planned goes into a spreadsheet, and from there into any library."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from outreach import clock
from outreach.languages import spoken
from outreach.models import Library, Medium, Placement, Post, PostMedium
from outreach.posts.kinds import KINDS
from outreach.posts.sheet_columns import NAMES, name_of, neutral, own_words_of
from outreach.posts.sheet_event import EVENT
from outreach.posts.sheet_fields import said_value
from outreach.posts.sheet_heads import field_heads
from outreach.posts.sheet_posts import MOST
from outreach.posts.sheet_questions import LETTERS
from outreach.words import Sentence

MARK = "\ufeff"  # by which Excel knows UTF-8
ALWAYS = ("date", "time", "kind", "words", "link", "places", "picture", "alt")
TRIVIA = ("a", "b", "c", "d", "right", "explanation", "hint", "how")
SELDOM = ("hashtags", "visibility", "warning", "language", "second")
OWN = ("choices", "right", "explanation", "hint", "how", "hashtags")  # fields that have columns of their own
Row = dict[str, str]
NEWS = Sentence("The library is open at lunch again.")
ASKED = Sentence("Which of these is a fish?")
WHALE, CARP, BAT = Sentence("A whale"), Sentence("A carp"), Sentence("A bat")
GILLS = Sentence("A carp has gills.")
VISITOR = Sentence("An author visits our library")
VISIT = Sentence("She reads from her new book and signs copies. Everybody is welcome.")
ROOM = Sentence("School library, second floor")


def planned(session: Session, library: Library, first: date, last: date) -> list[Post]:
    """Posts of some days, both included, in their order; what was cancelled is none of the plan."""
    begin = clock.at_wall(first, "00:00", library.timezone)
    end = clock.at_wall(last + timedelta(days=1), "00:00", library.timezone)
    mine = select(Post).where(Post.library_id == library.id, Post.wished_at >= begin, Post.wished_at < end)
    whole = (
        selectinload(Post.placements).joinedload(Placement.account),
        selectinload(Post.media).joinedload(PostMedium.medium),
    )
    chosen = mine.where(Post.state != "cancelled").options(*whole)
    return list(session.scalars(chosen.order_by(Post.wished_at, Post.id).limit(MOST)))


def table_of(session: Session, library: Library, posts: Sequence[Post], language: str) -> str:
    """CSV with a byte order mark; columns that no post needs are left out, but for the usual ones."""
    names = _picture_names(session, library.id)
    rows = [_row(post, library.timezone, names, language) for post in posts]
    filled = {name for row in rows for name, told in row.items() if told}
    usual = {field: name_of(field, language) for field in NAMES}
    heads = [usual[field] for field in ALWAYS]
    heads += [usual[f] for f in TRIVIA if any(usual[other] in filled for other in TRIVIA)]
    heads += [usual[field] for field in (*EVENT, *SELDOM) if usual[field] in filled]
    heads += sorted(filled - set(heads))
    return csv_of([heads, *([row.get(name, "") for name in heads] for row in rows)])


def csv_of(rows: Sequence[Sequence[str]]) -> str:
    text = io.StringIO()
    csv.writer(text).writerows([neutral(cell) for cell in row] for row in rows)
    return MARK + text.getvalue()


def _row(post: Post, zone: str, names: Callable[[Medium], str], language: str) -> Row:
    media = [m for m in post.media if not m.shape]
    told = {
        "date": _local(post.wished_at, zone, "%Y-%m-%d"),
        "time": _local(post.wished_at, zone, "%H:%M"),
        "kind": str(KINDS[post.kind].name),
        "words": post.words,
        "link": post.link,
        "places": "; ".join(p.account.name for p in post.placements),
        "picture": "\n".join(names(m.medium) for m in media),
        "alt": "\n".join(m.alt for m in media),
        "visibility": post.visibility,
        "warning": post.warning,
        "language": post.language,
        "second": said_value(dict(post.second), zone) if post.second else "",
    } | _trivia(post)
    if post.kind == "event":
        told |= {field: said_value(post.fields.get(name), zone) for field, name in EVENT.items()}
    row = {name_of(field, language): text for field, text in told.items()}
    row |= {own_words_of(p.account.name, language): p.words for p in post.placements if p.words}
    return row | _fields(post, zone)


def _trivia(post: Post) -> Row:
    fields, right = post.fields, post.fields.get("right")
    told = dict(zip(LETTERS, (str(choice) for choice in fields.get("choices", [])), strict=False))
    told |= {name: str(fields.get(name) or "") for name in ("explanation", "hint", "how", "hashtags")}
    return told | ({"right": LETTERS[right].upper()} if isinstance(right, int) and 0 <= right < 4 else {})


def _fields(post: Post, zone: str) -> Row:
    """What else its kind has."""
    heads, own = field_heads(), {*OWN, *(EVENT.values() if post.kind == "event" else ())}
    mine = {heads.get((post.kind, name), ""): said_value(value, zone, name)
            for name, value in post.fields.items() if name not in own}  # fmt: skip
    if "answer_at" in post.fields:
        mine["Answer at"] = said_value(post.fields["answer_at"], zone, "answer_at")
    return {head: text for head, text in mine.items() if head}


def _local(at: datetime | None, zone: str, pattern: str) -> str:
    return clock.to_local(at, zone).strftime(pattern) if at else ""


def _picture_names(session: Session, library_id: int) -> Callable[[Medium], str]:
    """The name of its file, where no other picture has it."""
    named = select(Medium.name).where(Medium.library_id == library_id, Medium.drawn.is_(False))
    often = Counter(session.scalars(named))
    return lambda medium: medium.name if medium.name and often[medium.name] == 1 else medium.digest


def example(days: Sequence[date], language: str) -> str:
    """A table to begin with: the names of the columns, and a row for each of three days to write over."""
    rows: list[dict[str, Sentence]] = [
        {"kind": KINDS["news"].name, "words": NEWS},
        {"kind": KINDS["trivia"].name, "words": ASKED, "a": WHALE, "b": CARP, "c": BAT, "explanation": GILLS},
        {"kind": KINDS["event"].name, "words": VISIT, "event": VISITOR, "event_place": ROOM},
    ]
    told = [{field: spoken(said, language) for field, said in row.items()} for row in rows]
    for row, day in zip(told, days, strict=True):
        row |= {"date": day.isoformat(), "time": "09:00"}
    told[1]["right"] = "B"
    told[2] |= {"event_day": (days[2] + timedelta(days=7)).isoformat(), "event_time": "15:30"}
    heads = (*ALWAYS, *TRIVIA, *EVENT)
    return csv_of([[name_of(f, language) for f in heads], *([row.get(f, "") for f in heads] for row in told)])
