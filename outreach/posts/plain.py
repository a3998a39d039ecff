"""Posts that are one message: news, a highlight, student work, a question with a poll or a link. Pure."""

from __future__ import annotations

from outreach.channels.base import Limits
from outreach.posts.drafts import Draft, Part, fill, paragraphs
from outreach.posts.spoken import say
from outreach.posts.trivia import can_poll, choice_demands, choices, field, lettered
from outreach.words import Sentence

FOR_WHOM = Sentence("For: {whom}")
TOLD = {"poll": Sentence("You said: {result}"), "done": Sentence("We did: {done}")}
DAY = 24 * 60  # minutes


def news_parts(draft: Draft, limits: Limits) -> list[Part]:
    return [Part(paragraphs(draft.words, draft.link, draft.hashtags), draft.images)]


def news_demands(draft: Draft) -> list[Sentence]:
    return [] if draft.words.strip() or draft.images else [Sentence("Write what you want to share.")]


def highlight_parts(draft: Draft, limits: Limits) -> list[Part]:
    whom = field(draft, "whom")
    told = fill(say(FOR_WHOM, draft.speaks), whom=whom) if whom else ""
    text = paragraphs(named(draft), draft.words, told, _link(draft), draft.hashtags)
    return [Part(text, draft.images)]


def named(draft: Draft) -> str:
    """What it is about: as it was typed, else the book that was chosen."""
    book = next(iter(draft.books), None)
    of_book = f"{book.title} – {book.author}" if book and book.author else book.title if book else ""
    return field(draft, "name") or of_book


def _link(draft: Draft) -> str:
    book = next(iter(draft.books), None)
    return draft.link or (book.link or "" if book else "")


def highlight_demands(draft: Draft) -> list[Sentence]:
    missing = [] if named(draft) else [Sentence("Say what you want to point to, or choose a title.")]
    return missing + ([] if draft.words.strip() else [Sentence("Say why it is good.")])


def student_demands(draft: Draft) -> list[Sentence]:
    return [] if draft.words.strip() or draft.images else [Sentence("Add the picture or the words of the work.")]


def feedback_parts(draft: Draft, limits: Limits) -> list[Part]:
    """A poll where the network has one, lettered lines elsewhere; or a question with its link; or what became of it."""
    if draft.fields.get("way") == "done":
        return [Part(paragraphs(_done(draft), draft.link, draft.hashtags), draft.images)]
    options = choices(draft) if draft.fields.get("way") == "poll" else []
    if options and can_poll(options, draft, limits):
        asked = paragraphs(draft.words, draft.link, draft.hashtags)
        return [Part(asked, poll=tuple(options), minutes=_days(draft) * DAY)]
    how = field(draft, "how") if options else ""
    return [Part(paragraphs(draft.words, lettered(options), how, draft.link, draft.hashtags), draft.images)]


def _days(draft: Draft) -> int:
    days = str(draft.fields.get("days") or "3")
    return int(days) if days.isdecimal() else 3


def _done(draft: Draft) -> str:
    told = {"result": field(draft, "result"), "done": field(draft, "done")}
    said = fill(say(TOLD["poll"], draft.speaks), **told) if told["result"] else ""
    did = fill(say(TOLD["done"], draft.speaks), **told) if told["done"] else ""
    return paragraphs(draft.words, said, did)


def feedback_demands(draft: Draft) -> list[Sentence]:
    way = draft.fields.get("way")
    if way == "done":
        told = field(draft, "result") and field(draft, "done")
        return [] if told else [Sentence("Write what people said and what you did.")]
    missing = [] if draft.words.strip() else [Sentence("Write the question.")]
    if way == "link" and not draft.link:
        missing.append(Sentence("Add the link to your form."))
    return missing + (choice_demands(draft) if way == "poll" else [])
