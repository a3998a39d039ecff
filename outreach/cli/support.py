"""doctor, jobs run, backup, restore"""

from __future__ import annotations

import os
from pathlib import Path

import click

from outreach import clock
from outreach.access import OUTREACH
from outreach.cli.base import opened, show_json
from outreach.config import SETTINGS, load

JOBS = ("dispatch", "reconcile", "mail", "ingest", "digest", "housekeeping")


@click.command()
@click.option("--report", is_flag=True, help="as JSON, for a support request (secrets masked)")
def doctor(report: bool) -> None:
    """Every setting with its value and where it came from; and whether all is well."""
    from outreach.cli.checkup import checks

    settings = [
        {"name": s.name, "value": _shown(s.name, s.default, s.secret), "from": _source(s.name), "purpose": s.purpose}
        for s in SETTINGS
    ]
    with opened() as shop:
        found = checks(shop, clock.now())
    if report:
        show_json({"settings": settings, "checks": found})
    else:
        for row in settings:
            click.echo(f"{row['name']:24} {row['value'] or '–':30} {row['from']:12} {row['purpose']}")
        click.echo()
        for check in found:
            click.echo(f"{'ok  ' if check['ok'] else 'NOT '} {check['name']:12} {check['told']}")
    if not all(check["ok"] for check in found):
        raise SystemExit(1)


def _shown(name: str, default: str, secret: bool) -> str:
    value = os.environ.get(name, "").strip() or default
    return "(set)" if secret and value else value


def _source(name: str) -> str:
    return "environment" if os.environ.get(name, "").strip() else "default"


@click.group()
def jobs() -> None:
    """The jobs of the timetable."""


@jobs.command()
@click.argument("name", type=click.Choice(JOBS))
def run(name: str) -> None:
    """Run one job once, here, now."""
    from outreach.cli.once import run_once

    with opened() as shop:
        click.echo(run_once(name, shop, clock.now()))


@click.command()
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
def backup(file: Path) -> None:
    """Write database and pictures into FILE (.tar.gz), while it runs."""
    from outreach.backup import write

    write(load(), file)
    click.echo(
        f"{file}: keep the key file apart ({load().home / 'vault.key'}); without it accounts must be connected anew."
    )


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def restore(file: Path) -> None:
    """Put back what FILE holds. Stop Outreach first."""
    from outreach.accounts.pause import pause_everywhere
    from outreach.backup import put_back

    told = put_back(load(), file, clock.now())
    with opened():
        pause_everywhere(OUTREACH, clock.now())
    click.echo(f"{told} Everything is paused: look at the week, cancel what went out after the backup, then resume.")
