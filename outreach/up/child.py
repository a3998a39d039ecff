"""One child: a process and all that it starts, in a session of their own."""

from __future__ import annotations

import contextlib
import ctypes
import os
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence

from outreach.up import CannotStart

PR_SET_PDEATHSIG = 1  # linux/prctl.h
_libc = ctypes.CDLL(None) if sys.platform == "linux" else None


class Child:
    """Started again and again under one name. Times are seconds of a clock that never jumps."""

    def __init__(self, name: str, command: Sequence[str], *, env: Mapping[str, str], lock: int, grace: float) -> None:
        self.name, self.command, self.grace = name, command, grace
        self.started = 0.0
        self.ends = 0
        self.start_at: float | None = None
        self.kill_at: float | None = None
        self._env, self._lock = env, lock
        self._process: subprocess.Popen[bytes] | None = None
        self._gone = True

    def start(self, now: float) -> None:
        self.started, self.start_at, self.kill_at = now, None, None
        try:
            self._process = self._spawn()
        except OSError as error:
            raise CannotStart(f"{self.name} cannot be started: {error}.") from error
        self._gone = False
        os.set_blocking(self.pipe, False)

    def _spawn(self) -> subprocess.Popen[bytes]:
        return subprocess.Popen(
            self.command,
            env=self._env,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            bufsize=0,
            start_new_session=True,  # the terminal's Ctrl-C is for the supervisor alone
            pass_fds=(self._lock,),
            preexec_fn=_end_with_parent,  # safe here: the supervisor has one thread
        )

    @property
    def pid(self) -> int:
        return self._process.pid if self._process else 0

    @property
    def pipe(self) -> int:
        """Where its output comes from; -1, which no system call accepts, when there is none."""
        return self._process.stdout.fileno() if self._process and self._process.stdout else -1

    def exit_code(self) -> int | None:
        """Of the first process; None while it runs or when it was never started."""
        return self._process.poll() if self._process else None

    def lives(self) -> bool:
        """Is it there, or anything that it started?"""
        if self._process is None or self._gone:
            return False  # once empty, the number of the group may soon belong to others
        if self._process.poll() is None:
            return True
        # as process 1 of a container we inherit its descendants, and must bury them
        with contextlib.suppress(ChildProcessError):
            while os.waitpid(-self.pid, os.WNOHANG)[0]:
                pass
        self._gone = not self._signal(0)
        return not self._gone

    def sweep(self) -> None:
        """Ask what a dead first process left behind to go, too: it may hold the port."""
        if self.lives():
            self._signal(signal.SIGTERM)

    def stop(self, now: float) -> None:
        """Ask once; it is killed when its grace is over."""
        self.start_at = None
        if self.kill_at is None and self.lives():
            self.kill_at = now + self.grace
            self._signal(signal.SIGTERM)

    def kill(self) -> None:
        if self.lives():
            self._signal(signal.SIGKILL)

    def wait(self, seconds: float) -> None:
        """For the end of the first process, after `kill`."""
        if self._process is not None:
            with contextlib.suppress(subprocess.TimeoutExpired):
                self._process.wait(seconds)

    def close(self) -> None:
        if self._process is not None and self._process.stdout is not None:
            self._process.stdout.close()
        self._process = None

    def _signal(self, number: int) -> bool:
        if not self.pid:
            return False  # 0 would mean our own group
        try:
            os.killpg(self.pid, number)
        except (ProcessLookupError, PermissionError):  # macOS: not permitted means only zombies are left
            return False
        return True


def _end_with_parent() -> None:
    """Runs in the child: Linux tells it to stop when the supervisor dies, even by kill -9."""
    if _libc is not None:
        _libc.prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
