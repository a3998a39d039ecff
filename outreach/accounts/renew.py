r"""New secrets for an account, once at a time whatever number of workers there are.

    whose turn? (a lease on the row) -> ask the network -> keep what it gave -> everybody has it
                \-> wait for the one whose turn it is, and take what they got

A refresh token that two workers use at once is dead afterwards (MarshalX/atproto#158, bluesky-social/atproto#3637).
No connection is held while the network is asked; a worker that is killed meanwhile frees its turn by its lease.
"""

from __future__ import annotations

import threading
import time
from collections import defaultdict
from collections.abc import Callable
from datetime import timedelta

from sqlalchemy import or_, select, update

from outreach import clock
from outreach.channels.base import Secrets, TryLater
from outreach.db import db, writing
from outreach.models import Account
from outreach.vault import Vault
from outreach.words import Sentence

LEASE = timedelta(seconds=35)  # longer than the deadline of a call
PATIENCE = 40.0  # seconds that others wait
LOOK = 0.25

_here: dict[int, threading.Lock] = defaultdict(threading.Lock)  # threads of one process wait without asking


def renew(account_id: int, vault: Vault, make: Callable[[Secrets], Secrets]) -> Secrets:
    """`make` gets the newest secrets and returns newer ones, or those it got. Raises what it raises, and TryLater."""
    with _here[account_id]:
        ends_at = time.monotonic() + PATIENCE
        while (mine := _take_turn(account_id)) is None:
            if time.monotonic() > ends_at:
                raise TryLater(Sentence("We are still signing in there. We try again by ourselves."))
            time.sleep(LOOK)
        before = vault.open(mine)
        try:
            made = make(before)
        except BaseException:
            _keep(account_id, None)
            raise
        _keep(account_id, vault.seal(made) if made != before else None)
        return made


def _take_turn(account_id: int) -> str | None:
    """Its sealed secrets, if it is our turn; None while another one has it."""
    now = clock.now()
    with writing() as session:
        free = or_(Account.renewing_until.is_(None), Account.renewing_until < now)
        mine = update(Account).where(Account.id == account_id, free).values(renewing_until=now + LEASE)
        taken = session.execute(mine.execution_options(synchronize_session=False)).rowcount  # type: ignore[attr-defined]
        sealed = session.scalar(select(Account.sealed).where(Account.id == account_id)) if taken else None
    db.session.rollback()
    return (sealed or "") if taken else None


def _keep(account_id: int, sealed: str | None) -> None:
    values: dict[str, object] = {"renewing_until": None} | ({"sealed": sealed} if sealed else {})
    with writing() as session:
        session.execute(update(Account).where(Account.id == account_id).values(**values))
    db.session.rollback()
