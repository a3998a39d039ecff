"""A title as a feed, a file or a look-up says it, in plain words: what everything else here speaks."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class ParsedTitle:
    title: str
    subtitle: str | None
    author: str | None
    isbn13: tuple[str, ...]
    format: str | None
    cover: str | None
    link: str | None
    record: str | None  # host and number, e.g. "opac.x.org biblionumber 4211"
    added: datetime | None  # when the catalog says so and can be believed
    call_number: str | None = None
    audience: str = ""  # as the source says it: "Ages 8-12", "Young adult"
    grade: int | None = None  # the lowest it is meant for: -1 before school, 0 kindergarten, 1 to 12, 13 adults
