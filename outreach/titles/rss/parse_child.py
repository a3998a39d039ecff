"""`parse` where it cannot hurt: in a child process, see `child.py`."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from outreach.titles.child import Damaged, TooMuch, safely
from outreach.titles.rss.not_a_feed import NotAFeed
from outreach.titles.rss.parse import Parsed, parse
from outreach.titles.title import ParsedTitle
from outreach.words import Sentence

_TOO_MUCH = Sentence(
    "The list from the catalog takes too much time or memory to read. "
    "Ask the catalog for fewer titles, for example with count=50 in the address."
)
_DAMAGED = Sentence("The list from the catalog is damaged and cannot be read.")


def parse_safely(body: bytes, content_type: str, url: str, now: datetime) -> Parsed:
    """As `parse`, whatever the body holds: returns or raises NotAFeed within a minute."""
    head = {"content_type": content_type, "url": url, "now": now.isoformat()}
    try:
        return _received(safely("feed", head, body))
    except TooMuch as too_much:
        raise NotAFeed(_TOO_MUCH) from too_much
    except Damaged as damaged:
        raise NotAFeed(_DAMAGED) from damaged


def _received(answer: dict[str, Any]) -> Parsed:
    if "sentence" in answer:
        raise NotAFeed(Sentence.load(answer["sentence"]), answer["feed_link"])
    return Parsed(
        titles=tuple(title_from(title) for title in answer["titles"]),
        warnings=tuple(Sentence.load(warning) for warning in answer["warnings"]),
        complete=answer["complete"],
    )


def title_from(values: dict[str, Any]) -> ParsedTitle:
    """What `as_values` made. Past the care of a frozen dataclass, which costs a tenth of a second for 10,000."""
    added, made = values["added"], object.__new__(ParsedTitle)
    said = datetime.fromisoformat(added) if added else None
    vars(made).update(values, isbn13=tuple(values["isbn13"]), added=said)
    return made


def as_values(title: ParsedTitle) -> dict[str, Any]:
    return vars(title) | {"added": title.added and title.added.isoformat()}


def answer(head: dict[str, Any], body: bytes) -> dict[str, Any]:
    """The child's side."""
    from outreach.titles.rss.quicker import hurry

    hurry()
    try:
        parsed = parse(body, head["content_type"], head["url"], datetime.fromisoformat(head["now"]))
    except NotAFeed as no:
        return {"sentence": no.sentence.dump(), "feed_link": no.feed_link}
    titles = [as_values(title) for title in parsed.titles]
    return {"titles": titles, "warnings": [w.dump() for w in parsed.warnings], "complete": parsed.complete}
