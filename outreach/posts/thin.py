"""Where the coming week is thin: one suggestion, the most useful first. Pure."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, NamedTuple


class Room(NamedTuple):
    """An empty usual time; `kind`: for which kind of post, None for any."""

    at: datetime
    kind: str | None


@dataclass(frozen=True)
class Suggestion:
    what: Literal["trivia", "titles", "room"]
    at: datetime  # the empty usual time that it would fill
    kind: str | None
    count: int = 0  # titles that wait


def suggestion(
    free: Sequence[Room], planned: Collection[str], questions: bool, titles: int, by_itself: bool
) -> Suggestion | None:
    """What to do about the first empty usual time of the coming seven days.

    `planned`: kinds of posts that have a time there. `questions`: does the bank of trivia have one left? `titles`: how
    many new ones wait. `by_itself`: does a weekly post tell of them anyway?
    """
    for_trivia = next((room for room in free if room.kind in ("trivia", None)), None)
    if for_trivia and questions and "trivia" not in planned:
        return Suggestion("trivia", for_trivia.at, "trivia")
    for_titles = next((room for room in free if room.kind in ("titles", None)), None)
    if for_titles and titles and not by_itself and "titles" not in planned:
        return Suggestion("titles", for_titles.at, "titles", titles)
    return Suggestion("room", free[0].at, free[0].kind) if free else None
