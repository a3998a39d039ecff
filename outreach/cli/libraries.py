"""library add|list, person add|link"""

from __future__ import annotations

import click

from outreach import clock
from outreach.access import OUTREACH, ROLES
from outreach.cli.base import address, library_called, opened, person_called, show_json
from outreach.words import NotDone


@click.group()
def library() -> None:
    """Libraries of this installation."""


@library.command()
@click.argument("name")
@click.option("--timezone", required=True, help="e.g. America/Chicago")
def add(name: str, timezone: str) -> None:
    """Found a library; prints its slug."""
    from outreach.db import writing
    from outreach.people.libraries import found

    with opened():
        with writing() as session:
            slug = found(session, name, OUTREACH, clock.now(), timezone=timezone).slug
        click.echo(slug)


@library.command("list")
@click.option("--json", "as_json", is_flag=True)
def list_libraries(as_json: bool) -> None:
    from sqlalchemy import select

    from outreach.db import db
    from outreach.models import Library

    with opened():
        rows = [
            {"slug": row.slug, "name": row.name, "timezone": row.timezone, "paused": row.paused_at is not None}
            for row in db.session.scalars(select(Library).order_by(Library.slug))
        ]
        if as_json:
            show_json(rows)
        else:
            for row in rows:
                click.echo(f"{row['slug']:30} {row['name']}  ({row['timezone']})")


@click.group()
def person() -> None:
    """People and their links."""


@person.command("add")
@click.argument("email")
@click.option("--library", "slug", required=True)
@click.option("--role", type=click.Choice(ROLES), required=True)
@click.option("--name", default="")
def add_person(email: str, slug: str, role: str, name: str) -> None:
    """Give a person a role in a library; prints a one-time link."""
    from outreach.db import writing
    from outreach.people.members import person_for, set_role

    with opened() as shop:
        home = library_called(slug)
        with writing() as session:
            someone = person_for(session, email, name, clock.now(), home.practice)
            set_role(session, someone, home, role, OUTREACH, clock.now())
            person_id = someone.id
        click.echo(_link(person_id, address(shop)))


@person.command()
@click.argument("email")
@click.option("--off", is_flag=True, help="no longer")
def district(email: str, off: bool) -> None:
    """Let a person see and manage every library here (as whoever set it up does), or end that."""
    from outreach.people.members import run_installation

    with opened():
        run_installation(email, not off, clock.now())


@person.command()
@click.argument("email")
def erase(email: str) -> None:
    """Erase a person: address, password, letters, and their name in every history."""
    from outreach.people.members import forget

    with opened():
        forget(email, clock.now())


@person.command("link")
@click.argument("email")
def link(email: str) -> None:
    """Print a link that signs this person in once."""
    from outreach.people.setup import PRACTICE_OVER, has_real_library

    with opened() as shop:
        someone = person_called(email)
        if someone.practice and has_real_library():
            raise NotDone(PRACTICE_OVER)
        click.echo(_link(someone.id, address(shop)))


def _link(person_id: int, url: str) -> str:
    from outreach.db import writing
    from outreach.people.links import make

    with writing() as session:
        return f"{url}/sign-in/{make(session, 'sign_in', clock.now(), person_id)}"
