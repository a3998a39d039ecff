"""Who is told by e-mail, at once, that a message did not go out or that nobody knows."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from outreach.accounts.pause import managers
from outreach.mail import put
from outreach.models import Delivery
from outreach.words import Sentence


def tell(session: Session, delivery: Delivery, sentence: Sentence, now: datetime) -> None:
    """The author and the managers, once for each time that it failed."""
    people = managers(session, delivery.library_id)
    author = delivery.post.author
    reason = f"failed-{delivery.id}-{delivery.key_round}-{delivery.attempts}-{delivery.state}"
    for person in {p.id: p for p in [*people, *([author] if author else [])]}.values():
        subject = f"Not published: {delivery.account.name}"
        if delivery.state == "unclear":
            subject = f"Is it there? {delivery.account.name}"
        about = f"{reason}-{person.id}"
        put(session, person.email, subject, sentence, now, about=about, path=f"/posts/{delivery.post_id}")
