"""Who is told by e-mail, at once, that a message did not go out or that nobody knows."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from outreach.accounts.pause import managers
from outreach.mail import put
from outreach.models import Delivery, Person, Post
from outreach.words import Sentence


def in_charge(session: Session, delivery: Delivery) -> list[Person]:
    """Who posts it by hand: its author; the managers where that is nobody, or nobody here any more."""
    return author_or_managers(session, delivery.post)


def author_or_managers(session: Session, post: Post) -> list[Person]:
    author = author_of(post)
    return [author] if author else managers(session, post.library_id)


def author_of(post: Post) -> Person | None:
    """As long as they belong to the library."""
    author = post.author
    stays = author and author.active and any(m.library_id == post.library_id for m in author.memberships)
    return author if stays else None


def tell(session: Session, delivery: Delivery, sentence: Sentence, now: datetime) -> None:
    """The author and the managers, once for each time that it failed."""
    people = managers(session, delivery.library_id)
    author = author_of(delivery.post)
    reason = f"failed-{delivery.id}-{delivery.key_round}-{delivery.attempts}-{delivery.state}"
    for person in {p.id: p for p in [*people, *([author] if author else [])]}.values():
        subject = f"Not published: {delivery.account.name}"
        if delivery.state == "unclear":
            subject = f"Is it there? {delivery.account.name}"
        about = f"{reason}-{person.id}"
        put(session, person.email, subject, sentence, now, about=about, path=f"/posts/{delivery.post_id}")
