"""The timetable: ``celery -A workers.beat beat``. Imports no app, to stay small; two beats are harmless."""

from __future__ import annotations

import os
from typing import Any

from celery import Celery

from workers.settings import settings

celery = Celery("outreach-beat")
celery.config_from_object(settings(os.environ.get("REDIS_URL", "")))


def every(seconds: float, task: str) -> dict[str, Any]:
    """An entry that goes stale after two periods: a backlog of ticks helps nobody."""
    return {"task": task, "schedule": seconds, "options": {"expires": seconds * 2}}


celery.conf.beat_schedule = {
    "dispatch": every(2.0, "dispatch"),  # the look-ahead is 5 s: two chances to be in time
    "reconcile": every(10.0, "reconcile"),  # a killed worker's message is looked for within half a minute
    "mail": every(5.0, "mail"),  # a failure is told at once
    "ingest": every(5.0, "ingest"),  # feeds have their own times of hours, but a person who says "check now" waits
    "digest": every(15.0, "digest"),  # the weekly post is written a day ahead
    "series": every(60.0, "series"),  # posts that repeat are written four weeks ahead
    "housekeeping": every(900.0, "housekeeping"),  # once a day; a computer that sleeps at night has its turn by day
}
celery.conf.beat_max_loop_interval = 2
