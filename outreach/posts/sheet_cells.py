"""What the cells of one row mean: kind, moment, places, pictures, parts; and what stands in its way."""

from __future__ import annotations

import re
from collections.abc import Callable, Container, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import cache
from typing import Any

from outreach import clock
from outreach.posts.kinds import KINDS
from outreach.posts.sheet_columns import Columns, cell, others
from outreach.posts.sheet_dates import plain, read_day, split_time
from outreach.posts.sheet_event import NO_DAY, NO_TIME, time_in
from outreach.posts.sheet_fields import read_value
from outreach.posts.sheet_heads import ANSWER_AT, field_names, read_field
from outreach.posts.sheet_questions import choices_of
from outreach.posts.written import web_address
from outreach.words import NotDone, Sentence

FAR = timedelta(days=3 * 366)
VISIBLE = ("public", "unlisted", "private")
KIND_WORDS = {
    "noticias": "news", "noticia": "news", "aviso": "news", "announcement": "news", "anuncio": "news",
    "question": "trivia", "quiz": "trivia", "pregunta": "trivia", "evento": "event", "highlight": "highlight",
    "resource": "highlight", "recurso": "highlight", "student work": "student", "trabajo de estudiantes": "student",
    "book discussion": "discussion", "discusion de libro": "discussion", "club de lectura": "discussion",
    "poll": "feedback", "encuesta": "feedback", "live chat": "chat", "charla": "chat", "novedades": "titles",
}  # fmt: skip


@dataclass(frozen=True)
class Desk:
    """What a row is read with: the library as plain values."""

    zone: str
    now: datetime
    by_day: bool  # do people of the library write the day before the month?
    places: Mapping[str, int]  # names, plain -> account
    usual_places: Sequence[int]
    pictures: Mapping[str, int]  # names and digests -> medium
    usual_time: Callable[[date, str], str]  # of a day and a kind: "12:00"
    closed: Callable[[date], str | None]
    library_id: int = 0
    there: Container[tuple[str, str, datetime | None]] = frozenset()  # kind, words and time of its posts


@dataclass
class Found:
    """What of one row is known so far."""

    stops: list[Sentence] = field(default_factory=list)
    hints: list[Sentence] = field(default_factory=list)
    lacks: bool = False


def kind_of(cells: Sequence[str], columns: Columns, found: Found) -> str:
    told = plain(cell(cells, columns, "kind"))
    if not told:
        has_choices = any(cell(cells, columns, name) for name in ("a", "b", "choices"))
        return "trivia" if has_choices else "news"
    kind = _kind_names().get(told, "")
    if kind == "titles":
        found.stops.append(Sentence("A list of titles comes from the catalog. Write this one as news."))
    elif kind not in KINDS:
        found.stops.append(Sentence("“%(kind)s” is no kind of post that we know.", kind=told[:40]))
    return kind if kind in KINDS else "news"


@cache
def _kind_names() -> dict[str, str]:
    return {plain(kind.name): key for key, kind in KINDS.items()} | {key: key for key in KINDS} | KIND_WORDS


def moment_of(
    cells: Sequence[str], columns: Columns, desk: Desk, by_day: bool, kind: str, found: Found
) -> datetime | None:
    day_told, time_told = split_time(cell(cells, columns, "date"))
    time_told = cell(cells, columns, "time") or time_told
    if not day_told:
        found.hints.append(Sentence("Without a date: it waits for the next usual time."))
        return None
    day = read_day(day_told, by_day, clock.today(desk.now, desk.zone))
    if day is None:
        found.stops.append(NO_DAY.filled(day=day_told[:40]))
        return None
    time = time_in(time_told) if time_told else desk.usual_time(day, kind)
    if time is None:
        found.stops.append(NO_TIME.filled(time=time_told[:40]))
        return None
    at = clock.at_wall(day, time, desk.zone)
    if at <= desk.now:
        found.stops.append(Sentence("This day has passed. Change it in your table, and bring it again."))
    elif at > desk.now + FAR:
        found.stops.append(Sentence("That is more than three years away. Check the year."))
    elif because := desk.closed(day):
        found.hints.append(Sentence("The library is closed on that day: %(because)s.", because=because))
    return at


