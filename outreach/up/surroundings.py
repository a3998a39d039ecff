"""What the children find around them: their Procfile and their environment."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from honcho.environ import parse_procfile

from outreach.up import CannotStart, ports

if TYPE_CHECKING:
    from outreach.config import Config

MARK = "OUTREACH_UP"  # holds the supervisor's pid; by it a later supervisor knows an orphan
PACKAGE = Path(__file__).resolve().parents[1]


def processes(procfile: Path | None = None) -> dict[str, str]:
    """Name -> shell command, in the Procfile's order."""
    places = [procfile] if procfile else [PACKAGE / "Procfile", PACKAGE.parent / "Procfile"]
    for place in places:
        if place.is_file():
            return dict(parse_procfile(place.read_text(encoding="utf-8")).processes)
    raise CannotStart(f"There is no Procfile at {places[-1]}. Install Outreach again.")


def environment(config: Config, port: int, redis_url: str, environ: Mapping[str, str]) -> dict[str, str]:
    """The environment we were started in, with what was decided since."""
    return {
        **environ,
        **_checkout(environ),
        "PATH": _path(environ),
        "PYTHONUNBUFFERED": "1",
        "OUTREACH_HOME": str(config.home),
        "OUTREACH_LISTEN": ports.listen(config.bind, port),
        "OUTREACH_PORT": str(port),
        "PORT": str(port),  # config reads it first, so it must not keep a port that was taken
        "REDIS_URL": redis_url,
        MARK: str(os.getpid()),
    }


def _path(environ: Mapping[str, str]) -> str:
    """gunicorn and celery lie beside the interpreter, also when nobody activated its environment."""
    here = str(Path(sys.executable).parent)
    return os.pathsep.join((here, environ.get("PATH", os.defpath)))


def _checkout(environ: Mapping[str, str]) -> dict[str, str]:
    """In a checkout `workers` lies beside the package; installed, both are found anyway."""
    root = PACKAGE.parent
    if not (root / "pyproject.toml").is_file():
        return {}
    return {"PYTHONPATH": os.pathsep.join(filter(None, (str(root), environ.get("PYTHONPATH", ""))))}
