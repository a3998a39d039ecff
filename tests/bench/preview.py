"""What stands beside a form while it is written: how it looks at each place, its counts, what its checks found."""

from __future__ import annotations

import time
from datetime import timedelta
from pathlib import Path
from statistics import median

from outreach import clock
from outreach.accounts.limits import dump
from outreach.db import db, writing
from outreach.models import Account, Person
from tests.bench.review import school
from tests.bench.shelf import counted
from tests.bench.table import Row
from tests.clients import Client, signed_in
from tests.factories import MASTODON, Cast, approved

TIMES, GOAL, BEFORE, PLACES = 40, 0.030, 300, 8
NEWS = "The #bookfair opens on Thursday in the hall: 40 % off, and the first 30 visitors get a bag. Bring your class! "
FORMS = {
    "news, long, in two languages": (
        "news",
        {"words": NEWS * 4, "link": "https://library.example.org/fair", "second_language": "es", "second_words": NEWS},
    ),
    "event with its reminders": (
        "event",
        {"words": NEWS, "of-name": "Book fair", "of-day": "2027-03-04", "of-clock": "15:30", "of-remind": ["week"]},
    ),
    "trivia": ("trivia", {"words": "Which?", "choice": ["Egg", "Hen", "Owl", "Emu"], "right": "0", "answer": "auto"}),
}


def rows(home: Path, database: str, url: str = "") -> list[Row]:
    with school(home / "preview", url) as (app, cast):
        places = _places(cast)
        _lived_in(cast)
        client = signed_in(app, db.session.get_one(Person, cast.contributor.id))
        bare = _measure(client, "/static/icon.svg", None)[0]
        asked = ((what, kind, form | {"account": places}) for what, (kind, form) in FORMS.items())
        return [_row(client, what, kind, form, database, bare) for what, kind, form in asked]


def _places(cast: Cast) -> list[int]:
    now = clock.now()
    with writing() as session:
        made = [
            Account(
                library_id=cast.library.id,
                network="mastodon",
                name=f"Place {n}",
                server=f"https://place-{n}.example",
                limits=dump(MASTODON),
                created_at=now,
            )
            for n in range(PLACES)
        ]
        session.add_all(made)
        session.flush()
        return [account.id for account in made]


def _lived_in(cast: Cast) -> None:
    """Posts of the last weeks, among which the same words are looked for."""
    now = clock.now()
    for n in range(BEFORE):
        approved(cast, now, words=f"{NEWS} {n}", timing="at", wished_at=now + timedelta(hours=n + 1))


def _row(client: Client, what: str, kind: str, form: dict[str, object], database: str, bare: float) -> Row:
    took, queries = _measure(client, f"/posts/preview/{kind}", form)
    beside = f"{queries} queries; smallest page {bare * 1000:.1f} ms"
    told = f"preview, {database}, {PLACES} places: {what}"
    return Row(told, f"{took * 1000:.1f} ms", beside, f"{GOAL * 1000:.0f} ms", took <= GOAL)


def _measure(client: Client, address: str, form: dict[str, object] | None) -> tuple[float, int]:
    """(median seconds, queries), once it is warm."""
    took, asked = [], 0
    for _ in range(TIMES):
        with counted() as queries:
            began = time.perf_counter()
            answer = client.get(address) if form is None else client.post(address, data=form)
            took.append(time.perf_counter() - began)
            asked = len(queries)
        assert answer.status_code == 200, answer.status_code
    return median(took[3:]), asked
