"""A list of books as a post: a line each, in groups, with what follows it. Pure.

Its choices are fields of the post, all of them optional:

pictures    collage, four, none: see titles/pictures.py
real_covers use real covers where we may
line        how a book is written: "• {title} – {author}"
group       audience, format: a heading over each group
more        how many other new books there are, and `more_words` to say so, with {more} and {catalog}
whole       all in one message, what does not fit is counted as more
tags        hashtags besides the library's
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any

from outreach.channels.base import Limits
from outreach.posts.drafts import Book, Draft, Part, fill, paragraphs
from outreach.posts.spoken import say
from outreach.words import Sentence

FIELDS = ("pictures", "real_covers", "line", "group", "more", "more_words", "whole", "tags", "catalog")
LINE = "• {title} – {author}"
MORE = Sentence("…and {more} more: {catalog}")
GROUPS = ("audience", "format")
PICTURES = ("collage", "four", "none")
EACH = "each"  # the shape of drawn pictures that are for every place
_BETWEEN = r"[\s–—,:;·|/-]+"


def titles_parts(draft: Draft, limits: Limits) -> list[Part]:
    """The words (placeholders {count}, {library}, {more}), the list, the link; `wording` fits it to the place."""
    fields, more = draft.fields, _whole_number(draft.fields.get("more"))
    intro = fill(draft.words, count=len(draft.books), library=draft.library, more=more)
    tags = " ".join(t for t in (draft.hashtags, str(fields.get("tags") or "")) if t.strip())
    books = grouped(draft.books, group := str(fields.get("group") or ""))
    return [
        Part(
            intro,
            draft.images,
            lines=tuple(lines(books, str(fields.get("line") or LINE), group)),
            listed=tuple(book.id for book in books),
            after=paragraphs(draft.link, tags),
            more=more,
            more_words=_more_words(draft),
            whole=bool(fields.get("whole")),
        )
    ]


def _more_words(draft: Draft) -> str:
    """Without an address of the catalog, the words without its place."""
    catalog = str(draft.fields.get("catalog") or "")
    words = str(draft.fields.get("more_words") or say(MORE, draft.speaks))
    if catalog:
        return words.replace("{catalog}", catalog)
    return re.sub(r" {2,}", " ", words.replace("{catalog}", "")).rstrip(" :–-")


def more_line(words: str, more: int) -> str:
    return fill(words, more=more) if more > 0 else ""


def lines(books: Iterable[Book], template: str, group: str) -> Iterable[str]:
    """A line for each book; the first of a group carries its heading, so that no message ends with one."""
    before = None
    for book in grouped(books, group):
        heading = _heading(book, group)
        line = book_line(book, template)
        if group in GROUPS and heading and heading != before:
            line = f"{heading}\n{line}" if before is None else f"\n{heading}\n{line}"
        before = heading
        yield line


def grouped(books: Iterable[Book], group: str) -> list[Book]:
    """In the order in which the groups first come; what belongs to none is first, under no heading."""
    books = list(books)
    if group not in GROUPS:
        return books
    order = {"": -1} | {h: n for n, h in reversed(list(enumerate(_heading(b, group) for b in books))) if h}
    return sorted(books, key=lambda book: order[_heading(book, group)])


def _heading(book: Book, group: str) -> str:
    heading = (book.audience if group == "audience" else book.format if group == "format" else "") or ""
    return heading[:1].upper() + heading[1:]


def book_line(book: Book, template: str) -> str:
    """What a book does not have leaves no dash and no empty brackets behind."""
    values = {
        "title": book.title,
        "author": book.author or "",
        "format": book.format or "",
        "audience": book.audience,
        "call_number": book.call_number or "",
        "link": book.link or "",
    }
    missing = tuple(name for name, value in values.items() if not value)
    return fill(_shortened(template, missing), **values)


@lru_cache(maxsize=256)  # a list of twenty books lacks the same few things on every line
def _shortened(template: str, missing: tuple[str, ...]) -> str:
    for name in missing:
        template = _without(template, rf"\{{{name}\}}")
    return template


def _without(template: str, place: str) -> str:
    """Brackets around nothing go; of the marks beside it those behind the first of a line or bracket, else before."""
    around = rf"\({place}\)|\[{place}\]"
    template = re.sub(rf"(?m)^(\W*)(?:{around})\s*", r"\1", template)
    template = re.sub(rf"\s*(?:{around})", "", template)
    template = re.sub(rf"(?m)(^\W*|[(\[]){place}{_BETWEEN}", r"\1", template)
    return re.sub(rf"{_BETWEEN}{place}|{place}", "", template)


def _whole_number(value: object) -> int:
    return value if isinstance(value, int) and value > 0 else 0


def titles_demands(draft: Draft) -> list[Sentence]:
    return [] if draft.books else [Sentence("Choose at least one title.")]


def picture_seal(books: Iterable[Book], fields: Mapping[str, Any]) -> str:
    """Of what the pictures of a list are drawn of: other words or other choices, and they are drawn anew."""
    told = [(book.title, book.author, book.format, book.subtitle) for book in books]
    how = [str(fields.get("pictures")), bool(fields.get("real_covers"))]
    return hashlib.sha256(json.dumps([told, how]).encode()).hexdigest()[:32]


def is_undrawn(draft: Draft) -> bool:
    """Is the picture of its books missing, or of other books?"""
    wanted = draft.books and draft.fields.get("pictures") in ("collage", "four")
    seal = picture_seal(draft.books, draft.fields) if wanted else ""
    drawn = [image for image in draft.images if image.shape]
    return bool(wanted) and not (drawn and all(image.seal == seal for image in drawn))
