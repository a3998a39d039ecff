"""Submit, approve, send back. Approval freezes every message and lays it in its delivery."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from outreach.access import Actor
from outreach.channels import prepares
from outreach.db import writing
from outreach.history import record
from outreach.models import Approval, Delivery, DigestRule, Post
from outreach.people.links import end_reviews
from outreach.posts.around import findings_of
from outreach.posts.consents import link
from outreach.posts.deciding import content, first_words, may_approve, needs_two
from outreach.posts.deciding import deciders as deciders
from outreach.posts.deciding import may_approve_own as may_approve_own
from outreach.posts.findings import Problem
from outreach.posts.hand_over import handed_to
from outreach.posts.lifecycle import locked, move_post
from outreach.posts.policy import Place, of_sort
from outreach.posts.queries import last_event, was_edited
from outreach.posts.reading import rendered
from outreach.posts.review_letter import forget_letters
from outreach.posts.schedule import check_time, decide_time, goes_at_once, next_free
from outreach.posts.seen import DECIDING, Stale, seen
from outreach.posts.tell import tell_sent_back
from outreach.posts.wording import Message, digest, seal_of
from outreach.words import NotDone, Sentence, within

NOT_IN_REVIEW = Sentence("This post is not in review (any more).")


def submit_in(session: Session, post: Post, by: Actor, now: datetime) -> None:
    """A draft goes into review, if nothing stands in its way. Nobody is told: of many posts one letter is enough."""
    if post.state not in ("draft", "returned"):
        raise NotDone(Sentence("This post is already in review."))
    if post.timing == "slot" and (free := next_free(session, post.library, post.kind, now, post.id)):
        post.wished_at, post.held_at = free, None
    if post.timing == "now":
        post.held_at = None  # it never waits for another time
    if post.timing == "at":
        if post.wished_at is None:
            raise NotDone(Sentence("Choose a day and a time."))
        if not goes_at_once(post, now):
            check_time(post.wished_at, now)
    _refuse_problems(session, post, now if goes_at_once(post, now) else post.wished_at or now, now)
    link(session, post)  # what came into the register since it was written
    post.note = ""
    move_post(session, post, "submitted", by, now)


def approve(post_id: int, revision: int, by: Actor, now: datetime, accepted: bool = False) -> datetime | None:
    """Approve exactly the revision that was seen; `accepted`: with what asks for the approver's explicit word.

    Returns when it goes out; None where one more person has to approve it.
    """
    with writing() as session:
        return approve_in(session, seen(session, post_id, revision), by, now, accepted)


def schedule_in(session: Session, post: Post, by: Actor, now: datetime) -> datetime | None:
    """Submit and approve in one step, for those who may approve their own. Of a post that was `seen`."""
    if post.state in ("draft", "returned"):
        submit_in(session, post, by, now)
    return approve_in(session, post, by, now)


def approve_edited(post_id: int, saved: int, by: Actor, now: datetime, accepted: bool = False) -> datetime | None:
    """What `by` saved a moment ago as revision `saved`, with its pictures drawn since. Raises Stale otherwise."""
    with writing() as session:
        post = locked(session, post_id)
        if post.revision not in (saved, saved + 1) or _last_hand(session, post) != by.person_id:
            raise Stale(DECIDING)  # drawing counts one more
        return approve_in(session, post, by, now, accepted)


def approve_in(
    session: Session,
    post: Post,
    by: Actor,
    now: datetime,
    accepted: bool = False,
    how: Sentence | None = None,
    settled: bool = False,
) -> datetime | None:
    """1. may this person decide? 2. may it go out at all? 3. when? 4. is one word enough?
    5. freeze every message in its delivery. `how`: for the history, e.g. by e-mail. `settled`: these very words were
    approved before, by as many as it takes.
    """
    if post.state != "submitted":
        raise NotDone(NOT_IN_REVIEW)
    if not may_approve(session, post, by):
        raise NotDone(Sentence("Somebody else approves what you wrote. It stays in review."))
    at = decide_time(session, post, now)
    found = _refuse_problems(session, post, at, now)
    how = explicitly(found, accepted or settled) or how
    if needs_two(post) and not settled and not _is_second(session, post, by, now, how):
        return None
    post.held_at = None
    _decide(session, post, at, by, now)
    move_post(session, post, "approved", by, now, how)
    for place, ms in rendered(post, at).items():
        _freeze(session, post, place, ms, at)
    after_approval(session, post, by, now)
    return at


def explicitly(found: Sequence[Problem], accepted: bool) -> Sentence | None:
    """What was let go out with an explicit word stands in the history. Raises NotDone without that word."""
    asked = of_sort("ask", found)
    if not asked:
        return None
    if not accepted:
        raise NotDone(Sentence("Say that you have looked at it and that it may go out: %(what)s", what=asked[0]))
    return Sentence("Looked at it, and let it go out: %(what)s", what=" ".join(asked))


def _is_second(session: Session, post: Post, by: Actor, now: datetime, how: Sentence | None) -> bool:
    """Is this the second word of two? The first is kept for as long as the content stays as it is."""
    if by.person_id is None:
        raise NotDone(Sentence("Two people approve posts of this kind."))
    seal, who = content(post), deciders(session, post.library)
    still = {person.id for person in (*who.people, *who.district)}
    words = [word for word in first_words(session, post, seal) if word.person_id in still]
    if any(word.person_id == by.person_id for word in words):
        raise NotDone(Sentence("You have approved it already. One more person has to."))
    if not words:
        session.add(Approval(post_id=post.id, digest=seal, person_id=by.person_id, who=by.name, at=now))
        record(
            session, "post", post.id, "first_word", by, now, library_id=post.library_id, post_id=post.id, note=how
        )  # fmt: skip
    return bool(words)


def _decide(session: Session, post: Post, at: datetime, by: Actor, now: datetime) -> None:
    forget_letters(session, post, now)
    end_reviews(session, post.id, now)
    post.edition, post.wished_at, post.decided_by_id = post.edition + 1, at, by.person_id
    post.decided_revision = post.revision
    post.digest = digest({place.id: ms for place, ms in rendered(post, at).items()})
    _count_unchanged(session, post)


def after_approval(session: Session, post: Post, by: Actor, now: datetime) -> None:
    """What follows from an approval in its transaction: those of a repeat that read the same are approved with it."""
    from outreach.posts.series import approved  # it approves in its turn

    approved(session, post, by, now)


def send_back(post_id: int, note: str, by: Actor, now: datetime, revision: int | None = None) -> None:
    """`revision`: of the post that was seen. Raises Stale where it is another one by now."""
    with writing() as session:
        post = locked(session, post_id) if revision is None else seen(session, post_id, revision)
        send_back_in(session, post, note, by, now)


def send_back_in(
    session: Session, post: Post, note: str, by: Actor, now: datetime, how: Sentence | None = None
) -> None:
    note = within(note, 2_000)
    if not note:
        raise NotDone(Sentence("Write what should change, so that the author knows."))
    if post.state != "submitted":
        raise NotDone(NOT_IN_REVIEW)
    forget_letters(session, post, now)
    end_reviews(session, post.id, now)
    post.note, post.decided_revision = note, post.revision
    move_post(session, post, "returned", by, now, how or Sentence("%(note)s", note=note))
    tell_sent_back(session, post, by, now)


def _refuse_problems(session: Session, post: Post, at: datetime, now: datetime) -> list[Problem]:
    """Raises NotDone for what stops it; returns the rest."""
    gone = [p.account.name for p in post.placements if p.account.retired_at]
    if gone:
        raise NotDone(Sentence("%(place)s was removed. Leave it out, and choose another place.", place=gone[0]))
    (found,) = findings_of(session, [post], now, at=at)
    if stops := of_sort("stop", found):
        raise NotDone(stops[0])
    return found


def _last_hand(session: Session, post: Post) -> int | None:
    """Whose was the last line of its history?"""
    last = last_event(session, post.id)
    return last.who_id if last else None


def _freeze(session: Session, post: Post, place: Place, messages: list[Message], at: datetime) -> None:
    made: list[Delivery] = []
    keeper = handed_to(session, post, place.id)
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
            cost=place.cost_of(message),
            stays=message.stays,
            keeper_id=keeper,
            ahead=prepares(network_of(post, place.id), bool(message.images)),
            due_at=due,
            try_at=due,
        )
        session.add(delivery)
        session.flush()
        made.append(delivery)


def network_of(post: Post, account_id: int) -> str:
    return next(p.account.network for p in post.placements if p.account_id == account_id)


def _count_unchanged(session: Session, post: Post) -> None:
    """Three digests approved as they were: then we offer to send them without review."""
    if post.digest_rule_id and post.edition == 1:  # a second approval of the same post counts no second time
        rule = session.get_one(DigestRule, post.digest_rule_id)
        rule.unchanged_in_a_row = 0 if was_edited(session, post.id) else rule.unchanged_in_a_row + 1
