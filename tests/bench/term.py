"""A term of 500 posts from a table: looked at, taken in as drafts or for review; beside the raw reading of the file."""

from __future__ import annotations

import csv
import io
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from sqlalchemy import text

from outreach import clock, create_app
from outreach.access import Actor
from outreach.db import db, writing
from outreach.migrate import upgrade
from outreach.models import Library
from outreach.posts import sheet_take, sheets
from outreach.posts.sheet_look import looked_at, with_problems
from outreach.titles.files.rows_child import rows_in
from tests.bench.library import Seeded
from tests.bench.stock import settings
from tests.bench.table import Row

ROWS = 500
GOAL = 5.0


def rows(home: Path, database: str, url: str = "") -> list[Row]:
    app = create_app(settings(home / "term", url), pages=False)
    with app.app_context():
        upgrade(db.engine)
        seeded = Seeded(app.extensions["shop"], [])
        library = db.session.get_one(Library, seeded.library_id)
        try:
            return [_measured(library, seeded.by, database, then) for then in (sheets.DRAFT, sheets.REVIEW)]
        finally:
            db.session.remove()
            db.engine.dispose()


def _measured(library: Library, by: Actor, database: str, then: str) -> Row:
    body, now = _table(then).encode(), clock.now()
    read, _ = _took(lambda: list(csv.reader(io.StringIO(body.decode()))))
    looked, sheet = _took(lambda: sheets.bring(library.id, sheets.POSTS, "term.csv", body, rows_in, by, now))
    shown, _ = _took(
        lambda: with_problems(db.session(), library, list(looked_at(db.session(), sheet, now, None).rows), now)
    )
    sheets.answer(sheet.id, then, None, now)
    took, _ = _took(lambda: sheet_take.take(sheet.id, now))
    db.session.expire_all()
    if (sheet.made, sheet.waits) != (ROWS, 0):
        raise RuntimeError(f"{sheet.made} of {ROWS} posts were made, {sheet.waits} wait")
    whole = looked + shown + took
    return Row(
        f"import of {ROWS} rows, {database}, {'for review' if then == sheets.REVIEW else 'as drafts'}",
        f"{whole:.2f} s (read {looked:.2f}, shown {shown:.2f}, taken in {took:.2f})",
        f"Python's csv {read * 1000:.1f} ms, {ROWS} plain inserts {_inserts() * 1000:.0f} ms",
        f"{GOAL:.0f} s",
        whole <= GOAL,
    )


def _took(act: Callable[[], Any]) -> tuple[float, Any]:
    began = time.perf_counter()
    done = act()
    return time.perf_counter() - began, done


def _inserts() -> float:
    """The raw limit: a statement for each row, in one transaction."""
    began = time.perf_counter()
    with writing() as session:
        session.execute(text("CREATE TEMPORARY TABLE plain (words TEXT)"))
        for n in range(ROWS):
            session.execute(text("INSERT INTO plain VALUES (:words)"), {"words": f"Post {n}"})
        session.execute(text("DROP TABLE plain"))
    return time.perf_counter() - began


def _table(of: str) -> str:
    first = clock.now().date().replace(day=1, month=1).replace(year=clock.now().year + 1)
    lines = [f"{first.isoformat()},{n // 60 % 24}:{n % 60:02},News,{of.title()} {n}: come and see.,school.example/{n}\n"
             for n in range(ROWS)]  # fmt: skip
    return "Date,Time,Kind,Words,Link\n" + "".join(lines)
