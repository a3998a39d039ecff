"""The worker: ``celery -A workers.app worker --pool threads``."""

from __future__ import annotations

import warnings
from typing import Any

from celery import Celery, Task
from flask import Flask

from outreach import create_app
from workers.settings import settings

# a container has no other user; four lines at every start teach people to overlook the log
warnings.filterwarnings("ignore", message="You're running the worker with superuser")

flask_app: Flask = create_app(pages=False)
celery = Celery("outreach", include=["workers.tasks"])
celery.config_from_object(settings(flask_app.extensions["shop"].config.redis_url))


class InContext(Task):  # type: ignore[type-arg]
    """Every task runs in an app context of its own, so each has its own session."""

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        with flask_app.app_context():
            return self.run(*args, **kwargs)


celery.Task = InContext  # type: ignore[misc]
