"""Test clients whose requests stand alone, as those of a server do.

A test has an app context open, and Flask would reuse it for the request: its `g`, with whoever was signed in
last, and its session. An empty context has none to reuse.
"""

from __future__ import annotations

import time
from contextvars import Context
from typing import Any

from flask import Flask, has_app_context
from flask.testing import FlaskClient

from outreach.db import db
from outreach.models import Person


class Client(FlaskClient):
    def open(self, *args: Any, **kwargs: Any) -> Any:
        if not has_app_context():  # a redirect that is followed: already alone
            return super().open(*args, **kwargs)
        db.session.rollback()  # the test reads afresh afterwards
        try:
            return Context().run(super().open, *args, **kwargs)
        finally:
            db.session.rollback()


def nobody(app: Flask) -> Client:
    return Client(app, app.response_class, use_cookies=True)


def signed_in(app: Flask, person: Person) -> Client:
    client = nobody(app)
    with client.session_transaction() as session:
        session["_user_id"] = person.fs_uniquifier
        session["_fresh"] = True
        session["fs_paa"] = time.time()  # signed in just now
    return client
