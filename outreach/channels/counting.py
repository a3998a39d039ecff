"""How many characters a text has, by each network's own rule. Pure.

graphemes   what a reader calls a letter (UAX 29): Mastodon, Bluesky
weighted    X: Latin and the like 1, everything else 2, any emoji 2, any link 23 (see x_count)
emoji_bytes Threads: an emoji is as many characters as it has bytes in UTF-8
utf16       LinkedIn, Facebook: as JavaScript counts, so that an emoji is 2 or more
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

import regex

from outreach.channels.base import Limits
from outreach.channels.x_count import weight

# A link ends before the full stop or bracket that closes its sentence (twitter-text's valid_url, which Mastodon uses);
# where it may end otherwise, we count one more than the server and never one less.
LINK = regex.compile(r"https?://[^\s<>\"]*[\w=#/+&-]")
MENTION = regex.compile(r"(?<![\w/])(@[\w.-]+)@[\w.-]+\w")
HASHTAG, NAME = regex.compile(r"(?<!\w)#\w+"), regex.compile(r"(?<![\w@])@[\w.]+")
CLUSTER = regex.compile(r"\X")
EMOJI = regex.compile(r"\p{Extended_Pictographic}|\p{Regional_Indicator}|\p{Emoji_Modifier}|\u20e3")


def count(text: str, limits: Limits, warning: str = "") -> int:
    """A link costs `link_cost`; @user@host costs @user where the server says so; the content warning counts too.

    Where bytes are short before characters are, they are told in characters: 3,000 of 3,000 bytes are 300 of 300.
    Mastodon: app/validators/status_length_validator.rb. Bluesky: app.bsky.feed.post, maxGraphemes and maxLength.

    >>> count("Grüße 👋", Limits())
    7
    >>> count("a" * 10 + "👨‍👩‍👧" * 200, Limits(characters=300, text_bytes=3_000))
    361
    """
    if limits.words is not None:
        return len(text.split())
    size = len((text + warning).encode())
    if limits.link_cost is not None and limits.counting != "weighted":  # which knows links by its own rule
        text = LINK.sub("x" * limits.link_cost, text)
    if limits.mention_without_server:
        text = MENTION.sub(r"\1", text)
    counted = RULES[limits.counting](text + warning)
    if limits.text_bytes is not None and size > limits.text_bytes:
        return max(counted, -(-size * limits.characters // limits.text_bytes))
    return counted


def most(limits: Limits) -> int:
    return limits.characters if limits.words is None else limits.words


def found_in(text: str, limits: Limits) -> dict[str, tuple[int, int]]:
    """What a network counts besides characters, where there is more of it than it takes: name -> (found, most).

    >>> found_in("#a #b @c", Limits(tags=1, names=1))
    {'tags': (2, 1)}
    """
    counted = {
        "links": (len(set(LINK.findall(text))), limits.links),
        "tags": (len(HASHTAG.findall(text)), limits.tags),
        "names": (len(NAME.findall(text)), limits.names),
    }
    return {name: (found, most) for name, (found, most) in counted.items() if most is not None and found > most}


def _graphemes(text: str) -> int:
    return sum(1 for _ in CLUSTER.finditer(text))


def _emoji_bytes(text: str) -> int:
    clusters = (found[0] for found in CLUSTER.finditer(text))
    return sum(len(cluster.encode()) if EMOJI.search(cluster) else len(cluster) for cluster in clusters)


def _utf16(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2


RULES: Mapping[str, Callable[[str], int]] = {
    "graphemes": _graphemes,
    "weighted": weight,
    "emoji_bytes": _emoji_bytes,
    "utf16": _utf16,
}
