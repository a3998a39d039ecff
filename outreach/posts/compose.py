"""Write a post: new, changed, copied onto its places. What is saved is a draft, whatever is missing in it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from outreach.access import Actor
from outreach.db import db, writing
from outreach.history import record
from outreach.models import Account, Delivery, Library, Post
from outreach.posts.lifecycle import BEFORE_SENDING, locked, move_delivery, move_post
from outreach.posts.queries import last_event
from outreach.posts.same_book import strike
from outreach.posts.written import Written, kind_of, web_address, write
from outreach.words import NotDone, Sentence

STOPPABLE = (*BEFORE_SENDING, "in_hand", "refused", "missed", "not_posted")
BEGUN = ("sending", "unclear", "published", "in_hand")  # it has left, or may have


class Stale(NotDone):
    """Somebody else saved the post since this form was opened. Nothing was overwritten."""

    def __init__(self, who: str) -> None:
        super().__init__(
            Sentence(
                "%(who)s changed this post while you were writing. Your words are below and not saved yet: "
                "compare them with the post as it is now, then save again.",
                who=who,
            )
        )


def create(
    library_id: int,
    written: Written,
    by: Actor,
    now: datetime,
    digest_rule_id: int | None = None,
    form_key: str | None = None,
) -> Post:
    """A new draft; for a form that was sent twice (a double click), the one it made the first time."""
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
        (made.words, made.fields) == (written.words.strip(), dict(written.fields))
        and made.link == web_address(written.link)
        and made.timing == written.timing
        and (made.timing == "slot" or made.wished_at == written.wished_at)
        and {p.account_id: p.words for p in made.placements} == {n: w.strip() for n, w in written.accounts.items()}
        and _uploaded(made) == [(n, " ".join(alt.split())) for n, alt in written.media]
        and [t.title_id for t in made.titles] == list(dict.fromkeys(written.titles))
    )
    if same:
        return made
    raise NotDone(
        Sentence("This form was saved before. Your words are below and not saved: open the post to change it there.")
    )


def _uploaded(post: Post) -> list[tuple[int, str]]:
    """Its pictures, without those that we drew."""
    return [(m.medium_id, m.alt) for m in post.media if not m.shape]


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
    record(session, "post", post.id, "written", by, now, library_id=library_id, post_id=post.id, states=(None, "draft"))
    return post


def refuse_mixture(library: Library, accounts: Iterable[Account]) -> None:
    """Practice and real places in one post ask first. Raises NotDone."""
    networks = {account.network == "practice" for account in accounts}
    if len(networks) == 2 and not library.practice:
        raise NotDone(Sentence("This post goes to practice and to real places. Say that you mean it, and save again."))


def save(post_id: int, written: Written, revision: int, by: Actor, now: datetime) -> Post:
    """Change a post that has not begun to go out. An approved one goes back to review. Raises Stale."""
    with writing() as session:
        post = locked(session, post_id)
        if post.revision != revision:
            raise Stale(_last_writer(post, session))
        _refuse_if_begun(session, post)
        take_back(session, post, by, now)
        _refuse_if_begun(session, post)  # a worker may have claimed one between the two
        before = {t.title_id for t in post.titles}
        write(session, post, written)
        if post.digest_rule_id is not None:
            strike(session, post, before, now)
        post.revision, post.updated_at = post.revision + 1, now
        record(session, "post", post.id, "edited", by, now, library_id=post.library_id, post_id=post.id)
        if post.state == "approved":
            move_post(session, post, "submitted", by, now, Sentence("Changed after it was approved."))
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
        move_post(session, post, "draft", by, now)


def cancel(post_id: int, by: Actor, now: datetime, note: Sentence | None = None) -> None:
    """What has not gone out will not go out. What is out stays out (the page says so)."""
    with writing() as session:
        post = locked(session, post_id)
        if post.state == "cancelled":
            return
        states = {d.state for d in _deliveries(session, post) if d.edition == post.edition}
        if post.state == "approved" and "published" in states and states <= {"published", "cancelled"}:
            raise NotDone(Sentence("It is out already. To take it down, delete it at the place itself."))
        take_back(session, post, by, now)
        move_post(session, post, "cancelled", by, now, note)


def take_back(session: Session, post: Post, by: Actor, now: datetime) -> None:
    """Cancel every delivery that is not on its way. One that is being sent right now cannot be stopped."""
    while left := [d for d in _deliveries(session, post) if d.state in STOPPABLE]:
        for delivery in left:  # one that dispatch takes meanwhile is read again
            move_delivery(session, delivery, "cancelled", by, now)


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


def _last_writer(post: Post, session: Session) -> str:
    event = last_event(session, post.id)
    return event.who if event else post.author_name
