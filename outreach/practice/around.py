"""Fill the practice library: its people, a week of posts of every kind in every state, a feed.

Every post goes through the same verbs as a real one; what "went out yesterday" is made by calling them with
yesterday as now, and has its outcome in the same transaction.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select

from outreach import clock
from outreach.access import OUTREACH, Actor, actor
from outreach.channels.base import Handed, Refused, Sent, Unclear
from outreach.db import db, writing
from outreach.holidays import is_closed
from outreach.languages import ENGLISH, spoken
from outreach.mail import NOBODY
from outreach.models import Account, Delivery, DigestRule, Feed, Library, Person, Post
from outreach.people import links
from outreach.people.libraries import found
from outreach.people.members import person_for, set_role
from outreach.posts import approve, compose, hand, remove, send, take_down
from outreach.posts.lifecycle import locked, move_delivery, queue_all
from outreach.posts.outcome import write_outcome
from outreach.posts.reconcile import ask
from outreach.posts.written import Written
from outreach.shop import Shop
from outreach.titles.fetch import PRACTICE
from outreach.words import Sentence

Outcome = Sent | Handed | Refused | Unclear
SENT = Sent("practice", None)
SOON = timedelta(seconds=40)  # the first post that goes out while the visitor looks
CAST = (
    ("librarian", Sentence("Practice Librarian"), "manager"),
    ("approver", Sentence("Practice Approver"), "approver"),
    ("contributor", Sentence("Practice Contributor"), "contributor"),
)


@dataclass(frozen=True)
class Cast:
    library: Library
    librarian: Person
    approver: Person
    contributor: Person
    places: dict[str, int]  # name -> account id

    def says(self, sentence: Any) -> Any:
        """In the language of whoever looks around."""
        return spoken(sentence, self.library.language) if isinstance(sentence, Sentence) else sentence


def look_around(token: str, timezone: str, language: str, now: datetime, shop: Shop) -> Person:
    """Uses up the set-up link. Returns the librarian, who is signed in by the caller."""
    with writing() as session:
        links.use(session, token, "set_up", now)
    return open_practice(timezone, now, shop, language)


def open_practice(timezone: str, now: datetime, shop: Shop, language: str = ENGLISH) -> Person:
    cast = _found(timezone if clock.is_zone(timezone) else "UTC", language, now)
    _went_out(cast, now)
    _goes_out(cast, now)
    _in_the_works(cast, now)
    _went_wrong(cast, now)
    _taken_down(cast, now, shop)
    _catalog(cast, now)
    return cast.librarian


def _found(timezone: str, language: str, now: datetime) -> Cast:
    name, where = "Maple Street School Library", {"timezone": timezone, "language": language}
    with writing() as session:
        library = found(session, name, OUTREACH, now, practice=True, **where)
        names = [(f"{key}{NOBODY}", spoken(called, language)) for key, called, _ in CAST]
        people = [person_for(session, *each, now, practice=True) for each in names]
        for person, (_, _, role) in zip(people, CAST, strict=True):
            set_role(session, person, library, role, OUTREACH, now)
        places = {
            "Practice" if a.network == "practice" else a.name: a.id
            for a in session.scalars(select(Account).where(Account.library_id == library.id))
        }
    return Cast(library, people[0], people[1], people[2], places)


def _write(cast: Cast, written: Written, by: Actor, now: datetime) -> int:
    fields = {name: cast.says(value) for name, value in written.fields.items()}
    said = replace(written, words=cast.says(written.words), fields=fields)
    return compose.create(cast.library.id, said, by, now).id


def _everywhere(cast: Cast) -> dict[int, str]:
    return {cast.places["Practice"]: "", cast.places["Facebook"]: ""}


def _only_practice(cast: Cast) -> dict[int, str]:
    return {cast.places["Practice"]: ""}


def _submitted(cast: Cast, written: Written, now: datetime) -> int:
    post_id = _write(cast, written, actor(cast.contributor), now)
    send.for_review(post_id, actor(cast.contributor), now)
    return post_id


def _approved(cast: Cast, written: Written, now: datetime) -> int:
    post_id = _submitted(cast, written, now)
    post = db.session.get_one(Post, post_id)
    approve.approve(post_id, post.revision, actor(cast.approver), now)
    return post_id


def _went_out(cast: Cast, now: datetime) -> None:
    """Yesterday's news."""
    then = now - timedelta(hours=20)
    words = Sentence("The reading corner has new cushions and a lamp. Come and try them at lunch.")
    _ended(cast, _told(cast, words), SENT, then)


def _ended(cast: Cast, written: Written, outcome: Outcome, then: datetime) -> int:
    """Approved and sent in one transaction: workers run meanwhile, and would find it long too late. Its message."""
    post_id = _submitted(cast, written, then)
    with writing() as session:
        approve.approve_in(session, locked(session, post_id), actor(cast.approver), then)
        message = session.scalars(select(Delivery).where(Delivery.post_id == post_id)).one()
        queue_all(session, [message.id], then)
        session.refresh(message)
        move_delivery(session, message, "sending", OUTREACH, then, send_started_at=then, attempts=1)
        write_outcome(session, message, outcome, then)
        if isinstance(outcome, Unclear):
            ask(session, message, then + timedelta(minutes=20))
        return message.id


