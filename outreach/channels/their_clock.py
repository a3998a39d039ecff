"""A moment of ours, as the clock of a server tells it: an old laptop may be minutes off. Pure."""

from __future__ import annotations

from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime

import requests

from outreach import clock

SLACK = timedelta(seconds=5)  # Date and most creation times are whole seconds, and an answer is on its way for a while
UNKNOWN = timedelta(minutes=2)


def theirs(moment: datetime, answer: requests.Response | None) -> datetime:
    """`moment` (UTC) by the clock of whoever gave `answer` just now (RFC 9110, Date), a little early to be safe."""
    try:
        told = parsedate_to_datetime(answer.headers["Date"]) if answer is not None else None
        return moment - UNKNOWN if told is None else moment + (told - clock.now()) - SLACK
    except (KeyError, ValueError, TypeError):
        return moment - UNKNOWN
