"""Each kind of post as data: its fields, what it demands, and the parts it becomes. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from outreach.channels.base import Limits
from outreach.posts.drafts import Book as Book
from outreach.posts.drafts import Draft as Draft
from outreach.posts.drafts import Image as Image
from outreach.posts.drafts import Part as Part
from outreach.posts.drafts import fill as fill
from outreach.posts.drafts import paragraphs
from outreach.posts.listing import FIELDS, titles_demands, titles_parts
from outreach.words import Sentence

LETTERS = "ABCD"
BARE_ADDRESS = re.compile(r"[\w-]+(\.[\w-]+)+([/?#]\S*)?")


def news_parts(draft: Draft, limits: Limits) -> list[Part]:
    return [Part(paragraphs(draft.words, draft.link, draft.hashtags), draft.images)]


def trivia_parts(draft: Draft, limits: Limits) -> list[Part]:
    """The question (a poll where the network has one), and the answer that replies to it later."""
    options = choices(draft)
    how = str(draft.fields.get("how") or "").strip()
    fits = len(options) <= limits.poll_options and all(len(o) <= limits.poll_option_characters for o in options)
    as_poll = fits and not draft.images and draft.answer_at is not None
    if as_poll:
        question = Part(paragraphs(draft.words, how, draft.link, draft.hashtags), poll=tuple(options))
    else:
        lettered = "\n".join(f"{LETTERS[n]}) {option}" for n, option in enumerate(options))
        question = Part(paragraphs(draft.words, lettered, how, draft.link, draft.hashtags), draft.images)
    answer = answer_text(draft, lettered=not as_poll)
    if not limits.thread:  # it stands alone there, far from its question
        answer = paragraphs(draft.words, answer) if answer else ""
    return [question, Part(answer, at=draft.answer_at, answers=0)]


def answer_text(draft: Draft, lettered: bool = True) -> str:
    options, right = choices(draft), right_choice(draft)
    if right is None or right >= len(options):
        return ""
    reveal = str(draft.fields.get("reveal") or (DEFAULT_REVEAL if lettered else "The answer: {answer}"))
    line = fill(reveal, letter=LETTERS[right], answer=options[right])
    return paragraphs(line, str(draft.fields.get("explanation") or ""))


DEFAULT_REVEAL = "The answer: {letter}) {answer}"


def choices(draft: Draft) -> list[str]:
    return [str(c).strip() for c in draft.fields.get("choices", []) if str(c).strip()][:4]


def right_choice(draft: Draft) -> int | None:
    right = draft.fields.get("right")
    return right if isinstance(right, int) and right >= 0 else None


def whole_address(typed: str) -> str:
    """`school.org/tent`, as people type it, with its beginning; anything else as it is."""
    typed = typed.strip()
    return f"https://{typed}" if BARE_ADDRESS.fullmatch(typed) else typed


def news_demands(draft: Draft) -> list[Sentence]:
    if draft.words.strip() or draft.images:
        return []
    return [Sentence("Write what you want to share.")]


def trivia_demands(draft: Draft) -> list[Sentence]:
    missing = []
    if not draft.words.strip():
        missing.append(Sentence("Write the question."))
    options = choices(draft)
    if len(options) < 2:
        missing.append(Sentence("Give at least two choices."))
    elif len({o.casefold() for o in options}) < len(options):
        missing.append(Sentence("Two choices are the same. Change one of them."))
    right = right_choice(draft)
    if right is None or right >= len(options):
        missing.append(Sentence("Say which choice is the right one."))
    if draft.at and draft.answer_at and draft.answer_at <= draft.at:
        missing.append(Sentence("The answer would come before the question. Choose a later time for it."))
    return missing


@dataclass(frozen=True)
class Kind:
    key: str
    name: Sentence
    hint: Sentence  # on its card in the composer
    icon: str
    parts: Callable[[Draft, Limits], list[Part]]
    demands: Callable[[Draft], list[Sentence]]
    fields: tuple[str, ...] = ()
    example: Sentence = Sentence("")  # noqa: RUF009  # a frozen string


KINDS: Mapping[str, Kind] = {
    "news": Kind(
        "news",
        Sentence("News"),
        Sentence("Something new, open or changed"),
        "megaphone",
        news_parts,
        news_demands,
        example=Sentence("The library is open at lunch again, from 12:10 to 12:40. Bring a friend."),
    ),
    "titles": Kind(
        "titles",
        Sentence("New titles"),
        Sentence("What just came onto the shelves"),
        "book",
        titles_parts,
        titles_demands,
        FIELDS,
        example=Sentence("New on our shelves this week:"),
    ),
    "trivia": Kind(
        "trivia",
        Sentence("Trivia"),
        Sentence("A question now, the answer later"),
        "question-circle",
        trivia_parts,
        trivia_demands,
        ("choices", "right", "explanation", "how", "answer_at"),
        example=Sentence("Which animal is in the title of the most books on our shelves?"),
    ),
}