def _went_wrong(cast: Cast, now: datetime) -> None:
    """What a librarian meets sooner or later: refused, nobody knows, cancelled, not posted by hand."""
    then = now - timedelta(hours=22)
    refuses = Refused(Sentence("The practice place did not take it, to show how that looks. Change it."), "")
    silent = Unclear(Sentence("The practice place gave no answer, to show how that looks."), "")
    _ended(cast, _told(cast, Sentence("Thank you to everyone who helped at the book fair!")), refuses, then)
    _ended(cast, _told(cast, Sentence("Lost: a blue scarf, by the atlases. It waits at the desk.")), silent, then)
    off = replace(_told(cast, Sentence("Movie night is off: the projector is broken.")), timing="slot")
    compose.cancel(_approved(cast, off, now), actor(cast.approver), now)
    words = Sentence("Two days to go until the book fair.")
    fair = Written("news", words, timing="now", accounts={cast.places["Facebook"]: ""})
    asked = _ended(cast, fair, Handed(), then)
    hand.not_posted(asked, cast.says(Sentence("The page was locked.")), actor(cast.contributor), then)


def _taken_down(cast: Cast, now: datetime, shop: Shop) -> None:
    then = now - timedelta(hours=21)
    chess = _told(cast, Sentence("The chess club meets today. (It was yesterday!)"))
    sent = _ended(cast, chess, SENT, then)
    post_id = db.session.get_one(Delivery, sent).post_id
    take_down.take_down(post_id, actor(cast.contributor), then)
    remove.remove(sent, shop.door_at(then))


def _told(cast: Cast, words: Sentence) -> Written:
    return Written("news", words, timing="now", accounts=_only_practice(cast))


def _goes_out(cast: Cast, now: datetime) -> None:
    """One in a moment, one today by hand, one on another day."""
    _approved(
        cast,
        Written(
            "news",
            Sentence("Welcome to the practice library! This post went out by itself, a moment after you came."),
            timing="at",
            wished_at=now + SOON,
            accounts=_only_practice(cast),
        ),
        now,
    )
    _approved(
        cast,
        Written(
            "news",
            Sentence("The book fair opens on Thursday in the hall. Bring your class!"),
            timing="at",
            wished_at=now + SOON,
            accounts={cast.places["Facebook"]: ""},
        ),
        now,
    )
    _approved(
        cast,
        Written(
            "trivia",
            Sentence("Which of these books begins on a raft?"),
            timing="slot",
            accounts=_only_practice(cast),
            fields={
                "choices": ["Treasure Island", "Adventures of Huckleberry Finn", "Kim"],
                "right": 1,
                "explanation": Sentence("Well, most of it happens there. You find it under TWA."),
                "how": Sentence("Tell us at the library desk."),
            },
        ),
        now,
    )
    too_late = now - timedelta(hours=26)
    _approved(
        cast,
        Written(
            "news",
            Sentence("The library closes early today."),
            timing="at",
            wished_at=too_late + timedelta(minutes=5),
            accounts=_only_practice(cast),
        ),
        too_late,
    )


def _in_the_works(cast: Cast, now: datetime) -> None:
    """A draft, one in review, one sent back."""
    by = actor(cast.contributor)
    slam = Sentence("Poetry slam in the library: who wants to read?")
    _write(cast, Written("news", slam, accounts=_everywhere(cast)), by, now)
    waits = _write(
        cast,
        Written(
            "news",
            Sentence("Our database of the month is the encyclopedia for younger readers. Ask us how to sign in."),
            accounts=_everywhere(cast),
        ),
        by,
        now,
    )
    send.for_review(waits, by, now)
    back = _write(
        cast,
        Written(
            "trivia",
            Sentence("How many books did our school borrow last month?"),
            accounts=_only_practice(cast),
            fields={"choices": ["212", "518", "1,024"], "right": 1, "how": Sentence("Tell us at the library desk.")},
        ),
        by,
        now,
    )
    send.for_review(back, by, now)
    note = cast.says(Sentence("Good one! Please check the number with the desk first."))
    approve.send_back(back, note, actor(cast.approver), now)


def _catalog(cast: Cast, now: datetime) -> None:
    """The practice catalog, fetched like any other in a minute; its first digest then stands in review."""
    with writing() as session:
        library = session.get_one(Library, cast.library.id)
        session.add(
            Feed(
                library_id=library.id,
                url=PRACTICE,
                name=cast.says(Sentence("Practice catalog: new books")),
                next_check_at=now,
                created_at=now,
                baseline_at=now,  # this library begins with empty shelves, so that all of it is news
            )
        )
        today = clock.today(now, library.timezone)
        day = clock.school_days_after(today, 1, lambda day: is_closed(library, day))  # so that it is written at once
        session.add(
            DigestRule(
                library_id=library.id,
                weekday=day.weekday(),
                clock="09:00",
                account_ids=list(_everywhere(cast)),
                next_at=clock.at_wall(day, "09:00", library.timezone),
            )
        )
