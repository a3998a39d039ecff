"""Titles into a library as feeds and lists bring them, without files and network."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select

from outreach.db import db, writing
from outreach.models import Feed, Import, ImportTitle, Library, Title
from outreach.titles.identity import candidate
from outreach.titles.list_store import put
from outreach.titles.store import Came, store
from outreach.titles.title import ParsedTitle

NOTHING = dict.fromkeys(("subtitle", "author", "format", "cover", "link", "record", "added"))


def parsed(title: str, *isbns: str, **more) -> ParsedTitle:
    return ParsedTitle(title=title, isbn13=isbns, **NOTHING | more)


def by_feed(library: Library, now: datetime, *titles: ParsedTitle, name: str = "New books", **more) -> Came:
    """A check of the feed of this name; its first one is no baseline here, unless `baseline_at` says so."""
    with writing() as session:
        feed = session.scalar(select(Feed).where(Feed.library_id == library.id, Feed.name == name))
        if feed is None:
            url = f"https://c.example/{library.id}/{name}"
            feed = Feed(**{"library_id": library.id, "url": url, "name": name, "host": "c.example",
                           "next_check_at": now, "created_at": now, "baseline_at": now} | more)  # fmt: skip
            session.add(feed)
            session.flush()
        return store(session, feed, [candidate(title) for title in titles], now)


def by_list(library: Library, now: datetime, *titles: ParsedTitle, purpose: str = "new") -> list[tuple[int, bool]]:
    """(title, was it new?) of a list with these."""
    with writing() as session:
        row = Import(
            library_id=library.id, kind="marc", state="reading", purpose=purpose, total=len(titles), created_at=now
        )
        session.add(row)
        session.flush()
        number = row.id
    put(number, titles, now)
    came = select(ImportTitle.title_id, ImportTitle.new).where(ImportTitle.import_id == number)
    return [(n, new) for n, new in db.session.execute(came.order_by(ImportTitle.title_id))]


def titles_of(library: Library) -> list[Title]:
    db.session.rollback()
    mine = select(Title).where(Title.library_id == library.id).order_by(Title.id)
    return list(db.session.scalars(mine.execution_options(populate_existing=True)))


def the_title(library: Library) -> Title:
    (only,) = titles_of(library)
    return only


def isbns_of(title: Title) -> list[str]:
    return sorted(i.value for i in title.ids if i.kind == "isbn")
