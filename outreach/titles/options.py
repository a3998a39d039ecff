"""The choices of a weekly post beyond day, number and places: none has to be made. Pure.

They are kept as JSON with the rule, and become fields of the posts it writes (see posts/listing.py).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, fields
from typing import Any

from outreach.posts.listing import GROUPS, PICTURES

ORDERS = ("newest", "audience")


@dataclass(frozen=True)
class Options:
    order: str = "newest"  # audience: for the youngest readers first; what was picked by hand is always first
    group: str = ""  # audience, format: under headings
    audiences: Sequence[str] = ()  # only these; none: all
    formats: Sequence[str] = ()
    line: str = ""  # how a title is written; empty: "• {title} – {author}"
    more_words: str = ""  # empty: "…and {more} more: {catalog}"
    whole: bool = False  # one post, never a thread
    pictures: str = "collage"
    real_covers: bool = False
    tags: str = ""
    words_for: Mapping[str, str] = field(default_factory=dict)  # account id -> its own words

    @classmethod
    def of(cls, stored: Mapping[str, Any]) -> Options:
        """From JSON; what it does not know, or what makes no sense any more, takes its default."""
        known = {f.name: stored[f.name] for f in fields(cls) if f.name in stored}
        allowed = {"order": ORDERS, "group": ("", *GROUPS), "pictures": PICTURES}
        return cls(**{name: v for name, v in known.items() if name not in allowed or v in allowed[name]})

    def stored(self) -> dict[str, Any]:
        return asdict(self) | {"audiences": list(self.audiences), "formats": list(self.formats)}

    def fields(self, more: int, catalog: str) -> dict[str, Any]:
        """Those of a post with titles that leaves `more` out; only what differs from a plain list."""
        told = {
            "pictures": self.pictures,
            "real_covers": self.real_covers,
            "line": self.line,
            "group": self.group,
            "more": more,
            "more_words": self.more_words,
            "whole": self.whole,
            "tags": self.tags,
            "catalog": catalog,
        }
        return {name: value for name, value in told.items() if value}
