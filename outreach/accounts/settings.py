"""What a manager says of one account."""

from __future__ import annotations

from datetime import datetime

from outreach.access import Actor
from outreach.channels import about, is_local
from outreach.db import writing
from outreach.history import record
from outreach.models import Account
from outreach.money import typed_dollars
from outreach.words import NotDone, Sentence

MOST = 1_000_000  # thousandths of a US dollar: what is more was not meant


def who_may_answer(account_id: int, who: str, by: Actor, now: datetime) -> None:
    """From the next message on; what is out stays as it was sent. Raises NotDone."""
    with writing() as session:
        account = session.get_one(Account, account_id)
        can = () if is_local(account.network) else about(account.network).answers
        if who not in can:
            raise NotDone(Sentence("Choose who may answer."))
        if account.answers != who:
            account.answers = who
            record(session, "account", account.id, "edited", by, now, library_id=account.library_id)


def stop_at(account_id: int, typed: str, by: Actor, now: datetime) -> None:
    """What a month may cost there, in US dollars. Raises NotDone."""
    most = typed_dollars(typed)
    with writing() as session:
        account = session.get_one(Account, account_id)
        if about(account.network).price is None:
            raise NotDone(Sentence("Posting there costs nothing."))
        if most is None or not 0 < most <= MOST:
            raise NotDone(Sentence("Write how many dollars a month, for example 5 or 7.50."))
        if account.budget != most:
            account.budget = most
            record(session, "account", account.id, "edited", by, now, library_id=account.library_id)
