"""Files that are made to hurt: each gets its sentence within bounds of time and memory, and nothing is executed."""

from __future__ import annotations

import io
import random
import time
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from clients import signed_in
from hypothesis import given
from hypothesis import strategies as st
from made_workbooks import xlsx, xlsx_members, zipped
from sqlalchemy import func, select
from titles_desk import csv

from outreach.db import db
from outreach.models import Import
from outreach.titles.files.csv_out import neutral
from outreach.titles.files.list_child import look_at, read_file
from outreach.titles.files.lists import ListRead, NotAList
from outreach.titles.files.table_shape import EMPTY_CUT
from outreach.titles.files.zip_check import DAMAGED, TOO_LARGE
from outreach.words import NotDone

LISTS = Path(__file__).parents[1] / "data" / "lists"
MARC = (LISTS / "titles.mrc").read_bytes()
FIRST = MARC[: MARC.index(b"\x1d") + 1]
LIGHT = "9780061020704"


@contextmanager
def within(seconds: float) -> Iterator[None]:
    """Against hanging; most take a second."""
    began = time.monotonic()
    yield
    assert time.monotonic() - began < seconds


def refused(body: bytes, name: str = "list") -> str:
    """The sentence, from the child that reads what comes from outside."""
    with within(75), pytest.raises(NotAList) as caught:
        read_all(body, name)
    return caught.value.sentence


def read_all(body: bytes, name: str = "list") -> ListRead:
    look = look_at(body, name)
    return read_file(body, name, look.kind, look.columns or {})


def told(body: bytes, name: str = "list") -> ListRead | str:
    """What was read, or the sentence; and soon."""
    with within(75):
        try:
            return read_all(body, name)
        except NotAList as no:
            return no.sentence


def named(read: ListRead) -> list[str]:
    return [one.title.title for one in read.titles]


# Workbooks


def test_a_small_workbook_that_is_large_when_unpacked_is_not_unpacked():
    rows = "<row r='1'><c r='A1'><v>1</v></c></row>" + " " * 400_000_000
    bomb = zipped(xlsx_members({"Titles": rows}))
    assert len(bomb) < 1_000_000
    assert refused(bomb, "titles.xlsx") == TOO_LARGE


def lying(members: dict[str, bytes | str], name: str) -> bytes:
    """A zip whose directory says that a member is small."""
    packed = bytearray(zipped(members))
    at = packed.rindex(name.encode()) - 46
    assert packed[at : at + 4] == b"PK\x01\x02"
    packed[at + 24 : at + 28] = (1_000).to_bytes(4, "little")
    return bytes(packed)


def test_a_workbook_that_lies_about_its_size_is_damaged():
    members = xlsx_members({"Titles": " " * 50_000_000})
    assert refused(lying(members, "xl/worksheets/sheet1.xml"), "titles.xlsx") == DAMAGED


def test_a_zip_of_zips_is_no_list():
    inner = zipped({"a": b"\0" * 50_000_000})
    for _ in range(4):
        inner = zipped({f"{n}.zip": inner for n in range(10)})
    assert refused(inner, "titles.xlsx")


def test_a_workbook_of_a_hundred_thousand_members_is_not_opened():
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for n in range(100_000):
            archive.writestr(f"xl/{n}.xml", b"")
    assert refused(packed.getvalue(), "titles.xlsx") == TOO_LARGE


def test_a_workbook_whose_words_are_entities_of_entities_is_not_blown_up():
    laughs = "".join(f"<!ENTITY l{n} '{f'&l{n - 1};' * 10}'>" for n in range(1, 12))
    members = xlsx_members({"Titles": "<row r='1'><c r='A1' t='inlineStr'><is><t>&l11;</t></is></c></row>"})
    sheet = str(members["xl/worksheets/sheet1.xml"])
    members["xl/worksheets/sheet1.xml"] = f"<!DOCTYPE w [<!ENTITY l0 'ha'>{laughs}]>{sheet}"
    assert refused(zipped(members), "titles.xlsx")


@pytest.mark.parametrize("place", ["XFD1048576", "A1048576", "XFD1"])
def test_a_cell_at_the_end_of_the_world_costs_no_world(place):
    far = f"<row r='1'><c r='A1'><v>1</v></c></row><row r='9'><c r='{place}'><v>2</v></c></row>"
    assert told(zipped(xlsx_members({"Titles": far})), "titles.xlsx")


def test_a_binary_workbook_that_claims_half_a_terabyte_ends_its_child_and_not_us():
    body = (LISTS / "nasty-far.xlsb").read_bytes()
    assert "takes too much time or memory" in refused(body, "nasty-far.xlsb")


# Formulas

