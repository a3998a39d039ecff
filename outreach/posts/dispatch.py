"""The doorbell: tell a worker what is due soon. The database stays the queue."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ScalarSelect, func, or_, select, update
from sqlalchemy.orm import Session, joinedload

from outreach import clock
from outreach.access import OUTREACH
from outreach.db import db, writing
from outreach.models import Account, Delivery, Library
from outreach.posts.lifecycle import may_go_out, move_delivery, queue_all
from outreach.posts.tell import tell
from outreach.words import Sentence

LOOK_AHEAD = timedelta(seconds=5)  # beat ticks every 2 s: two chances to be in time
TELL_AGAIN = timedelta(seconds=3)  # a message may vanish with the broker
OVERDUE = timedelta(minutes=1)  # later than this is catching up, and catching up is spaced
SPACING = timedelta(seconds=15)  # between two messages to one account while catching up
BATCH = 2_000
TOLD_AGAIN, TELL_MANY_AGAIN = 500, timedelta(minutes=1)  # so many in a tick; more are a backlog
IN_FLIGHT = 8  # calls to one server at a time, so that one that hangs cannot fill the pool

Send = Callable[[Sequence[int], datetime], None]  # (ids of deliveries to one server, not before this moment)


def dispatch_due(now: datetime, send: Send) -> int:
    """One tick. Returns of how many deliveries workers were told.

    1. what was due while everything was down, and is later than the library's grace: missed, a person is asked
    2. what is due within the look-ahead: waiting -> queued, catching up spaced by account
    3. after the commit, tell a worker; also again for what is queued and past due (doubles lose the claim)
    """
    with writing() as session:
        _miss(session, now)
        servers: dict[int, str] = {}
        told = _queue(session, now, servers) + _forgotten(session, now)
        servers |= _servers(session, [delivery_id for delivery_id, _ in told if delivery_id not in servers])
        bells = bundles(told, servers)
    for ids, moment in bells:
        send(ids, moment)
    return len(told)


def bundles(told: Iterable[tuple[int, datetime]], servers: Mapping[int, str]) -> list[tuple[Sequence[int], datetime]]:
    """What goes to one server at one moment shares the bells: no more of them than calls may be in flight.

    A bell costs beat and worker half of what a send costs them.

    >>> from datetime import UTC
    >>> noon = datetime(2026, 11, 24, 12, tzinfo=UTC)
    >>> [ids for ids, _ in bundles([(n, noon) for n in range(10)], dict.fromkeys(range(10), "a.example"))]
    [[0, 8], [1, 9], [2], [3], [4], [5], [6], [7]]
    """
    together: dict[tuple[str, datetime], list[int]] = {}
    for delivery_id, moment in told:
        together.setdefault((servers[delivery_id], moment), []).append(delivery_id)
    return [(ids[n::IN_FLIGHT], at) for (_, at), ids in together.items() for n in range(min(IN_FLIGHT, len(ids)))]


def _servers(session: Session, ids: Sequence[int]) -> dict[int, str]:
    if not ids:
        return {}
    where = select(Delivery.id, Account.network, Account.server).join(Account).where(Delivery.id.in_(ids))
    return {found: f"{network} {server}" for found, network, server in session.execute(where)}


def _miss(session: Session, now: datetime) -> None:
    """Paused ones are asked about when they are resumed, so only what could go out is looked at."""
    late = (
        select(Delivery)
        .join(Library, Library.id == Delivery.library_id)
        .where(Delivery.state == "waiting", Delivery.due_at < now - timedelta(minutes=1), may_go_out())
        .options(joinedload(Delivery.account))
        .limit(BATCH)
    )
    for delivery in session.scalars(late):
        if too_late(delivery.due_at, grace_of(session, delivery.library_id), now):
            miss(session, delivery, now)


def miss(session: Session, delivery: Delivery, now: datetime, **values: Any) -> None:
    """Too late, not sent: a person is asked, on the pages and by e-mail."""
    sentence = missed_sentence(session, delivery)
    if move_delivery(session, delivery, "missed", OUTREACH, now, sentence=sentence, **values):
        tell(session, delivery, sentence, now)


def too_late(due: datetime, grace: timedelta, now: datetime) -> bool:
    return now - due > grace


def grace_of(session: Session, library_id: int) -> timedelta:
    return timedelta(minutes=session.get_one(Library, library_id).grace_minutes)


def missed_sentence(session: Session, delivery: Delivery) -> Sentence:
    library = session.get_one(Library, delivery.library_id)
    due = clock.to_local(delivery.due_at, library.timezone)
    return Sentence(
        "It should have gone out on %(day)s at %(time)s, but could not be sent in time. Nothing was published. "
        "Send it now, or leave it.",
        day=due.date(),
        time=due.time(),
    )


def _queue(session: Session, now: datetime, servers: dict[int, str]) -> list[tuple[int, datetime]]:
    """What goes to which server is told in `servers`."""
    rows = session.execute(
        select(Delivery.id, Delivery.account_id, Delivery.try_at, Account.network, Account.server)
        .join(Account, Account.id == Delivery.account_id)
        .where(Delivery.state == "waiting", Delivery.try_at <= now + LOOK_AHEAD, may_go_out())
        .order_by(Delivery.try_at, Delivery.id)
        .limit(BATCH)
    ).all()
    servers.update((r.id, f"{r.network} {r.server}") for r in rows)
    soon, later = spaced([(r.id, r.account_id, r.try_at) for r in rows], now)
    seen = {r.id: r.try_at for r in rows}
    for delivery_id, moment in later:
        put_off(session, delivery_id, seen[delivery_id], moment)
    return _claim(session, soon, now)


def put_off(session: Session, delivery_id: int, seen: datetime, moment: datetime) -> None:
    """As long as nobody moved it, or took it, since it was `seen`."""
    mine = update(Delivery).where(Delivery.id == delivery_id, Delivery.state == "waiting", Delivery.try_at == seen)
    session.execute(mine.values(try_at=moment).execution_options(synchronize_session=False))


def spaced(
    rows: Sequence[tuple[int, int, datetime]], now: datetime
) -> tuple[list[tuple[int, datetime]], list[tuple[int, datetime]]]:
    """(what is sent now, what gets a later time): overdue messages of one account go out one by one.

    >>> from datetime import UTC
    >>> noon = datetime(2026, 11, 24, 12, tzinfo=UTC)
    >>> spaced([(1, 7, noon - timedelta(hours=1)), (2, 7, noon - timedelta(hours=1))], noon)[1]
    [(2, datetime.datetime(2026, 11, 24, 12, 0, 15, tzinfo=datetime.timezone.utc))]
    """
    soon: list[tuple[int, datetime]] = []
    later: list[tuple[int, datetime]] = []
    seen: dict[int, int] = {}
    for delivery_id, account_id, try_at in rows:
        if try_at > now - OVERDUE:
            soon.append((delivery_id, try_at))
            continue
        before = seen.get(account_id, 0)
        seen[account_id] = before + 1
        (later if before else soon).append((delivery_id, now + SPACING * before))
    return soon, later


def _claim(session: Session, soon: Sequence[tuple[int, datetime]], now: datetime) -> list[tuple[int, datetime]]:
    moments = dict(soon)
    return [(delivery_id, moments[delivery_id]) for delivery_id in queue_all(session, list(moments), now)]


def _forgotten(session: Session, now: datetime) -> list[tuple[int, datetime]]:
    """Told again, in case nobody heard. Very many of them wait for busy workers, who have heard: these are told again
    after a minute only, a few at a time, or two workers would take each other's for nothing.
    """
    ids = _quiet(session, now - TELL_AGAIN, now)
    if len(ids) > TOLD_AGAIN:
        ids = _quiet(session, now - TELL_MANY_AGAIN, now)[:TOLD_AGAIN]
    mine = update(Delivery).where(Delivery.id.in_(ids), Delivery.state == "queued").values(queued_at=now)
    found = (
        session.scalars(mine.returning(Delivery.id), execution_options={"synchronize_session": False}) if ids else ()
    )
    return [(delivery_id, now) for delivery_id in found]


def _quiet(session: Session, since: datetime, now: datetime) -> Sequence[int]:
    """Due, told of before then, and not taken; one more than are told again at once."""
    quiet = or_(Delivery.queued_at.is_(None), Delivery.queued_at < since)
    still = select(Delivery.id).where(Delivery.state == "queued", Delivery.try_at < now - TELL_AGAIN, quiet)
    return session.scalars(still.order_by(Delivery.queued_at, Delivery.id).limit(TOLD_AGAIN + 1)).all()


def networks_soon() -> list[str]:
    """The networks of all that workers were told of and have not taken."""
    soon = select(Account.network).join(Delivery).where(Delivery.state == "queued").distinct()
    found = list(db.session.scalars(soon))
    db.session.rollback()
    return found


def due_count(now: datetime) -> ScalarSelect[int]:
    """Messages past due that nobody has taken, for the watchdog; asked on every page, so within another question."""
    late = select(Delivery.id).where(
        Delivery.state.in_(("waiting", "queued")), Delivery.try_at < now - timedelta(minutes=5), may_go_out()
    )
    return select(func.count()).select_from(late.limit(BATCH).subquery()).scalar_subquery()
