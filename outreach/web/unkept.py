"""Readers of our public pages are nobody to us: no session is opened there, so no cookie is read, set or renewed."""

from __future__ import annotations

from flask import Flask, Request
from flask.sessions import SecureCookieSessionInterface

PUBLIC = ("/latest/", "/screen/")


class Sessions(SecureCookieSessionInterface):
    def open_session(self, app: Flask, request: Request):
        if request.path.startswith(PUBLIC):
            return self.make_null_session(app)
        return super().open_session(app, request)


def init_app(app: Flask) -> None:
    app.session_interface = Sessions()
