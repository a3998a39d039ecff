"""doctor, jobs run, backup, restore"""

from __future__ import annotations

import os
import platform
from contextlib import suppress
from dataclasses import replace
from importlib.metadata import version
from pathlib import Path
from urllib.parse import unquote, urlsplit

import click

from outreach import clock
from outreach.access import OUTREACH
from outreach.channels.exchange import TOKEN
from outreach.cli.base import opened, show_json
from outreach.cli.finding import Finding
from outreach.config import SETTINGS, load

JOBS = ("dispatch", "reconcile", "mail", "ingest", "digest", "housekeeping")


@click.command()
@click.option("--report", is_flag=True, help="as JSON, for a support request (secrets masked)")
def doctor(report: bool) -> None:
    """Every setting with its value and where it came from; and whether all is well, and what to do if not."""
    from outreach.cli.checkup import findings

    settings = [
        {"name": s.name, "value": _shown(s.name, s.default, s.secret), "from": _source(s.name), "purpose": s.purpose}
        for s in SETTINGS
    ]
    with opened(newest=False) as shop:
        found = [masked(one) for one in findings(shop, clock.now())]
    if report:
        checks = [{"name": f.name, "ok": f.well, "how": f.how, "found": f.found, "do": f.do} for f in found]
        show_json({"outreach": version("outreach-scheduler"), "python": platform.python_version(),
                   "system": platform.platform(), "settings": settings, "checks": checks})  # fmt: skip
    else:
        for row in settings:
            click.echo(f"{row['name']:24} {row['value'] or '–':30} {row['from']:12} {row['purpose']}")
        click.echo()
        for one in found:
            click.echo(f"{one.how:4} {one.name:20} {one.found}")
            if one.do:
                click.echo(f"{'':25} → {one.do}")
    if not all(one.well for one in found):
        raise SystemExit(1)


def _shown(name: str, default: str, secret: bool) -> str:
    value = os.environ.get(name, "").strip() or default
    return "(set)" if secret and value else value


def masked(finding: Finding) -> Finding:
    """What a server said may hold what we told it."""
    return replace(finding, found=_without_secrets(finding.found), do=_without_secrets(finding.do))


def _without_secrets(text: str) -> str:
    values = [os.environ.get(s.name, "").strip() for s in SETTINGS if s.secret]
    parts = [part for value in values for part in (value, *value.split(","), _password(value)) if len(part) > 3]
    for secret in sorted(parts, key=len, reverse=True):
        text = text.replace(secret, "•••")
    return TOKEN.sub(r"\1•••", text)


def _password(url: str) -> str:
    with suppress(ValueError):
        return unquote(urlsplit(url).password or "")
    return ""


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
