"""Where a title may be broken, and which of the ways to break it looks best. Pure: widths come in as numbers."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Sequence
from functools import lru_cache
from itertools import accumulate

import regex

# Scripts written without spaces: between any two characters, but for the signs that may not begin or end a line.
_NO_SPACES = regex.compile(
    r"[\p{Han}\p{Hiragana}\p{Katakana}\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}\u3000-\u303f\uff00-\uffef]"
)
# The common part of JIS X 4051 and of "Requirements for Chinese Text Layout"; then Thai and Lao vowels and signs.
_NOT_FIRST = frozenset(
    "、。，．・：；？！゛゜ヽヾゝゞ々ー’”）〕］｝〉》」』】〙〗〟｠»%‰,.:;?!)]}…‥~～ぁぃぅぇぉっゃゅょゎゕゖァィゥェォッャュョヮヵヶ"
    "\u0e2f\u0e30\u0e32\u0e33\u0e45\u0e46\u0eb0\u0eb2\u0eb3\u0ebd\u0ec6"
)
_NOT_LAST = frozenset("‘“（〔［｛〈《「『【〘〖〝｟«([{\u0e40\u0e41\u0e42\u0e43\u0e44\u0ec0\u0ec1\u0ec2\u0ec3\u0ec4")
_BREAKS_AFTER = frozenset("-–—/‐")
_HIRAGANA, _HAN = regex.compile(r"\p{Hiragana}"), regex.compile(r"\p{Han}")
_LITTLE = re.compile(  # of English, German, French, Spanish, Italian, Portuguese, Dutch, Russian
    "an?|the|of|and|in|on|at|to|for|by|or|is|my|from|with|d(er|ie|as|en|em)|eine?|und|im|von|zu|mit|l[eao]s?|une?|des?|du"
    "|et|à|aux?|en|el|un[ao]?|y|del|al|il|gli|di|e|d[ao]s?|os?|as?|um|uma|het|een|van|и|в|на|с|к",
    re.IGNORECASE,
)
_TOO_SMALL = 0.34  # of the line: a last line shorter than this, of one word, is a widow


@lru_cache(maxsize=64)
def pieces(text: str) -> tuple[str, ...]:
    """Parts that stay whole, each with the space behind it; joined they are the text again."""
    found: list[str] = []
    for cluster in regex.findall(r"\X", text):
        if found and not _may_break(found[-1], cluster):
            found[-1] += cluster
        else:
            found.append(cluster)
    return tuple(found)


def _may_break(before: str, cluster: str) -> bool:
    last = before[-1]
    if cluster.isspace() or cluster[0] in _NOT_FIRST:
        return False
    if last.isspace():
        return True
    if last in _NOT_LAST:
        return False
    if last in _BREAKS_AFTER:
        return len(before) > 2 and cluster.isalpha()
    return bool(_NO_SPACES.search(cluster) or _NO_SPACES.search(last))


def cut_up(word: str, measure: Callable[[str], float], limit: float) -> list[str]:
    """A word wider than the line in parts of about one width, with hyphens where the script has them."""
    hyphen = "-" if regex.search(r"[\p{Latin}\p{Cyrillic}\p{Greek}\p{Armenian}]", word) else ""
    clusters: list[str] = regex.findall(r"\X", word)
    for count in range(math.ceil(measure(word.rstrip()) / limit), len(clusters)):
        parts = _parts(clusters, count, measure)
        parts = [part + hyphen for part in parts[:-1]] + parts[-1:]
        if max(measure(part.rstrip()) for part in parts) <= limit:
            return parts
    return clusters


def _parts(clusters: Sequence[str], count: int, measure: Callable[[str], float]) -> list[str]:
    """About `count` parts: a part ends with the cluster that reaches its share of the width."""
    whole = measure("".join(clusters).rstrip())
    parts, reached = [""], 0.0
    for cluster in clusters:
        if parts[-1] and not cluster.isspace() and reached + measure(cluster) / 2 > len(parts) * whole / count:
            parts.append("")
        parts[-1] += cluster
        reached += measure(cluster)
    return parts


def lines(parts: Sequence[str], measure: Callable[[str], float], limit: float) -> list[str] | None:
    """The fewest lines that hold `parts`, as even as they can be; None if one part alone is wider than `limit`."""
    bare = [measure(part.rstrip()) for part in parts]
    if not parts or max(bare) > limit:
        return None
    ends = [0.0, *accumulate(measure(part) for part in parts)]
    cuts = _best_cuts(parts, lambda start, end: ends[end - 1] - ends[start] + bare[end - 1], limit)
    return ["".join(parts[start:end]).strip() for start, end in cuts]


def _best_cuts(parts: Sequence[str], width: Callable[[int, int], float], limit: float) -> list[tuple[int, int]]:
    """For each place the cheapest way to get there: (lines, raggedness, the cut before)."""
    best: list[tuple[int, float, int]] = [(0, 0.0, 0)]
    for end in range(1, len(parts) + 1):
        ways = []
        for start in range(end - 1, -1, -1):
            if (wide := width(start, end)) > limit:
                break
            cost = _cost(parts, start, end, wide / limit)
            ways.append((best[start][0] + 1, best[start][1] + cost, start))
        best.append(min(ways))
    cuts = []
    end = len(parts)
    while end:
        cuts.append((best[end][2], end))
        end = best[end][2]
    return cuts[::-1]


def _cost(parts: Sequence[str], start: int, end: int, filled: float) -> float:
    cost = (1 - filled) ** 2
    is_last = end == len(parts)
    if is_last and start and end - start == 1 and filled < _TOO_SMALL:
        cost += 1.0
    if not is_last and parts[end - 1].endswith(" ") and is_little(parts[end - 1].strip()):
        cost += 0.12  # "The fox and the / crow" reads better as "The fox / and the crow"
    return cost if is_last else cost + torn(parts[end - 1][-1], parts[end][0])


def torn(last: str, first: str) -> float:
    """What it costs to break between these characters.

    Japanese words mostly begin with a character or katakana and end in hiragana; Chinese shows no words at all.
    """
    if _HIRAGANA.match(first):
        return 0.1
    return 0.05 if _HAN.match(first) and _HAN.match(last) else 0.0


def is_little(word: str) -> bool:
    """An article, a preposition or an "and": it belongs to what follows."""
    return bool(_LITTLE.fullmatch(word))
