"""Is each account let in where it posts, and does each feed still speak?"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from outreach.channels import about, local_networks
from outreach.channels.base import ChannelError, Unauthorized
from outreach.cli.finding import Finding, hint, ok, wrong
from outreach.db import db
from outreach.models import Account, Feed
from outreach.shop import Shop
from outreach.vault import Unsealable

SOON = timedelta(days=14)
OVERDUE = timedelta(hours=1)
AGAIN = "Open Places on the pages, choose it, and press “Connect again”."
WAIT = "What is due waits and is tried again. If it stays so, open its page under Places, and look at its server."
FEED = "Open New titles on the pages and choose the feed: there stands what to do."


def accounts(shop: Shop, now: datetime) -> list[tuple[str, Callable[[], list[Finding]]]]:
    """What to ask of each that publishes by itself: live, read-only."""
    live = select(Account).where(Account.network.not_in(local_networks()), Account.retired_at.is_(None))
    rows = db.session.scalars(live.options(joinedload(Account.library)).order_by(Account.library_id, Account.id)).all()
    named = [(f"account {row.name}", f"{row.library.name}: {about(row.network).name}", row.id) for row in rows]
    db.session.rollback()
    if not named:
        return [("accounts", lambda: [hint("accounts", "none publishes by itself: all are by hand or for practice")])]
    return [(name, partial(_account, shop, now, name, where, n)) for name, where, n in named]


def _account(shop: Shop, now: datetime, name: str, where: str, account_id: int) -> list[Finding]:
    account = db.session.get_one(Account, account_id)
    try:
        channel = shop.opener.open(account)
        loose, paused, ends_at = account.paused_because, account.paused_at, account.ends_at
        db.session.rollback()  # no connection is held while somebody else is waited for
        handle = channel.check().handle
    except (Unauthorized, Unsealable) as dead:
        return [wrong(name, f"{where}. {dead.sentence}", AGAIN)]
    except ChannelError as trouble:
        return [wrong(name, f"{where}. {trouble.sentence} [{trouble.diagnosis}]", WAIT)]
    told = f"{where}, lets us in as {handle}"
    if loose:
        return [wrong(name, f"{told}, and is paused: {loose}", "Press Resume on its page under Places.")]
    if paused:
        return [hint(name, f"{told}; a person paused it {paused:%Y-%m-%d %H:%M} UTC", "Press Resume under Places.")]
    if ends_at and ends_at - now < SOON:
        return [hint(name, f"{told}, until {ends_at:%Y-%m-%d}", AGAIN)]
    return [ok(name, told)]


def feeds(now: datetime) -> list[Finding]:
    """By its last result: nothing is fetched."""
    live = select(Feed).where(Feed.stopped_at.is_(None)).order_by(Feed.library_id, Feed.id)
    found = [_feed(row, now) for row in db.session.scalars(live)]
    db.session.rollback()
    return found


def _feed(row: Feed, now: datetime) -> Finding:
    name = f"feed {row.name}"
    if row.failing_since:
        told = f"cannot be read since {row.failing_since:%Y-%m-%d %H:%M} UTC: {row.sentence or ''} [{row.diagnosis}]"
        return wrong(name, told, FEED)
    if now - row.next_check_at > OVERDUE:
        told = f"should have been checked at {row.next_check_at:%Y-%m-%d %H:%M} UTC"
        return wrong(name, told, "See the lines on publishing and workers: they check it.")
    if row.held_at:
        return hint(name, "most of its titles are new at once, so they wait for a person", FEED)
    told = f"read {row.good_at:%Y-%m-%d %H:%M} UTC" if row.good_at else "is read for the first time soon"
    return ok(name, told)
