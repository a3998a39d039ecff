"""What the checks of a post speak in: what they found, how to mend it, what they know from around the post. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from outreach.channels.about import Price, PriceOf
from outreach.channels.base import Limits
from outreach.money import thousandths
from outreach.posts.drafts import Draft
from outreach.posts.wording import Message
from outreach.words import Sentence

# What is in an address is no word of the post.
ADDRESS = re.compile(r"(?:https?://|www\.)\S+", re.IGNORECASE)


@dataclass(frozen=True)
class Place:
    """An account as far as the words go."""

    id: int
    name: str
    limits: Limits
    price: PriceOf | None = None  # it charges for each message

    def price_of(self, message: Message) -> Price | None:
        return self.price(message.text, [image.alt for image in message.images]) if self.price else None

    def cost_of(self, message: Message) -> int:
        """In thousandths of a US dollar."""
        price = self.price_of(message)
        return thousandths(price.dollars) if price else 0


Rendered = Mapping[Place, list[Message]]


@dataclass(frozen=True)
class Mend:
    """One click: in `field`, `old` becomes `new`, where it first stands; an empty `old` is all of it.

    field   its name in the form: words, words-<account>, second_words, of-<field of the kind>, link;
            title: the one with the number `old` is unticked; at: `new` is the wall time, 2026-11-30T09:00
    """

    field: str
    label: Sentence  # of the button
    new: str = ""
    old: str = ""

    def applied(self, text: str) -> str:
        return text.replace(self.old, self.new, 1) if self.old else self.new


@dataclass(frozen=True)
class Problem:
    sentence: Sentence
    place: int | None = None  # the account it belongs to; None: the post itself
    sort: str = "stop"  # stop; ask: needs the approver's word; hint
    mend: Mend | None = None
    at: datetime | None = None  # a moment it speaks of, that the page says in its own way
    early: bool = False  # of what stops it: said already while it is written


@dataclass(frozen=True)
class Said:
    """The same words at the same place, within two weeks."""

    place: str
    at: datetime


@dataclass(frozen=True)
class Dear:
    """A place where a month would cost more than it may, in thousandths of a US dollar."""

    place: str
    cost: int  # of the month, with this post
    most: int


@dataclass(frozen=True)
class Around:
    """What only the database and the network know."""

    closed: str = ""  # why the library is closed on the day of the post; empty: it is open
    next_open: datetime | None = None  # the wall time on the next school day, as the clock there shows it
    said: tuple[Said, ...] = ()
    dear: tuple[Dear, ...] = ()
    dead: frozenset[str] = frozenset()  # links that lead nowhere
    grades: str = "all"
    language: str = "en"
    guidelines: str = ""  # whose own telephone and e-mail may be told
    words: tuple[str, ...] = ()  # that the district lists
    levels: Mapping[str, str] = field(default_factory=dict)  # of the district: check -> stop, ask, hint, off


NOTHING = Around()


@dataclass(frozen=True)
class Text:
    """One field of the form in which words of the post are typed."""

    field: str
    text: str


def texts(draft: Draft) -> Iterator[Text]:
    """What was typed, field by field. Choices of a poll and alt texts are not among them: they have no one field."""
    yield Text("words", draft.words)
    for account, words in draft.own.items():
        yield Text(f"words-{account}", words)
    second = draft.second
    yield Text("second_words", str(second.get("words") or ""))
    for side, fields in (("of", draft.fields), ("second", second.get("fields") or {})):
        for name, value in fields.items():
            if isinstance(value, str):
                yield Text(f"{side}-{name}", value)


def all_of_it(draft: Draft, rendered: Rendered) -> list[str]:
    """All that people will read: messages, choices of a poll, alt texts; as it was typed where no place is chosen."""
    messages = [message for made in rendered.values() for message in made]
    said = [text for m in messages for text in (m.text, m.warning, *m.poll)] or _typed(draft)
    alts = [image.alt for image in draft.images]
    return [text for text in dict.fromkeys([*said, *alts]) if text.strip()]


def _typed(draft: Draft) -> list[str]:
    choices = draft.fields.get("choices")
    return [text.text for text in texts(draft)] + ([str(c) for c in choices] if isinstance(choices, list) else [])


def change(text: Text, mended: str, label: Sentence) -> Mend | None:
    """From one text to another, by what differs between them and whole words around it; None for no difference."""
    old, start = text.text, 0
    if old == mended:
        return None
    longest = min(len(old), len(mended))
    while start < longest and old[start] == mended[start]:
        start += 1
    same = 0
    while same < longest - start and old[-1 - same] == mended[-1 - same]:
        same += 1
    start = max((m.end() for m in re.finditer(r"\s", old[:start])), default=0)
    space = re.search(r"\s", old[len(old) - same :])
    same = same - space.start() if space else 0
    part = old[start : len(old) - same]
    if not part.strip() or old.find(part) != start:  # it stands before as well: then all up to here
        start, part = 0, old[: len(old) - same] or old
        same = len(old) - len(part)
    return Mend(text.field, label, mended[start : len(mended) - same], part)


def without_addresses(text: str) -> str:
    """Blanks where they were: what stands beside them keeps its place."""
    return ADDRESS.sub(lambda found: " " * len(found[0]), text)


def quoted(found: str, most: int = 40) -> str:
    """As it is named in a sentence: on one line, not for ever."""
    line = " ".join(found.split())
    return line if len(line) <= most else line[: most - 1] + "…"
