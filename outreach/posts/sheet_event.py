"""What only an event has, in a table: its name, day, time and place in columns of their own. Pure.

Date and Time of a row say when its post goes out, as in every other row.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from outreach.posts.sheet_columns import Columns, cell
from outreach.posts.sheet_dates import read_day, read_time, split_time
from outreach.posts.written import Written
from outreach.words import Sentence

EVENT: Mapping[str, str] = {"event": "name", "event_day": "day", "event_time": "clock", "event_place": "place"}
NAME = 100  # characters: a longer first line is no name
NO_DAY = Sentence("“%(day)s” is no day that we understand.")
NO_TIME = Sentence("“%(time)s” is no time that we understand. Write it like 14:30.")
WHEN = Sentence(
    "Date and Time say when it goes out. When the event is, goes into the columns Event day and Event time."
)


def time_in(told: str) -> str | None:
    """Of a cell that may have a day before it."""
    return read_time(told) or read_time(split_time(told)[1])


def with_event(
    written: Written, cells: Sequence[str], columns: Columns, by_day: bool, today: date
) -> tuple[Written, list[Sentence], list[Sentence]]:
    """(what was written, what stops it, what is worth knowing); without a name, its first line is one."""
    told = {name: cell(cells, columns, field) for field, name in EVENT.items()}
    stops: list[Sentence] = []
    if told["day"] and not (day := read_day(split_time(told["day"])[0], by_day, today)):
        stops.append(NO_DAY.filled(day=told["day"][:40]))
    elif told["day"]:
        told["day"] = str(day)
    if told["clock"] and not (at := time_in(told["clock"])):
        stops.append(NO_TIME.filled(time=told["clock"][:40]))
    elif told["clock"]:
        told["clock"] = str(at)
    fields: dict[str, Any] = {**written.fields, **{name: text for name, text in told.items() if text}}
    hints = [] if fields.get("day") and fields.get("clock") else [WHEN]
    return _named(replace(written, fields=fields)), stops, hints


def _named(written: Written) -> Written:
    first, _, rest = written.words.partition("\n")
    if written.fields.get("name") or not 0 < len(first) <= NAME:
        return written
    return replace(written, words=rest.strip(), fields={**written.fields, "name": first.strip()})
