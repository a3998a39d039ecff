"""Looks once a minute whether publishing is alive, and says so if not. In the web: worker or beat may be dead."""

from __future__ import annotations

import logging
import threading
import time
from datetime import datetime, timedelta

from flask import Flask

from outreach import clock, mail
from outreach.channels.http import session
from outreach.channels.trouble import Unreachable
from outreach.posts.warn import warn
from outreach.posts.watch import alarm, health
from outreach.shop import Shop

EVERY = 60.0  # seconds
PATIENCE = 90.0  # after the start, while the others come up
SECONDS = 10.0  # that the address of the alarm has
AGAIN = timedelta(hours=1)

log = logging.getLogger(__name__)


def start(app: Flask) -> None:
    threading.Thread(target=_watch, args=(app,), name="watchdog", daemon=True).start()


def _watch(app: Flask) -> None:
    time.sleep(PATIENCE)
    called_at: datetime | None = None
    while True:
        try:
            called_at = look(app, called_at)
        except Exception:
            log.exception("the watchdog could not look")
        time.sleep(EVERY)


def look(app: Flask, called_at: datetime | None = None) -> datetime | None:
    """One look. The letters go out from here, since the worker that usually sends them may be dead.

    Returns when the address of the alarm was called last.
    """
    with app.app_context():
        now, shop = clock.now(), app.extensions["shop"]
        broken = alarm(now)
        if broken or warn(now):
            mail.deliver(shop.config, now)
        if broken and (called_at is None or now - called_at >= AGAIN):
            call(shop, str(health(now).sentence or ""))
            return now
        return called_at


def call(shop: Shop, words: str) -> None:
    """In the form that Slack and Mattermost read, and anybody else can."""
    if not shop.config.alarm_url:
        return
    try:
        with session(shop.reach, SECONDS) as client:
            client.post(shop.config.alarm_url, json={"text": f"Outreach: {words}"})
    except Unreachable as trouble:
        log.warning("the address of the alarm could not be called: %s", trouble.diagnosis)
