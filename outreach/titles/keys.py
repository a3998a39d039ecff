"""When are two titles the same? The last resort, for what has neither an ISBN nor a record number."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

import regex

MOST = 200  # characters; it is indexed
# Of the languages school catalogs hold. "Die hard" loses its "die" as well: in a key, that is no harm.
_ARTICLE = re.compile(
    r"\A(?:(?:the|a|an|le|la|les|un|une|des|el|los|las|una|der|die|das|ein|eine|il|lo|gli|i|de|het|een|o|os|as|um|uma)"
    r"\s+|l['’])(?=\w)"
)
_MARKS = re.compile(r"[\u0300-\u036f]")
# C, C++ and C# are three languages; a letter of many scripts is another one with the mark behind it.
_WORD = re.compile(r"[^\W_]+[+#]*")
_MARKED_WORD = regex.compile(r"[\p{L}\p{N}][\p{L}\p{N}\p{Mn}\p{Mc}]*[+#]*")
_SUFFIX = re.compile(r"[\s,]+(?:jr|sr|ii|iii|iv)\.?$", re.IGNORECASE)
_PLAIN_BOOK = {"book", "books", "text", "print", "printed text", "regular print"}


def match_key(title: str, author: str | None, format: str | None) -> str:
    """``light fantastic|pratchett|``: title without article (and without subtitle: pass none), surname, format.

    No format and "Books" are the same. A title of punctuation alone is its own key.
    """
    words = fold(title).replace("|", " ").strip()
    bare = " ".join(_words(_ARTICLE.sub("", words, count=1)))
    return "|".join(((bare or words)[:MOST], _surname(author or ""), _kind(format or "")))


def fold(text: str) -> str:
    if text.isascii():
        return text.casefold()
    return _MARKS.sub("", unicodedata.normalize("NFKD", text.casefold()))


def _words(folded: str) -> list[str]:
    return (_WORD if folded.isascii() else _MARKED_WORD).findall(folded)


@lru_cache(maxsize=4096)
def _surname(author: str) -> str:
    name = _SUFFIX.sub("", fold(author))
    last = name.partition(",")[0] if "," in name else (name.split() or [""])[-1]
    return "".join(_words(last))[:60]


@lru_cache(maxsize=256)
def _kind(format: str) -> str:
    kind = " ".join(_words(fold(format)))
    return "" if kind in _PLAIN_BOOK else kind.removesuffix("s")[:60]
