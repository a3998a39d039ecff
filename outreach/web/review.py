"""Review: what waits for an approver, as it will look."""

from __future__ import annotations

from flask import Blueprint, g, render_template
from flask_security import current_user

from outreach.access import actor
from outreach.db import db
from outreach.posts.approve import deciders
from outreach.posts.kinds import KINDS
from outreach.posts.queries import awaiting_approval, in_review
from outreach.posts.reading import post_problems, rendered
from outreach.web.preview import previews_of
from outreach.web.shown import know_media
from outreach.web.signin import needs

pages = Blueprint("review", __name__, url_prefix="/review")
SHOWN = 20


@pages.get("/")
@needs("see")
def waiting():
    session = db.session()
    posts = awaiting_approval(session, g.library.id, SHOWN)
    who, by = deciders(session, g.library), actor(current_user)
    know_media(row.medium for post in posts for row in post.media)
    rows = [(post, previews_of(rendered(post), post_problems(post)), who.let(post, by)) for post in posts]
    return render_template(
        "review/waiting.html",
        rows=rows,
        kinds=KINDS,
        more=in_review(session, g.library.id) - len(posts),
        deciders_of=who.names,
    )
