"""Authors: ``Pratchett, Terry, 1948-2015, author.`` becomes ``Terry Pratchett``.

Only what is certain is turned round: exactly two parts at a comma. Corporate names, three parts, several people in one
field stay as the catalog wrote them. Names written in Chinese, Japanese or Korean script keep their order; romanised
ones cannot be told from others and are turned like them.
"""

from __future__ import annotations

import re

from outreach.titles.text import cap, tidy

REFUSED = 2_000  # characters; nobody is called that
MOST = 300


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_ROLES = _words(
    "author authors joint coauthor co-author illustrator illustrators editor editors compiler translator narrator "
    "reader artist writer photographer colorist colourist letterer penciller inker adapter creator contributor "
    "director producer performer composer lyricist screenwriter designer cartoonist annotator abridger introduction"
)
# Only in lower case: Ed Young and Art Spiegelman are people.
_CODES = _words("aut ill illus ed eds edt trl trans trad comp nrt clr ltr art ctb cre adp pht prf cmp drt pro aui")
_BETWEEN = frozenset(("and", "&", "or", "und", "et", "y"))
_DATE_WORDS = _words(
    "active approximately about born died between b d fl ca c circa century cent bc ad bce ce b.c a.d b.c.e c.e"
)
_YEARS = re.compile(r"[\[(]?\d{3,4}\??(?:[-–](?:\d{1,4}\??)?)?[\])]?|[-–]\d{3,4}\??")
_DIGIT = re.compile(r"\d")
_ORDINAL = re.compile(r"\d{1,2}(?:st|nd|rd|th)")
_COMMA = re.compile(r"\s*,\s*")
_PARENTHESES = re.compile(r"\s*\([^()]*\)")
_STOP_STAYS = re.compile(
    r"(?:\.\.\.|(?:^|[\s.\-–])[^\W\d_]\.|(?:^|\s)(?:Dr|Mr|Mrs|Ms|Jr|Sr|St|Prof|Rev|Inc|Ltd|Co|Bros|Cie)\.)$"
)
_SUFFIX = re.compile(r"(?:Jr|Sr)\.?|I{2,3}|IV")
_FIRM = re.compile(r"(?:Inc|Ltd|LLC|Co|Corp|GmbH|Limited|Incorporated|S\.?A|Plc)\.?", re.IGNORECASE)
_PARTICLE = re.compile(r"(?:of|da|de|del|della|di|du|d'|the|le|la|van|von|ben|ibn|al-)\b")
_EAST_ASIAN = re.compile(r"[\u1100-\u11ff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\U00020000-\U0003ffff]")


def clean_author(raw: str) -> str | None:
    """The name as people say it, or None if there is none. Cleaning it again changes nothing."""
    if len(raw) > REFUSED:
        return None
    name, before = tidy(raw), None
    while name != before:  # dropping one thing can lay another bare
        before, name = name, _once(name)
    return name if any(c.isalnum() for c in name) else None


def _once(name: str) -> str:
    if "(" in name:
        name = _PARENTHESES.sub("", name)
    if name[:3].casefold() == "by ":
        name = name[3:]
    if "," not in name:
        return cap(_without_stop(_without_roles(name)), MOST)
    parts = [part for part in _COMMA.split(name.strip()) if part]
    while len(parts) > 1 and _is_aside(parts[-1]):
        parts.pop()
    if not parts:
        return ""
    parts[-1] = _without_stop(_without_roles(parts[-1]))
    return cap(_turned([part for part in parts if part]), MOST)


def _turned(parts: list[str]) -> str:
    if len(parts) == 3 and _SUFFIX.fullmatch(parts[2]):
        return f"{parts[1]} {parts[0]} {parts[2]}"
    if len(parts) != 2 or ";" in parts[0] + parts[1] or _FIRM.fullmatch(parts[1]):
        return ", ".join(parts)
    first, second = parts
    as_it_stands = _EAST_ASIAN.search(first) or _SUFFIX.fullmatch(second)
    if as_it_stands or (_PARTICLE.match(second) and not first[0].islower()):  # Leonardo, da Vinci
        return f"{first} {second}"
    return f"{second} {first}"


def _is_aside(part: str) -> bool:
    """Made of dates, of roles, or of both: ``1978- author``."""
    told = False
    for raw in part.split():
        word = raw.strip(".:;").casefold()
        if word in _ROLES or raw.strip(".:;") in _CODES or _YEARS.fullmatch(word) or word.startswith("cent"):
            told = True
        elif word not in _DATE_WORDS and word not in _BETWEEN and not _ORDINAL.fullmatch(word):
            return False
    return told


def _without_roles(part: str) -> str:
    """``Kazu 1978- author`` loses its tail; a role alone is taken for a name, since it comes after a date."""
    if not _DIGIT.search(part):
        return part
    words = part.split()
    while len(words) > 1 and _YEARS.fullmatch(words[-2].strip(".;:")) and _is_aside(words[-1]):
        words.pop()
    if len(words) > 1 and _YEARS.fullmatch(words[-1].strip(".;:")) and re.search(r"[-–]", words[-1]):
        words.pop()
    return " ".join(words)


def _without_stop(name: str) -> str:
    name = name.rstrip(" ,;:/")
    while name.endswith(".") and not _STOP_STAYS.search(name):
        name = name[:-1].rstrip(" ,;:/")
    return name
