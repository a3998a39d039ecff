"""Workbooks made for a test: of the parts that a reader needs, and nothing else."""

from __future__ import annotations

import io
import struct
import zipfile
from collections.abc import Sequence
from xml.sax.saxutils import escape, quoteattr

_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"

Cell = str | float | None


def zipped(members: dict[str, bytes | str]) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return packed.getvalue()


def xlsx(**sheets: Sequence[Sequence[Cell]]) -> bytes:
    return zipped(xlsx_members({name: _sheet(rows) for name, rows in sheets.items()}))


def xlsx_members(sheets: dict[str, str]) -> dict[str, bytes | str]:
    """By the text of each sheet's `sheetData`."""
    numbered = list(enumerate(sheets.items(), 1))
    listed = "".join(f'<sheet name={quoteattr(n)} sheetId="{at}" r:id="r{at}"/>' for at, (n, _) in numbered)
    related = "".join(
        f'<Relationship Id="r{at}" Type="{_OFFICE}/worksheet" Target="worksheets/sheet{at}.xml"/>' for at, _ in numbered
    )
    return {
        "[Content_Types].xml": "<Types xmlns='http://schemas.openxmlformats.org/package/2006/content-types'/>",
        "_rels/.rels": f'<Relationships xmlns="{_PACKAGE}"><Relationship Id="r1" Type="{_OFFICE}/officeDocument" '
        'Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}"><sheets>{listed}</sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{_PACKAGE}">{related}</Relationships>',
    } | {
        f"xl/worksheets/sheet{at}.xml": f'<worksheet xmlns="{_MAIN}"><sheetData>{data}</sheetData></worksheet>'
        for at, (_, data) in numbered
    }


def _sheet(rows: Sequence[Sequence[Cell]]) -> str:
    return "".join(
        f'<row r="{number}">{"".join(_cell(cell, f"{chr(65 + at)}{number}") for at, cell in enumerate(row))}</row>'
        for number, row in enumerate(rows, 1)
    )


def _cell(cell: Cell, place: str) -> str:
    if cell is None:
        return ""
    if isinstance(cell, str):
        return f'<c r="{place}" t="inlineStr"><is><t>{escape(cell)}</t></is></c>'
    return f'<c r="{place}"><v>{cell}</v></c>'


def xlsb(rows: Sequence[Sequence[Cell]]) -> bytes:
    """Excel's binary workbook, one sheet (MS-XLSB: records of a type, a length, and what is in them)."""
    workbook = (
        _record(131)
        + _record(143)
        + _record(156, struct.pack("<II", 0, 1) + _wide("r1") + _wide("Titles"))
        + _record(144)
        + _record(132)
    )
    data = b"".join(
        _record(0, struct.pack("<IIHBBB", at, 0, 300, 0, 0, 0) + struct.pack("<I", 0))
        + b"".join(_binary(cell, column) for column, cell in enumerate(row))
        for at, row in enumerate(rows)
    )
    size = struct.pack("<IIII", 0, len(rows) - 1, 0, max(map(len, rows)) - 1)
    sheet = _record(129) + _record(148, size) + _record(145) + data + _record(146) + _record(130)
    related = f'<Relationship Id="r1" Type="{_OFFICE}/worksheet" Target="worksheets/sheet1.bin"/>'
    return zipped(
        {
            "[Content_Types].xml": "<Types xmlns='http://schemas.openxmlformats.org/package/2006/content-types'/>",
            "xl/workbook.bin": workbook,
            "xl/_rels/workbook.bin.rels": f'<Relationships xmlns="{_PACKAGE}">{related}</Relationships>',
            "xl/worksheets/sheet1.bin": sheet,
        }
    )


def _record(kind: int, content: bytes = b"") -> bytes:
    number = bytes([kind]) if kind < 128 else bytes([(kind & 0x7F) | 0x80, kind >> 7])
    size, rest = b"", len(content)
    while rest > 127:
        size, rest = size + bytes([(rest & 0x7F) | 0x80]), rest >> 7
    return number + size + bytes([rest]) + content


def _wide(text: str) -> bytes:
    return struct.pack("<I", len(text)) + text.encode("utf-16-le")


def _binary(cell: Cell, column: int) -> bytes:
    place = struct.pack("<II", column, 0)
    if cell is None:
        return _record(1, place)
    return _record(6, place + _wide(cell)) if isinstance(cell, str) else _record(5, place + struct.pack("<d", cell))
