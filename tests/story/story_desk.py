"""The desk of a library in the tests: writes and approves through the verbs, and reads what became of it."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from io import BytesIO
from itertools import count
from threading import Thread
from typing import Any
from urllib.request import Request, urlopen

from channels.kits.base import Kit
from faults import FaultProxy, Head
from flask import Flask
from machinery import Machinery, wait_until
from mastodon_server import MastodonServer
from PIL import Image
from sqlalchemy import select, text, update
from werkzeug.serving import make_server

from outreach import clock, create_app
from outreach.access import OUTREACH
from outreach.accounts import connect, setup
from outreach.channels import about, channel_class
from outreach.channels.base import Identity
from outreach.channels.base import Login as SignedIn
from outreach.channels.mastodon import Mastodon
from outreach.channels.mastodon_match import to_text
from outreach.config import load
from outreach.db import db, writing
from outreach.media.store import upload
from outreach.models import Account, Delivery, Heartbeat, Library, Mail, Post
from outreach.people.libraries import found
from outreach.people.members import person_for, set_role
from outreach.posts import approve, compose, correction_state, corrections, send, take_down
from outreach.posts.attempts import attempts_of
from outreach.posts.written import Written
from outreach.shop import Shop

SETTLED = ("published", "refused", "missed")
STATUSES = "/api/v1/statuses"
_numbers = count(1)


class ForgetfulProxy(FaultProxy):
    """In front of a server that knows no idempotency key (Pixelfed): whatever is sent twice stands there twice."""

    def _forward(self, request: bytes, head: Head) -> bytes:
        top, mark, body = request.partition(b"\r\n\r\n")
        lines = [line for line in top.split(b"\r\n") if not line.lower().startswith(b"idempotency-key:")]
        return super()._forward(b"\r\n".join(lines) + mark + body, head)

    def sends(self) -> int:
        """How often a post was asked for, stored or not."""
        return sum(head == ("POST", STATUSES) for head in self.asked)


@dataclass(frozen=True)
class Login:
    """A person's account on the server, asked past the proxy."""

    server: MastodonServer
    token: str

    def texts(self) -> Counter[str]:
        """Every text on the account, with how often it stands there."""
        me, texts, before = self._get("accounts/verify_credentials")["id"], Counter[str](), ""
        while page := self._get(f"accounts/{me}/statuses?limit=40{before}"):
            texts.update(to_text(status["content"]) for status in page)
            before = f"&max_id={page[-1]['id']}"
        return texts

    def _get(self, path: str) -> Any:
        return _ask(f"{self.server.url}/api/v1/{path}", {"Authorization": f"Bearer {self.token}"})


def log_in(server: MastodonServer) -> Login:
    """On a new account, so that what other tests posted is not in the way."""
    name = json.dumps({"username": f"library{next(_numbers)}", "display_name": "Library"}).encode()
    made = _ask(f"{server.url}/api/v1/_mock/dev_user", {"Content-Type": "application/json"}, name)
    return Login(server, made["access_token"])


def _ask(url: str, headers: dict[str, str], body: bytes | None = None) -> Any:
    with urlopen(Request(url, body, headers), timeout=30) as answer:
        return json.load(answer)


