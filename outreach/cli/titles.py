"""feed add|check, titles inspect"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import click

from outreach import clock
from outreach.access import OUTREACH
from outreach.cli.base import library_called, opened, show_json
from outreach.words import NotDone, Sentence


@click.group()
def feed() -> None:
    """Feeds of catalogs."""


@feed.command()
@click.argument("url")
@click.option("--library", "slug", required=True)
@click.option("--name", default="")
def add(url: str, slug: str, name: str) -> None:
    """Subscribe; prints its id."""
    from outreach.titles.feeds import add as subscribe
    from outreach.titles.fetch import refuse_private

    with opened() as shop:
        refuse_private(url, shop.reach)
        click.echo(subscribe(library_called(slug), url, name, OUTREACH, clock.now()).id)


@feed.command()
@click.option("--library", "slug", default="", help="only of this one")
def check(slug: str) -> None:
    """Fetch every feed now and say what came."""
    from outreach.db import db
    from outreach.titles.feeds import check_now, masked
    from outreach.titles.ingest import ingest_feed
    from outreach.titles.queries import watched

    well = True
    with opened() as shop:
        library_id = library_called(slug).id if slug else None
        for feed_id, name in [(row.id, masked(row.url)) for row in watched(db.session(), library_id)]:
            check_now(feed_id, clock.now())
            came = ingest_feed(feed_id, shop.reach, clock.now(), shop.config)
            click.echo(f"{name}: {came.titles} titles, {came.new} new{f' – {came.sentence}' if came.sentence else ''}")
            well = well and came.sentence is None
    if not well:
        raise SystemExit(1)


@click.group()
def titles() -> None:
    """What would be read."""


@titles.command()
@click.argument("source")
@click.option("--json", "as_json", is_flag=True)
def inspect(source: str, as_json: bool) -> None:
    """Read a feed, the page of a catalog, or a list (MARC, CSV, Excel, ISBNs; "-": as typed); show its titles."""
    found = _read(source)
    if as_json:
        show_json(found)
    elif "error" in found:
        raise NotDone(Sentence("%(told)s", told=found["error"]))
    else:
        if found.get("feed"):
            click.echo(found["feed"])
        for row in found["titles"]:
            click.echo(f"{row['title']} – {row['author'] or '?'}  {' '.join(row['isbn13'])}")
        for told in found["warnings"]:
            click.echo(told)
    if "error" in found:
        raise SystemExit(1)


def _read(source: str) -> dict[str, Any]:
    from outreach.channels.guard import Reach
    from outreach.config import load
    from outreach.titles.fetch import Known, fetch
    from outreach.titles.rss.not_a_feed import NotAFeed
    from outreach.titles.rss.parse_child import parse_safely

    if source.startswith(("http://", "https://")):
        fetched = fetch(Known(source), Reach.from_config(load()))
        if fetched.body is None:
            return {"error": fetched.sentence}
        body, kind, url = fetched.body, fetched.content_type, fetched.url
    elif source == "-":
        return _isbns(sys.stdin.read())
    else:
        path = Path(source)
        if not path.is_file():
            return {"error": f"There is no file {source}."}
        body, kind, url = path.read_bytes(), "", ""
        if not _is_feed(body):
            return _list(body, path.name)
    try:
        parsed = parse_safely(body, kind, url, clock.now())
    except NotAFeed as wrong:
        if not url:
            return {"error": wrong.sentence, "feed": wrong.feed_link}
        return _found_from(url)
    return {"titles": [_told(t) for t in parsed.titles], "warnings": list(parsed.warnings), "complete": parsed.complete}


def _found_from(page: str) -> dict[str, Any]:
    """The feed that a page of a catalog leads to."""
    from outreach.channels.guard import Reach
    from outreach.config import load
    from outreach.titles.finding.finder import NotFound, find

    try:
        found = find(page, Reach.from_config(load()), clock.now())
    except NotFound as nothing:
        return {"error": nothing.sentence, "feed": None}
    return _read(found.url) | {"feed": found.url}


def _is_feed(body: bytes) -> bool:
    """By its root: a page is shown as what it is, a file of records is a list."""
    from outreach.titles.rss.not_a_feed import is_page

    head = body[:5_000].lower()
    return not body.strip() or any(tag in head for tag in (b"<rss", b"<feed", b"<rdf:rdf")) or is_page(body)


def _list(body: bytes, name: str) -> dict[str, Any]:
    from outreach.titles.files.isbn_list import is_isbn_list
    from outreach.titles.files.list_child import look_at, read_file
    from outreach.titles.files.lists import NotAList
    from outreach.titles.imports import as_text

    if is_isbn_list(as_text(body[:80_000])):
        return _isbns(as_text(body))
    try:
        look = look_at(body, name)
        read = read_file(body, name, look.kind, look.columns or {})
    except NotAList as no:
        return {"error": no.sentence}
    told = [f"{t.number}: {t.sentence}{f' ({t.text})' if t.text else ''}" for t in read.troubles]
    return {"titles": [_told(one.title) for one in read.titles], "warnings": told + _more(read.more), "complete": True}


def _isbns(text: str) -> dict[str, Any]:
    from outreach.titles.files.isbn_list import read_isbns

    return _shown_isbns(read_isbns(text))


def _shown_isbns(read: Any) -> dict[str, Any]:
    rows = [{"title": "", "author": "", "isbn13": [isbn]} for _, isbn in read.isbns]
    told = [f"{t.number}: {t.sentence} ({t.text})" for t in read.troubles]
    return {"titles": rows, "warnings": told + _more(read.more), "complete": True}


def _more(count: int) -> list[str]:
    return [f"and {count} more"] if count else []


def _told(title: Any) -> dict[str, Any]:
    names = ("title", "subtitle", "author", "format", "cover", "link", "record")
    return {name: getattr(title, name) for name in names} | {"isbn13": list(title.isbn13)}
