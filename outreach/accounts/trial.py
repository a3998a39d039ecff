"""Does a place work? A test that no reader sees, where the network allows one; and what came of it, in a sentence."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime

from outreach.access import Actor
from outreach.accounts.limits import limits_of
from outreach.accounts.pause import came_loose
from outreach.channels.base import Channel, ChannelError, Unauthorized
from outreach.db import db, writing
from outreach.history import record
from outreach.models import Account
from outreach.words import NotDone, Sentence

# The keys are those of Limits.trial.
BEFORE: Mapping[str, Sentence] = {
    "message": Sentence("A test goes to you alone, and is deleted at once."),
    "ping": Sentence("A test asks whether the address still works. Nothing is posted."),
    "marked": Sentence("A test says of itself that it is one."),
}
WORKS: Mapping[str, Sentence] = {
    "message": Sentence("It works: a message only you could see was sent to %(place)s and deleted again."),
    "ping": Sentence("It works: %(place)s knows the address. Nothing was posted."),
    "marked": Sentence("It works: %(place)s took a message that says it is a test."),
}


def before(account: Account) -> Sentence | None:
    """What will happen; None: it cannot be tried."""
    return BEFORE.get(limits_of(account).trial)


def send_test(account_id: int, open_channel: Callable[[Account], Channel], by: Actor, now: datetime) -> Sentence:
    """Raises NotDone with what is in the way. No connection is held while the network is asked."""
    account = db.session.get_one(Account, account_id)
    done = WORKS.get(limits_of(account).trial)
    if done is None or account.retired_at:
        raise NotDone(Sentence("%(place)s cannot be tried without posting.", place=account.name))
    channel, said = open_channel(account), done.filled(place=account.name)
    db.session.rollback()
    try:
        channel.test()
    except ChannelError as error:
        _note(account_id, error.sentence, by, now, error)
        raise NotDone(error.sentence) from error
    _note(account_id, said, by, now)
    return said


def _note(account_id: int, said: Sentence, by: Actor, now: datetime, error: ChannelError | None = None) -> None:
    with writing() as session:
        account = session.get_one(Account, account_id)
        record(session, "account", account.id, "tried", by, now, library_id=account.library_id, note=said)
        if isinstance(error, Unauthorized):
            came_loose(session, account, error.sentence, by, now)
