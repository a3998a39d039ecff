"""What an answer of a network means: is the message out, and what may be done next. One table for all of them.

============================================ =====================================
what happened on the call that publishes     it is
============================================ =====================================
no connection (name, refused, certificate)   TryLater: certainly not sent
an address we do not call                    Refused
connection lost or time-out after sending    Unclear
2xx that we cannot read                      Unclear
302, 303, 307; 408, 409; 5xx                 Unclear (a 500 can follow a success)
401, 403                                     Unauthorized
425, 429                                     TryLater
301, 308; 403 without JSON; other 4xx        Refused
============================================ =====================================

and on the call that deletes, or that changes what stands there

============================================ ==========================================
2xx with what was deleted; 404, 410 in JSON  gone (a change comes too late)
401, 403 in JSON                             Unauthorized
425, 429; no connection                      TryLater
other 4xx in JSON                            Refused
all else (5xx, time-out, HTML with 200)      Unclear
============================================ ==========================================

A 403 or 404 that is no JSON is a web filter's, and proves nothing. Where a network means something else by a
status (Facebook says 400 to nearly all), its ``Manner`` says so.

Sources: RFC 9110; docs.joinmastodon.org/methods/statuses; each row tried behind a faulty proxy.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

import requests

from outreach.channels.base import ChannelError, Refused, TryLater, Unauthorized, Unclear
from outreach.channels.pace import until
from outreach.channels.phrases import AS_IT_WAS, LOOKED, PRESSED, SAID, STANDS, UNSENT, UNSURE, fill
from outreach.channels.trouble import Unreachable
from outreach.words import Sentence

GONE = (404, 410)

Answered = requests.Response | None
Trouble = Unreachable | None
# fine: let the status speak; loose: it does not know us; wait: not now; no: never; unsure: it may have happened
Means = Literal["fine", "loose", "wait", "no", "unsure", "gone"]


def parsed(answer: requests.Response) -> Any:
    """The JSON of an answer, None for anything else."""
    try:
        return answer.json()
    except ValueError:
        return None


def error_text(answer: requests.Response) -> str | None:
    """The server's own words, if it answered in JSON: "" if there are none in it, None if it was no JSON."""
    value = parsed(answer)
    if not isinstance(value, Mapping):
        return None if value is None else ""
    said = value.get("error_description") or value.get("error") or value.get("message") or ""
    return " ".join(str(said).split())[:200]


def _as_the_status_says(answer: requests.Response, said: str) -> tuple[Means, Sentence | None]:
    return "fine", None


def _as_the_headers_say(answer: requests.Response) -> datetime | None:
    return until(answer.headers)


