"""The plain values that the words of a post are made of, without a row of the database."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

BARE_ADDRESS = re.compile(r"[\w-]+(\.[\w-]+)+([/?#]\S*)?")


@dataclass(frozen=True)
class Image:
    """A picture of a post: where its bytes are, and what it shows."""

    digest: str
    mime: str
    alt: str
    size: int
    pixels: int = 0
    shape: str = ""  # drawn for places that like this shape; empty: for every place
    source: str = ""  # where a preview finds what is not stored yet
    seal: str = ""  # of what it was drawn of, see listing.picture_seal


@dataclass(frozen=True)
class Book:
    title: str
    author: str | None = None
    link: str | None = None
    format: str | None = None
    audience: str = ""
    call_number: str | None = None
    subtitle: str | None = None
    id: int = 0  # of the title it is
    announced_at: datetime | None = None


@dataclass(frozen=True)
class Draft:
    """All that decides the words of a post, without a row of the database."""

    kind: str
    words: str = ""
    link: str = ""
    fields: Mapping[str, Any] = field(default_factory=dict)
    images: tuple[Image, ...] = ()
    books: tuple[Book, ...] = ()
    visibility: str = ""
    warning: str = ""
    language: str = ""
    second: Mapping[str, Any] = field(default_factory=dict)  # "language", and what reads differently in it
    own: Mapping[int, str] = field(default_factory=dict)  # account -> its own words, to be looked through
    hashtags: str = ""
    library: str = ""
    zone: str = "UTC"
    speaks: str = "en"  # the language of words that we add
    permitted: bool = False  # somebody checked the permission list for student work
    at: datetime | None = None
    answer_at: datetime | None = None


@dataclass(frozen=True)
class Part:
    """One message before it is fitted to an account."""

    text: str
    images: tuple[Image, ...] = ()
    poll: tuple[str, ...] = ()
    minutes: int = 0  # how long the poll is open; 0: as long as is usual
    language: str = ""  # where it is another one than that of the post
    at: datetime | None = None  # None: with the post
    stays: bool = False  # its time is its own: moving the post leaves it where it is
    answers: int | None = None  # the part it replies to
    own: str = ""  # what of it a person wrote, where we put something before it
    lines: tuple[str, ...] = ()  # a list that may be continued in a thread
    listed: tuple[int, ...] = ()  # the title of each line
    after: str = ""  # what follows the list
    more: int = 0  # books that are not in the list
    more_words: str = ""  # "…and {more} more", said where there are some
    whole: bool = False  # all in one message: what does not fit is "more"


def whole_address(typed: str) -> str:
    """`school.org/tent`, as people type it, with its beginning; anything else as it is."""
    typed = typed.strip()
    return f"https://{typed}" if BARE_ADDRESS.fullmatch(typed) else typed


def paragraphs(*pieces: str) -> str:
    return "\n\n".join(piece.strip() for piece in pieces if piece and piece.strip())


def fill(template: str, **values: object) -> str:
    """Named placeholders only: no attribute, no index, no code. Unknown ones stay as they are typed."""
    names = "|".join(values)
    return re.sub(rf"\{{({names})\}}", lambda found: str(values[found[1]]), template)
