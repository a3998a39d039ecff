"""What the checks of a post find in a correction of it: in the messages that would say something else."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy.orm import Session

from outreach.channels import about
from outreach.channels.counting import LINK
from outreach.models import Delivery, Post
from outreach.posts.around import Look, arounds
from outreach.posts.consents import consent_problems
from outreach.posts.correction_edits import Payload
from outreach.posts.findings import Place, Problem
from outreach.posts.policy import in_words
from outreach.posts.reading import draft_of, place_of
from outreach.posts.wording import Message, from_payload
from outreach.words import Sentence

OLD_CARD = Sentence("On %(place)s, what is shown of the old address below the words may stay as it is.")


def found_in(session: Session, post: Post, said: Sequence[tuple[Delivery, Payload]], now: datetime) -> list[Problem]:
    """`said`: each of these messages with what it would say. Hints are left out: what is out is out."""
    made: dict[Place, list[Message]] = {}
    for delivery, payload in said:
        made.setdefault(place_of(delivery.account), []).append(from_payload(dict(payload)))
    if not made:
        return []
    texts = dict.fromkeys(message.text for messages in made.values() for message in messages)
    images = {
        (image.digest, image.alt): image
        for messages in made.values()
        for message in messages
        for image in message.images
    }
    draft = replace(
        draft_of(post), words="\n\n".join(texts), images=tuple(images.values()), own={}, second={}, fields={}
    )
    (around,) = arounds(session, post.library, [Look(draft, made, post.id, repeats=True)], now)
    found = [problem for problem in in_words(draft, made, around) if problem.sort in ("stop", "ask")]
    consents = [Problem(sentence) for sentence in consent_problems(post, now)]
    return [*consents, *_empty(made), *_cards(said), *dict.fromkeys(found)]


def _cards(said: Sequence[tuple[Delivery, Payload]]) -> Iterator[Problem]:
    """A card below the words was made from the first address, and no network makes it anew."""
    for delivery, payload in said:
        old, new = (next(iter(LINK.findall(words["text"])), "") for words in (delivery.payload, payload))
        if delivery.state == "published" and about(delivery.account.network).edits == "words" and old != new:
            yield Problem(OLD_CARD.filled(place=delivery.account.name), sort="ask")


def _empty(made: dict[Place, list[Message]]) -> list[Problem]:
    none = any(not m.text.strip() and not m.images for messages in made.values() for m in messages)
    return [Problem(Sentence("Nothing would be left. To make it go, press “Take it down”."))] if none else []