@dataclass(frozen=True)
class Manner:
    """How one network speaks."""

    said: Callable[[requests.Response], str | None] = error_text
    means: Callable[[requests.Response, str], tuple[Means, Sentence | None]] = _as_the_status_says
    until: Callable[[requests.Response], datetime | None] = _as_the_headers_say  # of "wait": when it may be tried again

    def diagnosis(self, answer: requests.Response) -> str:
        text = self.said(answer)
        return f"HTTP {answer.status_code}: {'no JSON' if text is None else text}"

    def after_send(self, place: str, answer: Answered, trouble: Trouble, *, is_reply: bool = False) -> ChannelError:
        """For the call that publishes."""
        if answer is None and trouble is not None and not trouble.sent:
            return _unsent(place, trouble)
        if answer is None:
            return Unclear(fill(UNSURE["no answer"], place), trouble.diagnosis if trouble else "")
        odd = Unclear(fill(UNSURE["odd answer"], place), self.diagnosis(answer))
        return self._definite(place, answer, is_reply) or odd

    def before_send(self, place: str, answer: Answered, trouble: Trouble) -> ChannelError:
        """For an upload: whatever happened, nothing is published."""
        if answer is None:
            return _unsent(place, trouble)
        later = TryLater(fill(SAID["picture not taken"], place), self.diagnosis(answer))
        return self._definite(place, answer, False) or later

    def on_look(self, place: str, answer: Answered, trouble: Trouble) -> ChannelError:
        """For reading, and for connecting an account."""
        if answer is None:
            return _unread(place, trouble)
        log, meant = self.diagnosis(answer), self._meant(answer)
        if meant == "loose":
            return Unauthorized(fill(LOOKED["loose"], place), log)
        if meant == "wait":
            return TryLater(fill(LOOKED["wait"], place), log, self.until(answer))
        if meant == "unsure" and answer.status_code >= 400:
            return TryLater(fill(LOOKED["trouble"], place), log)
        return Refused(fill(LOOKED["no such server"], place), log)

    def on_press(self, place: str, answer: Answered, trouble: Trouble) -> ChannelError:
        """For what a person does and waits for, as a test. Unclear: it may have had its effect."""
        if answer is None:
            lost = Unclear(fill(PRESSED["no answer"], place), trouble.diagnosis if trouble else "")
            return lost if trouble is None or trouble.sent else _unread(place, trouble)
        said, meant = self.said(answer), self._meant(answer)
        if meant == "unsure":
            return Unclear(fill(PRESSED["odd answer"], place), self.diagnosis(answer))
        if meant in ("loose", "wait") or said is None or answer.status_code in (301, 308):
            return self.on_look(place, answer, trouble)
        return Refused(fill(PRESSED["refused"], place, said=said or str(answer.status_code)), self.diagnosis(answer))

    def after_delete(self, place: str, answer: Answered, trouble: Trouble) -> ChannelError:
        """What an answer to a deletion means, or to a look whether it is there; "gone" is asked before (`is_gone`)."""
        return self._on_standing(place, answer, trouble, STANDS)

    def after_edit(self, place: str, answer: Answered, trouble: Trouble) -> ChannelError:
        """For the call that changes what stands there; it may be repeated, so nothing is looked for."""
        if self.is_gone(answer) and answer is not None:
            return Refused(fill(AS_IT_WAS["gone"], place), self.diagnosis(answer))
        return self._on_standing(place, answer, trouble, AS_IT_WAS)

    def _on_standing(
        self, place: str, answer: Answered, trouble: Trouble, told: Mapping[str, Sentence]
    ) -> ChannelError:
        if answer is None:
            return _unasked(place, trouble, told)
        log, meant, said = self.diagnosis(answer), self._meant(answer), self.said(answer)
        if meant == "wait":
            return TryLater(fill(told["wait"], place), log, self.until(answer))
        if meant == "loose":
            return Unauthorized(fill(told["loose"], place), log)
        if said is None or meant == "unsure":
            return Unclear(fill(told["unsure"], place), log)
        return Refused(fill(told["refused"], place, said=said or str(answer.status_code)), log)

    def is_gone(self, answer: Answered) -> bool:
        """Does the answer say that there is no such message?"""
        return answer is not None and self._meant(answer) == "gone"

    def _meant(self, answer: requests.Response) -> Means:
        said = self.said(answer)
        meant = self.means(answer, said)[0] if said is not None else "fine"
        return meant if meant != "fine" else _by_status(answer.status_code, said)

    def _definite(self, place: str, answer: requests.Response, is_reply: bool) -> ChannelError | None:
        """The answers that leave no doubt that it is not out; None for the others."""
        said, log = self.said(answer), self.diagnosis(answer)
        _, sentence = self.means(answer, said) if said is not None else ("fine", None)
        sentence = fill(sentence, place) if sentence and not sentence.values else sentence
        match self._meant(answer):
            case "loose":
                return Unauthorized(sentence or fill(SAID["loose"], place), log)
            case "wait":
                return TryLater(sentence or fill(SAID["wait"], place), log, self.until(answer))
            case "no" | "gone":
                return Refused(sentence or _why_not(place, answer.status_code, said, is_reply), log)
        return None


def _by_status(status: int, said: str | None) -> Means:
    if status in (401, 403) and said is not None:
        return "loose"
    if status in (425, 429):
        return "wait"
    if status in GONE and said is not None:
        return "gone"
    if status in (301, 308) or (400 <= status < 500 and status not in (408, 409)):
        return "no"
    return "unsure"


def _why_not(place: str, status: int, said: str | None, is_reply: bool) -> Sentence:
    if status in (301, 308):
        return fill(SAID["moved"], place)
    if status == 413:
        return fill(SAID["picture too large"], place)
    if said is None:
        return fill(SAID["filter"], place)
    if status in GONE and is_reply:
        return fill(SAID["answered one gone"], place)
    return fill(SAID["not accepted"], place, said=said or status)


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


def _unasked(place: str, trouble: Trouble, told: Mapping[str, Sentence]) -> ChannelError:
    if trouble is not None and trouble.sent:
        return Unclear(fill(told["unsure"], place), trouble.diagnosis)
    if trouble is not None and trouble.cause == "blocked":
        return Refused(fill(told["blocked"], place), trouble.diagnosis)
    return TryLater(fill(told["network"], place), trouble.diagnosis if trouble else "")
