"""What was typed into a form that was refused: shown again where it was typed, with the reason on top.

A view whose verb did nothing shows its page once more (422); the fields of that form, and of no other, ask here.
"""

from __future__ import annotations

from collections.abc import Sequence

from flask import Flask, g, request


def init_app(app: Flask) -> None:
    app.jinja_env.globals.update(refused=refused, typed_in=typed_in, ticked_in=ticked_in)


def keep() -> None:
    """The form of this request was refused."""
    g.refused = request.script_root + request.path


def refused(action: str) -> bool:
    """Was it the form that goes to the address `action`?"""
    return bool(g.get("refused") == action)


def typed_in(action: str, name: str, default: object = "") -> object:
    """For one field: what was typed, else what is stored."""
    return request.form.get(name, default) if refused(action) else default


def ticked_in(action: str, name: str, default: Sequence[object] = ()) -> list[str]:
    """For boxes and lists: the values that were ticked, as text."""
    return request.form.getlist(name) if refused(action) else [str(value) for value in default]
