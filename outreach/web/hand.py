"""What waits for a person: to be posted, changed or deleted by hand; and what was just said of it, to take back."""

from __future__ import annotations

from flask import Blueprint, g, render_template

from outreach import clock
from outreach.db import db
from outreach.posts.asking import of_library
from outreach.posts.hand import REASONS
from outreach.posts.queries import people_of
from outreach.posts.to_mend import to_mend
from outreach.posts.to_post import settled, to_post
from outreach.web import around
from outreach.web.signin import needs

pages = Blueprint("hand", __name__, url_prefix="/by-hand")


@pages.get("/")
@needs("see")
def waiting():
    session, now = db.session(), clock.now()
    return render_template(
        "hand/waiting.html",
        asked=to_post(session, g.library.id, around.who(), now),
        mend=to_mend(session, of_library(g.library.id)),
        settled=settled(session, g.library.id, now),
        people=people_of(session, g.library.id),
        reasons=REASONS,
    )
