"""Once a day: what is old and of no use goes, and a backup is made where one is wanted."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import delete, select

from outreach.channels import about, local_networks
from outreach.config import Config
from outreach.db import db, writing
from outreach.models import Account, Heartbeat, Mail, OneTimeLink
from outreach.posts.attempts import forget_exchanges

if TYPE_CHECKING:
    from outreach.media.store import Store

KEEP_MAIL = timedelta(days=30)
KEEP_LINKS = timedelta(days=90)
SELDOM = timedelta(days=7)
NIGHT = (3, 4)  # hours, UTC


def is_time(now: datetime) -> bool:
    """At night where the computer runs then, else as soon as a day has passed."""
    last = db.session.scalar(select(Heartbeat.at).where(Heartbeat.name == "housekeeping"))
    db.session.rollback()
    passed = now - last if last else timedelta.max
    return passed > timedelta(hours=26) or (passed > timedelta(hours=20) and now.hour in NIGHT)


def accounts_to_check(now: datetime) -> list[int]:
    """Connected accounts that publish by themselves and are not paused; where a look costs money, once a week."""
    live = select(Account.id, Account.network, Account.checked_at).where(
        Account.network.not_in(local_networks()), Account.paused_at.is_(None), Account.retired_at.is_(None)
    )
    rows = db.session.execute(live).all()
    db.session.rollback()
    return [n for n, network, at in rows if not (at and at > now - SELDOM and about(network).charges)]


def tidy(config: Config, store: Store, now: datetime) -> None:
    with writing() as session:
        session.execute(delete(Mail).where(Mail.created_at < now - KEEP_MAIL))
        session.execute(delete(OneTimeLink).where(OneTimeLink.expires_at < now - KEEP_LINKS))
        forget_exchanges(session, now)
    from outreach.media.unused import forget_unused
    from outreach.posts import sheets
    from outreach.posts.latest import pictures_standing
    from outreach.titles.imports import forget

    forget(now)
    sheets.forget(now)
    standing = pictures_standing(db.session(), now)
    db.session.rollback()
    forget_unused(store, now, standing)
    if config.backup_dir:
        from outreach.backup import nightly

        nightly(config, now)
