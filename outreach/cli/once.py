"""Each job of the timetable, once, in this process."""

from __future__ import annotations

from datetime import datetime

from outreach import clock, housekeeping, mail
from outreach.access import OUTREACH
from outreach.accounts.connect import recheck
from outreach.posts import change, dispatch, publish, reconcile, remove
from outreach.posts.away import keep_up
from outreach.posts.watch import beat
from outreach.school import calendar
from outreach.shop import Shop


def run_once(name: str, shop: Shop, now: datetime) -> str:
    if name == "dispatch":
        return _dispatch(shop, now)
    if name == "reconcile":
        looked = reconcile.settle(now, lambda delivery_id: print(reconcile.look_at(delivery_id, shop.door())))
        return f"{looked} looked at"
    if name == "mail":
        return f"{mail.deliver(shop.config, now)} sent"
    if name == "ingest":
        return _ingest(shop, now)
    if name == "digest":
        from outreach.titles.covers import studio_of
        from outreach.titles.draft import draft_due

        return f"{draft_due(now, studio_of(shop))} written"
    keep_up(now)
    for library_id in calendar.to_read(now):
        calendar.read_again(library_id, shop.reach, shop.vault, now)
    housekeeping.tidy(shop.config, shop.store, now)
    ids = housekeeping.accounts_to_check(now)
    for account_id in ids:
        recheck(account_id, shop.door().open, OUTREACH, now)
    return f"done, {len(ids)} accounts checked"


def _dispatch(shop: Shop, now: datetime) -> str:
    """Tells nobody: publishes what is due itself, the rest is told again by the next tick."""
    told: list[int] = []
    dispatch.dispatch_due(now, lambda ids, moment: told.extend(ids) if moment <= now else None)
    for delivery_id in told:
        publish.publish(delivery_id, shop.door())
    while unwanted := remove.due(clock.now()):  # of a thread, the last message first
        for delivery_id in unwanted:
            remove.remove(delivery_id, shop.door())
    for change_id in change.due(clock.now()):
        change.change(change_id, shop.door())
    beat("dispatch", clock.now())
    return f"{len(told)} published or tried"


def _ingest(shop: Shop, now: datetime) -> str:
    from outreach.titles.ingest import due_hosts, ingest_host

    came = [c for host in due_hosts(now) for c in ingest_host(host, shop.reach, lambda: now, shop.config)]
    return f"{len(came)} feeds, {sum(c.new for c in came)} new titles"