@dataclass
class Desk:
    machinery: Machinery
    server: MastodonServer
    network: ForgetfulProxy
    library_id: int = 0
    logins: dict[int, Login] = field(default_factory=dict)  # account -> who it is on the server
    written: dict[int, str] = field(default_factory=dict)  # delivery -> its words

    def __post_init__(self) -> None:
        self.app: Flask = create_app(load(self.machinery.environ), pages=False)
        self.shop: Shop = self.app.extensions["shop"]
        now = clock.now()
        with self.app.app_context(), writing() as session:
            library = found(session, "Maple Street School Library", OUTREACH, now, timezone="America/Chicago")
            librarian = person_for(session, f"librarian-{library.slug}@school.example", "Librarian", now)
            set_role(session, librarian, library, "manager", OUTREACH, now)
            self.library_id, self.slug, self.manager = library.id, library.slug, librarian.email
        self.connect()

    def connect(self) -> int:
        """One more account on the server."""
        login = log_in(self.server)
        identity = self._identity(login)
        with self.app.app_context():
            made = connect.add(
                db.session.get_one(Library, self.library_id),
                "mastodon",
                f"Mastodon {len(self.logins) + 1}",
                OUTREACH,
                clock.now(),
                server=self.network.url,
                secrets={"token": login.token},
                identity=identity,
                vault=self.shop.vault,
            )
            self.logins[made.id] = login
            return made.id

    def connect_to(self, kit: Kit, root: str) -> int:
        """An account on whichever network; its calls go to `root`."""
        login = replace(kit.login(root), public_url=self.shop.config.public_url)
        identity = channel_class(kit.network)(login).check()
        with self.app.app_context():
            if login.setup:
                setup.set_up(kit.network, login.setup, self.shop.vault, OUTREACH, clock.now())
            made = connect.add(
                db.session.get_one(Library, self.library_id),
                kit.network,
                f"{kit.network} {next(_numbers)}",
                OUTREACH,
                clock.now(),
                server=root,
                secrets=login.secrets,
                identity=identity,
                vault=self.shop.vault,
            )
            return made.id

    @contextmanager
    def open_to_the_world(self) -> Iterator[None]:
        """Our pages, at the public address: networks fetch pictures there."""
        port = int(self.shop.config.public_url.rpartition(":")[2])
        server = make_server("127.0.0.1", port, create_app(load(self.machinery.environ)), threaded=True)
        Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
        yield
        server.shutdown()
        server.server_close()

    @staticmethod
    def prepares(network: str) -> bool:
        return about(network).prepares

    def attempts(self, delivery_id: int) -> list[str]:
        with self.reading() as session:
            return [attempt.outcome for attempt in attempts_of(session, delivery_id)]

    def tried(self, delivery_id: int) -> list[str]:
        """The same with what was told."""
        with self.reading() as session:
            rows = attempts_of(session, delivery_id)
            return [f"{one.outcome} ({one.sentence or ''} {one.diagnosis})" for one in rows]

    def _identity(self, login: Login) -> Identity:
        return Mastodon(SignedIn(self.network.url, {"token": login.token}, self.shop.reach)).check()

    def reconnect(self) -> None:
        """With the same token, as if it were a new one."""
        login = self.logins[self.first]
        secrets, identity = {"token": login.token}, self._identity(login)
        with self.app.app_context():
            connect.reconnect(self.first, secrets, identity, self.shop.vault, OUTREACH, clock.now())

    @property
    def first(self) -> int:
        """The account that posts go to where none is named."""
        return next(iter(self.logins))

    def schedule(self, late: timedelta | None = None, picture: bool = False, account: int | None = None) -> int:
        """Write and approve a post; returns its delivery. Due now, or made to have been due `late` ago.

        The words are unlike those of any other post, so that its copies can be counted.
        """
        words = f"New on our shelf: number {next(_numbers)}."
        now = clock.now()
        with self.app.app_context():
            at = now + timedelta(days=1)
            post = compose.create(
                self.library_id,
                Written(
                    kind="news",
                    words=words,
                    accounts={account or self.first: ""},
                    media=[(self._upload(now), "A pile of books")] if picture else [],
                    timing="at",
                    wished_at=at,
                ),
                OUTREACH,
                now,
            )
            send.for_review(post.id, OUTREACH, now)
            approve.approve(post.id, post.revision, OUTREACH, now)
            delivery_id = db.session.scalars(select(Delivery.id).where(Delivery.post_id == post.id)).one()
        self.written[delivery_id] = words
        self.make_due(delivery_id, late or timedelta())
        return delivery_id

    def take_down(self, *delivery_ids: int) -> None:
        """The posts of these."""
        with self.app.app_context():
            for delivery_id in delivery_ids:
                take_down.take_down(db.session.get_one(Delivery, delivery_id).post_id, OUTREACH, clock.now())

    def correct(self, delivery_id: int) -> None:
        """Other words for what is out, approved."""
        words = f"{self.written[delivery_id]} Corrected."
        with self.app.app_context():
            post = db.session.get_one(Post, db.session.get_one(Delivery, delivery_id).post_id)
            stands = correction_state.stands(db.session(), post)
            pieces = [replace(one, after=words) for one in stands.texts]
            made = corrections.write(post.id, pieces, stands.seal, OUTREACH, clock.now())
            corrections.approve(made, OUTREACH, clock.now())
        self.written[delivery_id] = words

    def make_due(self, delivery_id: int, late: timedelta = timedelta()) -> None:
        """As if the time had passed."""
        due = clock.now() - late
        with self.app.app_context(), writing() as session:
            session.execute(update(Delivery).where(Delivery.id == delivery_id).values(due_at=due, try_at=due))

    def _upload(self, now: datetime) -> int:
        drawn = BytesIO()
        Image.new("RGB", (8, 8), (next(_numbers) % 256, 90, 160)).save(drawn, "PNG")
        return upload(self.shop.store, self.library_id, drawn.getvalue(), "shelf.png", now).id

    def delivery(self, delivery_id: int) -> Delivery:
        with self.reading() as session:
            return session.get_one(Delivery, delivery_id)

    def account(self) -> Account:
        with self.reading() as session:
            return session.get_one(Account, self.first)

    def letters(self, subject: str) -> list[str]:
        """Who is mailed with a subject that holds these words."""
        with self.reading() as session:
            return list(session.scalars(select(Mail.to).where(Mail.subject.contains(subject), Mail.to == self.manager)))

    def states(self, *delivery_ids: int) -> Counter[str]:
        with self.reading() as session:
            return Counter(session.scalars(select(Delivery.state).where(Delivery.id.in_(delivery_ids))))

    @contextmanager
    def reading(self) -> Iterator[db.session]:  # type: ignore[valid-type]
        with self.app.app_context():
            yield db.session
            db.session.expunge_all()

    def wait_for(self, state: str, *delivery_ids: int, seconds: float = 40.0) -> None:
        def arrived() -> bool:
            return self.states(*delivery_ids) == Counter({state: len(delivery_ids)})

        try:
            wait_until(arrived, seconds)
        except AssertionError:
            seen = [(d.id, d.state, d.diagnosis) for d in map(self.delivery, delivery_ids)]
            raise AssertionError(f"after {seconds:g} s not all {state}: {seen}") from None

    def wait_until_settled(self, *delivery_ids: int, seconds: float = 90.0) -> None:
        """Out, or with a person: what stays unclear must have asked."""

        def settled() -> bool:
            rows = [self.delivery(delivery_id) for delivery_id in delivery_ids]
            return all(d.state in SETTLED or (d.state == "unclear" and d.asked_at) for d in rows)

        try:
            wait_until(settled, seconds)
        except AssertionError:
            seen = [(d.id, d.state, d.diagnosis, d.sentence) for d in map(self.delivery, delivery_ids)]
            raise AssertionError(f"after {seconds:g} s: {seen}") from None

    def ticked_twice(self) -> Callable[[], bool]:
        """Has dispatch run two times more since this was called? To be asked again and again."""
        seen: set[datetime | None] = set()

        def ticked() -> bool:
            with self.reading() as session:
                seen.add(session.scalar(select(Heartbeat.at).where(Heartbeat.name == "dispatch")))
            return len(seen) > 2

        return ticked

    def wait_for_question(self, delivery_id: int) -> None:
        """Until a person is asked whether it is there."""
        wait_until(lambda: self.delivery(delivery_id).asked_at)

    def copies(self, *delivery_ids: int) -> list[int]:
        """How often each stands on the accounts."""
        texts = self.texts()
        return [texts[self.written[delivery_id]] for delivery_id in delivery_ids]

    def texts(self) -> Counter[str]:
        """Everything on the accounts."""
        return sum((login.texts() for login in self.logins.values()), Counter[str]())

    def faults_of_file(self) -> list[str]:
        """What SQLite finds wrong with its file."""
        with self.reading() as session:
            return [line for line in session.scalars(text("PRAGMA integrity_check")) if line != "ok"]

    def close(self) -> None:
        with self.app.app_context():
            db.engine.dispose()
