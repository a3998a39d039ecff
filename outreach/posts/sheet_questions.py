"""The trivia questions of a table: one a row. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from outreach.posts.bank import Asked, question_problems, same_words
from outreach.posts.sheet_columns import Columns, cell, columns_of
from outreach.posts.sheet_dates import plain
from outreach.words import NotDone, Sentence

LETTERS = "abcd"
LONGEST = 2_000  # characters of one field
_SEPARATED = re.compile(r"\s*[|;\n]\s*")
NO_QUESTIONS = Sentence(
    "No column of this table is called Question. Write over each column what is in it: "
    "Question, Choice A, Choice B, Right answer, Explanation, Hint."
)


@dataclass(frozen=True)
class QuestionRow:
    number: int  # of the row, as the person's own program counts
    asked: Asked
    problems: Sequence[Sentence]  # with one of them it is left out
    known: bool = False  # it waits in the bank already, or stands above


def question_rows(rows: Sequence[tuple[int, Sequence[str]]], waiting: Sequence[str] = ()) -> list[QuestionRow]:
    """`waiting`: the words of the questions in the bank. Raises NotDone where no column has questions."""
    columns = columns_of([cells for _, cells in rows])
    if columns is None:
        raise NotDone(NO_QUESTIONS)
    seen = {same_words(words) for words in waiting}
    made = []
    for number, cells in rows[columns.first :]:
        asked = Asked(cell(cells, columns, "words"), *choices_of(cells, columns), *_more(cells, columns))
        problems = question_problems(asked) + _too_long(asked)
        known = not problems and same_words(asked.words) in seen
        made.append(QuestionRow(number, asked, problems, known))
        seen.add(same_words(asked.words))
    return made


def _more(cells: Sequence[str], columns: Columns) -> tuple[str, str]:
    return cell(cells, columns, "explanation"), cell(cells, columns, "hint")


def _too_long(asked: Asked) -> list[Sentence]:
    if max(map(len, (asked.words, *asked.choices, asked.explanation, asked.hint))) <= LONGEST:
        return []
    return [Sentence("That is more than %(most)s characters. Shorten it.", most=LONGEST)]


def choices_of(cells: Sequence[str], columns: Columns) -> tuple[list[str], int | None]:
    """(choices, the right one from 0): from a column each, or from one with all of them."""
    lettered = [cell(cells, columns, letter) for letter in LETTERS]
    choices = [choice for choice in lettered if choice]
    if not choices:
        lettered = choices = [c for c in _SEPARATED.split(cell(cells, columns, "choices")) if c]
    return choices, _right(cell(cells, columns, "right"), lettered, choices)


def _right(told: str, lettered: Sequence[str], choices: Sequence[str]) -> int | None:
    """By its letter, its words, or its number; a choice that is left out moves no letter."""
    word = plain(told)
    by_words = [n for n, choice in enumerate(choices) if plain(choice) == word]
    mark = re.sub(r"^(?:choice|option|opcion|answer|respuesta)\s+|[).:]+$", "", word)
    by_letter = len(mark) == 1 and mark in LETTERS
    if by_words and not by_letter:
        return by_words[0]
    at = LETTERS.find(mark) if by_letter else int(mark[:4]) - 1 if mark.isdecimal() and mark.isascii() else -1
    if not 0 <= at < len(lettered) or not lettered[at]:
        return None
    return sum(1 for choice in lettered[:at] if choice)
