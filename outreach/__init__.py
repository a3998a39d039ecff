"""Outreach: a school library queues the week's posts, colleagues approve, everything goes out by itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flask import Flask

    from outreach.config import Config


def create_app(config: Config | None = None, pages: bool = True) -> Flask:
    """The application. `pages=False` leaves out everything that only the web needs (workers, command line)."""
    from flask import Flask  # here, so that the supervisor can import this package without Flask

    from outreach import models  # noqa: F401  # the tables
    from outreach.config import load
    from outreach.db import db, engine_options, prepare_engine
    from outreach.places import templates
    from outreach.shop import make_shop

    config = config or load()
    app = Flask(__name__, template_folder=str(templates()))
    app.config.update(
        SECRET_KEY=config.secret_key,
        SQLALCHEMY_DATABASE_URI=config.database_url,
        SQLALCHEMY_ENGINE_OPTIONS=engine_options(config.database_url),
        MAX_CONTENT_LENGTH=64_000_000,
        MAX_FORM_MEMORY_SIZE=6_000_000,  # a list that is too long is told so in our words
    )
    app.extensions["shop"] = make_shop(config)
    db.init_app(app)
    with app.app_context():
        prepare_engine(db.engine)
    if pages:
        from outreach.web import add_pages

        add_pages(app, config)
    return app
