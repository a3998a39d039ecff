"""Meta's Graph API: how it says what went wrong, how calls are signed, and how long it wants us to wait.

Facebook, Threads and Instagram answer a failure with 400 and {"error": {"message", "type", "code", "error_subcode",
"error_user_msg", "fbtrace_id"}}: the code speaks, hardly ever the status.

==================================== ==========================================================
code                                 it is
==================================== ==========================================================
190, 102                             the token is dead: loose
10, 200-299                          a permission is missing: loose
4, 17, 32, 341, 613, 80000-80014     too many calls: wait, as long as X-Business-Use-Case-Usage says
368                                  blocked for a while: wait, for hours
1, 2; is_transient; 506              nobody knows; 506 ("duplicate") is even a sign that it is out
100 with subcode 33; 803             there is no such thing
2635                                 the version of the API is dead: whoever set it up has to choose a newer one
all else with 4xx                    no, in its own words
==================================== ==========================================================

Sources: developers.facebook.com/docs/graph-api/guides/error-handling, /overview/rate-limiting, /guides/secure-requests
(all read as of v26.0). Not in the documentation, but commonly met: 32, 613, subcodes 33, 1390008 and those of content.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import re
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any

import requests

from outreach import clock
from outreach.channels import pace
from outreach.channels.base import ChannelError, Refused, Unauthorized
from outreach.channels.phrases import SAID
from outreach.channels.verdict import Answered, Manner, Means, Trouble, parsed
from outreach.words import Sentence

VERSION = "v26.0"  # of 29 July 2026; each lives for two years
LOOSE = (190, 102)
BUSY = (4, 17, 32, 341, 613, *range(80_000, 80_015))
BLOCKED, DUPLICATE, DEAD_VERSION = 368, 506, 2635
BLOCKED_FOR = timedelta(hours=6)  # it does not say how long; whoever goes on asking is blocked for longer
TOO_FAST, SAME_PHOTOS, PHOTO_TOO_LARGE = 1_390_008, 1_366_051, 1_366_046  # subcodes

LACKS = Sentence(
    "It has not gone out: %(place)s says that a permission is missing. Connect the account again, and leave "
    "everything turned on that it asks for."
)
PAUSED = Sentence(
    "It has not gone out: %(place)s has blocked posts like this for a while. We try again in some hours; look there "
    "whether it tells you why."
)
OLD_VERSION = Sentence(
    "It has not gone out: the version with which Outreach speaks to %(place)s has ended. Whoever set it up for the "
    "district has to write a newer one there; then send it again."
)
LOOKED_OLD = Sentence(
    "The version with which Outreach speaks to %(place)s has ended. Whoever set it up for the district has to write a "
    "newer one there."
)
LOOKED_LACKS = Sentence(
    "%(place)s says that a permission is missing. Connect the account again, and leave everything turned on that it "
    "asks for."
)


def version_of(setup: Mapping[str, str]) -> str:
    """
    >>> version_of({"version": "27"}), version_of({})
    ('v27.0', 'v26.0')
    """
    found = re.fullmatch(r"[vV]?(\d{1,3})(\.\d{1,2})?", setup.get("version", "").strip())
    return f"v{found[1]}{found[2] or '.0'}" if found else VERSION


def proof(token: str, app_secret: str) -> dict[str, str]:
    """A parameter of every call: that whoever has the token has the app's secret as well."""
    if not app_secret:
        return {}
    return {"appsecret_proof": hmac.new(app_secret.encode(), token.encode(), hashlib.sha256).hexdigest()}


def error_in(answer: requests.Response | None) -> Mapping[str, Any]:
    value = parsed(answer) if answer is not None else None
    error = value.get("error") if isinstance(value, Mapping) else None
    return error if isinstance(error, Mapping) else {}


def code_of(answer: requests.Response | None) -> tuple[int, int]:
    """(code, subcode); 0 where there is none."""
    error = error_in(answer)
    code, subcode = error.get("code"), error.get("error_subcode")
    return (code if isinstance(code, int) else 0), (subcode if isinstance(subcode, int) else 0)


def is_evidence(answer: requests.Response | None) -> bool:
    """Does it refuse because the same stands there already?"""
    code, subcode = code_of(answer)
    return code == DUPLICATE or subcode == SAME_PHOTOS


def _said(answer: requests.Response) -> str | None:
    if parsed(answer) is None:
        return None
    error = error_in(answer)
    return " ".join(str(error.get("error_user_msg") or error.get("message") or "").split())[:200]


def _means(answer: requests.Response, said: str) -> tuple[Means, Sentence | None]:
    code, subcode = code_of(answer)
    if is_evidence(answer) or code in (1, 2) or (error_in(answer).get("is_transient") and code not in BUSY):
        return "unsure", None
    if code in BUSY or code == BLOCKED or subcode == TOO_FAST:
        return "wait", PAUSED if code == BLOCKED else None
    if code in LOOSE:
        return "loose", None
    if subcode == PHOTO_TOO_LARGE:
        return "no", SAID["picture too large"]
    if code == 10 or 200 <= code <= 299:
        return "loose", LACKS
    if (code, subcode) == (100, 33) or code == 803:
        return "gone", None
    if code and answer.status_code < 500:
        return "no", OLD_VERSION if code == DEAD_VERSION else None
    return "fine", None


def _until(answer: requests.Response) -> datetime | None:
    """The longest of the waits it tells, in minutes; hours where it has blocked us."""
    if code_of(answer)[0] == BLOCKED:
        return clock.now() + BLOCKED_FOR
    longest = max(_waits(answer.headers.get("X-Business-Use-Case-Usage", "")), default=0)
    return clock.now() + timedelta(minutes=min(longest, 24 * 60)) if longest > 0 else pace.until(answer.headers)


def _waits(header: str) -> Iterator[float]:
    """`{"<id>": [{"type": "pages", …, "estimated_time_to_regain_access": 28}]}`"""
    try:
        told = json.loads(header)
    except ValueError:
        return
    for uses in told.values() if isinstance(told, dict) else ():
        for use in uses if isinstance(uses, list) else ():
            minutes = use.get("estimated_time_to_regain_access") if isinstance(use, dict) else None
            if isinstance(minutes, int | float):
                yield minutes


GRAPH = Manner(_said, _means, _until)


def on_look(place: str, answer: Answered, trouble: Trouble) -> ChannelError:
    """For reading, and for connecting an account."""
    code, _ = code_of(answer)
    if answer is not None and code == DEAD_VERSION:
        return Refused(LOOKED_OLD.filled(place=place), GRAPH.diagnosis(answer))
    if answer is not None and (code == 10 or 200 <= code <= 299):
        return Unauthorized(LOOKED_LACKS.filled(place=place), GRAPH.diagnosis(answer))
    return GRAPH.on_look(place, answer, trouble)
