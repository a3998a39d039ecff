"""HTML in, HTML out. One blueprint per folder of templates; a POST calls exactly one verb."""

from __future__ import annotations

import sys
from importlib import import_module
from urllib.parse import urlsplit

from flask import Blueprint, Flask
from werkzeug.middleware.proxy_fix import ProxyFix

from outreach.config import Config

FOLDERS = (
    "accounts",
    "agenda",
    "archive",
    "attempts",
    "bank",
    "calendar",
    "connecting",
    "consents",
    "corrections",
    "decide",
    "deliveries",
    "district",
    "feeds",
    "hand",
    "health",
    "ics",
    "latest",
    "lists",
    "media",
    "moving",
    "networks",
    "people",
    "plan",
    "posts",
    "practice",
    "review",
    "school",
    "series",
    "settings",
    "shelf",
    "shelf_pictures",
    "start",
    "terms",
    "titles",
    "votes",
    "week",
    "writing",
)


def add_pages(app: Flask, config: Config) -> None:
    """Everything that only the web needs: sign-in, forms, languages, headers, pages."""
    from outreach.web import errors, headers, kept, shown, signin, unkept
    from outreach.web.extensions import babel, bootstrap, csrf, language, limiter, time_zone

    if config.proxy_count:
        n = config.proxy_count
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=n, x_proto=n, x_host=n, x_prefix=n)  # type: ignore[method-assign]
    app.config.update(
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=config.public_url.startswith("https://"),
        REMEMBER_COOKIE_SECURE=config.public_url.startswith("https://"),
        REMEMBER_COOKIE_HTTPONLY=True,
        REMEMBER_COOKIE_SAMESITE="Lax",
        WTF_CSRF_TIME_LIMIT=None,  # a form that stayed open over lunch still saves
        BOOTSTRAP_SERVE_LOCAL=True,
        RATELIMIT_STORAGE_URI=limiter_storage(config.redis_url),
        RATELIMIT_IN_MEMORY_FALLBACK_ENABLED=True,  # or every limited page is 500 while Redis is down
        BABEL_DEFAULT_LOCALE="en",
    )
    if config.public_url:
        host = urlsplit(config.public_url).hostname or ""
        app.config["TRUSTED_HOSTS"] = [host, "localhost", "127.0.0.1"]  # no link is ever made of a forged Host
    unkept.init_app(app)
    csrf.init_app(app)
    bootstrap.init_app(app)
    limiter.init_app(app)
    babel.init_app(app, locale_selector=language, timezone_selector=time_zone)
    signin.init_app(app, config)
    shown.init_app(app)
    kept.init_app(app)
    headers.init_app(app)
    errors.init_app(app)
    for blueprint in blueprints():
        app.register_blueprint(blueprint)
    if "gunicorn" in sys.modules:  # a running installation, no test and no command
        from outreach.web.watchdog import start

        start(app)


def blueprints() -> list[Blueprint]:
    return [import_module(f"outreach.web.{name}").pages for name in FOLDERS]


def limiter_storage(redis_url: str) -> str:
    """Flask-Limiter's spelling of the Redis address."""
    if redis_url.startswith("unix://"):
        return "redis+unix://" + redis_url.removeprefix("unix://")
    return redis_url or "memory://"
