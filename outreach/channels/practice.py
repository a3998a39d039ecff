"""Practice: a place whose timeline only people who are signed in see."""

from __future__ import annotations

from outreach.channels.about import About
from outreach.channels.base import Limits
from outreach.channels.own import Own


class Practice(Own):
    about = About(name="Practice", edits="all")
    limits = Limits(
        characters=500,
        shape="wide",
        link_cost=23,
        poll_options=4,
        thread=True,
        visibilities=("public", "unlisted", "private"),
        content_warning=True,
        language=True,
    )
