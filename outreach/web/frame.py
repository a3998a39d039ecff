"""The numbers around every page: what needs somebody, which places there are, whether publishing is alive."""

from __future__ import annotations

from sqlalchemy import func, select

from outreach import clock
from outreach.db import db
from outreach.models import Library, Post
from outreach.posts.queries import accounts_of, waiting_of
from outreach.posts.watch import health
from outreach.web.signin import libraries


def numbers(library: Library) -> dict[str, object]:
    session = db.session()
    review = session.scalar(select(func.count(Post.id)).where(Post.library_id == library.id, Post.state == "submitted"))
    return {
        "review_count": review or 0,
        "waiting_count": waiting_of(session, library.id) if library.paused_at else 0,
        "places": accounts_of(session, library.id),
        "libraries": libraries(),
        "health": health(clock.now()),
    }
