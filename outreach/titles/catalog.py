"""What a library says of its catalog as a whole: its address, links and shelves; and the colour of its cards."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import update
from sqlalchemy.orm import Session

from outreach.access import Actor
from outreach.db import ALONE, writing
from outreach.history import record
from outreach.models import Library, Post
from outreach.posts.catalog_link import pattern_of
from outreach.posts.written import web_address
from outreach.titles.aside import all_stand_again
from outreach.words import NotDone, Sentence, within

COLOUR = re.compile(r"#[0-9a-f]{6}")
LONGEST = 2_000


@dataclass(frozen=True)
class Typed:
    """As a person typed it."""

    catalog: str = ""
    example: str = ""  # the address of one title, or a pattern
    older_shelves: str = ""  # with commas
    colour: str = ""


def readers_changed(library_id: int) -> None:
    """After its grades were changed: all that is not announced is asked again for whom it is."""
    with writing() as session:
        all_stand_again(session, session.get_one(Library, library_id, populate_existing=True, with_for_update=ALONE))


def _ask_again(session: Session, library: Library) -> None:
    """Whoever looks at a list of books in review has seen the old links."""
    lists = update(Post).where(Post.library_id == library.id, Post.state == "submitted", Post.kind == "titles")
    session.execute(lists.values(revision=Post.revision + 1).execution_options(synchronize_session=False))


def change(library_id: int, typed: Typed, by: Actor, now: datetime) -> None:
    """Raises NotDone for an address that is none, and for an example without an ISBN or a record number."""
    catalog = web_address(within(typed.catalog, LONGEST))
    pattern = pattern_of(web_address(within(typed.example, LONGEST))) if typed.example.strip() else ""
    colour = typed.colour.strip().lower()
    if not COLOUR.fullmatch(colour):
        raise NotDone(Sentence("Choose a colour, for example #1f6f54."))
    shelves = [shelf.strip()[:30] for shelf in typed.older_shelves.split(",") if shelf.strip()][:20]
    with writing() as session:
        library = session.get_one(Library, library_id, populate_existing=True, with_for_update=ALONE)
        if pattern != library.title_link:
            _ask_again(session, library)
        library.catalog, library.title_link = catalog, pattern
        changed, library.older_shelves, library.colour = shelves != library.older_shelves, shelves, colour
        if changed:
            session.flush()
            all_stand_again(session, library)
        record(session, "library", library.id, "edited", by, now, library_id=library.id)
