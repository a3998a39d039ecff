"""A post that is out is corrected: written, looked at by another pair of eyes, then changed where it stands.

a correction waits -> approved: each message that is not out yet says it at once, each that is out is a worker's
                      (see `change`), or a person's
                   -> returned, with a note; taken back; replaced by another one of the same post
The post itself stays approved all the while: what waits for its time goes out at its time.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from outreach.access import Actor
from outreach.db import ALONE, writing
from outreach.history import record
from outreach.models import Correction, Post
from outreach.posts.approve import explicitly
from outreach.posts.correction_apply import apply
from outreach.posts.correction_checks import found_in
from outreach.posts.correction_edits import Payload, Piece, corrected, edits_of
from outreach.posts.correction_letters import ask_for_a_look, tell_returned
from outreach.posts.correction_state import can_be_corrected, of_edition, pending, stands, waiting_of
from outreach.posts.deciding import deciders, needs_two
from outreach.posts.findings import Problem
from outreach.posts.lifecycle import locked
from outreach.posts.policy import stops
from outreach.posts.seen import Stale
from outreach.words import NotDone, Sentence, within

OTHER = Sentence("This post has changed meanwhile. Your words are below and not saved yet: look at them once more.")
MEANWHILE = Sentence(
    "%(who)s has corrected this post meanwhile, and that waits for review. Your words are below and not saved yet: "
    "sent once more, they take its place."
)
NOTHING = Sentence("Nothing of this post that is out can be changed where it stands.")
CALLED = {  # in the history, see `deeds`
    "approved": "correction_approved",
    "returned": "correction_returned",
    "taken back": "correction_dropped",
    "replaced": "correction_replaced",
}
SETTLED = Sentence("This correction is settled already.")


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
    now_there, waits = stands(session, post), waiting_of(session, post.id)
    if not can_be_corrected(post):
        raise NotDone(NOTHING)
    if now_there.seal != seal:
        same_post = now_there.seal.partition("-")[0] == seal.partition("-")[0]
        raise Stale(MEANWHILE.filled(who=waits.author_name) if waits and same_post else OTHER)
    edits = edits_of(pieces)
    if not edits["texts"] and not edits["alts"]:
        raise NotDone(Sentence("Nothing is changed yet. Change the words, then send them."))
    if wrong := stops(problems(session, post, edits, now)):
        raise NotDone(wrong[0].sentence)
    if waits:
        _settle(session, post, waits, "replaced", by, now)
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
    mine = [(d, corrected(said.get(d.id, d.payload), d.id, edits)) for d in of_edition(post, post.deliveries)]
    return found_in(session, post, [(d, payload) for d, payload in mine if payload != said.get(d.id, d.payload)], now)


def approve_in(session: Session, post: Post, correction: Correction, by: Actor, now: datetime, accepted: bool) -> bool:
    if not can_be_corrected(post):
        raise NotDone(NOTHING)
    if not deciders(session, post.library).lets(post.kind, correction.author_id, by):
        raise NotDone(Sentence("Somebody else approves what you wrote."))
    found = problems(session, post, correction.edits, now)
    if wrong := stops(found):
        raise NotDone(wrong[0].sentence)
    how = explicitly(found, accepted)
    if needs_two(post) and not _is_second(session, post, correction, by, now):
        return False
    _settle(session, post, correction, "approved", by, now, how)
    apply(session, post, correction.id, correction.edits, by, now)
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
    _tell_history(session, post, CALLED[decision], by, now, note)


def _tell_history(
    session: Session, post: Post, verb: str, by: Actor, now: datetime, note: Sentence | None = None
) -> None:
    record(session, "post", post.id, verb, by, now, library_id=post.library_id, post_id=post.id, note=note)
