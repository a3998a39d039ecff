"""The command line: each command a thin door to a verb. Sentences on stderr and exit 1 when one does nothing."""

from __future__ import annotations

from importlib import import_module
from typing import Any

import click

from outreach.config import ConfigError
from outreach.words import NotDone

# command -> its module; imported when it is called, since `up` lives as long as the machine and must stay small
WHERE = {
    "up": "run",
    "demo": "run",
    "migrate": "run",
    "service": "run",
    "library": "libraries",
    "person": "libraries",
    "account": "accounts",
    "post": "posts",
    "feed": "titles",
    "titles": "titles",
    "archive": "archive",
    "jobs": "support",
    "doctor": "support",
    "backup": "support",
    "restore": "support",
}


class Doors(click.Group):
    """Finds a command in its module, and shows what stopped a verb as one sentence, without a traceback."""

    def list_commands(self, context: click.Context) -> list[str]:
        return list(WHERE)

    def get_command(self, context: click.Context, name: str) -> click.Command | None:
        if name not in WHERE:
            return None
        command: click.Command = getattr(import_module(f"outreach.cli.{WHERE[name]}"), name)
        return command

    def main(self, *args: Any, **kwargs: Any) -> Any:
        """A wrong word on the command line is one sentence and exit 1, as everything else that goes wrong."""
        try:
            return super().main(*args, **kwargs | {"standalone_mode": False})
        except click.UsageError as wrong:
            help_at = f" See: {wrong.ctx.command_path} --help" if wrong.ctx else ""
            raise SystemExit(wrong.format_message() + help_at) from None
        except click.ClickException as wrong:
            raise SystemExit(wrong.format_message()) from None
        except click.Abort:
            raise SystemExit(1) from None

    def invoke(self, context: click.Context) -> object:
        try:
            return super().invoke(context)
        except (NotDone, ConfigError) as stop:
            raise SystemExit(str(stop)) from None
        except (click.ClickException, click.exceptions.Exit, click.Abort):
            raise
        except Exception as failure:
            raise SystemExit(trouble(failure)) from None


def trouble(failure: Exception) -> str:
    """A sentence for a database or a file that cannot be used; any other failure is raised again."""
    from sqlalchemy.exc import OperationalError

    if isinstance(failure, OperationalError):
        return f"The database could not do this: {failure.orig}. Nothing was changed. See: outreach doctor"
    if isinstance(failure, OSError) and failure.filename:
        return f"{failure.filename} cannot be used: {failure.strerror}. Choose another file or folder."
    if isinstance(failure, UnicodeError):
        return "What was typed holds bytes that are no text (UTF-8). Nothing was changed."
    raise failure


@click.group(cls=Doors, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="outreach-scheduler", prog_name="outreach")
def main() -> None:
    """Outreach: the week's posts of a library, queued, approved, and out by themselves."""