def link_of(told: str, found: Found) -> str:
    try:
        return web_address(told)
    except NotDone as stop:
        found.stops.append(stop.sentence)
        return told


def visibility_of(told: str, found: Found) -> str:
    if told and told not in VISIBLE:
        found.hints.append(Sentence("Who sees it is as usual: “%(told)s” is nothing that we know.", told=told[:40]))
        return ""
    return told


def second_of(told: str, kind: str, found: Found) -> dict[str, Any]:
    """As we write it into a table: JSON with its language, its words and its fields."""
    if not told:
        return {}
    read = read_value(told) if told.startswith("{") else None
    if not isinstance(read, dict) or not isinstance(fields := read.get("fields", {}), dict):
        found.hints.append(Sentence("The second language cannot be read here. Write it in the post."))
        return {}
    language, words = (text if isinstance(text := read.get(name), str) else "" for name in ("language", "words"))
    spoken = {
        one.name: one.meaning(fields[one.name]) for one in KINDS[kind].fields if one.spoken and one.name in fields
    }
    return {"language": language[:10], "words": words, "fields": spoken}


def places_of(cells: Sequence[str], columns: Columns, desk: Desk, found: Found) -> dict[int, str]:
    told = cell(cells, columns, "places")
    own = {plain(name): words for name, words in others(cells, columns.own_words).items()}
    chosen: list[int] = list(desk.usual_places) if not told else []
    for name in _names(told, desk.places):
        account = desk.places.get(plain(name))
        if account is None:
            found.stops.append(Sentence("There is no place called “%(place)s” here.", place=name[:60]))
        elif account not in chosen:
            chosen.append(account)
    return {account: _own_words(own, desk.places, account) for account in chosen}


def _names(told: str, known: Mapping[str, int]) -> list[str]:
    """Split at semicolons, else at commas; a name may have one itself."""
    if plain(told) in known:
        return [told]
    parts = [part.strip() for part in re.split(r"[;\n|]", told) if part.strip()]
    if len(parts) == 1 and plain(parts[0]) not in known:
        parts = [part.strip() for part in re.split(r",| & ", told) if part.strip()]
    return parts


def _own_words(own: Mapping[str, str], places: Mapping[str, int], account: int) -> str:
    return next((words for name, words in own.items() if places.get(name) == account), "")


def pictures_of(cells: Sequence[str], columns: Columns, desk: Desk, found: Found) -> list[tuple[int, str]]:
    names = [name for name in cell(cells, columns, "picture").splitlines() if name.strip()]
    alts = cell(cells, columns, "alt").splitlines()
    made: list[tuple[int, str]] = []
    for n, name in enumerate(names):
        medium = desk.pictures.get(plain(name))
        if medium is None:
            say = Sentence("The picture “%(name)s” is not here: a draft, until you add it.", name=name[:60])
            found.hints.append(say)
            found.lacks = True
            continue
        made.append((medium, alts[n].strip() if n < len(alts) else ""))
    return made


def fields_of(kind: str, cells: Sequence[str], columns: Columns, zone: str, found: Found) -> dict[str, Any]:
    mine, named = KINDS[kind].known, field_names()
    told = {named[name]: text for name, text in others(cells, columns.more).items() if name in named}
    fields = {name: read_field(kind, name, text, zone) for (of, name), text in told.items() if of == kind}
    if KINDS[kind].choices == "right" and (answer := told.get(ANSWER_AT)):
        fields |= _answer_at(answer, zone, found)
    if KINDS[kind].choices:
        choices, right = choices_of(cells, columns)
        fields |= {"choices": choices} | ({} if right is None else {"right": right})
    for name in ("explanation", "hint", "how", "hashtags"):
        text = cell(cells, columns, name)
        if text and (name in mine or name == "hashtags"):
            fields[name] = text
    return fields


def _answer_at(told: str, zone: str, found: Found) -> dict[str, Any]:
    try:
        at = datetime.fromisoformat(read_value(told, zone, "answer_at"))
    except ValueError:
        at = None
    if at is None or at.tzinfo is None or not 2000 <= at.year <= 2100:
        say = Sentence("“%(time)s” is no time for an answer. Write it like 2026-12-01 09:00.", time=told[:40])
        found.stops.append(say)
        return {}
    return {"answer_at": at.isoformat()}
