from __future__ import annotations

import random
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from outreach.titles.files.columns import fingerprint, guess, isbns_without_title, titles_of
from outreach.titles.files.table_titles import NO_TITLE, ONLY_AN_ISBN
from outreach.titles.files.tables import Table, read_table

LISTS = Path(__file__).parents[1] / "data" / "lists"
HOLES = "9780440414803"


def table(text: str) -> Table:
    return read_table(text.encode())


def read(text: str):
    return titles_of(table(text), guess(table(text)))


# What the programs call their columns: their own exports, and lists as people type them.
HEADERS = [
    ("Title,Author,ISBN,Call Number,Copies,Barcode,Material Type,Pub Year,Date Acquired,Reading Level,Interest level",
     {"title": 0, "author": 1, "isbn": 2, "call_number": 3, "format": 6, "audience": 10}),
    ("Call Number,Title,Author,LCCN,ISBN,Bibliographic Level,Publisher,Series Title",
     {"call_number": 0, "title": 1, "author": 2, "isbn": 4}),
    ("Site,Barcode,Title/Author,Standard Number,Call #,Price,Status", {"title": 2, "isbn": 3, "call_number": 4}),
    ("Titel;Verfasser;ISBN;Signatur;Medienart;Verlag;Erscheinungsjahr;Altersstufe",
     {"title": 0, "author": 1, "isbn": 2, "call_number": 3, "format": 4, "audience": 7}),
    ("Titel,Untertitel,Autor,ISBN-13", {"title": 0, "subtitle": 1, "author": 2, "isbn": 3}),
    ("Titre;Auteur;ISBN;Cote;Éditeur;Public visé;Type de document",
     {"title": 0, "author": 1, "isbn": 2, "call_number": 3, "audience": 5, "format": 6}),
    ("Título,Autor,ISBN,Signatura,Editorial,Año,Tipo de material",
     {"title": 0, "author": 1, "isbn": 2, "call_number": 3, "format": 6}),
    ("biblionumber,title,subtitle,author,isbn,itemtype,url",
     {"record": 0, "title": 1, "subtitle": 2, "author": 3, "isbn": 4, "format": 5, "link": 6}),
    ("245$a,100$a,020$a,852$h,521$a", {"title": 0, "author": 1, "isbn": 2, "call_number": 3, "audience": 4}),
    ("BOOK TITLE | AUTHOR NAME | ISBN NUMBER | SERIES | GRADE LEVEL",
     {"title": 0, "author": 1, "isbn": 2, "audience": 4}),
    ("Series Title,Title,Title ID,Author(s),ISBN (13 digits),Cover URL",
     {"title": 1, "record": 2, "author": 3, "isbn": 4, "cover": 5}),
    ("Author:,Title:,Interest Level:,Lexile", {"author": 0, "title": 1, "audience": 2}),
]  # fmt: skip


@pytest.mark.parametrize(("header", "mapping"), HEADERS)
def test_headers_of_library_programs(header, mapping):
    delimiter = next(sign for sign in ";|," if sign in header)
    row = delimiter.join(["a book"] * (header.count(delimiter) + 1))
    made = table(f"{header}\n{row}\n{row}\n")
    assert made.has_header
    assert guess(made) == mapping


def test_the_column_with_isbns_is_the_isbn_column():
    made = table(f"Title,ISBN,EAN\nHoles,,{HOLES}\nNew kid,,9780062225733\n")
    assert guess(made)["isbn"] == 2


def test_without_a_header_the_cells_tell():
    made = table(
        f'12,{HOLES},"Sachar, Louis",Holes and other stories,Book\n13,61020702,"Craft, Jerry",New kid on top,Book\n'
    )
    assert not made.has_header
    assert guess(made) == {"isbn": 1, "author": 2, "title": 3, "format": 4}


def test_addresses_are_links_and_pictures_are_covers():
    row = "Holes,https://opac.example.org/r/1,https://opac.example.org/c/1.jpg\n"
    assert guess(table("Title,Where,Look\n" + row * 3)) == {"title": 0, "link": 1, "cover": 2}


def test_a_title_under_an_unknown_word_is_the_longest_column_and_never_the_summary():
    row = f"A book about holes,{HOLES},A very long summary of the book about holes and boys,x\n"
    assert guess(table("Work,ISBN,Summary,Shelf\n" + row * 3))["title"] == 0


def test_barcodes_are_no_isbns():
    assert "isbn" not in guess(table("Title,Code\nHoles,32123001234567\nNew kid,32123001234568\n"))


@pytest.mark.parametrize(
    ("cell", "author"),
    [
        ("Pratchett, Terry", "Terry Pratchett"),
        ("Terry Pratchett", "Terry Pratchett"),
        ("Pratchett, Terry; Gaiman, Neil", "Terry Pratchett"),
        ("; Gaiman, Neil, 1960-", "Neil Gaiman"),
        ("", None),
    ],
)
def test_the_first_author_as_people_say_it(cell, author):
    assert read(f'Title,Author\nGood omens,"{cell}"\n').titles[0].title.author == author


