"""What X means by an answer where the status alone would mislead.

402, "credits", "usage-capped", a spending limit that is reached: certainly not out, and so it will be for every message
until a person has bought credits. That is `Unauthorized`: the account is paused and a person told once; the message
waits, and goes out when the account is connected again (the check is charged too, so it passes only with credits).
`TryLater` would ask again and again and then miss the time; `Refused` would lose each message of the day.

403 is four things: these words are there already (nobody knows whether by us), a right that is missing, an account that
is locked, and a message that X does not take.

docs.x.com, response codes and errors; 402 `…/problems/credits` and 403 `…/problems/oauth1-permissions` as many report
them (tryethernal/ethernal#1324); the words on duplicates: akrherz/iembot#163, node-twitter-api-v2#469.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

import requests

from outreach.channels.base import ChannelError, Unauthorized
from outreach.channels.verdict import Answered, Manner, Means, Trouble, parsed
from outreach.words import Sentence

SPENT = re.compile(r"\bcredits\b|spend(?:ing)? (?:cap|limit)|usage cap", re.IGNORECASE)
TWICE = re.compile(r"duplicate content", re.IGNORECASE)
LOCKED = re.compile(r"suspended|locked|deactivated", re.IGNORECASE)
NO_RIGHT = ("oauth1-permissions", "client-forbidden", "client-not-enrolled", "unsupported-authentication")

OUT_OF_CREDITS = Sentence(
    "It has not gone out: your credits at X are used up. Buy some at console.x.com, then connect the account again, "
    "and it goes out."
)
NO_CREDITS = Sentence("Your credits at X are used up. Buy some at console.x.com, then connect the account again.")
MAY_NOT_WRITE = Sentence(
    "It has not gone out: at X, the app may only read. Set it to “Read and write” at console.x.com, make the access "
    "token anew, and connect the account again."
)
THERE_ALREADY = Sentence(
    "X says that these very words are there already, so we are not sure it went out. We look at the account first."
)


def _said(answer: requests.Response) -> str | None:
    """`detail` of a problem (RFC 9457), or of the first of several."""
    value = parsed(answer)
    if not isinstance(value, Mapping):
        return None if value is None else ""
    several = value.get("errors")
    first = several[0] if isinstance(several, list) and several and isinstance(several[0], Mapping) else {}
    told = value.get("detail") or first.get("detail") or first.get("message") or value.get("title")
    return " ".join(str(told or value.get("error") or "").split())[:300]


def _kind(answer: requests.Response) -> str:
    """The last part of the problem's address: usage-capped, credits, about:blank …"""
    value = parsed(answer)
    return str(value.get("type") or "").rpartition("/")[2] if isinstance(value, Mapping) else ""


def is_spent(answer: requests.Response) -> bool:
    by_words = answer.status_code in (403, 429) and SPENT.search(_said(answer) or "")
    return answer.status_code == 402 or _kind(answer) in ("credits", "usage-capped") or bool(by_words)


def is_twice(answer: Answered) -> bool:
    return answer is not None and answer.status_code == 403 and bool(TWICE.search(_said(answer) or ""))


def _means(answer: requests.Response, said: str) -> tuple[Means, Sentence | None]:
    if is_spent(answer):
        return "loose", OUT_OF_CREDITS
    if is_twice(answer):
        return "unsure", None
    if answer.status_code != 403:
        return "fine", None
    if _kind(answer) in NO_RIGHT:
        return "loose", MAY_NOT_WRITE
    return ("loose" if LOCKED.search(said) else "no"), None


X = Manner(_said, _means)


def on_look(place: str, answer: Answered, trouble: Trouble) -> ChannelError:
    return _with_credits(answer) or X.on_look(place, answer, trouble)


def after_delete(place: str, answer: Answered, trouble: Trouble) -> ChannelError:
    return _with_credits(answer) or X.after_delete(place, answer, trouble)


def _with_credits(answer: Answered) -> ChannelError | None:
    if answer is None or parsed(answer) is None or not is_spent(answer):
        return None
    return Unauthorized(NO_CREDITS, X.diagnosis(answer))
