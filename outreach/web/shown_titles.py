"""How titles and lists of them are told of on a page, in a word or two."""

from __future__ import annotations

from typing import Any

from flask_babel import format_decimal, get_domain, gettext

from outreach.models import Import, Title
from outreach.titles.imports import ON_ITS_WAY


def counted(one: str, many: str, number: int, **values: Any) -> str:
    """`ngettext` of the pages: the number as the reader's language writes it (12,345)."""
    said: str = get_domain().get_translations().ungettext(one, many, number)
    return said % ({"num": format_decimal(number)} | values)


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
    if row.state == "done" and row.missing:
        return counted("%(num)s book needs its title", "%(num)s books need their title", len(row.missing))
    if row.state == "done" and row.purpose == ON_ITS_WAY:
        return counted("%(num)s title is coming", "%(num)s titles are coming", row.new)
    if row.state == "done":
        return counted("%(num)s new title", "%(num)s new titles", row.new)
    return {
        "asked": gettext("waits for your answer"),
        "reading": gettext("is being read"),
        "undone": gettext("taken out again"),
        "refused": gettext("could not be read"),
    }.get(row.state, row.state)


def list_name(row: Import) -> str:
    """As its file is called, or how many books were scanned."""
    return row.name or counted("Scanned ISBNs: %(num)s book", "Scanned ISBNs: %(num)s books", row.total)
