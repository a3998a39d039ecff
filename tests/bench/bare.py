"""Celery alone, with our settings: a task that notes when it ran, beside the moment it was asked for."""

from __future__ import annotations

import os
import time
from pathlib import Path

from celery import Celery

from workers.settings import settings

celery = Celery("bare")
celery.config_from_object(settings(os.environ.get("REDIS_URL", "")))


@celery.task(name="note")
def note(due: float, file: str) -> None:
    ran = time.time()
    with Path(file).open("a") as told:
        told.write(f"{ran - due}\n")
