"""Posts with a date of their own: an event and its reminders, a book discussion, a live chat. Pure.

What comes at a time of its own stays there when the post is moved (`Part.stays`).
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from outreach import clock
from outreach.channels.base import Limits
from outreach.posts.drafts import Draft, Part, fill, paragraphs
from outreach.posts.fields import is_day
from outreach.posts.plain import named
from outreach.posts.spoken import day, say, time
from outreach.posts.trivia import field
from outreach.words import Sentence

WHEN, WHERE, FOR_WHOM = Sentence("When: {when}"), Sentence("Where: {place}"), Sentence("For: {whom}")
BEFORE = {
    "week": (timedelta(days=7), Sentence("In a week: {name}")),
    "day": (timedelta(days=1), Sentence("Tomorrow: {name}")),
    "hour": (timedelta(hours=1), Sentence("In an hour: {name}")),
}
LONGEST_NIGHT = timedelta(hours=12)  # what ends after midnight; longer than that, it is a slip
NOON = "12:00"  # of questions that nobody gave a time
TALK = Sentence("We talk about {book}.")
NUMBERED = Sentence("Q{number}: {words}")
THANKS = Sentence("Thank you for being with us!")
STARTS = Sentence("Welcome to our chat! The first question comes in a moment.")


def moment(draft: Draft, day_of: str, clock_of: str) -> datetime | None:
    """Wall time in two fields -> UTC."""
    on, at = field(draft, day_of), field(draft, clock_of)
    if not is_day(on) or not clock.is_clock(at):
        return None
    return clock.at_wall(date.fromisoformat(on), at, draft.zone)


def begins(draft: Draft) -> datetime | None:
    return moment(draft, "day", "clock")


def ends(draft: Draft) -> datetime | None:
    """On the same day; the next one where it ends after midnight."""
    start, end = begins(draft), moment(draft, "day", "until")
    if start is None or end is None:
        return None
    return end if end > start else end + timedelta(days=1)


def when(draft: Draft) -> str:
    start = begins(draft)
    if start is None:
        return ""
    told = f"{day(start, draft.zone, draft.speaks)}, {time(start, ends(draft), draft.zone, draft.speaks)}"
    return fill(say(WHEN, draft.speaks), when=told)


def event_parts(draft: Draft, limits: Limits) -> list[Part]:
    """The announcement, then a reminder at each time that is still to come when the post goes out."""
    told = [when(draft), _told(draft, WHERE, "place")]
    whole = paragraphs(
        field(draft, "name"), draft.words, "\n".join(filter(None, [*told, _told(draft, FOR_WHOM, "whom")]))
    )
    announced = Part(paragraphs(whole, draft.link, draft.hashtags), draft.images)
    return [announced, *_reminders(draft, "\n".join(filter(None, told)))]


def _told(draft: Draft, sentence: Sentence, name: str) -> str:
    value = field(draft, name)
    return fill(say(sentence, draft.speaks), **{name: value}) if value else ""


def _reminders(draft: Draft, told: str) -> list[Part]:
    start, wanted = begins(draft), draft.fields.get("remind") or ()
    if start is None:
        return []
    made = []
    for key, (before, sentence) in BEFORE.items():
        at = start - before if key == "hour" else clock.same_wall(start, -before, draft.zone)
        if key in wanted and not (draft.at and at <= draft.at):
            text = paragraphs(fill(say(sentence, draft.speaks), name=field(draft, "name")), told, draft.link)
            made.append(Part(paragraphs(text, draft.hashtags), at=at, stays=True))
    return made


def event_times(draft: Draft) -> list[Sentence]:
    start, end = begins(draft), ends(draft)
    wrong = []
    if is_posted_too_late(draft):
        wrong.append(Sentence("The event would begin before this is posted. Choose an earlier time for the post."))
    if start and end and end - start > LONGEST_NIGHT:
        wrong.append(Sentence("It would end before it begins. Check both times."))
    return wrong


def is_posted_too_late(draft: Draft) -> bool:
    start = begins(draft)
    return start is not None and draft.at is not None and start <= draft.at


def tags(draft: Draft) -> str:
    """The hashtag of the discussion or chat, with its sign, before those of the library."""
    own = field(draft, "tag").lstrip("#").replace(" ", "")
    return " ".join(filter(None, [f"#{own}" if own else "", draft.hashtags]))


def discussion_parts(draft: Draft, limits: Limits) -> list[Part]:
    """The announcement, a question on each of its days, the closing post."""
    book = fill(say(TALK, draft.speaks), book=named(draft)) if named(draft) else ""
    first = Part(paragraphs(draft.words, book, draft.link, tags(draft)), draft.images)
    at = field(draft, "clock") or NOON
    rows = [(row.get("day", ""), str(row.get("words", ""))) for row in draft.fields.get("prompts") or ()]
    closing = [(field(draft, "closing_day"), field(draft, "closing"))]
    return [first, *_dated(draft, [*rows, *closing], at)]


def _dated(draft: Draft, rows: Iterable[tuple[str, str]], at: str) -> list[Part]:
    made = []
    for on, words in rows:
        if words and is_day(on) and clock.is_clock(at):
            moment_ = clock.at_wall(date.fromisoformat(on), at, draft.zone)
            made.append(Part(paragraphs(words, tags(draft)), at=moment_, stays=True))
    return made


def discussion_demands(draft: Draft) -> list[Sentence]:
    missing = [] if named(draft) else [Sentence("Say which book you talk about.")]
    rows = draft.fields.get("prompts") or ()
    if not any(row.get("words") for row in rows):
        missing.append(Sentence("Write at least one question to talk about."))
    if any(bool(row.get("words")) != bool(row.get("day")) for row in rows):
        missing.append(Sentence("Each question needs its words and its day."))
    if bool(field(draft, "closing")) != bool(field(draft, "closing_day")):
        missing.append(Sentence("The closing post needs its words and its day."))
    return missing


def chat_parts(draft: Draft, limits: Limits) -> list[Part]:
    """The announcement; at its time a welcome, each question after some minutes, the thank-you."""
    announced = Part(paragraphs(field(draft, "name"), draft.words, when(draft), draft.link, tags(draft)), draft.images)
    start, asked = begins(draft), [str(q) for q in draft.fields.get("questions") or ()]
    if start is None or not asked:
        return [announced]
    told = [(say(STARTS, draft.speaks), "")]
    told += [(fill(say(NUMBERED, draft.speaks), number=n, words=q), q) for n, q in enumerate(asked, 1)]
    told.append((field(draft, "thanks") or say(THANKS, draft.speaks), ""))
    moments = [start, *(start + MOMENT + n * _gap(draft) for n in range(len(asked) + 1))]
    return [
        announced,
        *(
            Part(paragraphs(text, tags(draft)), at=at, stays=True, own=own)
            for (text, own), at in zip(told, moments, strict=True)
        ),
    ]


MOMENT = timedelta(minutes=3)  # between the welcome and the first question


def _gap(draft: Draft) -> timedelta:
    gap = str(draft.fields.get("gap") or "")
    return timedelta(minutes=int(gap) if gap.isdecimal() and 0 < int(gap) <= 60 else 10)


def chat_demands(draft: Draft) -> list[Sentence]:
    return [] if draft.fields.get("questions") else [Sentence("Write at least one question for the chat.")]


def chat_times(draft: Draft) -> list[Sentence]:
    late = Sentence("The chat would begin before this is posted. Choose an earlier time for the post.")
    return [late] if is_posted_too_late(draft) else []


def discussion_times(draft: Draft) -> list[Sentence]:
    """What has a time of its own comes after the post itself."""
    if draft.at and any(part.at and part.at <= draft.at for part in discussion_parts(draft, Limits())):
        return [Sentence("A question would come before the post that announces it. Choose a later day for it.")]
    return []