FORMULAS = [
    "=cmd|' /C calc'!A0",
    "@SUM(1+1)*cmd|' /C calc'!A0",
    "+1+cmd|' /C calc'!A0",
    "-2+3",
    '=HYPERLINK("http://evil.example","x")',
]


@pytest.mark.parametrize("formula", FORMULAS)
def test_a_formula_in_a_csv_is_words_and_what_we_write_is_no_formula(formula):
    quoted = formula.replace('"', '""')
    (title,) = named(read_all(csv(f'"{quoted}","Craft, Jerry",{LIGHT}')))
    assert title[:1] == formula[:1]
    assert neutral(title).startswith("'")


def test_a_formula_in_a_workbook_is_its_value_or_nothing_and_never_run():
    rows = (
        "<row r='1'><c r='A1' t='inlineStr'><is><t>Title</t></is></c>"
        "<c r='B1' t='inlineStr'><is><t>ISBN</t></is></c></row>"
        f"<row r='2'><c r='A2' t='str'><f>WEBSERVICE(\"http://evil.example\")</f><v>New kid</v></c>"
        f"<c r='B2'><f>1+1</f><v>{LIGHT}</v></c></row>"
    )
    read = read_all(zipped(xlsx_members({"Titles": rows})))
    assert [(one.title.title, one.title.isbn13) for one in read.titles] == [("New kid", (LIGHT,))]


@given(st.text(max_size=60))
def test_no_cell_that_we_write_begins_as_a_formula(cell):
    written = neutral(cell)
    assert written.lstrip(" ")[:1] not in {"=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠"}
    assert written.removeprefix("'") == cell.removeprefix("'") or written == cell


def test_markup_in_a_list_is_words():
    (title,) = named(read_all(csv('"<script>alert(1)</script>Holes & more",,')))
    assert "<script" not in title or title.startswith("<script>alert(1)")


# MARC


def with_length(length: bytes) -> bytes:
    return length + FIRST[5:]


@pytest.mark.parametrize("length", [b"99999", b"00000", b"00024", b"-0001", b"     ", b"\xff" * 5, b"00001"])
def test_a_record_that_lies_about_its_length_costs_at_most_itself(length):
    with within(75):
        read = read_all(with_length(length) + MARC, "titles.mrc")
    assert named(read)[-4:] == named(read_all(MARC))
    assert all(trouble.sentence for trouble in read.troubles)


@pytest.mark.parametrize("base", [b"99999", b"00000", b"00001", b"-----"])
def test_a_record_whose_data_begin_nowhere_is_named(base):
    read = read_all(FIRST[:12] + base + FIRST[17:] + MARC, "titles.mrc")
    assert len(read.titles) == 4
    assert [trouble.number for trouble in read.troubles] == [1]


def hostile_directory(entries: int) -> bytes:
    """Every entry claims the same 9,999 bytes: a small file that could become gigabytes."""
    base = 24 + entries * 12 + 1
    data = b"  \x1fa" + b"x" * 9_994 + b"\x1e"
    length = min(99_999, base + len(data) + 1)
    leader = b"%05dnam a22%05d i 4500" % (length, min(base, 99_999))
    return leader + b"245999900000" * entries + b"\x1e" + data + b"\x1d"


@pytest.mark.parametrize("entries", [100, 7_000, 400_000])
def test_a_directory_that_claims_the_same_bytes_again_and_again_is_damaged(entries):
    with within(75):
        read = read_all(hostile_directory(entries) + MARC, "titles.mrc")
    assert len(read.titles) in (4, 5)
    assert read.troubles != ()


@pytest.mark.parametrize(
    "body",
    [
        FIRST[:24] * 400_000,
        b"\x1d" * 2_000_000 + FIRST,
        b"\x1e" * 2_000_000 + FIRST,
        FIRST[:-1] * 20_000,
        (FIRST[:24] + b"\x1e\x1d") * 300_000,
        b"00000" * 2_000_000 + FIRST,
    ],
    ids=["leaders", "record ends", "field ends", "no ends", "nothing in them", "lengths"],
)
def test_megabytes_that_are_almost_marc_end(body):
    read = told(body, "titles.mrc")
    assert read if isinstance(read, str) else read.titles or read.troubles


def test_marcxml_with_entities_of_entities_is_not_blown_up():
    laughs = "".join(f"<!ENTITY l{n} '{f'&l{n - 1};' * 10}'>" for n in range(1, 12))
    body = (
        f"<!DOCTYPE c [<!ENTITY l0 'ha'>{laughs}]><collection><record><leader>00000nam a2200000 i 4500</leader>"
        "<datafield tag='245' ind1='1' ind2='0'><subfield code='a'>&l11;</subfield></datafield></record></collection>"
    )
    read = told(body.encode(), "titles.xml")
    assert read if isinstance(read, str) else all(len(title) < 10_000 for title in named(read))


# Anything


