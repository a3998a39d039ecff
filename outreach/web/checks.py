"""The checks of a post on a page: those of a form that is being written, and of posts that are saved."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from functools import partial

from flask import current_app

from outreach import clock
from outreach.db import db
from outreach.models import Library, Post
from outreach.posts.around import Dead, Look, arounds, seen_of
from outreach.posts.drafts import Draft
from outreach.posts.findings import Problem, Rendered
from outreach.posts.policy import findings


def of_form(library: Library, draft: Draft, made: Rendered, post: Post | None = None) -> list[Problem]:
    """All three sorts; see `policy.stops` and `policy.advice`. `post`: what the form changes."""
    look = Look(draft, made, post.id if post else None, bool(post and post.series_id))
    (around,) = arounds(db.session(), library, [look], clock.now(), _dead(typed=True))
    return findings(draft, made, around)


def of_posts(posts: Sequence[Post], at: datetime | None = None) -> list[list[Problem]]:
    """Of posts of the library that is looked at, in their order. `at`: when they go out, if it is decided."""
    return [found for _, found in seen(posts, at)]


def seen(posts: Sequence[Post], at: datetime | None = None) -> list[tuple[Rendered, list[Problem]]]:
    """The same, with how each of them will look."""
    return seen_of(db.session(), posts, clock.now(), at=at, dead=_dead())


def _dead(typed: bool = False) -> Dead:
    """Nobody waits for it: what is not known yet is there the next time."""
    return partial(current_app.extensions["shop"].links.among, typed=typed)
