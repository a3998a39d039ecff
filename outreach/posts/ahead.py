"""Pictures are uploaded, and what else a network wants first is made, some seconds before a message is due.

So that a post with pictures leaves at its time and not when its last picture is there. It publishes nothing, and may
be for nothing: where the post is taken back meanwhile, what was made is forgotten by the network.
"""

from __future__ import annotations

import logging
from datetime import datetime, timedelta

from sqlalchemy import select, update

from outreach.channels.base import Prepared
from outreach.channels.exchange import overheard
from outreach.db import db, writing
from outreach.models import Account, Delivery
from outreach.posts.job import Door, Job, job_of, outgoing
from outreach.posts.lifecycle import BEFORE_SENDING, is_clear
from outreach.posts.publish import ROW_TO_SEND, not_as_approved

SOON = timedelta(seconds=20)  # before it is due
MOST = 200

UNTOUCHED = Delivery.prepared_at.is_(None)

log = logging.getLogger(__name__)


def to_make(now: datetime) -> list[tuple[int, str]]:
    """(delivery, its server) of what is due soon and has something to make first; nobody has begun to."""
    soon = Delivery.state.in_(BEFORE_SENDING) & Delivery.try_at.between(now, now + SOON)
    wanted = select(Delivery.id, Account.server).join(Account).where(soon, Delivery.ahead, UNTOUCHED, is_clear())
    found = [(n, server) for n, server in db.session.execute(wanted.limit(MOST))]
    db.session.rollback()
    return found


def make(delivery_id: int, door: Door) -> bool:
    """Prepare one. What goes wrong is no matter: it is tried again when it is due, and told then."""
    claimed = _claim(delivery_id, door.now())
    if claimed is None:
        return False
    job, account = claimed
    try:
        with overheard():
            made = door.open(account).prepare(outgoing(job, door))
    except Exception as error:
        log.info("delivery %s could not be prepared ahead: %r", delivery_id, error)
        return False
    return _keep(job, made)


def _claim(delivery_id: int, now: datetime) -> tuple[Job, Account] | None:
    with writing() as session:
        mine = update(Delivery).where(Delivery.id == delivery_id, Delivery.state.in_(BEFORE_SENDING), UNTOUCHED)
        taken = session.execute(mine.values(prepared_at=now).execution_options(synchronize_session=False))
        delivery = session.scalar(ROW_TO_SEND, {"id": delivery_id}) if taken.rowcount else None  # type: ignore[attr-defined]
        if delivery is None or not_as_approved(delivery) or (delivery.after_id and not delivery.after):
            return None
        job, account = job_of(delivery), delivery.account
        if delivery.after_id and not job.reply_to:
            return None  # what it answers is not out yet
        session.flush()
        session.expunge(account)
    db.session.rollback()  # gives the connection back: none is held during the uploads
    return job, account


def _keep(job: Job, made: Prepared) -> bool:
    """Unless it was sent meanwhile, which made its own."""
    still = update(Delivery).where(Delivery.id == job.id, Delivery.state.in_(BEFORE_SENDING))
    with writing() as session:
        kept = still.values(prepared=dict(made), prepared_for=job.key).execution_options(synchronize_session=False)
        ours = session.execute(kept).rowcount  # type: ignore[attr-defined]
    db.session.rollback()
    return bool(ours)
