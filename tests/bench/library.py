"""A library with accounts on the fake servers, and posts through the real verbs, due when a bench says."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func, select, update

from outreach import clock
from outreach.access import OUTREACH, actor
from outreach.accounts.connect import add
from outreach.channels.base import Identity, Limits
from outreach.db import db, writing
from outreach.models import Account, Delivery, Library
from outreach.people.libraries import found
from outreach.people.members import person_for, set_role
from outreach.posts import compose, send
from outreach.posts.written import Written
from outreach.shop import Shop

LIMITS = Limits(link_cost=23, mention_without_server=True, poll_options=4, thread=True, content_warning=True,
                visibilities=("public", "unlisted", "private"), language=True)  # fmt: skip


class Seeded:
    """One library, one manager, and an account for each address given (several may be on one server)."""

    def __init__(self, shop: Shop, servers: Sequence[str]) -> None:
        now = clock.now()
        with writing() as session:
            library = found(session, f"School {now:%H%M%S%f}", OUTREACH, now, timezone="America/Chicago")
            manager = person_for(session, f"manager{library.id}@school.example", "Manager", now)
            set_role(session, manager, library, "manager", OUTREACH, now)
        self.library_id, self.by = library.id, actor(manager)
        self.accounts = [self._account(shop, library, n, server) for n, server in enumerate(servers)]

    def _account(self, shop: Shop, library: Library, number: int, server: str) -> int:
        who = Identity(remote_id=str(number), handle=f"@a{number}@here", name=f"A{number}", url=None, limits=LIMITS)
        secrets = {"token": f"token-{number}"}
        made: Account = add(library, "mastodon", f"Account {number}", self.by, clock.now(), server=server,
                            secrets=secrets, identity=who, vault=shop.vault)  # fmt: skip
        return made.id

    def post(self, words: str, at: datetime) -> None:
        """One post to every account, approved, due at `at`."""
        places = dict.fromkeys(self.accounts, "")
        written = Written("news", words, timing="at", wished_at=at, accounts=places)
        made = compose.create(self.library_id, written, self.by, clock.now())
        send.schedule(made.id, made.revision, self.by, clock.now())
        db.session.remove()

    def all_due(self, at: datetime) -> None:
        """Every delivery, at one instant: so that the time it takes to write them plays no part."""
        with writing() as session:
            mine = update(Delivery).where(Delivery.library_id == self.library_id)
            session.execute(mine.values(due_at=at, try_at=at))
        db.session.remove()

    def states(self) -> dict[str, int]:
        counted = select(Delivery.state, func.count()).where(Delivery.library_id == self.library_id)
        rows = db.session.execute(counted.group_by(Delivery.state)).all()
        db.session.rollback()
        return dict(map(tuple, rows))
