"""Who is told by e-mail: at once what did not go out or cannot wait, all else in one letter of the morning."""

from __future__ import annotations

from datetime import datetime, timedelta
from textwrap import shorten

from sqlalchemy.orm import Session

from outreach import clock
from outreach.access import Actor
from outreach.accounts.pause import managers
from outreach.holidays import is_closed
from outreach.letter import BY_HAND
from outreach.mail import put
from outreach.models import Delivery, Library, Person, Post
from outreach.posts.kinds import KINDS
from outreach.posts.schedule import goes_at_once
from outreach.posts.whole import told_first
from outreach.posts.wording import from_payload
from outreach.words import Sentence

SUBJECT = 60  # characters of its words
MORNING = "08:00"  # of the library's clock
THAT_DAY = timedelta(hours=16)  # from the morning to the end of its day


def in_charge(session: Session, delivery: Delivery) -> list[Person]:
    """Who posts it by hand: who was asked to, else its author; the managers where nobody of them is here any more."""
    keeper = here(delivery.keeper, delivery.library_id)
    return [keeper] if keeper else author_or_managers(session, delivery.post)


def author_or_managers(session: Session, post: Post) -> list[Person]:
    author = keeper_of(post) or author_of(post)
    return [author] if author else managers(session, post.library_id)


def author_of(post: Post) -> Person | None:
    """As long as they belong to the library."""
    return here(post.author, post.library_id)


def keeper_of(post: Post) -> Person | None:
    """The colleague who looks after it instead of its author."""
    return here(post.keeper, post.library_id)


def here(person: Person | None, library_id: int) -> Person | None:
    """Nobody, once they left the library."""
    stays = person and person.active and any(m.library_id == library_id for m in person.memberships)
    return person if stays else None


def tell(session: Session, delivery: Delivery, sentence: Sentence, now: datetime) -> None:
    """The author and the managers, once for each time that it failed."""
    people = [*managers(session, delivery.library_id), author_of(delivery.post), keeper_of(delivery.post)]
    reason = f"failed-{delivery.id}-{delivery.key_round}-{delivery.attempts}-{delivery.state}"
    for person in {p.id: p for p in people if p}.values():
        subject = Sentence("Not published: %(place)s", place=delivery.account.name)
        if delivery.state == "unclear":
            subject = Sentence("Is it there? %(place)s", place=delivery.account.name)
        about = f"{reason}-{person.id}"
        put(session, person.email, subject, sentence, now, about=about, path=f"/posts/{delivery.post_id}")


def tell_sent_back(session: Session, post: Post, by: Actor, now: datetime) -> None:
    """At once where its time is near; else the letter of the morning says it."""
    for person in author_or_managers(session, post) if is_soon(post, now) else []:
        if person.id != by.person_id:
            lay_sent_back(session, post, person, by.name, now)


def lay_sent_back(
    session: Session, post: Post, person: Person, who: str, now: datetime, morning: datetime | None = None
) -> None:
    about = f"returned-{post.id}-{post.decided_revision}-{post.updated_at:%Y%m%d%H%M%S}-{person.id}"
    words = shortened(post)
    told = Sentence("%(who)s sent back “%(words)s”: %(note)s", who=who, words=words, note=post.note)
    put(
        session,
        person.email,
        Sentence("Sent back: %(words)s", words=words),
        told,
        now,
        about,
        f"/posts/{post.id}/edit",
        morning=morning,
    )


def shortened(post: Post) -> str:
    """What it says first, for the subject of a letter."""
    words = told_first(post.kind, post.words, str(post.fields.get("name") or ""), len(post.titles), post.library.name)
    return shorten(words, SUBJECT, placeholder="…") or KINDS[post.kind].name


def lay_by_hand(
    session: Session, delivery: Delivery, person: Person, now: datetime, morning: datetime | None = None
) -> None:
    """Once for each day that it is asked for."""
    library = delivery.post.library
    about = f"hand-{delivery.id}-{delivery.edition}-{clock.today(now, library.timezone)}-{person.id}"
    at = clock.to_local(delivery.due_at, library.timezone)
    subject = Sentence("Please post on %(place)s", place=delivery.account.name)
    if delivery.due_at < clock.at_wall(clock.today(now, library.timezone), "00:00", library.timezone):
        subject = Sentence("Still to post on %(place)s", place=delivery.account.name)
    elif morning:
        subject = Sentence("Please post on %(place)s at %(time)s", place=delivery.account.name, time=f"{at:%H:%M}")
    words = from_payload(delivery.payload).text
    put(session, person.email, subject, words, now, about, f"{BY_HAND}{delivery.id}", morning=morning)


def lay_handed_over(session: Session, delivery: Delivery, person: Person, by: Actor, now: datetime) -> None:
    """At once: whoever hands it over counts on her."""
    place, at = delivery.account.name, clock.to_local(delivery.due_at, delivery.post.library.timezone)
    body = Sentence(
        "%(who)s asks you to post this on %(place)s. Its time: %(day)s, %(time)s.\n\n%(words)s",
        who=by.name,
        place=place,
        day=at.date(),
        time=at.time(),
        words=from_payload(delivery.payload).text,
    )
    about = f"handed-{delivery.id}-{person.id}-{now:%Y%m%d%H%M%S}"
    subject = Sentence("%(who)s hands over to you: %(place)s", who=by.name, place=place)
    put(session, person.email, subject, body, now, about, f"{BY_HAND}{delivery.id}")


def is_soon(post: Post, now: datetime) -> bool:
    """Does it need somebody before the next letter of the morning could lead to anything?"""
    if goes_at_once(post, now):
        return True
    return post.wished_at is not None and post.wished_at < next_morning(post.library, now) + THAT_DAY


def next_morning(library: Library, now: datetime) -> datetime:
    """8:00 of the next school day that has not had its 8:00 yet."""
    day = clock.today(now, library.timezone)
    today = clock.at_wall(day, MORNING, library.timezone)
    if today > now and is_school_day(library, now):
        return today
    day = clock.school_days_after(day, 1, lambda one: is_closed(library, one))
    return clock.at_wall(day, MORNING, library.timezone)


def is_school_day(library: Library, now: datetime) -> bool:
    day = clock.today(now, library.timezone)
    return day.weekday() < 5 and not is_closed(library, day)
