"""Before an account comes loose, and where one has fallen silent: its managers are told in time.

ends      14, 7 and 1 days before a person has to connect it again; each day is told once
silent    something was due there for two hours and nothing has gone out since; told once a day
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import Session

from outreach import clock
from outreach.accounts.pause import managers
from outreach.channels import local_networks
from outreach.db import writing
from outreach.mail import put
from outreach.models import Account, Delivery, Library
from outreach.words import Sentence

BEFORE = (1, 7, 14)  # days
QUIET = timedelta(hours=2)  # as long as the usual grace: until then it is tried again
OVERDUE = ("waiting", "queued", "sending", "unclear", "refused", "missed")
LATELY = timedelta(days=3)  # what was given up long ago says nothing of today


def warn(now: datetime) -> int:
    """One round. Returns of how many accounts somebody was told."""
    with writing() as session:
        told = [*_ending(session, now), *_silent(session, now)]
        for account, about, subject, said in told:
            for person in managers(session, account.library_id):
                path = f"/places/{account.id}"
                put(session, person.email, subject, said, now, about=f"{about}-{person.id}", path=path)
    return len(told)


Told = tuple[Account, str, Sentence, Sentence]


def ends_soon(account: Account, now: datetime) -> bool:
    """Does a person have to act within two weeks?"""
    return account.ends_at is not None and account.ends_at - now < timedelta(days=BEFORE[-1])


def _ending(session: Session, now: datetime) -> Iterator[Told]:
    soon = Account.ends_at.is_not(None) & (Account.ends_at < now + timedelta(days=BEFORE[-1]))
    for account in session.scalars(select(Account).where(soon, Account.retired_at.is_(None))):
        assert account.ends_at is not None
        left = (account.ends_at - now) / timedelta(days=1)
        step = next(days for days in BEFORE if left <= days)
        day = clock.today(account.ends_at, account.library.timezone)
        subject = Sentence("%(place)s: please connect it again by %(day)s", place=account.name, day=day)
        said = Sentence(
            "The connection to %(place)s ends on %(day)s. Connect it again before that, and nothing is missed: open "
            "its page and press “Connect again”.",
            place=account.name,
            day=day,
        )
        yield account, f"ends-{account.id}-{day}-{step}", subject, said


def _silent(session: Session, now: datetime) -> Iterator[Told]:
    for account, since in session.execute(silent(now)):
        subject = Sentence("%(place)s: nothing has gone out there", place=account.name)
        said = Sentence(
            "Something should have gone out to %(place)s on %(day)s at %(time)s, and nothing has since. Its page says "
            "what was tried and what to do.",
            place=account.name,
            day=clock.to_local(since, account.library.timezone).date(),
            time=clock.to_local(since, account.library.timezone).time(),
        )
        yield account, f"silent-{account.id}-{clock.today(now, account.library.timezone)}", subject, said


def silent(now: datetime) -> Select[Account, datetime]:
    """Accounts that should have succeeded and have not, with what was due first. What a person paused is meant."""
    overdue = (
        select(Delivery.account_id, func.min(Delivery.due_at).label("since"))
        .where(Delivery.state.in_(OVERDUE), Delivery.due_at.between(now - LATELY, now - QUIET))
        .group_by(Delivery.account_id)
        .subquery()
    )
    out = (Delivery.account_id == Account.id) & Delivery.published_at.is_not(None)
    newest = select(func.max(Delivery.published_at)).where(out).correlate(Account).scalar_subquery()
    return (
        select(Account, overdue.c.since)
        .join(overdue, overdue.c.account_id == Account.id)
        .join(Library, Library.id == Account.library_id)
        .where(
            Account.network.not_in(local_networks()),
            Account.retired_at.is_(None),
            Library.paused_at.is_(None),
            or_(Account.paused_at.is_(None), Account.paused_because.is_not(None)),
            or_(newest.is_(None), newest < overdue.c.since),
        )
    )