@pytest.mark.parametrize("name", ["list.csv", "titles.mrc", "titles.xlsx", ""])
def test_twenty_megabytes_of_nothing_are_no_list(name):
    body = random.Random(20).randbytes(20_000_000)
    assert refused(body, name)


@pytest.mark.parametrize(
    "start", [b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"<collection>", b"00714nam a2200205 i 4500"]
)
def test_nothing_with_the_beginning_of_something_has_no_titles(start):
    read = told(start + random.Random(2).randbytes(2_000_000))
    assert read if isinstance(read, str) else (read.titles, len(read.troubles)) == ((), 1)


@pytest.mark.parametrize(
    "body",
    [
        b"Title,ISBN\n" + b"\n" * 5_000_000,
        b"Title,ISBN\n" + b"," * 10_000_000,
        b'Title,ISBN\n"' + b"x" * 10_000_000,
        b"Title,ISBN\n" + b'"' * 10_000_000,
        b"Title,ISBN\n" + b"(" * 5_000_000,
        b"Title,ISBN\n" + b"Holes," + b"9" * 5_000_000,
        b"Title,ISBN\n" + b"a,b\n" * 2_000_000,
        b"<table>" * 1_000_000,
        b"<table><tr><td>" * 200_000,
    ],
    ids=["lines", "commas", "an open quote", "quotes", "brackets", "digits", "two million rows", "tables", "cells"],
)
def test_megabytes_of_one_thing_end_in_a_list_or_a_sentence(body):
    read = told(body)
    assert read if isinstance(read, str) else read.total <= 50_000


@pytest.mark.parametrize("row", [b"\n", b"\r\n", b" \n", b",\n", b'""\n', b"," * 190 + b"\n"])
def test_megabytes_of_empty_rows_hold_nobody(row):
    with within(75):
        assert "no titles" in refused(b"Title,Author\n" + row * (19_000_000 // len(row)), "list.csv")


def test_what_stands_below_very_many_empty_rows_is_left_out_and_said():
    read = look_at(b"Title,Author\nHoles,Sachar\n" + b"\n" * 60_000 + b"Emma,Austen\n", "list.csv")
    assert (read.total, read.notes) == (1, (EMPTY_CUT,))


def test_every_second_row_may_be_empty():
    rows = "".join(f"Book {n},Austen\n\n" for n in range(2_000))
    read = look_at(f"Title,Author\n\n{rows}".encode(), "list.csv")
    assert (read.total, read.header, read.notes) == (2_000, ("Title", "Author"), ())


def test_nothing_that_is_refused_is_kept(desk):
    for body in (random.Random(1).randbytes(100_000), (LISTS / "nasty-far.xlsb").read_bytes()):
        with pytest.raises(NotDone):
            desk.file(body)
    assert db.session.scalar(select(func.count(Import.id))) == 0


def test_a_sound_list_is_read_all_the_same():
    """These limits are for the others."""
    rows = [["Title", "Author", "ISBN"], *([f"Title {n}", "Craft, Jerry", None] for n in range(10_000))]
    assert len(read_all(xlsx(Titles=rows), "titles.xlsx").titles) == 10_000


# On the page


@pytest.fixture
def pages() -> bool:
    return True


@pytest.fixture
def ana(app, cast):
    return signed_in(app, cast.contributor)


def test_a_hundred_thousand_lines_are_answered_on_the_page(ana):
    lines = "\n".join(f"978{n:010d}" for n in range(100_000))
    answer = ana.post("/titles/lists/isbns", data={"isbns": lines})
    assert answer.status_code == 422
    assert "Paste at most 2,000 at once" in answer.get_data(as_text=True)


def test_a_hundred_thousand_lines_that_are_wrong_make_a_page_that_can_be_read(ana):
    lines = LIGHT + "\n" + "9780061020705\n" * 100_000
    answer = ana.post("/titles/lists/isbns", data={"isbns": lines}, follow_redirects=True)
    assert answer.status_code == 200
    assert len(answer.data) < 1_000_000


@pytest.mark.parametrize(
    "name", ["nov\0ember.csv", "../../etc/passwd", "x" * 5_000, '"><script>alert(1)</script>.csv', ""]
)
def test_a_file_of_any_name_is_taken_or_refused(ana, name):
    sent = {"file": (io.BytesIO(csv("Holes,,")), name)}
    answer = ana.post("/titles/lists/file", data=sent, content_type="multipart/form-data", follow_redirects=True)
    assert answer.status_code in (200, 422)
    assert "<script>alert(1)" not in answer.get_data(as_text=True)


def test_a_page_without_a_file_asks_for_one(ana):
    answer = ana.post("/titles/lists/file", data={}, content_type="multipart/form-data")
    assert answer.status_code == 422
    assert "empty" in answer.get_data(as_text=True)
