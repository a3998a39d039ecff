"""What an interruption does to a post, written down so that the page can say it and an undo can take it back.

Of each: `post`, `kind`, `words`, `deed` (see interrupt_plan), `from`, `to`, the `messages` that moved as
(id, from, to), the `edition`; after an undo `back`: "back", "changed" (by somebody meanwhile), "passed" (the
time it had), or "taken" (something else is planned for it by now, or its day is another snow day or pause).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from outreach import clock
from outreach.access import Actor
from outreach.history import record
from outreach.models import Delivery, DigestRule, Interruption, Post
from outreach.posts.interrupt_plan import Days, Deed, free_after
from outreach.posts.lifecycle import BEFORE_SENDING, move_delivery
from outreach.posts.schedule import next_free
from outreach.words import Sentence, cap

Move = dict[str, Any]
WORDS = 60  # characters that say which post it is
UNDONE = Sentence("Back to the time it had.")


def apply(
    session: Session, post: Post, messages: Sequence[Delivery], deed: Deed, why: Sentence, by: Actor, now: datetime
) -> Move:
    """In the caller's transaction; post and messages are locked. Returns what is written down."""
    to = deed.to
    if deed.what == "usual":
        to = next_free(session, post.library, post.kind, now, post.id)
    if deed.what in ("moved", "usual"):
        post.wished_at = to
    if deed.what == "waits":
        post.held_at = now
        _stop(session, messages, by, now)
    _shift(session, {d.id: d for d in messages}, [(n, after) for n, _, after in deed.shifts], by, now)
    if deed.answer:
        post.fields = {**post.fields, "answer_at": deed.answer[1].isoformat()}
    if deed.what in ("moved", "usual", "later"):
        post.revision += 1
    if deed.what not in ("out", "stays"):
        _tell(session, post, "held" if deed.what == "waits" else "moved", by, now, why)
    return _written(post, deed, to)


def _written(post: Post, deed: Deed, to: datetime | None) -> Move:
    return {
        "post": post.id,
        "kind": post.kind,
        "words": cap(" ".join(post.words.split()), WORDS),
        "deed": deed.what,
        "from": deed.since.isoformat(),
        "to": to.isoformat() if to else None,
        "messages": [[n, since.isoformat(), after.isoformat()] for n, since, after in deed.shifts],
        "answer": [moment.isoformat() for moment in deed.answer] if deed.answer else None,
        "edition": post.edition,
    }


def _stop(session: Session, messages: Iterable[Delivery], by: Actor, now: datetime) -> None:
    """What a worker was told of already waits again."""
    for delivery in messages:
        if delivery.state == "queued":
            move_delivery(session, delivery, "waiting", by, now)


def _shift(
    session: Session, known: Mapping[int, Delivery], times: Iterable[tuple[int, datetime]], by: Actor, now: datetime
) -> None:
    for number, at in times:
        _stop(session, [known[number]], by, now)
        known[number].due_at = known[number].try_at = at


def _tell(session: Session, post: Post, verb: str, by: Actor, now: datetime, why: Sentence) -> None:
    post.updated_at = now
    record(session, "post", post.id, verb, by, now, library_id=post.library_id, post_id=post.id, note=why)


def move_rules(session: Session, library_id: int, days: Days, taken: set[datetime]) -> list[Move]:
    """Weekly posts that are not written yet: they come on the next school day, if that is before the week after."""
    moves = []
    mine = select(DigestRule).where(DigestRule.library_id == library_id, DigestRule.stopped_at.is_(None))
    for rule in session.scalars(mine.order_by(DigestRule.id).with_for_update()):
        since, to = rule.next_at, free_after(rule.next_at, days, taken)
        if not days.has(since) or to >= next(clock.weekly(rule.weekday, rule.clock, days.zone, since)):
            continue
        rule.next_at = to
        taken.add(to)
        times = {"from": since.isoformat(), "to": to.isoformat()}
        moves.append({"rule": rule.id, "kind": "titles", "words": "", "deed": "moved", **times})
    return moves


def put_back(
    session: Session,
    move: Move,
    posts: Mapping[int, Post],
    messages: Mapping[int, Sequence[Delivery]],
    one: Interruption,
    is_taken: Callable[[datetime], bool],
    by: Actor,
    now: datetime,
) -> Move:
    """One line of it; what somebody changed meanwhile is left alone. Returns the line with what became of it."""
    if move["deed"] in ("out", "stays"):
        return move
    if "rule" in move:
        return move | {"back": _rule_back(session, move, now)}
    post = posts.get(int(move["post"]))
    if post is None or not as_left(post, messages[post.id], move, one):
        return move | {"back": "changed"}
    since = datetime.fromisoformat(move["from"])
    if since <= now:
        return move | {"back": "passed"}
    if move["deed"] != "later" and is_taken(since):
        return move | {"back": "taken"}
    _post_back(session, post, messages[post.id], move, by, now)
    return move | {"back": "back"}


def as_left(post: Post | None, messages: Sequence[Delivery], move: Move, one: Interruption) -> bool:
    """Is everything still where it was put?"""
    if post is None or post.state == "cancelled":
        return False
    if move["deed"] == "waits":
        return post.held_at == one.made_at
    here = {d.id: d for d in messages if d.state in BEFORE_SENDING}
    there = all(n in here and here[n].due_at == _moment(to) for n, _, to in move["messages"])
    wished = move["deed"] == "later" or post.wished_at == _moment(move["to"])
    answer = not move["answer"] or post.fields.get("answer_at") == move["answer"][1]
    return post.edition == move["edition"] and post.held_at is None and there and wished and answer


def _post_back(
    session: Session, post: Post, messages: Sequence[Delivery], move: Move, by: Actor, now: datetime
) -> None:
    if move["deed"] == "waits":
        post.held_at = None
    else:
        post.revision += 1
        if move["deed"] != "later":
            post.wished_at = _moment(move["from"])
    if move["answer"]:
        post.fields = {**post.fields, "answer_at": move["answer"][0]}
    back = [(int(n), datetime.fromisoformat(since)) for n, since, _ in move["messages"]]
    _shift(session, {d.id: d for d in messages}, back, by, now)
    _tell(session, post, "moved", by, now, UNDONE)


def _rule_back(session: Session, move: Move, now: datetime) -> str:
    rule = session.get(DigestRule, int(move["rule"]), with_for_update=True, populate_existing=True)
    since = datetime.fromisoformat(move["from"])
    if rule is None or rule.next_at != _moment(move["to"]):
        return "changed"
    if since <= now:
        return "passed"
    rule.next_at = since
    return "back"


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
