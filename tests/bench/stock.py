"""A library with many titles, put in by bulk inserts: as varied as a real one, and the same each time.

Seven years of them, most of a baseline. Some formats, audiences, a feed and a list are rare, and as old as anything:
whoever looks for these from the newest on goes a long way.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice
from pathlib import Path
from random import Random
from typing import Any

from flask import Flask
from sqlalchemy import insert, text

from outreach import clock, create_app
from outreach.access import OUTREACH
from outreach.config import Config, load
from outreach.db import db, writing
from outreach.migrate import upgrade
from outreach.models import Facet, FeedTitle, Import, ImportTitle, Library, PostTitle, Title, TitleId
from outreach.titles import full_text
from outreach.titles.feeds import add
from outreach.titles.keys import match_key
from tests.bench.koha import ADJECTIVES, DETAIL, NOUNS, SURNAMES, isbn13
from tests.bench.library import Seeded

FORMATS = ("book", "book", "book", None, None, "graphic novel", "DVD", "e-book/audio", "large print", "CD",
           "jigsaw puzzle", "board book", "kit", "map")  # fmt: skip
AUDIENCES = ("", "", "Ages 8-12", "Young adult", "Grades 3-5", "Juvenile", "K-3", "Adult", "Teen", "Grades 6-8",
             "Ages 4-8", "Grades 9-12", "Preschool")  # fmt: skip
RARE_FORMAT, RARE_AUDIENCE = "filmstrip", "Teachers"  # of the first few titles alone
OPENINGS = (
    "The",
    "A",
    "My",
    "Little",
    "Beyond the",
    "Élan of the",
    "Return of the",
    "Last days of the",
    "No",
    "Under a",
)
# A vocabulary as of a language: a few words in every third title, thousands in hardly any.
SYLLABLES = (
    "ba",
    "cor",
    "den",
    "fi",
    "gar",
    "hol",
    "ist",
    "ju",
    "kel",
    "lan",
    "mor",
    "nes",
    "pi",
    "quar",
    "ros",
    "sel",
    "tur",
)
WORDS = (*NOUNS, *ADJECTIVES, *(a + b + c for a in SYLLABLES for b in SYLLABLES for c in SYLLABLES))
OLD = 60  # titles at the beginning that are rare
CHUNK = 10_000


@dataclass(frozen=True)
class Stock:
    app: Flask
    library_id: int
    person_id: int
    feeds: tuple[int, ...]  # the last one is small, and old
    lists: tuple[int, ...]  # large; small and old
    now: datetime


def settings(home: Path, database_url: str = "") -> Config:
    return load({"OUTREACH_HOME": str(home), "DATABASE_URL": database_url, "OUTREACH_ALLOW_HOSTS": "127.0.0.0/8"})


@contextmanager
def stocked(home: Path, count: int, database_url: str = "", pages: bool = False) -> Iterator[Stock]:
    app = create_app(settings(home, database_url), pages=pages)
    app.config.update(RATELIMIT_ENABLED=False)
    with app.app_context():
        upgrade(db.engine)
        try:
            yield _fill(app, count)
        finally:
            db.session.remove()
            db.engine.dispose()


def _fill(app: Flask, count: int) -> Stock:
    seeded, now = Seeded(app.extensions["shop"], []), clock.now()
    library = db.session.get_one(Library, seeded.library_id)
    urls = [f"https://catalog{n}.example/rss" for n in range(6)]
    feeds = tuple(add(library, url, f"Feed {n}", OUTREACH, now).id for n, url in enumerate(urls))
    with writing() as session:
        made = [Import(library_id=library.id, kind="marc", state="done", created_at=now) for _ in range(2)]
        session.add_all(made)
        session.add_all(Facet(library_id=library.id, kind="format", value=f) for f in {*FORMATS, RARE_FORMAT} - {None})
        session.add_all(
            Facet(library_id=library.id, kind="audience", value=a) for a in {*AUDIENCES, RARE_AUDIENCE} - {""}
        )
        session.flush()
        lists = tuple(one.id for one in made)
    stock = Stock(app, library.id, seeded.by.person_id or 0, feeds, lists, now)
    numbers = iter(range(count))
    while some := list(islice(numbers, CHUNK)):
        _put(stock, some, count)
    _settle()
    return stock


def _put(stock: Stock, numbers: list[int], count: int) -> None:
    rows = [_title(stock, n, count) for n in numbers]
    with writing() as session:
        found = session.execute(insert(Title).returning(Title.id, sort_by_parameter_order=True), rows)
        ids = [n for (n,) in found]
        session.execute(insert(TitleId.__table__), list(_ids(stock, numbers, ids)))
        words = (full_text.words_of(stock.library_id, row["title"], row["subtitle"], row["author"]) for row in rows)
        full_text.add(session, zip(ids, words, strict=True))
        session.execute(insert(FeedTitle.__table__), list(_in_feeds(stock, numbers, ids)))
        if listed := [{"import_id": stock.lists[n >= OLD], "title_id": i, "new": True}
                      for n, i in zip(numbers, ids, strict=True) if n < OLD or n % 9 == 0]:  # fmt: skip
            session.execute(insert(ImportTitle.__table__), listed)
    db.session.remove()


def words_of(n: int) -> tuple[str, str | None, str]:
    """(title, subtitle, author) of the n-th: no two have one name."""
    dice = Random(n)

    def word() -> str:
        return WORDS[min(int(10 * dice.paretovariate(0.5)) - 10, len(WORDS) - 1)]

    title = f"{dice.choice(OPENINGS)} {word()} {word()} and the {word()} {n}"
    return title, f"a tale of {word()}s" if n % 3 == 0 else None, f"{word().title()} {dice.choice(SURNAMES)}"


def _title(stock: Stock, n: int, count: int) -> dict[str, Any]:
    title, subtitle, author = words_of(n)
    seen = stock.now - timedelta(days=7 * 365) * ((count - n) / count)
    form, audience = _kind(n)
    return {
        "library_id": stock.library_id, "title": title, "subtitle": subtitle, "author": author, "format": form,
        "audience": audience, "grade": n % 13, "call_number": f"FIC {author[:3].upper()}",
        "link": DETAIL.format("detail", 10_000 + n), "cover": None, "match_key": match_key(title, author, form),
        "first_seen_at": seen, "baseline": n < count * 0.7, "left_out": _left_out(n, count), "corrected": [],
        "announced_at": seen if n % 20 == 7 else None, "hidden_at": seen if n % 500 == 3 else None,
        "struck_at": seen if n % 1_000 == 5 else None, "picked_at": None, "warning": None,
    }  # fmt: skip


def _kind(n: int) -> tuple[str | None, str]:
    if n < OLD:
        return RARE_FORMAT, RARE_AUDIENCE
    dice = Random(-n)
    return dice.choice(FORMATS), dice.choice(AUDIENCES)


def _left_out(n: int, count: int) -> str:
    if n < OLD // 2:
        return "coming"
    return {1: "filter", 2: "older", 3: "unmarked" if n > count * 0.9 else ""}.get(n % 25, "")


def _ids(stock: Stock, numbers: Iterable[int], ids: Iterable[int]) -> Iterator[dict[str, Any]]:
    for n, title_id in zip(numbers, ids, strict=True):
        record = f"opac.hillside-school.example.org biblionumber {10_000 + n}"
        for kind, value in (("isbn", isbn13(2 * n)), ("isbn", isbn13(2 * n + 1)), ("record", record)):
            yield {"library_id": stock.library_id, "title_id": title_id, "kind": kind, "value": value}


def _in_feeds(stock: Stock, numbers: Iterable[int], ids: Iterable[int]) -> Iterator[dict[str, Any]]:
    """Each in one of five feeds, every third in the first of them as well; the oldest in the last."""
    *large, small = stock.feeds
    for n, title_id in zip(numbers, ids, strict=True):
        mine = {small} if n < OLD else {large[n % len(large)], large[0] if n % 3 == 0 else large[n % len(large)]}
        for feed_id in mine:
            yield {"feed_id": feed_id, "title_id": title_id, "first_seen_at": stock.now}


def _settle() -> None:
    """What PostgreSQL's autovacuum does after so many rows. SQLite is left as the application leaves it."""
    if db.engine.dialect.name == "sqlite":
        return
    with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        tables = (Title, TitleId, FeedTitle, ImportTitle, PostTitle)
        connection.execute(text(f"VACUUM ANALYZE {', '.join(m.__tablename__ for m in tables)}, title_words"))
