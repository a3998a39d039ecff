"""archive"""

from __future__ import annotations

import os
import tempfile
from datetime import date, datetime
from pathlib import Path
from shutil import copyfileobj
from typing import TYPE_CHECKING

import click

from outreach import clock
from outreach.access import COMMAND_LINE
from outreach.cli.base import library_called, opened
from outreach.words import NotDone, Sentence

if TYPE_CHECKING:
    from outreach.models import Library

DAY = click.DateTime(["%Y-%m-%d"])


@click.command()
@click.option("--library", "slug", required=True)
@click.option("--from", "first", type=DAY, help="the first day, in the library's time; default: of the last month")
@click.option("--to", "last", type=DAY, help="the last day, included")
@click.option("--place", "names", multiple=True, help="only this place; may be given several times")
@click.option("--practice", is_flag=True, help="with what went out for practice alone")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
def archive(
    slug: str, first: datetime | None, last: datetime | None, names: tuple[str, ...], practice: bool, file: Path
) -> None:
    """All that went out in some days, as a ZIP file: a page, a table, the pictures."""
    from outreach.db import db
    from outreach.posts import archive as archives
    from outreach.posts.archive_read import Asked

    with opened() as shop:
        library, now = library_called(slug), clock.now()
        begin, end = archives.last_month(clock.today(now, library.timezone))
        asked = Asked(_day(first) or begin, _day(last) or end, _places(library, names, practice))
        with archives.make(library.id, asked, shop.store, shop.config.home, COMMAND_LINE, now) as made:
            file.parent.mkdir(parents=True, exist_ok=True)
            with tempfile.TemporaryDirectory(dir=file.parent) as folder:
                draft = Path(folder) / "archive.zip"
                with draft.open("wb") as target:
                    copyfileobj(made, target, 1 << 20)
                draft.chmod(0o600)
                os.replace(draft, file)
        db.session.rollback()
    click.echo(f"{file}: {asked.first} to {asked.last}")


def _day(at: datetime | None) -> date | None:
    return at.date() if at else None


def _places(library: Library, names: tuple[str, ...], practice: bool) -> tuple[int, ...]:
    from outreach.db import db
    from outreach.posts import archive as archives

    places = archives.places_of(db.session(), library)
    known = {place.name for place in places}
    if missing := [name for name in names if name not in known]:
        raise NotDone(Sentence("There is no account %(name)s. See: outreach account list", name=missing[0]))
    if names:
        return tuple(place.id for place in places if place.name in names)
    usual = archives.usual(library, places)
    return tuple(place.id for place in places if place.id in usual or (practice and place.network == "practice"))
