"""How many characters a message has on X: never fewer than X counts. Pure.

    text in NFC -> links, 23 each, with https:// or without -> emoji, 2 each -> the rest by code point, 1 or 2

Source: docs.x.com, counting characters, and X's library twitter-text (configuration version 3).

X links only addresses whose ending it knows, and its list is long. An address whose ending is in ours costs 23; any
other the most that X could make of it: its letters, or a link and what is left of it. An emoji sequence that was on no
keyboard of 2019 (the list that we compare with is that old) costs what its parts cost.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from typing import Any

import regex

from outreach.channels.x_endings import COUNTRIES, ENDINGS, OTHER_FLAGS

Match = Any  # of `regex`, which has no types
Pattern = Any
LINK = 23
LIGHT = ((0, 4351), (8192, 8205), (8208, 8223), (8242, 8247))  # these code points weigh 1, all others 2

# What X surely links, and how far: its own rule allows a few more letters, which then count beside the link.
_G, _E = r"A-Za-z0-9!*';:=+,.$/%#\[\]\-_~@|&", r"A-Za-z0-9=_#/+\-"
_PATH = rf"/(?:[{_G}]*(?:\([{_G}]+\)[{_G}]*)*(?:[{_E}]|\([{_G}]+\)))?"
_QUERY = rf"\?(?:[{_G}?()]*[A-Za-z0-9\-_&=#/])"
_LABEL, _ENDING = r"[A-Za-z0-9](?:[A-Za-z0-9\-]*[A-Za-z0-9])?", rf"(?:{'|'.join(ENDINGS)})(?![0-9A-Za-z@+\-])"
_HOST = rf"(?!t\.co\b)(?:{_LABEL}\.)+{_ENDING}"  # after t.co, X allows nothing but the short name
_FREE = r"(?<=^|\s|(?:^|\s)[(\[\"'])"  # elsewhere it may be the end of what X takes for something else
_CJK = r"(?<=[\u3000-\u30ff\u3400-\u9fff\uac00-\ud7a3（：])"  # written without spaces
KNOWN = regex.compile(
    rf"(?:{_FREE}|{_CJK})https?://{_HOST}(?::[0-9]+)?(?:{_PATH})?(?:{_QUERY})?"
    rf"|{_FREE}{_HOST}(?:(?::[0-9]+)?{_PATH}(?:{_QUERY})?)?",
    regex.IGNORECASE,
)
_ANY, _LATIN = r"[A-Za-z0-9\-]|[^\x00-\x7f\s]", r"[A-Za-z0-9\u00c0-\u024f\u0253-\u02bb\u0300-\u036f\u1e00-\u1eff\-]"
MAYBE = regex.compile(  # other letters than Latin ones only behind https://
    rf"(?:(?<![A-Za-z0-9@＠$#＃])https?://(?:{_ANY})+(?:\.(?:{_ANY})+)*\.(?=[^\W\d_]{{2}})(?:{_ANY})+"
    rf"|(?<![A-Za-z0-9@＠$#＃/\-]|[A-Za-z0-9]\.){_LATIN}+(?:\.{_LATIN}+)*\.(?=[^\W\d_]{{2}}){_LATIN}+)"
    r"(?![0-9A-Za-z@+\-])",
    regex.IGNORECASE,
)

_TONE, _MARK = "[\U0001f3fb-\U0001f3ff]", "\ufe0f?"
_OLD_BASE = "[\\p{Emoji_Modifier_Base}--[\U0001f90c\U0001f977\U0001fac0-\U0001faff]]"
_GROWN, _CHILD = "[👨👩]", "[👦👧]"
_SEQUENCES = (
    f"(?:👨‍👨|👨‍👩|👩‍👩|{_GROWN})‍(?:👧‍{_CHILD}|👦‍👦|{_CHILD})",
    f"{_GROWN}{_TONE}?‍(?:[⚕⚖✈]{_MARK}|[🌾🍳🎓🎤🎨🏫🏭💻💼🔧🔬🚀🚒])",
    f"[🏃🏄🏊🏋🏌👮👱👳👷💁💂💆💇🕵🙅🙆🙇🙋🙍🙎🚣🚴🚵🚶🤦🤷🤸🤹🤽🤾🦸🦹🧍🧎🧏🧖-🧝⛹](?:{_TONE}|{_MARK})‍[♀♂]{_MARK}",
    f"🏳{_MARK}‍🌈|🏴‍☠{_MARK}|👁{_MARK}‍🗨{_MARK}|🐕‍🦺",
    "🏴\U000e0067\U000e0062(?:\U000e0065\U000e006e\U000e0067|\U000e0073\U000e0063\U000e0074|"
    "\U000e0077\U000e006c\U000e0073)\U000e007f",
    "|".join("".join(chr(ord(letter) + 0x1F185) for letter in code) for code in (*COUNTRIES, *OTHER_FLAGS)),
    f"[0-9#*]{_MARK}\u20e3",
    f"{_OLD_BASE}{_TONE}",
    f"[\\p{{Extended_Pictographic}}--\\p{{Emoji_Presentation}}]{_MARK}|\\p{{Extended_Pictographic}}",
)
EMOJI = regex.compile("|".join(_SEQUENCES), regex.VERSION1)


def weight(text: str) -> int:
    """
    >>> weight("Hello 图书馆 👨‍👩‍👧")
    15
    >>> weight("On our page: maplelibrary.org/new-books?shelf=12")
    36
    """
    text = unicodedata.normalize("NFC", text).replace("\r\n", "\n")
    return _pieces(text, KNOWN, lambda _: LINK, _without_known)


def has_link(text: str) -> bool:
    """May X find an address in it? Then the message has another price."""
    return bool(KNOWN.search(text) or MAYBE.search(text))


def _without_known(text: str) -> int:
    return _pieces(text, MAYBE, _most, _without_links)


def _most(found: Match) -> int:
    """A link may begin behind any letter that is none of English, and end two letters after the first full stop."""
    start, _, rest = str(found[0]).partition(".")
    outside = max((at for at, letter in enumerate(start, 1) if not letter.isascii()), default=0)
    return max(_letters(found[0]), _letters(start[:outside]) + LINK + _letters(rest) - 2)


def _without_links(text: str) -> int:
    return _pieces(text, EMOJI, lambda _: 2, _letters)


def _letters(text: str) -> int:
    return sum(1 if any(first <= ord(letter) <= last for first, last in LIGHT) else 2 for letter in text)


def _pieces(text: str, what: Pattern, cost: Callable[[Match], int], between: Callable[[str], int]) -> int:
    """What is found costs `cost`, and all that stands before, between and after it `between`."""
    total, at = 0, 0
    for found in what.finditer(text):
        total, at = total + between(text[at : found.start()]) + cost(found), found.end()
    return total + between(text[at:])
