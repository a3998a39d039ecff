"""Looks once a minute whether publishing is alive, and mails if not. In the web: worker or beat may be dead."""

from __future__ import annotations

import logging
import threading
import time

from flask import Flask

from outreach import clock, mail
from outreach.posts.watch import alarm

EVERY = 60.0  # seconds
PATIENCE = 90.0  # after the start, while the others come up

log = logging.getLogger(__name__)


def start(app: Flask) -> None:
    threading.Thread(target=_watch, args=(app,), name="watchdog", daemon=True).start()


def _watch(app: Flask) -> None:
    time.sleep(PATIENCE)
    while True:
        try:
            look(app)
        except Exception:
            log.exception("the watchdog could not look")
        time.sleep(EVERY)


def look(app: Flask) -> None:
    """One look. The letters go out from here, since the worker that usually sends them may be dead."""
    with app.app_context():
        if alarm(clock.now()):
            mail.deliver(app.extensions["shop"].config, clock.now())
