"""A practice library with content in every state, for pages that are only looked at: no worker changes it meanwhile."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from datetime import datetime, timedelta

from flask import Flask, current_app
from flask_security.recoverable import generate_reset_password_token
from sqlalchemy import select

from outreach import clock
from outreach.access import OUTREACH, Actor, actor
from outreach.db import db, writing
from outreach.models import Account, Delivery, Feed, Library, Person, Post, PostVersion, Slot
from outreach.people import links
from outreach.people.libraries import found
from outreach.posts import bank, compose, correction_state, corrections, interrupt, send, series, sheets, starts
from outreach.posts.away import away
from outreach.posts.deciding import content
from outreach.posts.job import Door
from outreach.posts.lifecycle import queue_all
from outreach.posts.publish import publish
from outreach.posts.series_rule import Choice
from outreach.posts.versions import dump
from outreach.posts.written import Written
from outreach.practice.around import open_practice

from . import states

DAY = timedelta(days=1)
QUESTIONS = b"question,choice 1,choice 2,right,explanation\nWho wrote Emma?,Austen,Eliot,1,In 1815.\n,x,y,9,\n"
TERM = b"date,time,kind,words\n2031-03-04,09:00,news,Welcome back\n2031-03-99,,news,\n2031-03-05,,tales,Hello\n"
FIELDS = {
    "event": {
        "name": "Author visit", "day": "{soon}", "clock": "15:30", "until": "17:00", "place": "School library",
        "whom": "grades 6 to 8", "remind": ["week", "day", "hour"],
    },
    "highlight": {"name": "Our world atlas database", "whom": "everybody"},
    "student": {},
    "discussion": {
        "name": "New Kid", "tag": "BookClub", "clock": "12:00", "closing": "Thank you, readers.",
        "prompts": [{"day": "{soon}", "words": "Who is Jordan?"}, {"day": "{later}", "words": "And Liam?"}],
    },
    "feedback": {"way": "poll", "choices": ["7:30", "16:00"], "days": "7", "how": "At the desk."},
    "chat": {"name": "Graphic novels", "day": "{soon}", "clock": "16:00", "questions": ["Why?", "Which?"], "gap": "15"},
    "titles": {},
}  # fmt: skip


def everything(app: Flask) -> dict[str, object]:
    """Name -> id or token, of all that the addresses of pages need."""
    now, shop = clock.now(), app.extensions["shop"]
    librarian = open_practice("America/Chicago", now, shop)
    ids: dict[str, object] = dict(states.one_of_each(shop.store))
    people = {p.email.split("@")[0]: p for p in db.session.scalars(select(Person))}
    author = actor(people["contributor"])
    library = db.session.scalars(select(Library)).one()
    ids |= _kinds(library, author, states.picture(shop.store, now), now)
    ids |= _planned(library, author, now)
    ids |= _decided_by_mail(people["approver"], ids, now)
    ids |= _tables(library, author, now)
    ids |= _seen(people["contributor"], ids, now)
    ids["voted"] = _voted(now)
    ids |= _corrected(author, now)
    ids["asked all"] = _asked_all(now)
    _interrupted(library, people["contributor"], actor(librarian), now)
    with writing() as session:
        ids["sign in"] = links.make(session, "sign_in", now, people["contributor"].id)
        ids["librarian link"] = links.make(session, "sign_in", now, librarian.id)
        found(session, "Oak Street Library", OUTREACH, now, practice=True, timezone="America/Chicago")
        session.get_one(Person, librarian.id).district_admin = True
    return ids | {"library": library.id, "reset": generate_reset_password_token(people["approver"])}


def _kinds(library: Library, author: Actor, medium_id: int, now: datetime) -> dict[str, object]:
    """A draft of each kind that the practice library has none of, each on two places, with all that it can have."""
    soon, later = (str((now + days * DAY).date()) for days in (9, 16))
    places = _two_places()
    made = {}
    for kind, fields in FIELDS.items():
        filled = {name: _on(value, soon, later) for name, value in fields.items()}
        written = Written(
            kind, f"Something about {kind}, told by a friend.", fields=filled, accounts=places, timing="at",
            wished_at=now + 3 * DAY, media=[(medium_id, "A page of poems")] if kind == "student" else (),
        )  # fmt: skip
        made[kind] = compose.create(library.id, written, author, now).id
    return made


def _two_places() -> dict[int, str]:
    known = states.places()
    return {known["Practice"]: "", known["Facebook"]: ""}


def _on(value: object, soon: str, later: str) -> object:
    if isinstance(value, list):
        return [_on(one, soon, later) for one in value]
    if isinstance(value, dict):
        return {name: _on(one, soon, later) for name, one in value.items()}
    return {"{soon}": soon, "{later}": later}.get(value, value) if isinstance(value, str) else value


def _planned(library: Library, author: Actor, now: datetime) -> dict[str, object]:
    """One that repeats, the bank, a start, earlier versions, one in two languages, one by hand that is due."""
    places = _two_places()
    weekly = Written("news", "Story hour!", timing="at", wished_at=now + DAY, accounts=places)
    repeats = compose.create(library.id, weekly, author, now).id
    send.for_review(repeats, author, now)
    series.begin_now(repeats, Choice("week"), author, now)
    asked = [bank.Asked(f"Which book is number {n}?", ["This", "That"], 0, "It is.", "A hint.") for n in range(3)]
    bank.add(library.id, asked, author, now)
    both = Written("news", "The library is open.", language="en", second={"language": "es", "words": "Abierta."},
                   accounts=places, media=[(1, "A page of poems")], warning="loud")  # fmt: skip
    two = compose.create(library.id, both, author, now).id
    start = starts.save(two, "Hours this week", now).id
    shouted = Written(
        "news", "COME TO #mayamyths 🎉🎉🎉🎉🎉 call 555 010 4477 or write to ana.lee@school.example", accounts=places
    )
    warned = compose.create(library.id, shouted, author, now).id
    with writing() as session:
        session.add(
            PostVersion(post_id=two, revision=1, who="Ana", at=now - DAY, written=dump(Written("news", "Earlier")))
        )
    version = db.session.scalar(select(PostVersion.id).where(PostVersion.post_id == two).limit(1))
    return {"repeats": repeats, "two languages": two, "start": start, "version": version, "warned": warned}


def _decided_by_mail(approver: Person, ids: dict[str, object], now: datetime) -> dict[str, object]:
    waiting = db.session.scalars(select(Post).where(Post.state == "submitted").limit(1)).one()
    with writing() as session:
        post = session.get_one(Post, waiting.id)
        return {"review link": links.make_review(session, approver.id, post.id, content(post), now)}


def _tables(library: Library, author: Actor, now: datetime) -> dict[str, object]:
    def rows(body: bytes, _name: str) -> sheets.Rows:
        return list(enumerate(csv.reader(io.StringIO(body.decode())), 1))

    term = sheets.bring(library.id, sheets.POSTS, "term.csv", TERM, rows, author, now).id
    questions = sheets.bring(library.id, sheets.QUESTIONS, "trivia.csv", QUESTIONS, rows, author, now).id
    return {"term": term, "questions": questions}


def _seen(contributor: Person, ids: dict[str, object], now: datetime) -> dict[str, object]:
    """The message that a person posts by hand, and a feed."""
    shop = current_app.extensions["shop"]
    _sent(int(str(ids["in hand"])), shop.door_at(clock.now()))
    by_hand = select(Delivery.id).where(Delivery.post_id == ids["in hand"]).limit(1)
    return {
        "by hand": db.session.scalar(by_hand),
        "person": contributor.id,
        "feed": db.session.scalar(select(Feed.id)),
        "practice": db.session.scalar(select(Account.id).where(Account.network == "practice")),
        "place": db.session.scalar(select(Account.id).where(Account.network == "by_hand").limit(1)),
    }


def _sent(post_id: int, door: Door) -> None:
    """Its messages, each handed to the real publish."""
    with writing() as session:
        due = list(session.scalars(select(Delivery.id).where(Delivery.post_id == post_id)))
        queue_all(session, due, door.now())
    for delivery_id in due:
        publish(delivery_id, door)


def _voted(now: datetime) -> int:
    """A question whose vote is over."""
    choices = {"way": "poll", "choices": ["Mornings", "Afternoons"], "days": "1"}
    places = {states.places()["Practice"]: ""}
    question = Written("feedback", "When do you read?", fields=choices, accounts=places, timing="now")
    post_id = states.approved(question, now - 2 * DAY)
    _sent(post_id, current_app.extensions["shop"].door_at(now - 2 * DAY))
    return post_id


def _asked_all(now: datetime) -> int:
    """A question with a poll, out at a place that does not answer: its votes cannot be read."""
    place = db.session.scalars(select(Account).where(Account.server == "https://lost.example")).one()
    asked = Written("news", "Which book next?", accounts={place.id: ""}, timing="at", wished_at=now + DAY)
    post_id = states.approved(asked, now)
    with writing() as session:
        one = session.scalars(select(Delivery).where(Delivery.post_id == post_id)).one()
        one.account.sealed = current_app.extensions["shop"].vault.seal({"token": "of nobody"})
        one.state, one.remote_id, one.published_at = "published", "1", now
        one.payload = {**one.payload, "poll": ["Holes", "Emma"], "poll_minutes": 4_320}
    return post_id


def _corrected(author: Actor, now: datetime) -> dict[str, object]:
    """Two that are out, of which one was corrected, and nobody has looked at that yet."""
    ids: dict[str, object] = {}
    for name, words in (("published", "Chess club on Monday."), ("corrected", "Chess club on Tusday.")):
        post_id = states.approved(
            Written("news", words, accounts={states.places()["Practice"]: ""}, timing="now"), now - DAY
        )
        _sent(post_id, current_app.extensions["shop"].door_at(now - DAY))
        ids[name] = post_id
    stands = correction_state.stands(db.session(), db.session.get_one(Post, ids["corrected"]))
    pieces = [replace(one, after="Chess club on Tuesday.") for one in stands.texts]
    corrections.write(int(str(ids["corrected"])), pieces, stands.seal, author, now)
    return ids


def _interrupted(library: Library, person: Person, by: Actor, now: datetime) -> None:
    """A snow day, somebody away, usual times on every day."""
    today = clock.today(now, library.timezone)
    with writing() as session:
        session.add_all(Slot(library_id=library.id, weekday=day, clock="10:30") for day in range(5))
    school_day = clock.school_days_after(today, 3, lambda day: day.weekday() > 4)
    interrupt.snow_day(library.id, school_day, by, now)
    away(library.id, person.id, today + 20 * DAY, today + 25 * DAY, "pause", None, by, now)
