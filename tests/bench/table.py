"""What each bench gives back, and how all of it is printed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Row:
    what: str
    ours: str
    beside: str  # the raw limit, or the peer, measured in the same run
    goal: str
    reached: bool | None = None  # None: printed for information


HEAD = ("what", "ours", "beside it, in this run", "goal", "")
SAID = {True: "reached", False: "MISSED", None: ""}


def lines(rows: Iterable[Row]) -> list[str]:
    table = [HEAD, *((row.what, row.ours, row.beside, row.goal, SAID[row.reached]) for row in rows)]
    widths = [max(len(line[n]) for line in table) for n in range(len(HEAD))]
    laid = ["  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip() for line in table]
    return [laid[0], "-" * (sum(widths) + 2 * len(widths)), *laid[1:]]


def at(values: Sequence[float], share: float) -> float:
    """The value that this share of all does not exceed: 0.5 the median, 0.99 the p99 (of 50: the largest)."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]
