"""The numbers around every page: what needs somebody, which places there are, whether publishing is alive."""

from __future__ import annotations

from typing import Any

from flask_security import current_user
from sqlalchemy import func, or_, select

from outreach import clock
from outreach.access import may
from outreach.db import db
from outreach.models import Correction, Feed, Library, Membership, Post
from outreach.posts.deciding import deciding, may_own
from outreach.posts.queries import accounts_of, waiting_of
from outreach.posts.watch import read, signs
from outreach.web.signin import libraries


def numbers(library: Library) -> dict[str, object]:
    session = db.session()
    in_review = (Post.library_id == library.id) & (Post.state == "submitted")
    waits = select(func.count(Post.id)).where(in_review)
    own = waits.where(Post.author_id == current_user.id)
    asking = or_(Feed.failures > 0, Feed.held_at.is_not(None))
    given_up = Feed.stopped_at.is_not(None) & Feed.failing_since.is_not(None)
    waiting = (Correction.library_id == library.id) & (Correction.decision == "")
    corrected = select(func.count(Correction.id)).where(waiting)
    hers = or_(Correction.author_id == current_user.id, Correction.first_id == current_user.id)
    silent = select(func.count(Feed.id)).where(
        Feed.library_id == library.id, (asking & Feed.stopped_at.is_(None)) | given_up
    )
    people = select(func.count(Membership.id)).where(Membership.library_id == library.id)
    now, asked = clock.now(), (waits, own, silent, people, corrected, corrected.where(hers))
    counts = [one.scalar_subquery() for one in asked]
    found: Any = session.execute(select(*counts, deciding(library.id), *signs(now))).one()
    review_count, own_count, feeds_silent, many, corrections, own_corrections, may_decide, tick, late = found
    reviews = review_count + corrections > 0 or many > 1  # alone, nobody needs the page
    to_look_at = corrections
    if may(current_user, "decide", library) and not may_own(library, may_decide):
        review_count -= own_count  # her own need somebody else
        to_look_at -= own_corrections
    return {
        "reviews": reviews,
        "review_count": review_count + to_look_at,
        "correction_count": corrections,
        "feeds_silent": feeds_silent,
        "waiting_count": waiting_of(session, library.id) if library.paused_at else 0,
        "places": accounts_of(session, library.id),
        "libraries": libraries(),
        "health": read(tick, late, now),
    }
