"""Submit, approve, send back. Approval freezes every message and lays it in its delivery."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from outreach.access import Actor
from outreach.db import writing
from outreach.mail import put
from outreach.models import Delivery, DigestRule, Library, Membership, Person, Post
from outreach.posts.lifecycle import locked, move_post
from outreach.posts.policy import Place
from outreach.posts.queries import was_edited
from outreach.posts.reading import post_problems, rendered
from outreach.posts.schedule import check_time, decide_time, goes_at_once, next_free
from outreach.posts.tell import author_or_managers
from outreach.posts.wording import Message, digest, seal_of
from outreach.words import NotDone, Sentence, within


class Changed(NotDone):
    """The post is not the one that the approver had in front of them."""

    def __init__(self) -> None:
        super().__init__(Sentence("This post was changed since you opened it. Look at it again, then decide."))


def submit(post_id: int, by: Actor, now: datetime) -> None:
    """A draft goes into review, if nothing stands in its way."""
    with writing() as session:
        _submit(session, locked(session, post_id), by, now)


def _submit(session: Session, post: Post, by: Actor, now: datetime) -> None:
    if post.state not in ("draft", "returned"):
        raise NotDone(Sentence("This post is already in review."))
    if post.timing == "slot":
        post.wished_at = next_free(session, post.library, post.kind, now, post.id) or post.wished_at
    if post.timing == "at":
        if post.wished_at is None:
            raise NotDone(Sentence("Choose a day and a time."))
        if not goes_at_once(post, now):
            check_time(post.wished_at, now)
    _refuse_problems(post, now)
    post.note = ""
    move_post(session, post, "submitted", by, now)
    for person in deciders(session, post.library).people:
        if person.id != by.person_id:
            put(
                session,
                person.email,
                "A post waits for your review",
                Sentence("%(who)s sent a post for review.", who=by.name),
                now,
                path="/review/",
            )


def approve(post_id: int, revision: int, by: Actor, now: datetime) -> datetime:
    """Approve exactly the revision that was seen. Returns when it goes out."""
    with writing() as session:
        post = locked(session, post_id)
        if post.revision != revision:
            raise Changed
        return approve_in(session, post, by, now)


def schedule_own(post_id: int, by: Actor, now: datetime) -> datetime:
    """Submit and approve in one step, for those who may approve their own."""
    with writing() as session:
        post = locked(session, post_id)
        if post.state in ("draft", "returned"):
            _submit(session, post, by, now)
        return approve_in(session, post, by, now)


def approve_in(session: Session, post: Post, by: Actor, now: datetime) -> datetime:
    """1. may this person decide? 2. may it go out at all? 3. when? 4. freeze every message in its delivery."""
    if post.state != "submitted":
        raise NotDone(Sentence("This post is not in review (any more)."))
    if not may_approve(session, post, by):
        raise NotDone(Sentence("Somebody else approves what you wrote. It stays in review."))
    at = decide_time(session, post, now)
    _refuse_problems(post, at)
    messages = rendered(post, at)
    post.edition, post.wished_at, post.decided_by_id = post.edition + 1, at, by.person_id
    post.digest = digest({place.id: ms for place, ms in messages.items()})
    _count_unchanged(session, post)
    move_post(session, post, "approved", by, now)
    for place, ms in messages.items():
        _freeze(session, post, place, ms, at)
    return at


@dataclass(frozen=True)
class Deciders:
    """Who may approve in a library: read once for all posts of a page."""

    people: Sequence[Person]  # of the library
    district: Sequence[Person]
    own: bool  # what they wrote themselves, too

    def let(self, post: Post, by: Actor) -> bool:
        """Nobody approves their own post once the library has two people who may (or as the library says)."""
        return self.own or by.person_id is None or post.author_id != by.person_id

    def names(self, post: Post) -> list[str]:
        """Of those who may approve it; the district is named where nobody of the library may."""
        may = ([p.shown for p in some if self.own or p.id != post.author_id] for some in (self.people, self.district))
        return next(may) or next(may)


def deciders(session: Session, library: Library) -> Deciders:
    deciding = Membership.library_id == library.id, Membership.role.in_(("approver", "manager"))
    district = Person.district_admin, Person.practice == library.practice
    people = select(Person).where(Person.active).order_by(Person.name)
    found = session.scalars(people.join(Membership).where(*deciding)).all()
    own = len(found) < 2 if library.own_approval is None else library.own_approval
    return Deciders(found, session.scalars(people.where(*district)).all(), own)


def may_approve(session: Session, post: Post, by: Actor) -> bool:
    return deciders(session, post.library).let(post, by)


def may_approve_own(session: Session, library: Library) -> bool:
    return deciders(session, library).own


def send_back(post_id: int, note: str, by: Actor, now: datetime, revision: int | None = None) -> None:
    """`revision`: of the post that was seen. Raises Changed where it is another one by now."""
    note = within(note, 2_000)
    if not note:
        raise NotDone(Sentence("Write what should change, so that the author knows."))
    with writing() as session:
        post = locked(session, post_id)
        if post.state != "submitted":
            raise NotDone(Sentence("This post is not in review (any more)."))
        if revision not in (None, post.revision):
            raise Changed
        post.note = note
        move_post(session, post, "returned", by, now, Sentence("%(note)s", note=note))
        for person in author_or_managers(session, post):
            if person.id != by.person_id:
                told = f"{by.name}: {note}"
                put(session, person.email, "A post was sent back", told, now, path=f"/posts/{post.id}")


def _refuse_problems(post: Post, at: datetime) -> None:
    gone = [p.account.name for p in post.placements if p.account.retired_at]
    if gone:
        raise NotDone(Sentence("%(place)s was removed. Leave it out, and choose another place.", place=gone[0]))
    found = post_problems(post, at)
    if found:
        raise NotDone(found[0].sentence)


def _freeze(session: Session, post: Post, place: Place, messages: list[Message], at: datetime) -> None:
    made: list[Delivery] = []
    for number, message in enumerate(messages):
        due = message.at or at
        delivery = Delivery(
            library_id=post.library_id,
            post_id=post.id,
            account_id=place.id,
            edition=post.edition,
            part=number,
            parts=len(messages),
            state="waiting",
            payload=message.payload(),
            digest=seal_of(message.payload()),
            after_id=None if message.answers is None else made[message.answers].id,
            due_at=due,
            try_at=due,
        )
        session.add(delivery)
        session.flush()
        made.append(delivery)


def _count_unchanged(session: Session, post: Post) -> None:
    """Three digests approved as they were: then we offer to send them without review."""
    if post.digest_rule_id and post.edition == 1:  # a second approval of the same post counts no second time
        rule = session.get_one(DigestRule, post.digest_rule_id)
        rule.unchanged_in_a_row = 0 if was_edited(session, post.id) else rule.unchanged_in_a_row + 1
