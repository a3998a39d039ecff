"""Relatives of every sample, made by mutation: nothing hangs, nothing is met that has no sentence.

The cases are the same each time; see fuzz_child.py for one of them alone.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from outreach.titles.child import CPU_SECONDS

CASES = 2_000
DRIVER = Path(__file__).with_name("fuzz_child.py")
ROOT = DRIVER.parents[2]


@pytest.mark.timeout(300)
def test_two_thousand_mutated_feeds_and_lists():
    ended = subprocess.run(
        [sys.executable, "-s", str(DRIVER), "0", str(CASES)],
        env={"PATH": os.environ.get("PATH", ""), "PYTHONPATH": str(ROOT), "PYTHONUTF8": "1"},
        capture_output=True,
        text=True,
        timeout=280,
        check=False,
    )
    cases = [json.loads(line) for line in ended.stdout.splitlines()]
    assert ended.returncode == 0, f"after case {len(cases) - 1}: {ended.returncode} {ended.stderr[-2_000:]}"
    assert len(cases) == CASES
    assert [case for case in cases if case[3].startswith("!")] == []
    assert [case for case in cases if case[2] > CPU_SECONDS / 2] == []
    assert sum(case[3].startswith("titles") for case in cases) > CASES / 4, (
        "most are refused at once: that tests little"
    )
    assert len({case[3] for case in cases if not case[3].startswith("titles")}) > 10
