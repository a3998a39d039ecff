"""Starts the children in order, starts again what ends, and leaves nothing behind.

honcho reads the Procfile and prints the log; its Manager stops everything when one process ends, which is right
for a developer and wrong for a library, so that part is ours.
"""

from __future__ import annotations

import os
import signal
import sys
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from outreach.up import CannotStart, ports, redis, restart, signals, surroundings
from outreach.up.child import Child
from outreach.up.crew import LAST_SEND, Crew
from outreach.up.ear import Ear
from outreach.up.lock import held
from outreach.up.log import Log
from outreach.up.ready import Probe

if TYPE_CHECKING:
    from outreach.config import Config

TURN, SLOW_TURN, WAIT = 0.02, 0.5, 3600.0  # seconds between two looks: something is awaited, for long, nothing is
SOON = 10.0  # after so long without a page, looking more slowly costs nobody anything
SAME_KEYSTROKE = 0.5  # a wrapper (make, uv) may hand on the Ctrl-C that the terminal sent us, too


def supervise(
    config: Config,
    *,
    on_ready: Callable[[str], None] | None,
    migrate: Sequence[str],
    procfile: Path | None,
    environ: Mapping[str, str] | None,
) -> int:
    """`outreach.up.run`, which has the documentation."""
    environ = os.environ if environ is None else environ
    try:
        processes = surroundings.processes(procfile)
        log = Log(("redis", "migrate", *processes))
        with held(config.home, log.say, LAST_SEND) as lock, redis.short_folder() as folder:
            port = ports.choose(config.bind, config.port)
            if port != config.port and config.port:
                log.say(f"Port {config.port} is taken by another program; using {port}.")
            url = ports.url(config.bind, port)
            lock.write(url=url, folder=folder)
            socket = None if config.redis_url else folder / redis.SOCKET
            env = surroundings.environment(config, port, config.redis_url or f"unix://{socket}", environ)
            crew = Crew(processes, migrate=migrate, socket=socket, env=env, lock=lock.descriptor)
            return Supervisor(crew, log, Probe(config.bind, port), lambda: _ready(log, url, on_ready)).run()
    except CannotStart as refusal:
        print(refusal, file=sys.stderr)
        return 1
    except KeyboardInterrupt:  # before there was anything to stop
        return 130


def _ready(log: Log, url: str, on_ready: Callable[[str], None] | None) -> None:
    log.say(f"Outreach is ready: {url} (Ctrl-C stops it)")
    if on_ready is not None:
        on_ready(url)


class Supervisor:
    def __init__(self, crew: Crew, log: Log, probe: Probe, ready: Callable[[], None]) -> None:
        self.crew, self.log, self.probe, self.ready = crew, log, probe, ready
        self.phase: Callable[[float], bool] = self.preparing
        self.opened = 0.0
        self.asked_to_stop: float | None = None
        self.code = 0

    def run(self) -> int:
        """Each phase is a method, called once a turn until it hands over to the next.

        1. preparing: Redis starts and the database is brought up to date, at the same time.
        2. opening: web, worker and beat start together; over when a page is answered.
        3. serving: whatever ends is started again.
        4. stopping: web, worker and beat are asked to stop, each with its grace.
        5. closing: then Redis. It returns True when that is gone, too.
        """
        with signals.caught() as inbox:
            self.ear = Ear(self.log, inbox, lambda: self.heed(signals.read(inbox)))
            try:
                self.start(self.crew.first, time.monotonic())
                while not self.phase(time.monotonic()):
                    self.ear.wait(self.patience(time.monotonic()))
            finally:
                self.leave_nothing()
        return self.code

    def patience(self, now: float) -> float:
        """How long nothing needs to be looked at."""
        if self.phase == self.opening:
            return TURN if now - self.opened < SOON else SLOW_TURN
        if self.phase == self.serving:
            return min((max(child.start_at - now, 0.0) for child in self.crew.lasting if child.start_at), default=WAIT)
        return TURN

    def preparing(self, now: float) -> bool:
        for child in self.crew.first:
            code = child.exit_code()
            if code is not None and (code or child in self.crew.redis):
                self.give_up(child, code, now)
                return False
        migrated = all(child.exit_code() == 0 for child in self.crew.migrate)
        if migrated and (self.crew.socket is None or redis.answers(self.crew.socket)):
            self.start(self.crew.staff, now)
            self.phase, self.opened = self.opening, now
        return False

    def opening(self, now: float) -> bool:
        if self.probe.answered():
            self.phase = self.serving
            self.ready()
        return self.serving(now)

    def serving(self, now: float) -> bool:
        for child in self.crew.lasting:
            code = child.exit_code()
            if child.start_at is not None:
                if now >= child.start_at:
                    self.start([child], now)
            elif code is not None:
                self.notice_end(child, code, now)
        return False

    def stopping(self, now: float) -> bool:
        if not _waiting_for(self.crew.before_redis, now):
            for child in self.crew.redis:
                child.stop(now)
            self.phase = self.closing
        return False

    def closing(self, now: float) -> bool:
        return not _waiting_for(self.crew.redis, now)

    def start(self, children: Iterable[Child], now: float) -> None:
        for child in children:
            child.kill()  # what is left of its last life must not hold the port of the next
            child.close()
            child.start(now)
            self.ear.attach(child)

    def notice_end(self, child: Child, code: int, now: float) -> None:
        child.ends = restart.ends_in_a_row(child.ends, now - child.started)
        child.start_at = now + restart.pause(child.ends)
        child.sweep()
        self.ear.detach(child)
        self.log.say(restart.sentence(child.name, code, child.ends))

    def give_up(self, child: Child, code: int, now: float) -> None:
        self.ear.detach(child)
        hint = " Or set REDIS_URL to a server that runs elsewhere." if child in self.crew.redis else ""
        self.log.say(f"{child.name} ended with code {code} before Outreach was up; its lines above say why.{hint}")
        self.code = 1
        self.stop(now)

    def heed(self, numbers: Iterable[int]) -> None:
        """The first signal asks everybody to stop; a second Ctrl-C waits for nobody."""
        now = time.monotonic()
        for number in numbers:
            if number in signals.STOP and self.asked_to_stop is None:
                self.stop(now)
            elif number == signal.SIGINT and now - (self.asked_to_stop or now) > SAME_KEYSTROKE:
                for child in self.crew.everybody:
                    child.kill()

    def stop(self, now: float) -> None:
        self.asked_to_stop, self.phase = now, self.stopping
        self.log.say(f"Stopping. A message that is just being sent gets up to {LAST_SEND:.0f} s; Ctrl-C again ends it.")
        for child in self.crew.before_redis:
            child.stop(now)

    def leave_nothing(self) -> None:
        """Nobody lives here any more, unless an exception came through."""
        for child in self.crew.everybody:
            child.kill()
            if child.exit_code() is None:
                child.wait(1.0)
            self.ear.detach(child)
            child.close()
        self.ear.close()
        self.probe.close()


def _waiting_for(children: Iterable[Child], now: float) -> bool:
    """Does one of them still live? Kills those whose grace is over."""
    left = [child for child in children if child.lives()]
    for child in left:
        if child.kill_at is not None and now > child.kill_at:
            child.kill()
    return any(child.kill_at is None or now < child.kill_at + SLOW_TURN for child in left)
