"""The command line: each command a thin door to a verb. Sentences on stderr and exit 1 when one does nothing."""

from __future__ import annotations

import sys

import click

from outreach.config import ConfigError
from outreach.words import NotDone


class Doors(click.Group):
    """Shows what stopped a verb as one sentence, without a traceback."""

    def invoke(self, context: click.Context) -> object:
        try:
            return super().invoke(context)
        except (NotDone, ConfigError) as stop:
            raise SystemExit(str(stop)) from None


@click.group(cls=Doors, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="outreach-scheduler", prog_name="outreach")
def main() -> None:
    """Outreach: the week's posts of a library, queued, approved, and out by themselves."""


def load() -> None:
    """Hang every command on `main`; each imports what it needs only when it runs."""
    from outreach.cli import accounts, libraries, posts, run, support, titles

    for module in (run, libraries, accounts, posts, titles, support):
        for command in module.COMMANDS:
            main.add_command(command)


load()

if __name__ == "__main__":
    sys.exit(main())
