"""Once a post was written: who may send it where, and what they are told of it."""

from __future__ import annotations

from datetime import datetime

from flask import g
from flask_babel import gettext as _
from flask_security import current_user

from outreach import clock
from outreach.access import actor, may
from outreach.db import db
from outreach.models import Person, Post
from outreach.posts import approve, send
from outreach.posts.deciding import needs_two
from outreach.posts.hand import is_by_hand
from outreach.posts.tell import author_or_managers
from outreach.posts.to_follow import times_to_follow
from outreach.web.series import typed_choice
from outreach.web.shown_times import when
from outreach.web.shown_titles import counted


def may_approve(post: Post | None) -> bool:
    """Is it in review (as what is approved is once it is changed), and this person one who decides on it?"""
    if post is None or post.state not in ("submitted", "approved") or not may(current_user, "decide", g.library):
        return False
    return approve.deciders(db.session(), g.library).let(post, actor(current_user))


def may_schedule(post: Post | None) -> bool:
    """Does this person's button say "Schedule" rather than "Send for review"?

    What somebody else writes goes through review, where it is seen as it will look.
    """
    if not may(current_user, "decide", g.library) or (post is not None and needs_two(post)):
        return False
    if post is not None and post.author_id is None:
        return True  # it wrote itself
    return (post is None or post.author_id == current_user.id) and approve.may_approve_own(db.session(), g.library)


def repeats_of(post: Post) -> send.Repeats | None:
    """As its form says. Raises NotDone."""
    told = post.fields.get("repeat") if post.series_id is None else None
    return send.Repeats(typed_choice(told), bool(told.get("draws"))) if told else None


def once_sent(post: Post) -> str:
    """And that more comes of it, since only its first message is seen at a glance."""
    later = times_to_follow(post)
    if not later:
        return _("Sent for review.")
    return counted(
        "Sent for review. One more message of it follows, %(when)s.",
        "Sent for review. %(num)s more messages of it follow, the last %(when)s.",
        len(later),
        when=when(max(later)),
    )


def once_scheduled(post: Post, at: datetime | None) -> str:
    if post.held_at:
        return _("It waits for another time: choose one.")
    if is_by_hand(post):
        return asked_to_post(post, at)
    return _("It goes out %(when)s.", when=when(at))


def once_approved(at: datetime | None, post: Post, reader: Person | None = None) -> str:
    """`at`: when it goes out; None where one more person has to approve it."""
    if at is None:
        return _("Approved. One more person has to approve it.")
    if is_by_hand(post):
        return f"{_('Approved.')} {asked_to_post(post, at, reader)}"
    return _("Approved. It goes out %(when)s.", when=when(at))


def asked_to_post(post: Post, at: datetime | None, reader: Person | None = None) -> str:
    """Who is asked to post it by hand. `reader`: whoever a link acts as; else who is signed in."""
    people, me = author_or_managers(db.session(), post), reader or current_user
    if any(person.id == me.id for person in people):
        return _("You are asked to post it %(when)s.", when=when(at))
    return counted(
        "%(who)s is asked to post it %(when)s.",
        "%(who)s are asked to post it %(when)s.",
        len(people),
        who=", ".join(person.shown for person in people),
        when=when(at),
    )


def week_of(post: Post) -> str | None:
    at = post.wished_at
    return clock.to_local(at, g.library.timezone).date().isoformat() if at else None
