"""Why a title is not offered for posts, if it is not. Pure.

======== ============================================== ======================================
left_out how it came to be so                           how it ends
======== ============================================== ======================================
""       it is offered
filter   dropped by the filters of its feed             another feed brings it, a person adds it
older    for readers older than the library's           a person adds it all the same
unmarked does not say for whom, and the library has     a person says that it is for its readers
         only young readers
coming   a vendor's record, the book is on its way      a person says that it is there, or a list
                                                        or feed of what is on the shelves has it
======== ============================================== ======================================
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from outreach.titles.audience import grade_in, is_shelved_for_older
from outreach.titles.title import ParsedTitle

OFFERED, FILTER, OLDER, UNMARKED, COMING = "", "filter", "older", "unmarked", "coming"
HIGHEST = {"k5": 5, "68": 8, "912": 12}  # grades of a library -> its highest; the others have readers of every age
YOUNG = ("k5",)  # here an unmarked title waits


@dataclass(frozen=True)
class Readers:
    """Whom a library is for, as far as it decides about a title."""

    grades: str
    older_shelves: Sequence[str] = ()

    def left_out(self, title: ParsedTitle, audience: str = "", *, baseline: bool = False) -> str:
        """OFFERED, OLDER or UNMARKED. `audience`: of its feed, for titles that say nothing themselves.

        `baseline`: what a library has had all along is announced by nobody but a person who chooses it: it waits not.
        """
        stands = self.stands(lowest_grade(title, audience), title.call_number)
        said = baseline or bool(audience.strip())  # whoever subscribed to the feed said for whom it is
        return OFFERED if said and stands == UNMARKED else stands

    def stands(self, grade: int | None, call_number: str | None) -> str:
        """The same for a title that is stored."""
        highest = HIGHEST.get(self.grades)
        if highest is None:
            return OFFERED
        if is_shelved_for_older(call_number or "", self.older_shelves):
            return OLDER
        if grade is None:
            return UNMARKED if self.grades in YOUNG else OFFERED
        return OLDER if grade > highest else OFFERED


def lowest_grade(title: ParsedTitle, audience: str = "") -> int | None:
    """As the record says, else its own words for whom it is, its call number, its feed."""
    if title.grade is not None:
        return title.grade
    texts = (title.audience, title.call_number or "", audience)
    return next((grade for text in texts if text and (grade := grade_in(text)) is not None), None)
