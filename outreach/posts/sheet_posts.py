"""The posts of a table: one a row, with what stands in its way. Decides; reads nothing from a database.

rows | columns by their names | dates judged as a column | what each row means | problems
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from outreach import clock
from outreach.posts.sheet_cells import (
    Desk,
    Found,
    fields_of,
    kind_of,
    link_of,
    moment_of,
    pictures_of,
    places_of,
    second_of,
    visibility_of,
)
from outreach.posts.sheet_columns import Columns, cell, columns_of, others
from outreach.posts.sheet_dates import day_first, plain
from outreach.posts.sheet_event import with_event
from outreach.posts.sheet_heads import field_names
from outreach.posts.written import LONGEST, Written
from outreach.words import NotDone, Sentence

USUAL = "09:00"
MOST = 2_000  # rows
THERE = Sentence("This post is there already.")
NO_POSTS = Sentence(
    "No column of this table is called Words. Write over each column what is in it: "
    "Date, Time, Kind, Words, Link, Places, Picture, Picture description."
)


@dataclass(frozen=True)
class PostRow:
    number: int  # of the row, as the person's own program counts
    written: Written
    stops: Sequence[Sentence] = ()  # with one of them it is left out
    hints: Sequence[Sentence] = ()
    key: str = ""  # of its content: the same row is taken in once
    lacks: bool = False  # a picture: it becomes a draft, whatever the others become


@dataclass(frozen=True)
class Table:
    rows: Sequence[PostRow]
    by_day: bool  # how 3/4 was read
    is_sure: bool  # the dates themselves say so
    unknown: Sequence[str] = ()  # headers that we do not know


def post_rows(rows: Sequence[tuple[int, Sequence[str]]], desk: Desk, by_day: bool | None = None) -> Table:
    """`by_day`: as a person said it. Raises NotDone where no column has words."""
    columns = columns_of([cells for _, cells in rows])
    if columns is None:
        raise NotDone(NO_POSTS)
    body = rows[columns.first :]
    judged, is_sure = day_first((cell(cells, columns, "date") for _, cells in body), desk.by_day)
    judged = judged if by_day is None or is_sure else by_day
    names = field_names()
    unknown = [name for name in columns.more if name not in names]
    made: list[PostRow] = []
    seen: dict[str, int] = {}
    for number, cells in body[:MOST]:
        row = _row(number, cells, columns, desk, judged)
        if row.key in seen:
            above = Sentence("The same stands in row %(number)s.", number=seen[row.key])
            row = replace(row, stops=[*row.stops, above])
        seen.setdefault(row.key, number)
        made.append(row)
    return Table(made, judged, is_sure or not _has_numbers(body, columns), unknown)


def _has_numbers(body: Sequence[tuple[int, Sequence[str]]], columns: Columns) -> bool:
    """Is there a date that could be read in two ways?"""
    told = (re.match(r"(\d{1,2})[-/.](\d{1,2})\b", cell(cells, columns, "date")) for _, cells in body)
    return any(found and found[1] != found[2] for found in told)


def _row(number: int, cells: Sequence[str], columns: Columns, desk: Desk, by_day: bool) -> PostRow:
    found = Found()
    kind = kind_of(cells, columns, found)
    at = moment_of(cells, columns, desk, by_day, kind, found)
    written = Written(
        kind=kind,
        words=cell(cells, columns, "words"),
        link=link_of(cell(cells, columns, "link"), found),
        fields=fields_of(kind, cells, columns, desk.zone, found),
        visibility=visibility_of(plain(cell(cells, columns, "visibility")), found),
        warning=cell(cells, columns, "warning"),
        language=cell(cells, columns, "language")[:10],
        second=second_of(cell(cells, columns, "second"), kind, found),
        timing="at" if at else "slot",
        wished_at=at,
        accounts=places_of(cells, columns, desk, found),
        media=pictures_of(cells, columns, desk, found),
    )
    if kind == "event":
        written, stops, hints = with_event(written, cells, columns, by_day, clock.today(desk.now, desk.zone))
        found.stops, found.hints = found.stops + stops, found.hints + hints
    if not cell(cells, columns, "words") and not written.media and not written.fields.get("name"):
        found.stops.append(Sentence("There are no words in this row."))
    if max(map(len, cells), default=0) > LONGEST:
        found.stops.append(Sentence("That is more than %(most)s characters. Shorten it.", most=LONGEST))
    if (kind, written.words, at) in desk.there:
        found.stops.append(THERE)
    return PostRow(number, written, found.stops, found.hints, _key(cells, columns, desk.library_id), found.lacks)


def _key(cells: Sequence[str], columns: Columns, library_id: int) -> str:
    """Of what the row says, whatever the library makes of it today."""
    said = {name: cell(cells, columns, name) for name in columns.fields}
    said |= others(cells, columns.own_words) | others(cells, columns.more)
    told = json.dumps([library_id, {name: text for name, text in said.items() if text}], sort_keys=True)
    return "row-" + hashlib.sha256(told.encode()).hexdigest()[:36]
