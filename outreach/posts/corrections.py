"""A post that is out is corrected: written, looked at by another pair of eyes, then changed where it stands.

a correction waits -> approved: each message that is not out yet says it at once, each that is out is a worker's
                      (see `change`), or a person's
                   -> returned, with a note; taken back; replaced by another one of the same post
The post itself stays approved all the while: what waits for its time goes out at its time.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from outreach.access import Actor
from outreach.db import ALONE, writing
from outreach.history import record
from outreach.models import Change, Correction, Delivery, Post
from outreach.posts.approve import explicitly
from outreach.posts.correction_checks import found_in
from outreach.posts.correction_edits import Payload, Piece, Standing, carried, corrected, edits_of, standing, way
from outreach.posts.correction_letters import ask_for_a_look, ask_to_change, tell_other_words, tell_returned
from outreach.posts.deciding import deciders, needs_two
from outreach.posts.findings import Problem
from outreach.posts.lifecycle import deliveries_locked, locked, move_delivery
from outreach.posts.policy import stops
from outreach.posts.reading import place_of
from outreach.posts.seen import Stale
from outreach.posts.versions import keep
from outreach.posts.wording import from_payload, seal_of
from outreach.words import NotDone, Sentence, within

OTHER = Sentence("This post has changed meanwhile. Your words are below and not saved yet: look at them once more.")
MOVING = Sentence("A message of this post is just on its way. Try again in a minute.")
NOTHING = Sentence("Nothing of this post that is out can be changed where it stands.")
SETTLED = Sentence("This correction is settled already.")


def can_be_corrected(post: Post) -> bool:
    """Is it out, at least somewhere, and can any message of it say something else? Before that it is edited."""
    mine = [(d.state, way(d)) for d in _of_edition(post, post.deliveries)]
    out = any(state == "published" and how != "gone" for state, how in mine)
    return post.state == "approved" and out and any(how not in ("gone", "stays") for _state, how in mine)


def stands(session: Session, post: Post) -> Standing:
    """What a form of it shows."""
    return standing(_of_edition(post, post.deliveries), pending(session, post.id))


def pending(session: Session, post_id: int) -> dict[int, Payload]:
    """What its messages are about to say, by their ids."""
    return {change.delivery_id: change.payload for change in unfinished(session, post_id)}


def unfinished(session: Session, post_id: int) -> list[Change]:
    mine = select(Change).join(Delivery).where(Delivery.post_id == post_id, Change.ended_at.is_(None))
    return list(session.scalars(mine.order_by(Change.id)))


def waiting_of(session: Session, post_id: int) -> Correction | None:
    """The one that waits for a decision."""
    return session.scalar(select(Correction).where(Correction.post_id == post_id, Correction.decision == ""))


def last_of(session: Session, post_id: int) -> Correction | None:
    mine = select(Correction).where(Correction.post_id == post_id).order_by(Correction.id.desc())
    return session.scalar(mine.limit(1))


def waiting(session: Session, library_id: int) -> list[Correction]:
    mine = select(Correction).where(Correction.library_id == library_id, Correction.decision == "")
    whole = joinedload(Correction.post).selectinload(Post.titles)
    return list(session.scalars(mine.options(whole).order_by(Correction.id)))


def write(post_id: int, pieces: Iterable[Piece], seal: str, by: Actor, now: datetime) -> int:
    """Another pair of eyes is asked for. Returns its id. Raises NotDone; Stale where the post is another one by now."""
    with writing() as session:
        return _write(session, locked(session, post_id), pieces, seal, by, now).id


def change_now(post_id: int, pieces: Iterable[Piece], seal: str, by: Actor, now: datetime, accepted: bool) -> int:
    """Written and approved in one step, by who may."""
    with writing() as session:
        post = locked(session, post_id)
        made = _write(session, post, pieces, seal, by, now, asks=False)
        approve_in(session, post, made, by, now, accepted)
        return made.id


def approve(correction_id: int, by: Actor, now: datetime, accepted: bool = False) -> bool:
    """False: one more person has to approve it."""
    with writing() as session:
        post, correction = _open(session, correction_id)
        return approve_in(session, post, correction, by, now, accepted)


def send_back(correction_id: int, note: str, by: Actor, now: datetime) -> None:
    note = within(note, 2_000)
    if not note:
        raise NotDone(Sentence("Write what should change, so that the author knows."))
    with writing() as session:
        post, correction = _open(session, correction_id)
        correction.note = note
        _settle(session, post, correction, "returned", by, now, Sentence("%(note)s", note=note))
        tell_returned(session, correction, by, now)


def take_back(correction_id: int, by: Actor, now: datetime) -> None:
    """It stays as it is, also after it was sent back."""
    with writing() as session:
        post, correction = _open(session, correction_id, ("", "returned"))
        _settle(session, post, correction, "taken back", by, now)


def _write(
    session: Session, post: Post, pieces: Iterable[Piece], seal: str, by: Actor, now: datetime, asks: bool = True
) -> Correction:
    now_there = stands(session, post)
    if not can_be_corrected(post):
        raise NotDone(NOTHING)
    if now_there.seal != seal:
        raise Stale(OTHER)
    edits = edits_of(pieces)
    if not edits["texts"] and not edits["alts"]:
        raise NotDone(Sentence("Nothing is changed yet. Change the words, then send them."))
    if wrong := stops(problems(session, post, edits, now)):
        raise NotDone(wrong[0].sentence)
    if old := waiting_of(session, post.id):
        _settle(session, post, old, "replaced", by, now)
    made = Correction(
        library_id=post.library_id,
        post_id=post.id,
        author_id=by.person_id,
        author_name=by.name,
        written_at=now,
        edits=edits,
    )
    session.add(made)
    session.flush()
    _tell_history(session, post, "corrected", by, now)
    if asks:
        ask_for_a_look(session, post, made, now)
    return made


def problems(session: Session, post: Post, edits: Payload, now: datetime) -> list[Problem]:
    """Of the messages that would say something else: what stops them, and what asks for an explicit word."""
    said = pending(session, post.id)
    mine = [(d, corrected(said.get(d.id, d.payload), d.id, edits)) for d in _of_edition(post, post.deliveries)]
    return found_in(session, post, [(d, payload) for d, payload in mine if payload != said.get(d.id, d.payload)], now)


def approve_in(session: Session, post: Post, correction: Correction, by: Actor, now: datetime, accepted: bool) -> bool:
    if not can_be_corrected(post):
        raise NotDone(NOTHING)
    if not deciders(session, post.library).lets(post.kind, correction.author_id, by):
        raise NotDone(Sentence("Somebody else approves what you wrote. Send it for review."))
    found = problems(session, post, correction.edits, now)
    if wrong := stops(found):
        raise NotDone(wrong[0].sentence)
    how = explicitly(found, accepted)
    if needs_two(post) and not _is_second(session, post, correction, by, now):
        return False
    _apply(session, post, correction, by, now)
    _settle(session, post, correction, "approved", by, now, how)
    return True


def _is_second(session: Session, post: Post, correction: Correction, by: Actor, now: datetime) -> bool:
    if by.person_id is None:
        raise NotDone(Sentence("Two people approve posts of this kind."))
    if correction.first_id == by.person_id:
        raise NotDone(Sentence("You have approved it already. One more person has to."))
    who = deciders(session, post.library)
    if correction.first_id in {person.id for person in (*who.people, *who.district)}:
        return True
    correction.first_id, correction.first_name = by.person_id, by.name
    _tell_history(session, post, "correction_first", by, now)
    return False


def _apply(session: Session, post: Post, correction: Correction, by: Actor, now: datetime) -> None:
    """What is not out yet says it from here on; for what is out a change is laid down."""
    open_ones = {change.delivery_id: change for change in unfinished(session, post.id)}
    for delivery in _of_edition(post, deliveries_locked(session, post)):
        open_one = open_ones.get(delivery.id)
        before = open_one.payload if open_one else delivery.payload
        payload = corrected(before, delivery.id, correction.edits)
        if payload == before:
            continue
        match way(delivery):
            case "moving":
                raise NotDone(MOVING)
            case "row":
                _say(session, delivery, payload, by, now)
            case "there" | "person":
                _lay(session, delivery, correction, payload, now, instead=open_one)
    post.words, post.revision, post.updated_at = carried(post.words, correction.edits), post.revision + 1, now
    post.decided_revision = post.revision
    keep(session, post, by, now)


def _say(session: Session, delivery: Delivery, payload: dict[str, Any], by: Actor, now: datetime) -> None:
    """It is not out yet: it goes out like this. A worker that read it before finds it waiting again."""
    if delivery.state == "queued" and not move_delivery(session, delivery, "waiting", by, now):
        raise NotDone(MOVING)
    library_id, post_id, before = delivery.library_id, delivery.post_id, was(delivery.payload, payload)
    delivery.payload, delivery.digest, delivery.begun_at = payload, seal_of(payload), None
    delivery.cost = place_of(delivery.account).cost_of(from_payload(payload))
    record(session, "delivery", delivery.id, "changed", by, now, library_id=library_id, post_id=post_id, note=before)
    if delivery.state == "in_hand":
        tell_other_words(session, delivery, now)


def _lay(
    session: Session,
    delivery: Delivery,
    correction: Correction,
    payload: dict[str, Any],
    now: datetime,
    instead: Change | None,
) -> None:
    """For a worker, or for a person. It begins when what it comes `instead` of certainly is over."""
    asked, begin = (now if way(delivery) == "person" else None), now
    if instead:
        instead.ended_at, begin = now, max(now, instead.lease_until or now)
    change = Change(
        delivery_id=delivery.id, correction_id=correction.id, payload=payload, digest=seal_of(payload),
        begun_at=now, try_at=begin, asked_at=asked,
    )  # fmt: skip
    session.add(change)
    session.flush()
    if asked:
        ask_to_change(session, delivery, change, now)


def was(before: Payload, after: Payload) -> Sentence:
    """For the history: what it said until then, of its words and of the descriptions that changed."""
    old = [str(before["text"])] if before["text"] != after["text"] else []
    pairs = zip(before["images"], after["images"], strict=True)
    old += [str(was["alt"]) for was, now in pairs if was["alt"] != now["alt"]]
    return Sentence("Before: “%(words)s”", words="” “".join(old))


def _open(session: Session, correction_id: int, decisions: Sequence[str] = ("",)) -> tuple[Post, Correction]:
    """The post first, as every verb of a post begins."""
    post = locked(session, session.get_one(Correction, correction_id).post_id)
    correction = session.get_one(Correction, correction_id, populate_existing=True, with_for_update=ALONE)
    if correction.decision not in decisions:
        raise NotDone(SETTLED)
    return post, correction


def _settle(
    session: Session,
    post: Post,
    correction: Correction,
    decision: str,
    by: Actor,
    now: datetime,
    note: Sentence | None = None,
) -> None:
    correction.decision, correction.decided_at = decision, now
    verbs = {"approved": "correction_approved", "returned": "correction_returned", "taken back": "correction_dropped"}
    if decision in verbs:
        _tell_history(session, post, verbs[decision], by, now, note)


def _tell_history(
    session: Session, post: Post, verb: str, by: Actor, now: datetime, note: Sentence | None = None
) -> None:
    record(session, "post", post.id, verb, by, now, library_id=post.library_id, post_id=post.id, note=note)


def _of_edition(post: Post, deliveries: Iterable[Delivery]) -> Sequence[Delivery]:
    return sorted((d for d in deliveries if d.edition == post.edition), key=lambda d: d.id)
