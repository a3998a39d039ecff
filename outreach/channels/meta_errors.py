"""What Threads and Instagram mean by an answer: nearly everything is HTTP 400, and the code in it says what happened.

    {"error": {"message": "…", "code": 36000, "error_subcode": 2207004, "error_user_msg": "…", "is_transient": false}}
    {"error_type": "OAuthException", "code": 400, "error_message": "…"}        from where codes are taken

============================== ===========================================================
code (subcode)                 it means
============================== ===========================================================
102, 190; 10, 200-299          loose: the token is dead, or lacks a right
4, 9, 17, 32, 341, 368, 613    wait; also 80000-80014, the limits of one business use
9007 (2207027)                 wait: the picture is still in work
(2207003, 2207052)             wait: it could not fetch the picture from us
24 (4279009, 2207006, 2207008) gone: no such container or message; also 100 (33)
1, 2, -1, -2, is_transient     unsure
4 (2207051)                    unsure: it was seen to say so of a post that then stood there
all other                      as the status says: 400 is no
============================== ===========================================================

Sources: developers.facebook.com, instagram-platform error-codes (June 2026) and graph-api error-handling; 24/4279009 on
Threads: fbsamples/threads_api#70, trypostit/trypost#280; 4/2207051 of a post that was live: gitroomhq/postiz-app#1681;
100/33 that was not so: gitroomhq/postiz-app#1562.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import requests

from outreach import clock
from outreach.channels.api import Judge
from outreach.channels.base import ChannelError, TryLater
from outreach.channels.pace import LONGEST_WAIT
from outreach.channels.phrases import SAID
from outreach.channels.verdict import Answered, Manner, Means, Trouble, parsed
from outreach.words import Sentence

LOOSE = {102, 190}
NO_RIGHT = {10, *range(200, 300)}
WAIT = {4, 9, 17, 32, 341, 368, 613, *range(80_000, 80_015)}
UNSURE = {1, 2, -1, -2}
NO_SUCH = 24
NOT_READY, NOT_FETCHED, SUSPECTED, TOO_LARGE, SHAPE, RESTRICTED = (
    2207027,
    {2207003, 2207052},
    2207051,
    2207004,
    2207009,
    2207050,
)

SENTENCES: Mapping[str, Sentence] = {
    "not fetched": Sentence(
        "It has not gone out: %(place)s could not fetch the picture from this Outreach. We try again by ourselves; "
        "if it stays so, whoever runs Outreach should check OUTREACH_PUBLIC_URL."
    ),
    "shape": Sentence(
        "It has not gone out: a picture is too tall or too wide for %(place)s. Use one that is nearly square and "
        "send it again."
    ),
    "restricted": Sentence(
        "It has not gone out: %(place)s has restricted the account. Sign in there, do what it asks, and send it again."
    ),
}


@dataclass(frozen=True)
class Fault:
    code: int = 0
    subcode: int = 0
    words: str = ""
    transient: bool = False


def fault(answer: requests.Response) -> Fault | None:
    """None: it was no JSON, so it was not Meta who answered."""
    value = parsed(answer)
    if value is None:
        return None
    told = value if isinstance(value, Mapping) else {}
    inner = told.get("error")
    if not isinstance(inner, Mapping):
        return Fault(words=str(inner or told.get("error_message") or ""))
    words = str(inner.get("error_user_msg") or inner.get("message") or "")
    return Fault(
        _number(inner.get("code")), _number(inner.get("error_subcode")), words, bool(inner.get("is_transient"))
    )


def _number(value: Any) -> int:
    try:
        return int(value)
    except (TypeError, ValueError):
        return 0


def _said(answer: requests.Response) -> str | None:
    """ "The image is too large to download. (36000, 2207004)"; the numbers are what Meta's support asks for."""
    told = fault(answer)
    if told is None:
        return None
    numbers = ", ".join(str(number) for number in (told.code, told.subcode) if number)
    return " ".join(f"{told.words[:200]} ({numbers})".split()) if numbers else " ".join(told.words.split())[:200]


def _means(answer: requests.Response, said: str) -> tuple[Means, Sentence | None]:
    told = fault(answer) or Fault()
    if sentence := _of_subcode(told.subcode):
        return sentence
    if told.code in LOOSE or told.code in NO_RIGHT:
        return "loose", None
    if told.code == NO_SUCH or (told.code, told.subcode) == (100, 33):
        return "gone", None
    if told.code in WAIT:
        return "wait", None
    return ("unsure" if told.transient or told.code in UNSURE else "fine"), None


def _of_subcode(subcode: int) -> tuple[Means, Sentence | None] | None:
    if subcode == NOT_READY:
        return "wait", SAID["picture in work"]
    if subcode in NOT_FETCHED:
        return "wait", SENTENCES["not fetched"]
    known: Mapping[int, tuple[Means, Sentence | None]] = {
        SUSPECTED: ("unsure", None),
        TOO_LARGE: ("no", SAID["picture too large"]),
        SHAPE: ("no", SENTENCES["shape"]),
        RESTRICTED: ("no", SENTENCES["restricted"]),
    }
    return known.get(subcode)


META = Manner(_said, _means)


def lacks_right(answer: Answered) -> bool:
    told = fault(answer) if answer is not None else None
    return told is not None and told.code in NO_RIGHT


def timed(judge: Judge) -> Judge:
    """The same, and a TryLater knows how long Meta wants us to wait."""

    def told(place: str, answer: Answered, trouble: Trouble) -> ChannelError:
        error = judge(place, answer, trouble)
        if isinstance(error, TryLater) and error.until is None and answer is not None:
            error.until = regained(answer.headers)
        return error

    return told


def regained(headers: Mapping[str, str]) -> datetime | None:
    """`X-Business-Use-Case-Usage: {"178414…": [{"estimated_time_to_regain_access": 19, …}]}`, in minutes."""
    try:
        kinds = json.loads(headers.get("X-Business-Use-Case-Usage", "{}"))
        minutes = max(int(use.get("estimated_time_to_regain_access", 0)) for uses in kinds.values() for use in uses)
    except (ValueError, TypeError, AttributeError):
        return None
    return clock.now() + min(timedelta(minutes=minutes), LONGEST_WAIT) if minutes > 0 else None
