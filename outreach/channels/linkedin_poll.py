"""A poll on LinkedIn: one to four of its lengths, a question of its own, and what it came to.

learn.microsoft.com/linkedin/marketing/community-management/shares/poll-post-api: 2 to 4 choices of up to 30 characters,
a question of up to 140; ONE_DAY, THREE_DAYS, SEVEN_DAYS, FOURTEEN_DAYS. It cannot be changed later.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from outreach import clock
from outreach.channels.base import Outgoing, Tally

QUESTION = 140
DAYS = {"ONE_DAY": 1, "THREE_DAYS": 3, "SEVEN_DAYS": 7, "FOURTEEN_DAYS": 14}


def poll(message: Outgoing) -> dict[str, Any]:
    """`content` of a post that asks. No shorter than was wished."""
    if message.poll is None:
        return {}
    minutes = message.poll.minutes
    duration = next((name for name, days in DAYS.items() if days * 24 * 60 >= minutes), "FOURTEEN_DAYS")
    options = [{"text": option} for option in message.poll.options]
    return {"poll": {"question": question(message.text), "options": options, "settings": {"duration": duration}}}


def question(text: str) -> str:
    """The line that asks, else the first; cut where it is too long. The whole text stands above the poll anyway.

    >>> question("Friday is book day!\\nWhich one next?\\nhttps://library.example")
    'Which one next?'
    """
    lines = [line.strip() for line in text.splitlines() if line.strip()] or [text]
    asks = next((line for line in lines if line.endswith("?")), lines[0])
    return asks if _length(asks) <= QUESTION else f"{_cut(asks)}…"


def tally(post: Mapping[str, Any]) -> Tally | None:
    content = post.get("content")
    told = content.get("poll") if isinstance(content, Mapping) else None
    if not isinstance(told, Mapping):
        return None
    counted = [one.get("voteCount") for one in told.get("options") or () if isinstance(one, Mapping)]
    votes = [one for one in counted if isinstance(one, int) and one >= 0]
    return Tally(tuple(votes) if len(votes) == len(counted) else (), _open_until(post, told))


def _open_until(post: Mapping[str, Any], told: Mapping[str, Any]) -> datetime | None:
    days = DAYS.get(str((told.get("settings") or {}).get("duration")))
    began = post.get("publishedAt") or post.get("createdAt")
    if days is None or not isinstance(began, int):
        return None
    ends = datetime.fromtimestamp(began / 1_000, UTC) + timedelta(days=days)
    return ends if ends > clock.now() else None


def _length(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2


def _cut(text: str) -> str:
    while _length(text) > QUESTION - 1:
        text = text[:-1]
    return text.rstrip()
