"""Review: what waits for an approver, as it will look."""

from __future__ import annotations

from flask import Blueprint, g, render_template
from flask_security import current_user

from outreach.access import actor
from outreach.db import db
from outreach.posts.approve import may_approve
from outreach.posts.kinds import KINDS
from outreach.posts.queries import awaiting_approval
from outreach.posts.reading import post_problems, rendered
from outreach.web.preview import previews_of
from outreach.web.signin import needs

pages = Blueprint("review", __name__, url_prefix="/review")


@pages.get("/")
@needs("see")
def waiting():
    session = db.session()
    posts = awaiting_approval(session, g.library.id)
    rows = [
        (post, previews_of(rendered(post), post_problems(post)), may_approve(session, post, actor(current_user)))
        for post in posts[:20]
    ]
    return render_template("review/waiting.html", rows=rows, kinds=KINDS, more=max(0, len(posts) - 20))
