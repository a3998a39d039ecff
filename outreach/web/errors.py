"""When a page cannot be shown: a sentence and a way on."""

from __future__ import annotations

from flask import Flask, Response, current_app, render_template, request
from flask_babel import lazy_gettext as _l
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException

from outreach.db import db

SAID = {
    400: _l("That could not be read. Go back, what you typed is still there, and send it again."),
    403: _l("You may not do this here. Ask whoever manages your library."),
    404: _l("There is no such page, or it belongs to another library."),
    405: _l("This page only does something when its button is pressed. Go back and press it."),
    413: _l("That is too large to upload. Go back, what you typed is still there, and choose a smaller file."),
    429: _l("Too many tries. Wait a minute, then try again."),
}
OTHER = _l("Something went wrong on our side. What you typed may not be saved: go back and try again.")


def init_app(app: Flask) -> None:
    app.register_error_handler(CSRFError, stale_form)
    app.register_error_handler(HTTPException, show)
    app.register_error_handler(Exception, surprise)


def show(error: HTTPException):
    code = error.code or 500
    if code < 400:
        return error
    return page(SAID.get(code, OTHER), code)


def page(sentence: object, code: int):
    """The sentence on a page; bare, where the page itself cannot be shown (a forged Host, a database that is gone)."""
    db.session.rollback()  # it may be what broke
    try:
        return render_template("error.html", sentence=sentence, code=code), code
    except Exception:
        current_app.logger.exception("the page of an error could not be shown")
        return Response(str(sentence), code, mimetype="text/plain")


def stale_form(_error: CSRFError):
    sentence = _l("You were signed out while this page was open. Go back, copy what you typed, and sign in again.")
    return page(sentence, 400)


def surprise(error: Exception):
    if current_app.testing:
        raise error
    current_app.logger.exception("at %s", request.url_rule)  # never the path: a link in it may still sign in or decide
    return page(OTHER, 500)
