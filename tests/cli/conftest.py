"""Two ways to give a command: to a process of its own, as a script does, and in this one, ten times as quick."""

import os
import subprocess
import sys
from collections.abc import Callable

import pytest
from click.testing import CliRunner

from outreach.cli import main

Run = Callable[..., str]


@pytest.fixture
def process(environ: dict[str, str]) -> Run:
    """`run` as a script does it."""

    def outreach(*words: str, code: int = 0, typed: str = "", **more: str) -> str:
        command = [sys.executable, "-m", "outreach.cli", *words]
        env = {**os.environ, **environ, **more}
        done = subprocess.run(command, env=env, input=typed, capture_output=True, text=True, timeout=60, check=False)
        assert done.returncode == code, done.stderr
        assert "Traceback" not in done.stderr
        return (done.stderr if code else done.stdout).strip()

    return outreach


@pytest.fixture
def run(environ: dict[str, str]) -> Run:
    """What a command says: on stdout, or on stderr where `code` is not 0. A crash fails the test."""

    def outreach(*words: str, code: int = 0, typed: str = "", **more: str) -> str:
        done = CliRunner().invoke(main, words, input=typed, env={**environ, **more}, catch_exceptions=False)
        assert done.exit_code == code, done.output
        return (done.output if code else done.stdout).strip()

    return outreach
