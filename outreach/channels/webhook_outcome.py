"""What receivers of webhooks mean by an answer.

Slack answers in a word (`ok`, `no_service`, `channel_is_archived`), Discord in `{"code": 10015, "message": …}`, Power
Automate in `{"error": {"code": …, "message": …}}`, anybody else as it likes. An address that nobody answers to any more
(401, 403, 404, 410) is a matter for a person: the next message would fare no better.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

import requests

from outreach.channels.base import ChannelError, Unclear
from outreach.channels.phrases import fill
from outreach.channels.verdict import Answered, Manner, Means, Trouble, parsed
from outreach.channels.webhook_about import DISCORD, SLACK
from outreach.words import Sentence

WORD = re.compile(r"[a-z_]{2,60}")
UNKNOWN_MESSAGE = 10008  # discord.com/developers/docs/topics/opcodes-and-status-codes#json

NOBODY_KNOWS = Sentence(
    "We sent it to %(place)s, and do not know whether it arrived. We cannot look there: look yourself, and tell us."
)


def _said(answer: requests.Response) -> str | None:
    value = parsed(answer)
    if isinstance(value, Mapping):
        inner = value.get("error")
        told = inner.get("message") or inner.get("code") if isinstance(inner, Mapping) else inner
        return " ".join(str(told or value.get("message") or value.get("detail") or "").split())[:200]
    word = answer.text.strip()[:80] if value is None else ""
    return word if WORD.fullmatch(word) else None if value is None else ""


def _means(answer: requests.Response, said: str) -> tuple[Means, Sentence | None]:
    value = parsed(answer)
    if isinstance(value, Mapping) and value.get("code") == UNKNOWN_MESSAGE:
        return "gone", None
    return ("loose" if answer.status_code in (401, 403, 404, 410) else "fine"), None


SPEECH = Manner(_said, _means)


def after_send(place: str, answer: Answered, trouble: Trouble) -> ChannelError:
    """As for all networks, but that nobody can look."""
    error = SPEECH.after_send(place, answer, trouble)
    return Unclear(fill(NOBODY_KNOWS, place), error.diagnosis) if isinstance(error, Unclear) else error


def is_nothing(answer: Answered) -> bool:
    """Slack: the address is good, and there was nothing to post. docs.slack.dev, incoming webhooks, errors."""
    return answer is not None and answer.status_code == 400 and answer.text.strip() == "no_text"


def has_taken(preset: str, answer: requests.Response) -> bool:
    """Of an answer below 300. A page in HTML is from a school's web filter, or from a sign-in page in between."""
    if preset == DISCORD:
        value = parsed(answer)
        return isinstance(value, Mapping) and str(value.get("id", "")).isdecimal()
    if preset == SLACK:
        return answer.text.strip() == "ok"
    return not answer.content.lstrip().startswith(b"<")
