"""Workbooks: Excel's files of any age and those of LibreOffice, through calamine.

A workbook can be made so that any reader needs gigabytes for it. A zip is looked at first; for old and binary workbooks
only a limit on the process helps, so read what comes from outside in a child.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import Any

from python_calamine import CalamineError, CalamineWorkbook, PasswordError, SheetVisibleEnum

from outreach.titles.files.lists import NotAList
from outreach.titles.files.table_shape import ABOVE, MOST_COLUMNS, MOST_ROWS, Row, header_at
from outreach.titles.files.zip_check import DAMAGED
from outreach.words import Sentence

MOST_SHEETS = 20
LOCKED = Sentence(
    "This workbook has a password. Open it in Excel, save it without a password, or as CSV, and import that file."
)
EMPTY = Sentence("All sheets of this workbook are empty. Open it to see whether the list was saved with its rows.")


def rows_of_workbook(body: bytes) -> tuple[list[Row], tuple[Sentence, ...]]:
    """The rows of the first sheet with a header, else of the first with rows; and what to say of the others.

    Cells are text as a person would type it: 9780440414803, 2026-11-20. Raises NotAList.
    """
    try:
        with CalamineWorkbook.from_filelike(io.BytesIO(body)) as workbook:
            return _chosen(list(_sheets(workbook)))
    except PasswordError as locked:
        raise NotAList(LOCKED) from locked
    except NotAList:
        raise
    except (CalamineError, OSError, ValueError, OverflowError, MemoryError) as broken:
        raise NotAList(DAMAGED) from broken
    except BaseException as panic:  # a fault in calamine's own code, and no subclass of Exception
        if type(panic).__name__ != "PanicException":
            raise
        raise NotAList(DAMAGED) from panic


def _sheets(workbook: CalamineWorkbook) -> Iterator[tuple[str, list[Row]]]:
    """The sheets with rows that a person sees, and then the hidden ones."""
    shown = [sheet.name for sheet in workbook.sheets_metadata if sheet.visible == SheetVisibleEnum.Visible]
    hidden = [sheet.name for sheet in workbook.sheets_metadata if sheet.visible != SheetVisibleEnum.Visible]
    for name in (shown or hidden)[:MOST_SHEETS]:
        sheet = workbook.get_sheet_by_name(name)
        if sheet.start is None:
            continue
        top, left = sheet.start
        cells = sheet.to_python(nrows=MOST_ROWS + 2 * ABOVE)
        rows: list[Row] = [(top + at, _texts(row, left)) for at, row in enumerate(cells, 1)]
        if any(any(row) for _, row in rows):
            yield name, rows


def _chosen(sheets: list[tuple[str, list[Row]]]) -> tuple[list[Row], tuple[Sentence, ...]]:
    if not sheets:
        raise NotAList(EMPTY)
    known = (sheet for sheet in sheets if header_at([cells for _, cells in sheet[1][:ABOVE]]) is not None)
    name, rows = next(known, sheets[0])
    others = ", ".join(f"“{other}”" for other, _ in sheets if other != name)
    return rows, (_only(name, others),) if others else ()


def _only(name: str, others: str) -> Sentence:
    return Sentence(
        "Only the sheet “%(sheet)s” was read. There are rows in %(others)s too; save each as a file of its own.",
        sheet=name,
        others=others,
    )


def _texts(row: list[Any], left: int) -> list[str]:
    """One more than we keep, so that it can be told."""
    return [_text(cell) for cell in row[: MOST_COLUMNS + 1]]


def _text(cell: Any) -> str:
    if isinstance(cell, str):
        return cell
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, float):
        return _number(cell)
    if isinstance(cell, datetime):
        return cell.date().isoformat() if cell.time() == time() else cell.isoformat(" ", "minutes")
    if isinstance(cell, date):
        return cell.isoformat()
    return str(cell) if isinstance(cell, time | timedelta | int) else ""


def _number(number: float) -> str:
    """Excel keeps 15 digits and no whole numbers: an ISBN comes as 9780440414803.0."""
    return str(int(number)) if number.is_integer() and abs(number) < 1e15 else f"{number:.15g}"
