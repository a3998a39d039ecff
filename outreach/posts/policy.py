"""What stands in the way of a post, as sentences. Pure: the same answer in compose, approve and publish."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from outreach.channels.base import Limits
from outreach.posts.kinds import KINDS, Draft, Image
from outreach.posts.listing import is_undrawn
from outreach.posts.wording import Message, count, most
from outreach.words import Sentence


@dataclass(frozen=True)
class Place:
    """An account as far as the words go."""

    id: int
    name: str
    limits: Limits


@dataclass(frozen=True)
class Problem:
    sentence: Sentence
    place: int | None = None  # the account it belongs to; None: the post itself


def problems(draft: Draft, rendered: Mapping[Place, list[Message]]) -> list[Problem]:
    """All that stops this post from being submitted, the most basic first."""
    found = [Problem(demand) for demand in KINDS[draft.kind].demands(draft)]
    found += [Problem(s) for s in _images(draft)]
    if is_undrawn(draft) and any(place.limits.images for place in rendered):
        found.append(Problem(Sentence("The picture of the books is not drawn yet. Save the post once more.")))
    if not rendered:
        found.append(Problem(Sentence("Choose at least one place to post to.")))
    for place, messages in rendered.items():
        found += [Problem(s, place.id) for s in fits(place, messages)]
    return found


def _images(draft: Draft) -> list[Sentence]:
    missing = [n for n, image in enumerate(draft.images, 1) if not image.alt.strip()]
    return [Sentence("Say what picture %(number)s shows, for people who cannot see it.", number=n) for n in missing]


def fits(place: Place, messages: list[Message]) -> list[Sentence]:
    """What one place will not take."""
    found = []
    for number, message in enumerate(messages, 1):
        found += too_long(place, message, number, len(messages))
        found += _pictures(place, message)
    if messages and place.limits.image_required and not messages[0].images:
        found.append(Sentence("%(place)s needs a picture. Add one, or leave this place out.", place=place.name))
    return found


def too_long(place: Place, message: Message, number: int, total: int) -> list[Sentence]:
    """By how much message `number` of `total` is over what the place takes."""
    limits = place.limits
    over = count(message.text, limits, message.warning) - most(limits)
    if over <= 0:
        return []
    if limits.words is not None:
        return [Sentence("%(place)s: %(over)s words too many to read aloud.", place=place.name, over=over)]
    if total > 1:
        return [
            Sentence(
                "%(place)s: message %(number)s is %(over)s characters too long.",
                place=place.name,
                number=number,
                over=over,
            )
        ]
    return [Sentence("%(place)s: %(over)s characters too long.", place=place.name, over=over)]


def _pictures(place: Place, message: Message) -> list[Sentence]:
    limits = place.limits
    if limits.images == 0:
        return []
    found = [sentence for image in message.images for sentence in _picture(place, image)]
    if len(message.images) > limits.images:
        found.insert(0, Sentence("%(place)s takes %(most)s pictures at most.", place=place.name, most=limits.images))
    return found


def _picture(place: Place, image: Image) -> list[Sentence]:
    limits, found = place.limits, []
    if len(image.alt) > limits.alt_characters:
        found.append(
            Sentence(
                "%(place)s: the description of a picture is longer than %(most)s characters.",
                place=place.name,
                most=limits.alt_characters,
            )
        )
    if image.mime not in limits.image_types:
        kind = image.mime.removeprefix("image/").upper()
        found.append(Sentence("%(place)s takes no %(kind)s pictures. Choose another.", place=place.name, kind=kind))
    if image.size > limits.image_bytes or image.pixels > limits.image_pixels:
        found.append(
            Sentence(
                "%(place)s: a picture is larger than %(most)s MB or %(pixels)s megapixels. Choose a smaller one.",
                place=place.name,
                most=limits.image_bytes // 1_000_000,
                pixels=limits.image_pixels // 1_000_000,
            )
        )
    return found
