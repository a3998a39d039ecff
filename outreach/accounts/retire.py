"""A place is taken away: its history stays, its secrets go."""

from __future__ import annotations

import secrets
from datetime import datetime

from sqlalchemy import select, update

from outreach.access import Actor
from outreach.db import writing
from outreach.history import record
from outreach.models import Account, Change, Delivery
from outreach.words import NotDone, Sentence

UNFINISHED = ("waiting", "queued", "sending", "unclear", "in_hand")  # how it ends is not known yet


def retire(account_id: int, by: Actor, now: datetime) -> None:
    """Raises NotDone while something waits to go out there."""
    with writing() as session:
        account = session.get_one(Account, account_id)
        open_ = select(Delivery.id).where(Delivery.account_id == account.id, Delivery.state.in_(UNFINISHED))
        if session.scalar(open_.limit(1)) is not None:
            raise NotDone(Sentence("Posts still wait to go out there. Move or cancel them first."))
        there = Change.delivery_id.in_(select(Delivery.id).where(Delivery.account_id == account.id))
        session.execute(update(Change).where(there, Change.ended_at.is_(None)).values(ended_at=now))
        account.retired_at, account.paused_at, account.sealed = now, now, None
        account.name = f"{account.name} ({secrets.token_hex(2)})"  # its name is free again
        record(session, "account", account.id, "removed", by, now, library_id=account.library_id)
