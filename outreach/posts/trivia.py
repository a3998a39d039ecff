"""A trivia question, and its answer that replies to it later. Pure."""

from __future__ import annotations

from outreach.channels.base import Limits
from outreach.posts.drafts import Draft, Part, fill, paragraphs
from outreach.posts.spoken import say
from outreach.words import Sentence

LETTERS = "ABCD"
ANSWER, LETTERED = Sentence("The answer: {answer}"), Sentence("The answer: {letter}) {answer}")
HINT = Sentence("Hint: {hint}")


def trivia_parts(draft: Draft, limits: Limits) -> list[Part]:
    """The question (a poll where the network has one), and the answer that replies to it later."""
    options = choices(draft)
    as_poll = can_poll(options, draft, limits) and draft.answer_at is not None
    told = "" if as_poll else lettered(options)
    asked = paragraphs(draft.words, told, hint(draft), field(draft, "how"), draft.link, draft.hashtags)
    question = Part(asked, poll=tuple(options), minutes=_open(draft)) if as_poll else Part(asked, draft.images)
    answer = answer_text(draft, with_letter=not as_poll)
    if not limits.thread:  # it stands alone there, far from its question
        answer = paragraphs(draft.words, answer) if answer else ""
    return [question, Part(answer, at=draft.answer_at, answers=0)]


def can_poll(options: list[str], draft: Draft, limits: Limits) -> bool:
    fits = len(options) <= limits.poll_options and all(len(o) <= limits.poll_option_characters for o in options)
    return fits and not draft.images


def lettered(options: list[str]) -> str:
    return "\n".join(f"{LETTERS[n]}) {option}" for n, option in enumerate(options))


def _open(draft: Draft) -> int:
    """The poll closes when the answer comes."""
    if not draft.at or not draft.answer_at:
        return 0
    return int((draft.answer_at - draft.at).total_seconds() // 60)


def hint(draft: Draft) -> str:
    told = field(draft, "hint")
    return fill(say(HINT, draft.speaks), hint=told) if told else ""


def answer_text(draft: Draft, with_letter: bool = True) -> str:
    options, right = choices(draft), right_choice(draft)
    if right is None or right >= len(options):
        return ""
    reveal = field(draft, "reveal") or say(LETTERED if with_letter else ANSWER, draft.speaks)
    line = fill(reveal, letter=LETTERS[right], answer=options[right])
    return paragraphs(line, field(draft, "explanation"))


def field(draft: Draft, name: str) -> str:
    return str(draft.fields.get(name) or "").strip()


def choices(draft: Draft) -> list[str]:
    return _all_choices(draft)[: len(LETTERS)]


def _all_choices(draft: Draft) -> list[str]:
    return [str(c).strip() for c in draft.fields.get("choices", []) if str(c).strip()]


def right_choice(draft: Draft) -> int | None:
    right = draft.fields.get("right")
    return right if isinstance(right, int) and right >= 0 else None


def choice_demands(draft: Draft) -> list[Sentence]:
    options = choices(draft)
    if len(options) < 2:
        return [Sentence("Give at least two choices.")]
    if len(_all_choices(draft)) > len(LETTERS):
        return [Sentence("Give at most %(most)s choices.", most=len(LETTERS))]
    if len({o.casefold() for o in options}) < len(options):
        return [Sentence("Two choices are the same. Change one of them.")]
    return []


def trivia_demands(draft: Draft) -> list[Sentence]:
    missing = [] if draft.words.strip() else [Sentence("Write the question.")]
    missing += choice_demands(draft)
    right = right_choice(draft)
    if right is None or right >= len(choices(draft)):
        missing.append(Sentence("Say which choice is the right one."))
    if draft.at and draft.answer_at and draft.answer_at <= draft.at:
        missing.append(Sentence("The answer would come before the question. Choose a later time for it."))
    return missing
