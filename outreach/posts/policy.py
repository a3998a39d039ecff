"""What stands in the way of a post, what an approver must say a word to, and hints, as sentences.

Pure: the same answer in compose, approve and publish.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from outreach.channels.counting import found_in
from outreach.posts.checks import CHECKS, Check
from outreach.posts.drafts import Draft, Image
from outreach.posts.findings import NOTHING, Around, Rendered
from outreach.posts.findings import Place as Place
from outreach.posts.findings import Problem as Problem
from outreach.posts.kinds import KINDS
from outreach.posts.listing import is_undrawn
from outreach.posts.wording import Message, count, most
from outreach.words import Sentence

HINTS = 2  # at a time; more are not read


def problems(draft: Draft, rendered: Rendered, around: Around = NOTHING) -> list[Problem]:
    """All that stops this post from being submitted, the most basic first."""
    return stops(findings(draft, rendered, around))


def asks(draft: Draft, rendered: Rendered, around: Around = NOTHING) -> list[Problem]:
    """What needs the explicit word of an approver."""
    return [one for one in findings(draft, rendered, around) if one.sort == "ask"]


def hints(draft: Draft, rendered: Rendered, around: Around = NOTHING) -> list[Problem]:
    """The two most useful ones."""
    return [one for one in findings(draft, rendered, around) if one.sort == "hint"][:HINTS]


def stops(found: Iterable[Problem]) -> list[Problem]:
    return [one for one in found if one.sort == "stop"]


def of_sort(sort: str, found: Iterable[Problem]) -> list[Sentence]:
    """stop, ask or hint."""
    return [one.sentence for one in found if one.sort == sort]


def advice(found: Iterable[Problem]) -> list[Problem]:
    """What is shown beside the words: all that needs a word, and the two most useful hints."""
    found = list(found)
    return [one for one in found if one.sort == "ask"] + [one for one in found if one.sort == "hint"][:HINTS]


def findings(draft: Draft, rendered: Rendered, around: Around = NOTHING) -> list[Problem]:
    """All of the three sorts; what a place cannot take always stops."""
    kind = KINDS[draft.kind]
    timed = kind.times(draft)
    basic = [Problem(demand, early=demand in timed) for demand in kind.demands(draft)]
    return list(dict.fromkeys([*basic, *in_words(draft, rendered, around)]))


def in_words(draft: Draft, rendered: Rendered, around: Around = NOTHING) -> list[Problem]:
    """What its words and pictures say, and what a place cannot take; not what a post of its kind must have."""
    checked = [found for check in CHECKS for found in _by(check, draft, rendered, around)]
    return [*checked, *_places(draft, rendered)]


def _by(check: Check, draft: Draft, rendered: Rendered, around: Around) -> Iterator[Problem]:
    chosen = around.levels.get(check.key, check.level)
    level = chosen if chosen in check.levels else check.level
    if level != "off":
        yield from (replace(found, sort=level) for found in check.look(draft, rendered, around))


def _places(draft: Draft, rendered: Rendered) -> Iterator[Problem]:
    if is_undrawn(draft) and any(place.limits.images for place in rendered):
        yield Problem(Sentence("The picture of the books is not drawn yet. Save the post once more."))
    if not rendered:
        yield Problem(Sentence("Choose at least one place to post to."))
    for place, messages in rendered.items():
        yield from (Problem(sentence, place.id) for sentence in fits(place, messages))


def fits(place: Place, messages: list[Message]) -> list[Sentence]:
    """What one place will not take."""
    found = []
    for number, message in enumerate(messages, 1):
        found += too_long(place, message, number, len(messages))
        found += too_many(place, message)
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


MANY = {
    "links": Sentence("%(place)s takes %(most)s different links at most. Take out %(over)s."),
    "tags": Sentence("%(place)s takes %(most)s hashtags at most. Take out %(over)s."),
    "names": Sentence("%(place)s takes %(most)s names with @ at most. Take out %(over)s."),
}


def too_many(place: Place, message: Message) -> list[Sentence]:
    """Of what a place counts besides characters."""
    over = found_in(message.text, place.limits).items()
    return [MANY[what].filled(place=place.name, most=limit, over=n - limit) for what, (n, limit) in over]


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
    if image.mime not in limits.image_types and not limits.image_fitted:
        kind = image.mime.removeprefix("image/").upper()
        found.append(Sentence("%(place)s takes no %(kind)s pictures. Choose another.", place=place.name, kind=kind))
    if not limits.image_fitted and (image.size > limits.image_bytes or image.pixels > limits.image_pixels):
        found.append(
            Sentence(
                "%(place)s: a picture is larger than %(most)s MB or %(pixels)s megapixels. Choose a smaller one.",
                place=place.name,
                most=limits.image_bytes // 1_000_000,
                pixels=limits.image_pixels // 1_000_000,
            )
        )
    return found
