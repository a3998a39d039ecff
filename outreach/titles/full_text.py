"""The words of titles, to be searched: FTS5 on SQLite, a tsvector with a GIN index on PostgreSQL.

The folding is ours, so that both find the same: no case, no accents, each Chinese, Japanese or Korean character a word
of its own. The first word names the library; thus one index serves all, and a search never leaves its library.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from sqlalchemy import ColumnElement, Connection, Integer, Select, column, func, literal_column, select, table, text
from sqlalchemy.orm import Session

from outreach.titles.keys import fold

MOST_WORDS = 8  # of a search
_WORD = re.compile(r"[^\W_]+")
_EAST_ASIAN = re.compile(r"([\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af])")
_TABLE = table("title_words", column("title_id", Integer), column("words"))

_SQLITE = (
    "CREATE VIRTUAL TABLE title_words USING fts5(words, tokenize = 'unicode61 remove_diacritics 0')",
    "CREATE TRIGGER title_words_gone AFTER DELETE ON title BEGIN DELETE FROM title_words WHERE rowid = old.id; END",
)
_POSTGRESQL = (
    "CREATE TABLE title_words (title_id integer PRIMARY KEY REFERENCES title (id) ON DELETE CASCADE, words tsvector)",
    "CREATE INDEX ix_title_words_words ON title_words USING gin (words)",
)


def create(connection: Connection) -> None:
    for statement in _SQLITE if connection.dialect.name == "sqlite" else _POSTGRESQL:
        connection.execute(text(statement))


def drop(connection: Connection) -> None:
    if connection.dialect.name == "sqlite":
        connection.execute(text("DROP TRIGGER title_words_gone"))
    connection.execute(text("DROP TABLE title_words"))


def words_of(library_id: int, *texts: str | None) -> str:
    """What is stored of a title: its library, then its words, each once."""
    return " ".join((_library(library_id), *dict.fromkeys(_folded(" ".join(t for t in texts if t)))))


def _library(library_id: int) -> str:
    return f"library{library_id}"


def _folded(typed: str) -> list[str]:
    return _WORD.findall(_EAST_ASIAN.sub(r" \1 ", fold(typed)))


def add(session: Session, rows: Iterable[tuple[int, str]]) -> None:
    """(title id, `words_of` it), for titles that have none yet."""
    values = [{"title_id": n, "words": words} for n, words in rows]
    if not values:
        return
    if session.get_bind().dialect.name == "sqlite":
        session.execute(text("INSERT INTO title_words (rowid, words) VALUES (:title_id, :words)"), values)
    else:
        vector = "array_to_tsvector(string_to_array(:words, ' '))"
        session.execute(text(f"INSERT INTO title_words (title_id, words) VALUES (:title_id, {vector})"), values)  # noqa: S608


def change(session: Session, title_id: int, words: str) -> None:
    key = "rowid" if session.get_bind().dialect.name == "sqlite" else "title_id"
    session.execute(text(f"DELETE FROM title_words WHERE {key} = :title_id"), {"title_id": title_id})  # noqa: S608  # ours
    add(session, [(title_id, words)])


def matching(session: Session, library_id: int, typed: str) -> Select[Any] | None:
    """The ids of titles with every word that was typed, or the beginning of it; None if no word was typed."""
    words = _folded(typed)[:MOST_WORDS]
    if not words:
        return None
    if session.get_bind().dialect.name == "sqlite":
        asked = " ".join((f'"{_library(library_id)}"', *(f'"{word}"*' for word in words)))
        found: ColumnElement[bool] = literal_column("title_words").op("MATCH")(asked)
        return select(literal_column("rowid", Integer)).select_from(_TABLE).where(found)
    query = func.to_tsquery("simple", " & ".join((_library(library_id), *(f"{word}:*" for word in words))))
    return select(_TABLE.c.title_id).where(_TABLE.c.words.op("@@")(query))