def test_all_fields_of_a_row():
    made = read(
        "Title,Subtitle,Author,ISBN,Material Type,Interest Level,Call Number,URL,Record Number,Cover\n"
        f"Holes / L. Sachar.,a novel,Louis Sachar,{HOLES} 9780439023481,Large print,Grades 5-8,FIC SAC,"
        "https://opac.example.org/1,4211.0,javascript:x\n"
    )
    title = made.titles[0].title
    assert (title.title, title.subtitle, title.isbn13) == ("Holes", "a novel", (HOLES, "9780439023481"))
    assert (title.format, title.audience, title.grade) == ("large print", "Grades 5-8", None)
    assert (title.call_number, title.link, title.cover) == ("FIC SAC", "https://opac.example.org/1", None)
    assert (title.record, title.added) == ("table 4211", None)


@pytest.mark.parametrize("name", ["titles.csv", "titles-report-preamble.tsv"])
def test_the_samples_give_their_titles(name):
    made = read_table((LISTS / name).read_bytes())
    found = [one.title for one in titles_of(made, guess(made)).titles]
    assert [(t.title, t.author, t.isbn13) for t in found] == [
        ("The light fantastic", "Terry Pratchett", ("9780061020704",)),
        ("New kid", "Jerry Craft", ("9780062225733",)),
        ("Les Misérables; abridged", "Victor Hugo", ("9780142410318",)),
        ("No ISBN here", None, ()),
    ]
    assert [t.format for t in found] == ["book", "book", "book", "kit"]


def test_the_workbook_loses_an_isbn_that_excel_destroyed_and_no_title():
    made = read_table((LISTS / "titles.xlsx").read_bytes())
    found = titles_of(made, guess(made))
    assert [one.title.isbn13 for one in found.titles] == [
        ("9780061020704",), ("9780062225733",), (), ("9780439023481",),
    ]  # fmt: skip
    assert [(t.number, t.text, t.kept) for t in found.troubles] == [(4, "Hunger games", True)]
    assert "9.78044E+12" in found.troubles[0].sentence


def test_rows_without_a_title_are_told_by_their_number():
    found = read(f"Title,Author,ISBN\nHoles,Sachar,\n,,{HOLES}\n,Craft,\n")
    assert [(t.number, t.sentence, t.text, t.kept) for t in found.troubles] == [
        (3, ONLY_AN_ISBN, HOLES, False), (4, NO_TITLE, "Craft", False),
    ]  # fmt: skip
    assert list(isbns_without_title(found)) == [(3, HOLES)]
    assert found.total == 3


def test_a_mapping_to_columns_that_are_not_there_is_no_harm():
    assert (
        titles_of(table("Title,Author\nHoles,Sachar\n"), {"title": 0, "author": 9, "isbn": -1}).titles[0].title.author
        is None
    )


def test_the_next_file_of_a_shape_has_its_fingerprint_and_no_other():
    first = fingerprint(table("Title,Author\nHoles,Sachar\n"))
    assert first == fingerprint(table("Riverside School\n\nTITLE:;author\nNew kid;Craft\nX;Y\n"))
    assert first != fingerprint(table("Author,Title\nSachar,Holes\n"))
    assert first != fingerprint(table("Title,Author,ISBN\nHoles,Sachar,1\n"))


COLUMNS = {
    "Title": ["Holes", "New kid : a graphic novel", "Les Misérables"],
    "Author": ["Sachar, Louis", "Craft, Jerry", "Hugo, Victor"],
    "ISBN": [HOLES, "61020702", "9.78044E+12"],
    "Call Number": ["FIC SAC", "741.5 CRA", "F HUG"],
    "Publisher": ["Yearling", "Quill Tree Books and Company of New York", ""],
    "Interest Level": ["5-8", "", "9-12"],
    "Copies": ["1", "2", "3"],
}


@given(st.permutations(sorted(COLUMNS)), st.sampled_from("\t;|"))
def test_the_order_of_columns_does_not_matter(order, delimiter):
    lines = [order, *zip(*(COLUMNS[name] for name in order), strict=True)]
    shuffled = read("\n".join(map(delimiter.join, lines)))
    usual = read("\n".join("\t".join(line) for line in (list(COLUMNS), *zip(*COLUMNS.values(), strict=True))))
    assert shuffled == usual
    assert len(usual.titles) == 3


def test_a_shuffled_list_gives_the_same_titles():
    lines = [f"Book {n},Doe,{HOLES}" for n in range(50)]
    random.Random(1).shuffle(lines)
    found = read("\n".join(["Title,Author,ISBN", *lines]))
    assert {one.title.title for one in found.titles} == {f"Book {n}" for n in range(50)}
