"""How titles and lists of them are told of on a page, in a word or two."""

from __future__ import annotations

from urllib.parse import urlencode

from flask import request
from flask_babel import gettext, ngettext

from outreach.models import Import, Title


def marks_of(title: Title) -> list[tuple[str, str]]:
    """What is to be said of a title in a word or two, and the tone of it."""
    aside = {
        "filter": gettext("left out by a filter"),
        "older": gettext("left out: for older readers"),
        "unmarked": gettext("for whom?"),
        "coming": gettext("coming"),
    }
    if title.hidden_at:
        return [(gettext("hidden"), "quiet")]
    if title.left_out:
        return [(aside.get(title.left_out, title.left_out), "needs" if title.left_out == "unmarked" else "quiet")]
    if title.announced_at:
        return [(gettext("announced"), "done")]
    if title.struck_at:
        return [(gettext("taken out of a weekly post"), "quiet")]
    picked = [(gettext("first in the weekly post"), "new")] if title.picked_at else []
    return picked if title.baseline or picked else [(gettext("new"), "new")]


def list_state(row: Import) -> str:
    if row.state == "done":
        return ngettext("%(num)s new title", "%(num)s new titles", row.new)
    return {
        "asked": gettext("waits for your answer"),
        "reading": gettext("is being read"),
        "undone": gettext("taken out again"),
        "refused": gettext("could not be read"),
    }.get(row.state, row.state)


def older_page(last: int) -> str:
    """The same list, from below its last title on."""
    kept = {name: value for name, value in request.args.items() if name != "before"}
    return f"{request.path}?{urlencode({**kept, 'before': last})}"
