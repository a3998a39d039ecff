"""One task a verb, each a thin door."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from flask import current_app

from outreach import clock, mail
from outreach.access import OUTREACH
from outreach.db import db
from outreach.posts import ahead, morning
from outreach.posts import change as changing
from outreach.posts import dispatch as dispatching
from outreach.posts import publish as publishing
from outreach.posts import reconcile as reconciling
from outreach.posts import remove as removing
from outreach.posts.watch import beat
from outreach.shop import Shop
from workers import lanes
from workers.app import celery, flask_app
from workers.warm import warm


def shop() -> Shop:
    made: Shop = current_app.extensions["shop"]
    return made


def tell(ids: Sequence[int], moment: datetime) -> None:
    """Ring for some deliveries to one server; a moment in the past means at once."""
    bell = publish.s(list(ids)).set(expires=600)
    if moment > clock.now() + timedelta(milliseconds=20):
        bell.set(eta=moment)
    bell.apply_async()


@celery.task(name="dispatch")
def dispatch() -> None:
    now = clock.now()
    if dispatching.dispatch_due(now, tell):
        warm(dispatching.networks_soon(), shop().reach.ca_file)
    beat("dispatch", now)
    _make_ahead(now)
    _take_down()
    _change(now)
    _read_lists(now)
    _take_sheets(now)


def _make_ahead(now: datetime) -> None:
    for delivery_id, server in ahead.to_make(now):
        make_ahead.apply_async((delivery_id, server), expires=20)


@celery.task(name="make_ahead")
def make_ahead(delivery_id: int, server: str) -> None:
    lanes.run([delivery_id], f"ahead {server}", _make_one_ahead)


def _make_one_ahead(delivery_id: int) -> None:
    with flask_app.app_context():
        ahead.make(delivery_id, shop().door())


def _take_sheets(now: datetime) -> None:
    """As for her list: a person looks how far it is."""
    from outreach.posts.sheet_take import to_take

    for sheet_id in to_take(db.session(), now):
        take_sheet.apply_async((sheet_id,), expires=300)


@celery.task(name="take_sheet")
def take_sheet(sheet_id: int) -> None:
    lanes.run([sheet_id], "sheets", _take_sheet)


def _take_sheet(sheet_id: int) -> None:
    from outreach.posts.sheet_take import take

    with flask_app.app_context():
        take(sheet_id, clock.now())


def _take_down() -> None:
    for delivery_id in removing.due(clock.now()):
        remove.apply_async((delivery_id,), expires=60)


@celery.task(name="remove")
def remove(delivery_id: int) -> None:
    lanes.run([delivery_id], "removals", _remove)


def _remove(delivery_id: int) -> None:
    with flask_app.app_context():
        removing.remove(delivery_id, shop().door())
        _take_down()  # of a thread, the message before it


def _change(now: datetime) -> None:
    for change_id in changing.due(now):
        change.apply_async((change_id,), expires=60)


@celery.task(name="change")
def change(change_id: int) -> None:
    lanes.run([change_id], f"change {changing.server_of(change_id)}", _change_one)


def _change_one(change_id: int) -> None:
    with flask_app.app_context():
        changing.change(change_id, shop().door())


def _read_lists(now: datetime) -> None:
    """A person waits for her list before the page: it is begun within two seconds."""
    from outreach.titles.list_queries import to_read

    for list_id in to_read(db.session(), now):
        read_list.apply_async((list_id,), expires=300)


@celery.task(name="read_list")
def read_list(list_id: int) -> None:
    lanes.run([list_id], "lists", _read_list)


def _read_list(list_id: int) -> None:
    from outreach.titles.reading import desk_of
    from outreach.titles.reading import read_list as read

    with flask_app.app_context():
        read(list_id, desk_of(shop(), clock.now))


@celery.task(name="publish")
def publish(ids: Sequence[int]) -> None:
    """Deliveries to one server."""
    lanes.run(ids, publishing.server_of(ids[0]), _publish)


def _publish(delivery_id: int) -> None:
    with flask_app.app_context():
        publishing.publish(delivery_id, shop().door())


@celery.task(name="reconcile")
def reconcile() -> None:
    reconciling.settle(clock.now(), _look_soon)


def _look_soon(delivery_id: int) -> None:
    look.apply_async((delivery_id,), expires=60)


@celery.task(name="look")
def look(delivery_id: int) -> None:
    lanes.run([delivery_id], "looks", _look)


def _look(delivery_id: int) -> None:
    with flask_app.app_context():
        reconciling.look_at(delivery_id, shop().door())


@celery.task(name="mail")
def send_mail() -> None:
    now, config = clock.now(), shop().config
    if config.smtp_url:
        morning.gather(now)
    mail.deliver(config, now)


@celery.task(name="ingest")
def ingest() -> None:
    from outreach.titles.ingest import due_hosts

    for host in due_hosts(clock.now()):
        fetch.apply_async((host,), expires=300)


@celery.task(name="fetch")
def fetch(host: str) -> None:
    """The due feeds of one host, one after the other."""
    lanes.run([host], "feeds", _fetch)


def _fetch(host: str) -> None:
    from outreach.titles.ingest import ingest_host

    with flask_app.app_context():
        ingest_host(host, shop().reach, clock.now, shop().config)


@celery.task(name="digest")
def digest() -> None:
    from outreach.titles.covers import studio_of
    from outreach.titles.draft import draft_due

    draft_due(clock.now(), studio_of(shop()))


@celery.task(name="series")
def series() -> None:
    from outreach.posts.series_make import make_due

    make_due(clock.now())


@celery.task(name="housekeeping")
def housekeeping() -> None:
    from outreach.housekeeping import accounts_to_check, is_time, tidy
    from outreach.posts.away import keep_up
    from outreach.school.calendar import to_read

    now = clock.now()
    keep_up(now)
    if not is_time(now):
        return
    beat("housekeeping", now)
    tidy(shop().config, shop().store, now)
    for account_id in accounts_to_check(now):
        check_account.apply_async((account_id,), expires=3_600)
    for library_id in to_read(now):
        read_calendar.apply_async((library_id,), expires=3_600)


@celery.task(name="read_calendar")
def read_calendar(library_id: int) -> None:
    lanes.run([library_id], "calendars", _read_calendar)


def _read_calendar(library_id: int) -> None:
    from outreach.school.calendar import read_again

    with flask_app.app_context():
        read_again(library_id, shop().reach, shop().vault, clock.now())


@celery.task(name="check_account")
def check_account(account_id: int) -> None:
    lanes.run([account_id], "checks", _check_account)


def _check_account(account_id: int) -> None:
    from outreach.accounts.connect import recheck

    with flask_app.app_context():
        recheck(account_id, shop().door().open, OUTREACH, clock.now())
