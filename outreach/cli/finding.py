"""One line of the doctor."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Finding:
    name: str
    how: str  # ok, NOT, hint
    found: str
    do: str = ""

    @property
    def well(self) -> bool:
        return self.how != "NOT"


def ok(name: str, found: str) -> Finding:
    return Finding(name, "ok", found)


def wrong(name: str, found: str, do: str) -> Finding:
    return Finding(name, "NOT", found, do)


def hint(name: str, found: str, do: str = "") -> Finding:
    """Nothing is broken, and somebody should know."""
    return Finding(name, "hint", found, do)
