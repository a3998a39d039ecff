"""What a send came to, written into the row; and who is told."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, cast

from sqlalchemy import Table, update
from sqlalchemy.orm import Session

from outreach.access import OUTREACH, Actor
from outreach.accounts.pause import came_loose
from outreach.channels.base import Handed, Refused, Sent, TryLater, Unauthorized, Unclear
from outreach.models import Delivery, Title
from outreach.posts.dispatch import grace_of, miss, too_late
from outreach.posts.lifecycle import another_key, begin_removing, move_delivery
from outreach.posts.same_book import other_formats
from outreach.posts.tell import in_charge, lay_by_hand, tell
from outreach.words import Sentence

_TITLE = cast(Table, Title.__table__)
BACK_OFF = tuple(timedelta(seconds=s) for s in (15, 30, 60, 120, 300, 600))


def write_outcome(session: Session, delivery: Delivery, outcome: Sent | Handed | Exception, now: datetime) -> None:
    match outcome:
        case Sent():
            published(session, delivery, outcome, now)
        case Handed() | Refused() | TryLater() if delivery.unwanted_at:
            move_delivery(session, delivery, "cancelled", OUTREACH, now)
        case Handed():
            move_delivery(session, delivery, "in_hand", OUTREACH, now)
            _ask_by_mail(session, delivery, now)
        case Refused():
            _move(session, delivery, "refused", outcome, now)
            tell(session, delivery, outcome.sentence, now)
        case Unauthorized():
            came_loose(session, delivery.account, outcome.sentence, OUTREACH, now)
            _move(session, delivery, "waiting", outcome, now, **another_key(delivery))
        case TryLater():
            _later(session, delivery, outcome, now)
        case _:
            told = outcome if isinstance(outcome, Unclear) else Unclear(Sentence("Nobody knows."), repr(outcome))
            kept = {"prepared": {**delivery.prepared, **told.found}} if told.found else {}
            _move(session, delivery, "unclear", told, now, absent_at=None, lease_until=now, **kept)


def published(session: Session, delivery: Delivery, sent: Sent, now: datetime, by: Actor = OUTREACH) -> bool:
    """It is out. The titles of a digest count as announced from here on."""
    moved = move_delivery(
        session,
        delivery,
        "published",
        by,
        now,
        published_at=now,
        remote_id=sent.remote_id,
        remote_url=sent.url,
        sentence=None,
        diagnosis="",
    )
    if moved and delivery.post.kind == "titles":
        _announce(session, delivery, now)
    if moved and delivery.unwanted_at:
        begin_removing(session, delivery, OUTREACH, now)  # asked for while it was being sent
    return moved


def _announce(session: Session, delivery: Delivery, now: datetime) -> None:
    """The titles that this message names, and what came of such a book in another format: that was one line.

    What goes out for practice alone is not announced to anybody.
    """
    if delivery.account.network == "practice" and not delivery.account.library.practice:
        return
    ids = delivery.payload.get("titles", ())
    session.execute(update(_TITLE).where(other_formats(session, delivery.library_id, ids)).values(announced_at=now))
    session.execute(update(_TITLE).where(_TITLE.c.id.in_(ids)).values(announced_at=now))


def _later(session: Session, delivery: Delivery, error: TryLater, now: datetime) -> None:
    """Tried again when the server said, else with a growing pause; never after the library's grace."""
    pause = BACK_OFF[min(max(delivery.attempts - 1, 0), len(BACK_OFF) - 1)]
    at = max(error.until or now + pause, now + timedelta(seconds=1))
    if too_late(delivery.due_at, grace_of(session, delivery.library_id), at):
        why = error.diagnosis[:2_000] or str(error.sentence)
        miss(session, delivery, now, diagnosis=why)
    else:
        # an earlier send that nobody knows of had this key: with another one, its late copy would be a second
        anew = {} if delivery.looks else another_key(delivery)
        _move(session, delivery, "waiting", error, now, try_at=at, **anew)


def _move(session: Session, delivery: Delivery, new: str, error: Any, now: datetime, **values: Any) -> None:
    values |= {"sentence": error.sentence, "diagnosis": error.diagnosis[:2_000]}
    move_delivery(session, delivery, new, OUTREACH, now, error.sentence, **values)


def _ask_by_mail(session: Session, delivery: Delivery, now: datetime) -> None:
    """Who was not told by the letter of this morning."""
    for person in in_charge(session, delivery):
        lay_by_hand(session, delivery, person, now)
