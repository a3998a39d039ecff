"""How a place without an API is opened: its page, with the words in it where the place documents that. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from textwrap import shorten
from urllib.parse import quote, urlsplit

from outreach.channels.by_hand_presets import Preset
from outreach.channels.counting import LINK

HEADING = 78  # characters (RFC 5322 of a subject)
LONGEST = 2_000  # of an address with words in it: what browsers, and Outlook for mailto:, are known to carry
BARE = re.compile(r"[\w-]+(\.[\w-]+)+([/?#:]\S*)?")
EMAIL = re.compile(r"[^\s@<>,;:?&\"]+@[^\s@<>,;:?&\"]+\.[^\s@<>,;:?&\"]+")


@dataclass(frozen=True)
class Opening:
    address: str  # empty: nobody told us
    carries: str = ""  # what is in it: words, link; empty: nothing


def heading(text: str) -> tuple[str, str]:
    """What stands above the words, and the words: a short first paragraph, else the beginning of its first sentence.

    >>> heading("Poetry night\\n\\nEverybody is welcome.")
    ('Poetry night', 'Everybody is welcome.')
    >>> heading("We are open. Come in!")
    ('We are open.', 'We are open. Come in!')
    """
    text = _lines(text).strip()
    first, _, rest = text.partition("\n\n")
    if rest.strip() and len(first) <= HEADING and "\n" not in first:
        return first, rest.strip()
    line = first.split("\n")[0]
    sentence = re.split(r"(?<=[.!?…])\s", line)[0]
    return shorten(sentence, HEADING, placeholder="…").removeprefix("…") or sentence[:HEADING], text


def opening(preset: Preset, text: str, url: str | None, email: str = "") -> Opening:
    """The button to press. `url`: where the library posts there; `email`: whoever takes the words by letter."""
    filled = _filled(preset, text, email)
    if filled and len(filled) <= LONGEST:
        return Opening(filled, "link" if "{link}" in preset.share else "words")
    if preset.share.startswith("mailto:"):
        return Opening(f"mailto:{quote(email, safe='@')}")
    return Opening(url or preset.compose_url or "")


def _filled(preset: Preset, text: str, email: str) -> str:
    links = LINK.findall(text)
    if not preset.share or ("{link}" in preset.share and not links):
        return ""
    above, below = heading(text)
    words = below.replace("\n", "\r\n") if "{heading}" in preset.share else _lines(text)  # as RFC 6068 has it
    values = {"words": words, "heading": above, "link": links[-1] if links else ""}
    coded = {name: quote(value, safe="") for name, value in values.items()}
    return preset.share.format(**coded, email=quote(email, safe="@"))


def _lines(text: str) -> str:
    """A form sends its lines with two characters at their ends."""
    return text.replace("\r\n", "\n")


def web_address(typed: str) -> str | None:
    """As it is typed or pasted, with its beginning; None for what is no https:// address."""
    typed = typed.strip()
    typed = f"https://{typed}" if BARE.fullmatch(typed) else typed
    try:
        parts = urlsplit(typed)
        whole = parts.scheme.lower() == "https" and bool(parts.hostname) and "@" not in parts.netloc
    except ValueError:
        return None
    return typed if whole and not re.search(r"\s", typed) and len(typed) <= 1_000 else None


def is_of(preset: Preset, url: str) -> bool:
    """Is it an address of that place, as far as we know its hosts?"""
    try:
        host = (urlsplit(url).hostname or "").lower()
    except ValueError:
        return False
    return not preset.hosts or any(host == one or host.endswith(f".{one}") for one in preset.hosts)
