"""Letters about a correction: for whoever looks at it, for its author, for whoever changes it by hand."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from outreach.access import Actor
from outreach.mail import put
from outreach.models import Change, Correction, Delivery, Person, Post
from outreach.posts.deciding import deciders
from outreach.posts.tell import author_or_managers, here, in_charge, shortened
from outreach.words import Sentence


def ask_for_a_look(
    session: Session, post: Post, correction: Correction, now: datetime, morning: datetime | None = None
) -> None:
    """At once when it is written; and each `morning` until somebody decides."""
    day = f"-{now:%Y%m%d}" if morning else ""
    who = deciders(session, post.library)
    words = shortened(post)
    subject = Sentence("For your review: a correction of “%(words)s”", words=words)
    told = Sentence(
        "%(who)s corrected “%(words)s”, which is out. It stays as it is until somebody approves the correction.",
        who=correction.author_name,
        words=words,
    )
    for person in who.people:
        lets = who.lets(post.kind, correction.author_id, Actor(person.id, person.shown))
        if lets and person.id != correction.first_id:
            about, path = f"correction-{correction.id}-{person.id}{day}", f"/corrections/{post.id}"
            put(session, person.email, subject, told, now, about=about, path=path, morning=morning)


def tell_returned(session: Session, correction: Correction, by: Actor, now: datetime) -> None:
    post, words = correction.post, shortened(correction.post)
    subject = Sentence("Sent back: the correction of “%(words)s”", words=words)
    told = Sentence(
        "%(who)s sent back the correction of “%(words)s”: %(note)s", who=by.name, words=words, note=correction.note
    )
    for person in _author_of(session, correction):
        if person.id != by.person_id:
            about = f"correction-returned-{correction.id}-{person.id}"
            put(session, person.email, subject, told, now, about=about, path=f"/corrections/{post.id}")


def _author_of(session: Session, correction: Correction) -> list[Person]:
    """Whoever looks after the post, once its author left."""
    author = session.get(Person, correction.author_id) if correction.author_id else None
    stays = here(author, correction.library_id)
    return [stays] if stays else author_or_managers(session, correction.post)


def ask_to_change(session: Session, delivery: Delivery, change: Change, now: datetime) -> None:
    """There only a person can."""
    place = delivery.account.name
    subject = Sentence("Please change a post on %(place)s", place=place)
    said = Sentence(
        "It was corrected. Please change it on %(place)s, so that it says: %(words)s",
        place=place,
        words="\n\n".join([str(change.payload["text"]), *changed_alts(delivery, change)]),
    )
    for person in in_charge(session, delivery):
        about = f"change-{change.id}-{person.id}"
        put(session, person.email, subject, said, now, about=about, path=f"/posts/{delivery.post_id}")


def changed_alts(delivery: Delivery, change: Change) -> list[str]:
    """Descriptions that are other ones then."""
    pairs = zip(delivery.payload["images"], change.payload["images"], strict=True)
    return [str(new["alt"]) for old, new in pairs if old["alt"] != new["alt"]]


def tell_other_words(session: Session, delivery: Delivery, now: datetime) -> None:
    """Who is just posting it by hand has the old ones before them."""
    subject = Sentence("Other words for %(place)s", place=delivery.account.name)
    said = Sentence("What you are asked to post was corrected. Please take these words: %(words)s",
                    words=str(delivery.payload["text"]))  # fmt: skip
    for person in in_charge(session, delivery):
        about = f"words-{delivery.id}-{delivery.digest[:16]}-{person.id}"
        put(session, person.email, subject, said, now, about=about, path=f"/deliveries/{delivery.id}")


def tell_as_it_was(session: Session, delivery: Delivery, change: Change, why: Sentence, now: datetime) -> None:
    subject = Sentence("Not changed: %(place)s", place=delivery.account.name)
    correction = session.get_one(Correction, change.correction_id)
    for person in _author_of(session, correction):
        about = f"change-{change.id}-{person.id}"
        put(session, person.email, subject, why, now, about=about, path=f"/posts/{delivery.post_id}")
