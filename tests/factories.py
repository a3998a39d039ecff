"""A library with its people and places, posts through the real verbs, and the fake network of the tests."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select

from outreach.access import OUTREACH, Actor, actor
from outreach.accounts.limits import dump
from outreach.channels.base import Limits
from outreach.db import db, writing
from outreach.models import Account, Delivery, Library, Person, Post
from outreach.people.libraries import found
from outreach.people.members import person_for, set_role
from outreach.posts import approve, compose, send
from outreach.posts.lifecycle import queue_all
from outreach.posts.written import Written

MASTODON = Limits(
    link_cost=23,
    mention_without_server=True,
    poll_options=4,
    thread=True,
    content_warning=True,
    visibilities=("public", "unlisted", "private"),
    language=True,
)


@dataclass
class Cast:
    library: Library
    other: Library
    librarian: Person
    approver: Person
    contributor: Person
    outsider: Person
    account: Account  # on the fake network
    practice: Account
    by_hand: Account

    @property
    def author(self) -> Actor:
        return actor(self.contributor)

    @property
    def decider(self) -> Actor:
        return actor(self.approver)


def found_cast(now: datetime) -> Cast:
    with writing() as session:
        library = found(session, "Maple Street School Library", OUTREACH, now, timezone="America/Chicago")
        other = found(session, "Elm Street Library", OUTREACH, now, timezone="Europe/Berlin")
        people = {}
        for key, home, role in (
            ("librarian", library, "manager"),
            ("approver", library, "approver"),
            ("contributor", library, "contributor"),
            ("outsider", other, "manager"),
        ):
            people[key] = person_for(session, f"{key}@school.example", key.title(), now)
            set_role(session, people[key], home, role, OUTREACH, now)
        account = an_account(library, "Fake", "https://fake.example", now)
        session.add(account)
        session.flush()
        places = {a.name: a for a in session.scalars(select(Account).where(Account.library_id == library.id))}
    return Cast(library, other, **people, account=account, practice=places["Practice"], by_hand=places["Facebook"])


def an_account(library: Library, name: str, server: str, now: datetime) -> Account:
    return Account(library_id=library.id, network="mastodon", name=name, server=server, remote_id="1",
                   limits=dump(MASTODON), created_at=now)  # fmt: skip


def write(
    cast: Cast, now: datetime, words: str = "The library is open.", accounts: list[Account] | None = None, **more
) -> Post:
    """A draft of the contributor."""
    places = {a.id: "" for a in accounts or [cast.account]}
    written = Written(**{"kind": "news", "words": words, "accounts": places, "timing": "now"} | more)
    return compose.create(cast.library.id, written, cast.author, now)


def submitted(cast: Cast, now: datetime, **more) -> Post:
    post = write(cast, now, **more)
    send.for_review(post.id, cast.author, now)
    return post


def approved(cast: Cast, now: datetime, **more) -> Post:
    """Goes out now unless a time is given."""
    post = submitted(cast, now, **more)
    approve.approve(post.id, post.revision, cast.decider, now)
    return post


def deliveries(post: Post) -> list[Delivery]:
    fresh = select(Delivery).where(Delivery.post_id == post.id).order_by(Delivery.part, Delivery.id)
    return list(db.session.scalars(fresh.execution_options(populate_existing=True)))


def delivery(post: Post) -> Delivery:
    (only,) = deliveries(post)
    return only


def queue(post: Post, now: datetime) -> list[int]:
    """Everything of this post that may go, to queued."""
    with writing() as session:
        return queue_all(
            session, [d.id for d in session.scalars(select(Delivery).where(Delivery.post_id == post.id))], now
        )


def clock_from(now: datetime, step: timedelta = timedelta(milliseconds=1)) -> Callable[[], datetime]:
    """A clock that moves a little with each look."""
    state = [now]

    def tick() -> datetime:
        state[0] += step
        return state[0]

    return tick


def draft_due(now):
    """What the worker does for the weekly posts."""
    from flask import current_app

    from outreach.titles.covers import studio_of
    from outreach.titles.draft import draft_due as due

    return due(now, studio_of(current_app.extensions["shop"]))
