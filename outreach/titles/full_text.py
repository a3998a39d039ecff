"""The words of titles, to be searched: FTS5 on SQLite, a tsvector with a GIN index on PostgreSQL.

The folding is ours, so that both find the same: no case, no accents, each Chinese, Japanese or Korean character a word
of its own. The first word names the library (`_12`, as no word that is typed begins with _); thus one index serves all,
and a search never leaves its library.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Integer,
    Select,
    cast,
    column,
    exists,
    literal_column,
    select,
    table,
    text,
)
from sqlalchemy.dialects.postgresql import TSQUERY
from sqlalchemy.orm import Session

from outreach.db import insert_plain
from outreach.titles.bulk import TITLE, chunks
from outreach.titles.keys import fold

MOST_WORDS = 8  # of a search
LONGEST = 100  # characters of a word; PostgreSQL takes 2,046 bytes, and folding makes eighteen letters of one
_WORD = re.compile(r"[^\W_]+")
_EAST_ASIAN = re.compile(r"([\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af])")
_TABLE = table("title_words", column("title_id", Integer), column("words"))
ROWID = literal_column("title_words.rowid", Integer)  # on SQLite, the id of the title

_SQLITE = (
    "CREATE VIRTUAL TABLE title_words USING fts5(words, tokenize = \"unicode61 remove_diacritics 0 tokenchars '_'\")",
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
    return f"_{library_id}"


def _folded(typed: str) -> list[str]:
    return [word[:LONGEST] for word in _WORD.findall(_EAST_ASIAN.sub(r" \1 ", fold(typed)))]


def add(session: Session, rows: Iterable[tuple[int, str]]) -> None:
    """(title id, `words_of` it), for titles that have none yet."""
    values = list(rows)
    if not values:
        return
    if session.get_bind().dialect.name == "sqlite":
        insert_plain(session, "title_words", ("rowid", "words"), values)
    else:
        named = [{"title_id": n, "words": words} for n, words in values]
        vector = "array_to_tsvector(string_to_array(:words, ' '))"
        session.execute(text(f"INSERT INTO title_words (title_id, words) VALUES (:title_id, {vector})"), named)  # noqa: S608


def change(session: Session, rows: Iterable[tuple[int, str]]) -> None:
    """(title id, `words_of` it), for titles that had others."""
    values = list(rows)
    if not values:
        return
    key = "rowid" if session.get_bind().dialect.name == "sqlite" else "title_id"
    gone = text(f"DELETE FROM title_words WHERE {key} = :title_id")  # noqa: S608  # ours
    session.execute(gone, [{"title_id": n} for n, _ in values])
    add(session, values)


def tell_again(session: Session, library_id: int, title_ids: Iterable[int]) -> None:
    """After other words were stored for these titles."""
    for some in chunks(title_ids):
        asked = select(TITLE.c.id, TITLE.c.title, TITLE.c.subtitle, TITLE.c.author).where(TITLE.c.id.in_(some))
        change(session, [(n, words_of(library_id, *words)) for n, *words in session.execute(asked)])


def matching(session: Session, library_id: int, typed: str) -> Select[Any] | None:
    """The ids of titles with every word that was typed, or the beginning of it; None if no word was typed."""
    words = _typed(typed)
    if not words:
        return None
    if session.get_bind().dialect.name == "sqlite":
        asked = " ".join(
            (f'"{_library(library_id)}"', *(f'"{word}"*' if _is_begun(word) else f'"{word}"' for word in words))
        )
        found: ColumnElement[bool] = literal_column("title_words").op("MATCH")(asked)
        return select(ROWID.label("title_id")).select_from(_TABLE).where(found)
    # a cast and no to_tsquery: that has its own mind about what a letter is
    asked = " & ".join(
        (f"'{_library(library_id)}'", *(f"'{word}':*" if _is_begun(word) else f"'{word}'" for word in words))
    )
    return select(_TABLE.c.title_id).where(_TABLE.c.words.op("@@")(cast(asked, TSQUERY)))


def reads_so(typed: str) -> ColumnElement[bool]:
    """On SQLite: the same of the words of the one title that is looked at; for a few titles, and common words."""
    has = [
        literal_column("' ' || words || ' '").like(f"% {word}{'' if _is_begun(word) else ' '}%")
        for word in _typed(typed)
    ]
    return exists().where(literal_column("title.id") == ROWID, *has).select_from(_TABLE)


def _typed(typed: str) -> list[str]:
    return _folded(typed)[:MOST_WORDS]


def _is_begun(word: str) -> bool:
    """May it be the beginning of a word? Half a library has words that begin with one certain letter."""
    return len(word) > 1 or not word.isascii()
