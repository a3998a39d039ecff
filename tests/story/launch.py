"""Start a program that ends with the tests; a worker or a beat also with shorter times, and with accidents.

    python launch.py valkey-server --port 0 …       as it is
    python launch.py celery -A workers.app worker … with what the environment asks for:

STORY_TIMES      JSON, constant -> seconds: {"outreach.posts.publish.LEASE": 3}
STORY_TICKS      JSON, task -> seconds between two ticks of beat: {"dispatch": 0.5}
STORY_ACCIDENTS  a folder; a file there, named after one of POINTS, holds what happens at that point, once
"""

from __future__ import annotations

import ctypes
import json
import os
import resource
import signal
import sys
import time
from collections.abc import Callable
from datetime import timedelta
from importlib import import_module
from pathlib import Path
from typing import Any

PR_SET_PDEATHSIG = 1  # linux/prctl.h


def end_with_parent() -> None:
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


def die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def freeze() -> None:
    """While no other thread holds SQLite's write lock: with it, a process that stands still stops everybody."""
    with import_module("outreach.db")._one_writer:
        os.kill(os.getpid(), signal.SIGSTOP)
        time.sleep(0.1)


def fill() -> None:
    """From here on no file may grow, as on a full disk; `resource.prlimit` from outside makes room."""
    resource.setrlimit(resource.RLIMIT_FSIZE, (1, resource.RLIM_INFINITY))


ACTS = {"die": die, "freeze": freeze, "fill": fill}

# point -> (where, before or after it); * is the channel of whichever network is sent to
POINTS = {
    "claimed": ("outreach.posts.publish:_claim", "after"),
    "uploaded": ("*.prepare", "after"),
    "started": ("*.send", "before"),
    "stored": ("*.send", "after"),
    "written": ("outreach.posts.publish:_write", "after"),
    "removal claimed": ("outreach.posts.remove:_claim", "after"),
    "removal asked": ("*.take_down", "before"),
    "gone": ("*.take_down", "after"),
    "removal written": ("outreach.posts.remove:_write", "after"),
    "change claimed": ("outreach.posts.change:_claim", "after"),
    "change asked": ("*.edit", "before"),
    "changed": ("*.edit", "after"),
    "change written": ("outreach.posts.change:_write", "after"),
}


def shorten_times(times: dict[str, float]) -> None:
    for name, seconds in times.items():
        module, _, constant = name.rpartition(".")
        found = import_module(module)
        usual = getattr(found, constant)
        short = timedelta(seconds=seconds) if not isinstance(usual, float | int) else seconds
        setattr(found, constant, (short,) * len(usual) if isinstance(usual, tuple) else short)


def quicken_ticks(ticks: dict[str, float]) -> None:
    entries = import_module("workers.beat").celery.conf.beat_schedule
    for task, seconds in ticks.items():
        entries[task] = {"task": task, "schedule": seconds, "options": {"expires": 10}}


def lay_accidents(folder: Path) -> None:
    channels = import_module("outreach.channels")
    for point, (place, when) in POINTS.items():
        holder_name, _, name = place.replace("*.", "*:").partition(":")
        holders: list[Any] = (
            [channels.channel_class(network) for network in channels.CHANNELS]
            if holder_name == "*"
            else [import_module(holder_name)]
        )
        for holder in filter(lambda one: hasattr(one, name), holders):
            setattr(holder, name, meets(folder / point, when, getattr(holder, name)))


def meets(accident: Path, when: str, usual: Callable[..., Any]) -> Callable[..., Any]:
    def changed(*args: Any, **kwargs: Any) -> Any:
        if when == "before":
            happen(accident)
        result = usual(*args, **kwargs)
        if when == "after":
            happen(accident)
        return result

    return changed


def happen(accident: Path) -> None:
    """Once, and to one process only: whoever removes the file."""
    try:
        act = accident.read_text()
        accident.unlink()
    except FileNotFoundError:
        return
    ACTS[act]()


def main(words: list[str]) -> None:
    end_with_parent()
    if words[0] != "celery":
        os.execvp(words[0], words)
    if "beat" in words:
        quicken_ticks(json.loads(os.environ.get("STORY_TICKS", "{}")))
    else:
        shorten_times(json.loads(os.environ.get("STORY_TIMES", "{}")))
        if folder := os.environ.get("STORY_ACCIDENTS"):
            lay_accidents(Path(folder))
    from celery.__main__ import main as celery

    sys.argv = words
    celery()


if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).parents[2]))  # `workers`, beside the package in a checkout
    main(sys.argv[1:])
