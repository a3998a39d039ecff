"""Descriptions that are a small form: "Author: Pilkey, Dav", "ISBN 978…", "Format Books".

BiblioCommons writes bold labels and line breaks, SirsiDynix a no-break space after the label, Blacklight a definition
list, SLiMS one line. The first value of each label counts; after a summary begins, nothing does.
"""

from __future__ import annotations

import re

from outreach.titles.text import plain, tidy

_READ = 4_000  # characters
_LINE = re.compile(r"<br\s*/?>|</(?:p|div|li|dd|tr)>", re.IGNORECASE)
_LABEL = re.compile(
    r"(?:^|(?<=[\s.;|]))(authors?|author\(s\)|creators?|by|main author|isbn|issn|format|material type|media type|"
    r"title|series|publish\w*|publication date(?:\(s\))?|imprint|call (?:#|no\.?|number)|edition|language|subjects?|"
    r"place|year|physical description|electronic access|collation|"
    r"summary|description|abstract|notes?|contents?)\s*(?::|\xa0)\s*",
    re.IGNORECASE,
)
_LAST = frozenset(("summary", "description", "abstract", "note", "notes", "content", "contents"))
_NAMES = {
    "authors": "author",
    "author(s)": "author",
    "creator": "author",
    "creators": "author",
    "by": "author",
    "main author": "author",
    "material type": "format",
    "media type": "format",
}


def labelled(html: str) -> dict[str, str]:
    """The values by label in lower case; the first line, if it has no label, is under the empty one."""
    found: dict[str, str] = {}
    for number, line in enumerate(_LINE.split(html[:_READ])):
        text = plain(line)
        labels = list(_LABEL.finditer(text))
        if number == 0 and not labels and "\xa0" not in text:
            found[""] = tidy(text)
        ends = [label.start() for label in labels[1:]] + [len(text)]
        for label, end in zip(labels, ends, strict=False):
            name = label[1].lower()
            value = text[label.end() : end]
            found.setdefault(_NAMES.get(name, name), tidy(value))
            if name in _LAST:
                return found
    return found
