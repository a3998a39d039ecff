"""Where the files beside the code lie: inside the package in a wheel, beside it in a checkout."""

from __future__ import annotations

from pathlib import Path

PACKAGE = Path(__file__).parent


def templates() -> Path:
    return _inside_or_beside("templates")


def procfile() -> Path:
    return _inside_or_beside("Procfile")


def migrations() -> Path:
    return PACKAGE / "migrations"


def _inside_or_beside(name: str) -> Path:
    inside = PACKAGE / name
    return inside if inside.exists() else PACKAGE.parent / name
