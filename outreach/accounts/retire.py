"""A place is taken away: its history stays, its secrets go."""

from __future__ import annotations

import secrets
from datetime import datetime

from outreach.access import Actor
from outreach.db import writing
from outreach.history import record
from outreach.models import Account
from outreach.posts.queries import unfinished
from outreach.words import NotDone, Sentence


def retire(account_id: int, by: Actor, now: datetime) -> None:
    """Raises NotDone while something waits to go out there."""
    with writing() as session:
        account = session.get_one(Account, account_id)
        if unfinished(session, account.id):
            raise NotDone(Sentence("Posts still wait to go out there. Move or cancel them first."))
        account.retired_at, account.paused_at, account.sealed = now, now, None
        account.name = f"{account.name} ({secrets.token_hex(2)})"  # its name is free again
        record(session, "account", account.id, "removed", by, now, library_id=account.library_id)
