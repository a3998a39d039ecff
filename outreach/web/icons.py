"""Icons of Bootstrap's, inline."""

from __future__ import annotations

from functools import cache
from importlib.resources import files

from markupsafe import Markup


@cache
def _svg(name: str) -> str:
    path = files("flask_bootstrap") / "static" / "bootstrap5" / "icons" / "bootstrap-icons.svg"
    start = (sprite := path.read_text()).index(f'id="{name}"')
    opening = sprite.rindex("<symbol", 0, start)
    inner = sprite[sprite.index(">", opening) + 1 : sprite.index("</symbol>", start)]
    drawn = 'class="icon" width="16" height="16" viewBox="0 0 16 16" fill="currentColor" aria-hidden="true"'
    return f"<svg {drawn}>{inner}</svg>"


def icon(name: str) -> Markup:
    """One icon of Bootstrap's, inline: its sprite would be a megabyte."""
    return Markup(_svg(name))  # noqa: S704  # from the package's own file
