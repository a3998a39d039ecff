"""What commands share: an app with the newest tables, a row by its name, a time as typed."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import TYPE_CHECKING, Any

import click

from outreach import clock
from outreach.words import NotDone, Sentence

if TYPE_CHECKING:
    from outreach.models import Account, Library, Person
    from outreach.shop import Shop


@contextmanager
def opened(newest: bool = True) -> Iterator[Shop]:
    """An app context on an up-to-date database; `newest=False`: on whatever is there, untouched."""
    from outreach import create_app
    from outreach.db import db
    from outreach.migrate import upgrade

    app = create_app(pages=False)
    with app.app_context():
        if newest:
            upgrade(db.engine)
        yield app.extensions["shop"]


def address(shop: Shop) -> str:
    """Where the pages are: for the links that are printed."""
    from outreach.up.lock import running_at

    return shop.config.public_url or running_at(shop.config.home) or shop.config.own_url


def library_called(slug: str) -> Library:
    from sqlalchemy import select

    from outreach.db import db
    from outreach.models import Library

    found = db.session.scalar(select(Library).where(Library.slug == slug))
    if found is None:
        raise NotDone(Sentence("There is no library %(slug)s. See: outreach library list", slug=slug))
    return found


def account_called(library: Library, name: str) -> Account:
    from sqlalchemy import select

    from outreach.db import db
    from outreach.models import Account

    mine = select(Account).where(Account.library_id == library.id, Account.name == name, Account.retired_at.is_(None))
    found = db.session.scalar(mine)
    if found is None:
        raise NotDone(Sentence("There is no account %(name)s. See: outreach account list", name=name))
    return found


def person_called(email: str) -> Person:
    from sqlalchemy import select

    from outreach.db import db
    from outreach.models import Person

    found = db.session.scalar(select(Person).where(Person.email == email.strip().lower()))
    if found is None:
        raise NotDone(Sentence("Nobody here has the address %(email)s.", email=email))
    return found


def time_typed(text: str, zone: str) -> datetime | None:
    """`now` (None), or ISO; without an offset it is the library's wall time. Raises NotDone."""
    if text == "now":
        return None
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        raise NotDone(Sentence("Write the time as 2026-11-24T12:00, or: now")) from None
    if not 2000 <= at.year <= 2100:
        raise NotDone(Sentence("Check the year of the time."))
    if at.tzinfo is not None:
        return at
    if clock.in_gap(at, zone):
        raise NotDone(Sentence("That time does not exist: the clocks jump over it. Choose another one."))
    return clock.to_utc(at, zone)


def show_json(value: Any) -> None:
    click.echo(json.dumps(value, ensure_ascii=False, indent=1, default=_plain))


def _plain(value: Any) -> str:
    return value.isoformat() if isinstance(value, datetime) else str(value)
