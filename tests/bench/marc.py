"""10,000 MARC records beside pymarc alone, which only reads them: read here, in the child, and the whole import."""

from __future__ import annotations

import io
from pathlib import Path

from sqlalchemy import func, select

from outreach import clock, create_app
from outreach.config import load
from outreach.db import db
from outreach.migrate import upgrade
from outreach.models import Import, Library, Title
from outreach.shop import Shop
from outreach.titles import imports, reading
from outreach.titles.files.list_child import read_file
from outreach.titles.files.marc import read_marc
from tests.bench.feed import timed
from tests.bench.library import Seeded
from tests.bench.marc_records import marc
from tests.bench.table import Row

RECORDS, ROUNDS = 10_000, 3
MOST = 1.5  # times pymarc


def rows(home: Path) -> list[Row]:
    body = marc(RECORDS)
    app = create_app(load({"OUTREACH_HOME": str(home / "marc")}), pages=False)
    with app.app_context():
        upgrade(db.engine)
        rounds = [
            (_alone(body), _read(body), timed(lambda: read_file(body, "titles.mrc", "marc", {})), *_import(app, body))
            for _ in range(ROUNDS)
        ]
        db.session.remove()
        db.engine.dispose()
    alone, read, child, brought, whole = (min(side) for side in zip(*rounds, strict=True))
    beside = f"pymarc alone {alone:.2f} s; {{:.2f}} x"
    return [
        Row(
            f"{RECORDS:,} MARC records of {len(body) / 1e6:.1f} MB read",
            f"{read:.2f} s",
            beside.format(read / alone),
            f"{MOST} x",
            read <= MOST * alone,
        ),
        Row("the same in the child", f"{child:.2f} s", beside.format(child / alone), ""),
        Row("the file looked at, before it is asked about", f"{brought:.2f} s", "", ""),
        Row(
            "the same read and stored in SQLite, by the worker",
            f"{whole:.2f} s",
            beside.format(whole / alone),
            f"{MOST} x",
            whole <= MOST * alone,
        ),
    ]


def _alone(body: bytes) -> float:
    from pymarc import MARCReader

    read: list[int] = []
    seconds = timed(lambda: read.append(sum(record is not None for record in MARCReader(io.BytesIO(body)))))
    _check("pymarc read", read[0])
    return seconds


def _read(body: bytes) -> float:
    read: list[int] = []
    seconds = timed(lambda: read.append(len(read_marc(body).titles)))
    _check("we read", read[0])
    return seconds


def _import(app, body: bytes) -> tuple[float, float]:
    """Into a new library each round, where everything is unknown. (to the question, from the answer to the end)"""
    shop: Shop = app.extensions["shop"]
    seeded = Seeded(shop, [])
    library = db.session.get_one(Library, seeded.library_id)
    made: list[Import] = []
    brought = timed(lambda: made.append(imports.bring_file(library, "titles.mrc", body, seeded.by, clock.now())))
    list_id = made[0].id
    imports.answer(list_id, "new", {}, seeded.by, clock.now())
    db.session.remove()
    whole = timed(lambda: reading.read_list(list_id, reading.Desk(None, clock.now)))
    stored = db.session.scalar(select(func.count()).where(Title.library_id == seeded.library_id))
    db.session.remove()
    _check("we stored", stored or 0)
    return brought, whole


def _check(what: str, count: int) -> None:
    if count != RECORDS:
        raise RuntimeError(f"{what} {count} of {RECORDS} records")
