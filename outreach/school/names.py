"""Does the name of an event mean that the school is closed? A first guess, which a person may change. Pure."""

from __future__ import annotations

import re
import unicodedata

CLOSED = re.compile(
    r"\b(holidays?|no school|no classes|no students|schools? closed|closed|closure|recess|(?<!after )break|vacations?"
    r"|days? off|snow day|teacher workday|student holiday"
    r"|festivos?|feriados?|vacaciones|sin clases|no hay clases|cerrad[oa]s?|receso|descanso|puente|asueto)\b"
)
OPEN = re.compile(
    r"\b(concert|party|fair|sale|show|program|performance|sing|luncheon|breakfast|club|camp|begins? again|back from"
    r"|school resumes|concierto|fiesta|feria|regreso)\b"
)


def means_closed(name: str) -> bool:
    """
    >>> means_closed("Winter Break – No School"), means_closed("Día festivo"), means_closed("Holiday concert")
    (True, True, False)
    """
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return bool(CLOSED.search(plain)) and not OPEN.search(plain)
