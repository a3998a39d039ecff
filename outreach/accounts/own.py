"""A page of our own as a place: there is nothing to connect, it only gets an address.

The web page has one that people can say and write (latest/maple-street-library): it is meant to be found, and a line on
the school's site must not break. That of the screen cannot be guessed, since what hangs in a hallway is not meant for
the internet, and a consent for the one is none for the other; it is short enough to be typed on a television. It is
not sealed: what it opens stands in the same database.
"""

from __future__ import annotations

import secrets
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from outreach.access import Actor
from outreach.accounts.connect import add_in
from outreach.channels import about
from outreach.channels.about import Stays
from outreach.db import writing
from outreach.history import record
from outreach.languages import spoken
from outreach.models import Account, Library
from outreach.words import NotDone, Sentence

LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"  # without those that look like others
LENGTH = 10  # 31^10: at a thousand tries a second, 26,000 years


def add_own(library: Library, network: str, by: Actor, now: datetime, name: str = "") -> Account:
    """One of each; without a name it is called what it is. Raises NotDone where the library has it."""
    stays = about(network).stays
    if stays is None:
        raise ValueError(f"{network} is no page of ours")
    with writing() as session:
        same = select(Account.id).where(Account.library_id == library.id, Account.network == network)
        if session.scalar(same.where(Account.retired_at.is_(None))):
            raise NotDone(Sentence("It is among your places already."))
        called = name.strip() or _free_name(session, library, network)
        account = add_in(session, library, network, called, by, now)
        account.remote_id = _address(library, stays)
    return account


def another_address(account_id: int, by: Actor, now: datetime) -> None:
    """Under the old one nothing is shown any more."""
    with writing() as session:
        account = session.get_one(Account, account_id)
        stays = about(account.network).stays
        if stays is None or not stays.unlisted:
            raise NotDone(Sentence("Its address stays as it is, so that no line on a web site breaks."))
        account.remote_id = _address(account.library, stays)
        record(session, "account", account.id, "edited", by, now, library_id=account.library_id)


def _address(library: Library, stays: Stays) -> str:
    return "".join(secrets.choice(LETTERS) for _ in range(LENGTH)) if stays.unlisted else library.slug


def _free_name(session: Session, library: Library, network: str) -> str:
    called = about(network).name
    name = spoken(called, library.language) if isinstance(called, Sentence) else called
    taken = set(session.scalars(select(Account.name).where(Account.library_id == library.id)))
    return next(one for one in (name, *(f"{name} {n}" for n in range(2, 1_000))) if one not in taken)
