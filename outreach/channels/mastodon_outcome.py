"""What an answer of a Mastodon server means: did the message go out, and what may be done next.

============================================ =====================================
what happened                                it is
============================================ =====================================
no connection (name, refused, certificate)   TryLater: certainly not sent
an address we do not call                    Refused
connection lost or time-out after sending    Unclear
2xx without an id, or that is no JSON        Unclear (GoToSocial answers a repeat so)
302, 303, 307; 408, 409; 5xx                 Unclear (a 500 can follow a success)
401, 403                                     Unauthorized
425, 429, media still processing             TryLater
301, 308; 403 without JSON; other 4xx        Refused
============================================ =====================================

Sources: docs.joinmastodon.org/methods/statuses; Mastodon's PostStatusService; mastodon/mastodon#40399 (500
after a keyed repeat); GoToSocial's internal/middleware/idempotency.go; each row tried behind a faulty proxy.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any

import requests

from outreach import clock
from outreach.channels.base import ChannelError, Refused, TryLater, Unauthorized, Unclear
from outreach.channels.mastodon_words import LOOKED, SAID, UNSENT, UNSURE, fill
from outreach.channels.trouble import Unreachable

NOT_READY = re.compile(r"not finished processing|still processing|not ready|not yet processed", re.IGNORECASE)
NEEDS_PERSON = re.compile(r"requires an authenticated user", re.IGNORECASE)  # Mastodon says 422 to an app's token
LONGEST_WAIT = timedelta(hours=24)

Answered = requests.Response | None
Trouble = Unreachable | None


def after_send(place: str, answer: Answered, trouble: Trouble, *, is_reply: bool = False) -> ChannelError:
    """For the call that publishes."""
    if answer is None and trouble is not None and not trouble.sent:
        return _unsent(place, trouble)
    if answer is None:
        return Unclear(fill(UNSURE["no answer"], place), trouble.diagnosis if trouble else "")
    return _definite(place, answer, is_reply) or Unclear(fill(UNSURE["odd answer"], place), diagnosis(answer))


def before_send(place: str, answer: Answered, trouble: Trouble) -> ChannelError:
    """For an upload: whatever happened, nothing is published."""
    if answer is None:
        return _unsent(place, trouble)
    return _definite(place, answer, False) or TryLater(fill(SAID["picture not taken"], place), diagnosis(answer))


def on_look(place: str, answer: Answered, trouble: Trouble) -> ChannelError:
    """For reading, and for connecting an account."""
    if answer is None:
        return _unread(place, trouble)
    log = diagnosis(answer)
    if answer.status_code in (401, 403) and error_text(answer) is not None:
        return Unauthorized(fill(LOOKED["loose"], place), log)
    if answer.status_code == 429:
        return TryLater(fill(LOOKED["wait"], place), log, until(answer))
    if answer.status_code >= 500:
        return TryLater(fill(LOOKED["trouble"], place), log)
    return Refused(fill(LOOKED["no such server"], place), log)


def error_text(answer: requests.Response) -> str | None:
    """The server's own words, if it answered in JSON: "" if there are none in it, None if it was no JSON."""
    value = parsed(answer)
    if not isinstance(value, Mapping):
        return None if value is None else ""
    said = value.get("error_description") or value.get("error") or value.get("message") or ""
    return " ".join(str(said).split())[:200]


def parsed(answer: requests.Response) -> Any:
    """The JSON of an answer, None for anything else."""
    try:
        return answer.json()
    except ValueError:
        return None


def diagnosis(answer: requests.Response) -> str:
    text = error_text(answer)
    return f"HTTP {answer.status_code}: {'no JSON' if text is None else text}"


def _unsent(place: str, trouble: Trouble) -> ChannelError:
    if trouble is None:
        return TryLater(fill(UNSENT["network"], place))
    sentence = fill(UNSENT.get(trouble.cause, UNSENT["network"]), place)
    return (Refused if trouble.cause == "blocked" else TryLater)(sentence, trouble.diagnosis)


def _unread(place: str, trouble: Trouble) -> ChannelError:
    if trouble is None:
        return TryLater(fill(LOOKED["network"], place))
    useless = trouble.cause in ("blocked", "address", "redirects", "large")
    return (Refused if useless else TryLater)(trouble.sentence, trouble.diagnosis)


def _definite(place: str, answer: requests.Response, is_reply: bool) -> ChannelError | None:
    """The answers that leave no doubt that it is not out; None for the others."""
    status, said, log = answer.status_code, error_text(answer), diagnosis(answer)
    if (status in (401, 403) and said is not None) or (status == 422 and NEEDS_PERSON.search(said or "")):
        return Unauthorized(fill(SAID["loose"], place), log)
    if status == 422 and NOT_READY.search(said or ""):
        return TryLater(fill(SAID["picture in work"], place), log)
    if status in (425, 429):
        return TryLater(fill(SAID["wait"], place), log, until(answer))
    if status in (301, 308):
        return Refused(fill(SAID["moved"], place), log)
    if 400 <= status < 500 and status not in (408, 409):
        return _refused(place, answer, is_reply)
    return None


def _refused(place: str, answer: requests.Response, is_reply: bool) -> Refused:
    said, status = error_text(answer), answer.status_code
    if status == 413:
        sentence = fill(SAID["picture too large"], place)
    elif said is None:
        sentence = fill(SAID["filter"], place)
    elif status in (404, 410) and is_reply:
        sentence = fill(SAID["answered one gone"], place)
    else:
        sentence = fill(SAID["not accepted"], place, said=said or status)
    return Refused(sentence, diagnosis(answer))


def until(answer: requests.Response) -> datetime | None:
    """When the server lets us try again (UTC, within a day), from whichever header it uses.

    `X-RateLimit-Reset` is an ISO time on Mastodon and seconds since 1970 on GoToSocial; `Retry-After` is
    seconds or an HTTP date. None where there is none, or it makes no sense.
    """
    now = clock.now()
    found = _moment(answer.headers.get("X-RateLimit-Reset", "")) or _after(answer.headers.get("Retry-After", ""), now)
    return None if found is None or found < now - LONGEST_WAIT else min(found, now + LONGEST_WAIT)


def _moment(text: str) -> datetime | None:
    try:
        moment = datetime.fromtimestamp(int(text), UTC) if text.isdecimal() else datetime.fromisoformat(text)
    except (ValueError, OverflowError, OSError):
        return None
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)


def _after(text: str, now: datetime) -> datetime | None:
    try:
        return now + timedelta(seconds=int(text)) if text.isdecimal() else parsedate_to_datetime(text).astimezone(UTC)
    except (ValueError, OverflowError, TypeError):
        return None
