"""How people voted: asked of every place at once, and only when a person wants to see it."""

from __future__ import annotations

from flask import Blueprint, current_app, redirect, render_template, url_for
from flask_babel import get_locale

from outreach import clock
from outreach.models import Post
from outreach.posts import results
from outreach.web.extensions import READINGS, limiter, whoever
from outreach.web.signin import find, needs

pages = Blueprint("votes", __name__, url_prefix="/posts")


@pages.get("/<int:post_id>/votes")
@limiter.limit(READINGS, key_func=whoever)
@needs("see")
def show(post_id: int):
    post = find(Post, post_id)
    if not results.has_votes(post):
        return redirect(url_for("posts.show", post_id=post_id))
    found = results.count(post, current_app.extensions["shop"].opener.open, clock.now())
    return render_template(
        "votes/show.html",
        post=post,
        found=found,
        answered=sum(count for _choice, count in found.votes),
        right=results.right_of(post, found),
        at_most=max((count for _choice, count in found.votes), default=0),
        in_words=lambda votes: results.in_words(votes, str(get_locale())),
    )
