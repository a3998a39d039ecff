"""How LinkedIn is asked, and what it means by an answer.

Every call names a version (YYYYMM): one lives for a year, then it is a 426, and whoever set it up has to choose a newer
one. Throttles are per day and end at midnight UTC; the figures stand only in the developer portal. A duplicate is a 422
with the code DUPLICATE_POST, and its words name the twin.

learn.microsoft.com/linkedin/marketing/versioning, /linkedin/shared/api-guide/concepts/rate-limits, .../error-handling;
the form of a duplicate: Arisamiga/Linkedin-RSS#5.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import quote

import requests

from outreach import clock
from outreach.channels import pace
from outreach.channels.api import Api
from outreach.channels.base import ChannelError, Login, Refused
from outreach.channels.verdict import Answered, Manner, Means, Trouble, error_text, parsed
from outreach.words import Sentence

HOME = "https://api.linkedin.com"
SIGN_IN = "https://www.linkedin.com"
PLACE = "LinkedIn"
VERSION = "202608"  # the newest that is documented (recent-changes, read in August 2026)
TWIN = re.compile(r"urn:li:(?:share|ugcPost):\d+")
FINDER = {"X-RestLi-Method": "FINDER"}

OLD_VERSION = Sentence(
    "It has not gone out: the version with which Outreach speaks to LinkedIn has ended. Whoever set it up for the "
    "district has to write a newer one there; then send it again."
)
LOOKED_OLD = Sentence(
    "The version with which Outreach speaks to LinkedIn has ended. Whoever set it up for the district has to write a "
    "newer one there."
)


def api_at(login: Login) -> Api:
    api = Api(login.server, login.reach, LINKEDIN, PLACE)
    api.session.headers.update(
        {
            "LinkedIn-Version": version_of(login.setup),
            "X-Restli-Protocol-Version": "2.0.0",
            "Authorization": f"Bearer {login.secrets.get('token', '').strip()}",
        }
    )
    return api


def version_of(setup: Mapping[str, str]) -> str:
    """
    >>> version_of({"version": "2027-01"}), version_of({})
    ('202701', '202608')
    """
    typed = re.sub(r"\D", "", setup.get("version", ""))
    return typed if re.fullmatch(r"20\d\d(0[1-9]|1[0-2])", typed) else VERSION


def in_path(urn: str) -> str:
    """Rest.li 2.0: a key in a path is encoded whole."""
    return quote(urn, safe="")


def twin_in(answer: Answered) -> str | None:
    """The post that LinkedIn calls this a duplicate of; "" where it names none; None where it says no such thing."""
    if answer is None or not _is_duplicate(answer):
        return None
    found = TWIN.search(answer.text)
    return found[0] if found else ""


def _is_duplicate(answer: requests.Response) -> bool:
    value: Any = parsed(answer)
    details = value.get("errorDetails") if isinstance(value, Mapping) else None
    inputs = details.get("inputErrors") if isinstance(details, Mapping) else None
    codes = {one.get("code") for one in inputs if isinstance(one, Mapping)} if isinstance(inputs, list) else set()
    return "DUPLICATE_POST" in codes or "is a duplicate of urn:li:" in (error_text(answer) or "")


def _means(answer: requests.Response, said: str) -> tuple[Means, Sentence | None]:
    if _is_duplicate(answer):
        return "unsure", None
    return ("no", OLD_VERSION) if answer.status_code == 426 else ("fine", None)


def _until(answer: requests.Response) -> datetime | None:
    told = pace.until(answer.headers)
    if told is None and " day " in f" {error_text(answer) or ''} ".lower():
        midnight = clock.now().replace(hour=0, minute=0, second=0, microsecond=0)
        return midnight + timedelta(days=1)
    return told


LINKEDIN = Manner(error_text, _means, _until)


def on_look(place: str, answer: Answered, trouble: Trouble) -> ChannelError:
    """For reading, and for connecting an account."""
    if answer is not None and answer.status_code == 426:
        return Refused(LOOKED_OLD, LINKEDIN.diagnosis(answer))
    return LINKEDIN.on_look(place, answer, trouble)
