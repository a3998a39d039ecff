"""Write a post: new, changed, copied onto its places. What is saved is a draft, whatever is missing in it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from outreach.access import Actor
from outreach.db import db, writing
from outreach.history import record
from outreach.models import Account, Delivery, Library, Post
from outreach.posts.bank import follow, give_back, note_asked
from outreach.posts.correction_ends import end_corrections
from outreach.posts.lifecycle import BEFORE_SENDING, locked, move_delivery, move_post
from outreach.posts.queries import last_event
from outreach.posts.review_letter import ask_for_review, forget_letters
from outreach.posts.same_book import strike
from outreach.posts.seen import Stale
from outreach.posts.versions import dump, keep, shown, written_of
from outreach.posts.written import Written, kind_of, web_address, write
from outreach.words import NotDone, Sentence

STOPPABLE = (*BEFORE_SENDING, "in_hand", "refused", "missed", "not_posted")
BOTH = Sentence(
    "%(who)s changed this post while you were writing. Your words are below and not saved yet. "
    "Compare them with the post as it is now."
)
NOT_KEPT = Sentence(
    "%(who)s changed this post while you were writing. What you write is not saved any more: press Save to see both."
)
BEGUN = ("sending", "unclear", "published", "removing", "removed", "in_hand")  # it has left, or may have


def create(
    library_id: int,
    written: Written,
    by: Actor,
    now: datetime,
    digest_rule_id: int | None = None,
    form_key: str | None = None,
) -> Post:
    """A new draft; for a form that was sent twice (a double click), the one it made the first time."""
    form_key = form_key if form_key and not form_key.startswith("row-") else None  # those are of tables
    try:
        with writing() as session:
            if made := _of_form(session, library_id, form_key):
                return _the_same(made, written)
            post = create_in(session, library_id, written, by, now, digest_rule_id)
            post.form_key = form_key
        return post
    except IntegrityError:  # both came at the same instant, and the other was first
        if made := _of_form(db.session(), library_id, form_key):
            return _the_same(made, written)
        raise


def _the_same(made: Post, written: Written) -> Post:
    """Sent twice is one post; sent again with other words is a change, and needs the post as it is now."""
    same = (
        _as_written(written_of(made)) == _as_written(written) and (made.permission_at is not None) == written.permitted
    )
    if same:
        return made
    raise NotDone(
        Sentence("This form was saved before. Your words are below and not saved: open the post to change it there.")
    )


def _as_written(written: Written) -> dict[str, Any]:
    """As `write` leaves it, with a moment only where one was typed."""
    return dump(
        replace(
            written,
            words=written.words.strip(),
            warning=written.warning.strip(),
            link=web_address(written.link),
            wished_at=written.wished_at if written.timing == "at" else None,
            accounts={n: words.strip() for n, words in written.accounts.items()},
            media=[(n, " ".join(alt.split())) for n, alt in dict(written.media).items()],
            titles=list(dict.fromkeys(written.titles)),
        )
    )


def _of_form(session: Session, library_id: int, form_key: str | None) -> Post | None:
    mine = select(Post).where(Post.library_id == library_id, Post.form_key == form_key)
    return session.scalar(mine) if form_key else None


def create_in(
    session: Session, library_id: int, written: Written, by: Actor, now: datetime, digest_rule_id: int | None = None
) -> Post:
    """The same inside a transaction of the caller."""
    post = Post(
        library_id=library_id,
        kind=kind_of(written.kind),
        state="draft",
        author_id=by.person_id,
        author_name=by.name,
        digest_rule_id=digest_rule_id,
        created_at=now,
        updated_at=now,
    )
    session.add(post)
    session.flush()
    write(session, post, written)
    permit(post, written, by, now)
    note_asked(session, post, now)
    keep(session, post, by, now)
    record(session, "post", post.id, "written", by, now, library_id=library_id, post_id=post.id, states=(None, "draft"))
    return post


def permit(post: Post, written: Written, by: Actor, now: datetime, again: bool = False) -> None:
    """Who ticked that the permission list was checked, and when: anew where the work is another one (`again`)."""
    if not written.permitted or (again and written.old_tick):
        post.permission_at, post.permission_by = None, ""
    elif not written.old_tick and (again or post.permission_at is None):
        post.permission_at, post.permission_by = now, by.name


def rewrite(session: Session, post: Post, written: Written, by: Actor, now: datetime) -> None:
    """What is there in place of what was; an old tick of permission covers no other work."""
    before, time = shown(post), (post.timing, post.wished_at)
    write(session, post, written)
    permit(post, written, by, now, again=before != shown(post))
    follow(session, post, now)
    if (post.timing, post.wished_at) != time:
        post.held_at = None  # it has another time, which is what it waited for


def refuse_mixture(library: Library, accounts: Iterable[Account]) -> None:
    """Practice and real places in one post ask first. Raises NotDone."""
    networks = {account.network == "practice" for account in accounts}
    if len(networks) == 2 and not library.practice:
        raise NotDone(Sentence("This post goes to practice and to real places. Say that you mean it, and save again."))


def save(post_id: int, written: Written, revision: int, by: Actor, now: datetime, restored: bool = False) -> Post:
    """Change a post that has not begun to go out. An approved one goes back to review. Raises Stale.

    `restored`: to an earlier version, so that the one of a moment ago stays, too.
    """
    with writing() as session:
        post = _as_opened(session, post_id, revision)
        _refuse_if_begun(session, post)
        take_back(session, post, by, now)
        _refuse_if_begun(session, post)  # a worker may have claimed one between the two
        before = {t.title_id for t in post.titles}
        if post.state == "submitted":
            forget_letters(session, post, now)
        rewrite(session, post, written, by, now)
        if post.digest_rule_id is not None:
            strike(session, post, before, now)
        post.revision, post.updated_at = post.revision + 1, now
        keep(session, post, by, now, apart=restored)
        record(session, "post", post.id, "edited", by, now, library_id=post.library_id, post_id=post.id)
        if post.state == "approved":
            move_post(session, post, "submitted", by, now, Sentence("Changed after it was approved."))
        if post.state == "submitted":
            ask_for_review(session, post, by, now)
    return post


def autosave(post_id: int, written: Written, revision: int, by: Actor, now: datetime) -> Post:
    """Keep a draft while it is written. One line of history a sitting. Raises Stale."""
    with writing() as session:
        post = _as_opened(session, post_id, revision, NOT_KEPT)
        if post.state not in ("draft", "returned"):
            raise NotDone(Sentence("This post is no draft any more. Save it to keep what you changed."))
        rewrite(session, post, written, by, now)
        post.revision, post.updated_at = post.revision + 1, now
        keep(session, post, by, now)
        last = last_event(session, post.id)
        if last is None or last.verb not in ("written", "edited") or last.who_id != by.person_id:
            record(session, "post", post.id, "edited", by, now, library_id=post.library_id, post_id=post.id)
    return post


def withdraw(post_id: int, by: Actor, now: datetime) -> None:
    """Back to a draft: out of review, or (before anything went out) out of the schedule."""
    with writing() as session:
        post = locked(session, post_id)
        _refuse_if_begun(session, post)
        if post.state not in ("submitted", "approved"):
            raise NotDone(Sentence("This post is not waiting for anything."))
        take_back(session, post, by, now)
        _refuse_if_begun(session, post)
        if post.state == "submitted":
            forget_letters(session, post, now)
        move_post(session, post, "draft", by, now)


def cancel(post_id: int, by: Actor, now: datetime, note: Sentence | None = None) -> None:
    """What has not gone out will not go out. What is out stays out (the page says so)."""
    with writing() as session:
        post = locked(session, post_id)
        if post.state == "cancelled":
            return
        states = {d.state for d in _deliveries(session, post) if d.edition == post.edition}
        if post.state == "approved" and "published" in states and states <= {"published", "cancelled"}:
            raise NotDone(Sentence("It is out already. Press “Take it down”, and it goes from every place."))
        take_back(session, post, by, now)
        if post.state == "submitted":
            forget_letters(session, post, now)
        move_post(session, post, "cancelled", by, now, note)
        end_corrections(session, post, by, now)
        give_back(session, post)


def take_back(session: Session, post: Post, by: Actor, now: datetime) -> None:
    """Cancel every delivery that is not on its way. One that is being sent right now cannot be stopped."""
    while left := [d for d in _deliveries(session, post) if d.state in STOPPABLE]:
        for delivery in left:  # one that dispatch takes meanwhile is read again
            half_way: dict[str, Any] = {"unwanted_at": now} if delivery.state == "in_hand" else {}  # see hand.py
            move_delivery(session, delivery, "cancelled", by, now, **half_way)


def _deliveries(session: Session, post: Post) -> list[Delivery]:
    fresh = select(Delivery).where(Delivery.post_id == post.id).execution_options(populate_existing=True)
    return list(session.scalars(fresh))


def has_begun(session: Session, post: Post) -> bool:
    """Has any message of it left, or may have?"""
    return any(d.state in BEGUN for d in _deliveries(session, post))


def _refuse_if_begun(session: Session, post: Post) -> None:
    if post.state == "cancelled":
        raise NotDone(Sentence("This post was cancelled. Duplicate it to use its words again."))
    if has_begun(session, post):
        raise NotDone(Sentence("This post has begun to go out, so its words can no longer change. Nothing was saved."))


def _as_opened(session: Session, post_id: int, revision: int, told: Sentence = BOTH) -> Post:
    """The post, locked; Stale where somebody saved it meanwhile."""
    post = locked(session, post_id)
    if post.revision != revision:
        raise Stale(told.filled(who=_last_writer(post, session)))
    return post


def _last_writer(post: Post, session: Session) -> str:
    event = last_event(session, post.id)
    return event.who if event else post.author_name
