"""Student work: the school's permission list, and never a full name. Pure."""

from __future__ import annotations

from collections.abc import Iterator

from outreach.posts.drafts import Draft
from outreach.posts.findings import Around, Problem, Rendered, all_of_it, quoted
from outreach.posts.known_words import fold
from outreach.posts.name_rows import names_in
from outreach.words import Sentence


def permission(draft: Draft, rendered: Rendered, around: Around) -> Iterator[Problem]:
    if draft.kind == "student" and not draft.permitted:
        yield Problem(Sentence("Check the school's permission list, and tick that you did."))


def full_names(draft: Draft, rendered: Rendered, around: Around) -> Iterator[Problem]:
    if draft.kind != "student":
        return
    known = [fold(name) for book in draft.books for name in (book.title, book.author or "")] + [fold(draft.library)]
    found = dict.fromkeys(name for text in all_of_it(draft, rendered) for name in names_in(text))
    for name in found:
        if not any(fold(name) in other for other in known):
            sentence = Sentence(
                "“%(found)s” looks like a full name. Of a student, write the first name alone, or “Ana L.”",
                found=quoted(name),
            )
            yield Problem(sentence, sort="ask")
