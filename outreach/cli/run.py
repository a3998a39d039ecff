"""up, demo, migrate, service: running it."""

from __future__ import annotations

import os
import sys

import click

from outreach.config import load


@click.command()
def up() -> None:
    """Start everything; Ctrl-C stops everything."""
    from outreach.cli.ready import greet
    from outreach.up import run

    sys.exit(run(load(), on_ready=greet))


@click.command()
def demo() -> None:
    """Start with the practice library and say what happens as it happens."""
    from outreach.cli.ready import follow
    from outreach.up import run

    os.environ.setdefault("OUTREACH_HOME", "instance-demo")
    sys.exit(run(load(), on_ready=follow))


@click.command()
def migrate() -> None:
    """Bring the database to the newest shape (done by `up` as well)."""
    from outreach.cli.base import opened

    with opened():
        pass


@click.group()
def service() -> None:
    """Start at boot."""


@service.command()
@click.option("--print", "only_print", is_flag=True, help="show the unit instead of installing it")
def install(only_print: bool) -> None:
    """A systemd unit that starts Outreach at boot and again when it ends."""
    from outreach.cli.systemd import install_unit, unit

    click.echo(unit(load()) if only_print else install_unit(load()))
