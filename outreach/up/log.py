"""One log of all processes, each line with its time and the name of who said it, coloured on a terminal."""

from __future__ import annotations

import contextlib
import io
import os
import sys
from collections.abc import Iterable
from typing import TextIO

from honcho.colour import get_colours
from honcho.printer import Message, Printer

from outreach import clock

OURS = "outreach"


class Log:
    def __init__(self, names: Iterable[str], output: TextIO | None = None) -> None:
        output = output or sys.stdout
        if isinstance(output, io.TextIOWrapper):
            output.reconfigure(errors="backslashreplace")  # a title in Greek must not end us on a Latin-1 terminal
        self._colours: dict[str, str] = dict(zip(names, get_colours(), strict=False))
        width = max(len(name) for name in (OURS, *self._colours))
        self._printer = Printer(output, width=width, colour="NO_COLOR" not in os.environ)

    def say(self, sentence: str) -> None:
        self.line(OURS, sentence)

    def line(self, name: str, text: str | bytes) -> None:
        moment = clock.now().astimezone()  # a log is read beside the clock on the wall
        # a closed terminal or pipe is no reason to leave the children alone
        with contextlib.suppress(OSError, ValueError):
            self._printer.write(Message("line", text, moment, name, self._colours.get(name)))
