from __future__ import annotations

import codecs
import io
import time
import zipfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from made_workbooks import xlsb, xlsx, xlsx_members, zipped

from outreach.titles.files.lists import NotAList
from outreach.titles.files.table_shape import CELLS_CUT, COLUMNS_CUT, ROWS_CUT
from outreach.titles.files.tables import MOST_CELL, MOST_COLUMNS, MOST_ROWS, read_table
from outreach.titles.files.zip_check import DAMAGED, TOO_LARGE

LISTS = Path(__file__).parents[1] / "data" / "lists"
NAMES = ("titles.csv", "titles-report-preamble.tsv", "titles.xlsx", "made-titles.xls", "made-titles.ods")
MISERABLES = "Title,Author,ISBN\nLes Misérables,Hugo,9780142410318\n"
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def table(text: str):
    return read_table(text.encode())


def sentence(body: bytes, name: str = "") -> str:
    with pytest.raises(NotAList) as caught:
        read_table(body, name)
    return caught.value.sentence


@pytest.mark.parametrize(
    ("name", "numbers", "second"),
    [
        ("titles.csv", (2, 3, 4, 5), ("New kid : a graphic novel", "Craft, Jerry", "9780062225733")),
        ("titles-report-preamble.tsv", (5, 6, 7, 8), ("New kid : a graphic novel", "Craft, Jerry", "9780062225733")),
        ("titles.xlsx", (2, 3, 4, 5), ("New kid", "Craft, Jerry", "9780062225733")),
        ("made-titles.xls", (2, 3, 4), ("New kid", "Craft, Jerry", "9780062225733")),
        ("made-titles.ods", (2, 3, 4), ("New kid", "Craft, Jerry", "9780062225733")),
    ],
)
def test_a_list_has_its_header_and_rows_with_their_numbers(name, numbers, second):
    read = read_table((LISTS / name).read_bytes(), name)
    assert read.has_header
    assert read.header[:3] == ("Title", "Author", "ISBN")
    assert (read.numbers, read.first_row) == (numbers, numbers[0])
    assert read.rows[1][:3] == second
    assert {len(row) for row in read.rows} == {len(read.header)}


@pytest.mark.parametrize("name", ["titles.xlsx", "made-titles.xls", "made-titles.ods"])
def test_numbers_and_dates_of_workbooks_are_plain(name):
    first = read_table((LISTS / name).read_bytes()).rows[0]
    assert first[2:] == ("61020702", "2026-11-20")


@pytest.mark.parametrize(
    "body",
    [
        MISERABLES.encode(),
        codecs.BOM_UTF8 + MISERABLES.encode(),
        MISERABLES.encode("utf-16"),
        codecs.BOM_UTF16_BE + MISERABLES.encode("utf-16-be"),
        MISERABLES.encode("utf-16-le"),
        MISERABLES.encode("utf-16-be"),
        MISERABLES.encode("utf-32"),
        MISERABLES.encode("cp1252"),
        MISERABLES.encode("mac_roman"),
        MISERABLES.encode("utf-8").replace(b"Hugo", b"Hug\0o"),
        MISERABLES.replace("\n", "\r").encode(),
        MISERABLES.replace("\n", "\r\n").encode(),
    ],
)
def test_any_encoding_and_any_end_of_line(body):
    assert read_table(body).rows == (("Les Misérables", "Hugo", "9780142410318"),)


@pytest.mark.parametrize(
    ("encoding", "text"),
    [
        ("cp1252", "Titel,Autor\nDie unendliche Geschichte – für alle,Ende\nMüller’s Mühle,Groß\n"),
        ("cp1252", "Titre,Auteur\nÀ l’ombre — “été”,Véronique\nL’École d’à côté,Zoë\nGarçon,Françoise\n"),
        ("cp1252", "Title,Price\nDon’t,£5\nJosé the great—again,€6\n¿Qué?,½\n"),
        ("mac_roman", "Titre,Auteur\nLe château de ma mère,Pagnol\nL’été français,Véronique\n"),
        ("mac_roman", "Titel,Autor\nDas fliegende Klassenzimmer für alle,Kästner\nMüller,Größe\n"),
        ("mac_roman", "Title,Author\nDon’t let the pigeon drive the bus,Willems\nCien años de soledad,García\n"),
        ("cp1250", "Tytuł,Autor\nPan Samochodzik i Święty Graal,Łoś\nKról Maciuś Pierwszy,Korczak\nŹdźbło,Ćwik\n"),
        ("cp932", "書名,著者\n吾輩は猫である,夏目漱石\nノルウェイの森,村上春樹\n窓ぎわのトットちゃん,黒柳徹子\n"),
    ],
)
def test_code_pages_of_other_computers(encoding, text):
    cells = {cell for row in read_table(text.encode(encoding)).rows for cell in row}
    assert {cell for line in text.splitlines()[1:] for cell in line.split(",")} <= cells


def test_a_line_of_another_encoding_in_utf_8_spoils_nothing_else():
    body = ("Title\n" + "Les Misérables\n" * 9).encode() + "Éloïse\n".encode("cp1252")
    assert read_table(body).rows == (("Les Misérables",),) * 9 + (("Éloïse",),)


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ("Title,Author\nA; B,C\n", [("A; B", "C")]),
        ("Title;Author\nPratchett, T;C\n", [("Pratchett, T", "C")]),
        ("Title|Author\nA,b;c|C\n", [("A,b;c", "C")]),
        ("Title\tAuthor\nA, b\tC\n", [("A, b", "C")]),
        ("sep=;\nTitle;Author\nA, b;C\n", [("A, b", "C")]),
        ('"sep=,"\r\nTitle,Author\r\nA;b,C\r\n', [("A;b", "C")]),
        (
            "Title\nThe lion, the witch and the wardrobe\nHoles\n",
            [("The lion, the witch and the wardrobe",), ("Holes",)],
        ),
        (
            'Title,Author\n"The lion,\nthe witch",Lewis\nHoles,Sachar\n',
            [("The lion, the witch", "Lewis"), ("Holes", "Sachar")],
        ),
        ('Title,Author\n"Say ""hello""", "Doe, J"\n', [('Say "hello"', "Doe, J")]),
    ],
)
def test_delimiters_are_guessed_and_quotes_respected(text, rows):
    assert list(table(text).rows) == rows


@pytest.mark.parametrize(
    "lone",
    ['"Holes,Sachar', '12" ruler,Maker', '"Holes" again,Sachar', '"Holes\nSachar,"x\ny', '"""'],
)
def test_a_lone_quote_swallows_no_other_title(lone):
    rows = table(f'Title,Author\nFirst,One\n{lone}\nSecond,Two\n"Third, and last",Three\n').rows
    assert {("First", "One"), ("Second", "Two"), ("Third, and last", "Three")} <= set(rows)


def test_rows_are_numbered_as_a_spreadsheet_numbers_them():
    read = table('sep=,\nTitle,Author\n\n"Two\nlines",A\n\n,\nLast,B\n')
    assert (read.numbers, [row[0] for row in read.rows]) == ((3, 6), ["Two lines", "Last"])


@pytest.mark.parametrize(
    "below", ["Total: 2 titles", "Page 1 of 1", "2 records", "End of report", "Summe: 2", "Total,2"]
)
def test_report_lines_above_and_below_are_no_rows(below):
    above = "Riverside School Library,Title list\nRun: 11/23/2026\n\n"
    read = table(f"{above}Title,Author,ISBN\nHoles,Sachar,\nTotal eclipse,Doe,\n\n{below}\n")
    assert read.header == ("Title", "Author", "ISBN")
    assert [row[0] for row in read.rows] == ["Holes", "Total eclipse"]


def test_the_header_of_the_next_page_is_no_row():
    read = table("Title,Author\nHoles,Sachar\nPage 1 of 2\nTitle,Author\nNew kid,Craft\nPage 2 of 2\n")
    assert read.rows == (("Holes", "Sachar"), ("New kid", "Craft"))


@pytest.mark.parametrize("last", ["Total recall", "2 friends", "Page", "1984", "The end"])
def test_a_last_title_that_sounds_like_a_footer_stays(last):
    assert table(f"Title,Author\nHoles,Sachar\n{last},\n").rows[-1][0] == last


def test_without_a_header_the_columns_get_names_and_no_row_is_lost():
    read = table('Holes,"Sachar, Louis",Book\nNew kid,"Craft, Jerry",Book\n')
    assert (read.has_header, read.header) == (False, ("Column 1", "Column 2", "Column 3"))
    assert read.first_row == 1
    assert len(read.rows) == 2


def test_a_header_in_a_language_we_do_not_know_is_told_by_its_shape():
    read = table("Nimeke,Kesto,Tunnus\nHoles,Sachar,9780440414803\nNew kid,Craft,9780062225733\n")
    assert read.header == ("Nimeke", "Kesto", "Tunnus")


def test_cells_without_a_header_are_named_by_their_place():
    assert table("Title,,ISBN\nHoles,x,1,y\n").header == ("Title", "Column 2", "ISBN", "Column 4")


def test_binary_workbooks_are_read():
    read = read_table(xlsb([["Title", "ISBN"], ["Holes", 9780440414803.0]]))
    assert read.rows == (("Holes", "9780440414803"),)


def test_of_several_sheets_the_list_is_read_and_the_others_are_named():
    body = xlsx(Cover=[["Riverside School"]], New=[["Title", "Author"], ["Holes", "Sachar"]], Empty=[], Old=[["Title"]])
    read = read_table(body)
    assert read.rows == (("Holes", "Sachar"),)
    assert "“New”" in read.notes[0]
    assert "“Cover”, “Old”" in read.notes[0]


HTML = """<html><head><style>td {color: red}</style></head><body><table><tr><td>Riverside</td></tr></table>
<!-- <table><tr><td>Title<td>ISBN</table> -->
<TABLE border=1><tr><th>Title</th><th colspan=2>Author</th><th>ISBN</th></tr>
<tr><td>Frog &amp; Toad<br>are friends</td><td>Lobel,&nbsp;Arnold</td><td></td><td>9780064440202</td></tr>
<tr><td>Fran&ccedil;oise<td>Doe<td><td></table><table><tr><td>1</td></tr></table></body></html>"""
XML = """<?xml version="1.0"?><?mso-application progid="Excel.Sheet"?>
<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet" xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet">
<Worksheet ss:Name="List"><Table><Row><Cell><Data ss:Type="String">Title</Data></Cell>
<Cell ss:Index="3"><Data>ISBN</Data>
</Cell></Row><Row ss:Index="4"><Cell><Data ss:Type="String">Frog &amp; Toad</Data>
<Comment><Data>no</Data></Comment></Cell>
<Cell ss:MergeAcross="1"/><Cell><Data>x</Data></Cell></Row></Table></Worksheet></Workbook>"""


def test_a_web_page_that_calls_itself_xls():
    read = read_table(HTML.encode("cp1252"), "titles.xls")
    assert read.header == ("Title", "Author", "Column 3", "ISBN")
    assert read.rows[0] == ("Frog & Toad are friends", "Lobel, Arnold", "", "9780064440202")
    assert read.rows[1][:2] == ("Françoise", "Doe")


def test_excels_xml_of_2003():
    read = read_table(XML.encode(), "titles.xls")
    assert read.header == ("Title", "Column 2", "ISBN", "Column 4")
    assert (read.rows, read.numbers) == ((("Frog & Toad", "", "", "x"),), (4,))


@pytest.mark.parametrize(
    ("body", "word"),
    [
        (b"", "empty"),
        (b"\xef\xbb\xbf \r\n", "empty"),
        (b"Title,Author\n", "no titles"),
        (b"%PDF-1.7 ...", "PDF"),
        (b"{\\rtf1 ...", "Word"),
        (OLE + "WordDocument".encode("utf-16-le"), "Word"),
        (OLE + "EncryptedPackage".encode("utf-16-le"), "password"),
        (OLE + b"\0" * 600, "damaged"),
        (zipped({"word/document.xml": "<w/>"}), "Word"),
        (zipped({"ppt/presentation.xml": "<p/>"}), "presentation"),
        (zipped({"Index/Document.iwa": b"x"}), "Numbers"),
        (zipped({"titles.csv": MISERABLES}), "Unpack"),
        (zipped({"xl/workbook.xml": "<nothing/>"}), "damaged"),
        (zipped({"content.xml": "<table><row>"}), "damaged"),  # its reader would wait for the end for ever
        (zipped({"content.xml": "<?xml version='1.0' encoding='UTF-4'?><table/>"}), "damaged"),
        (xlsx(Titles=[["Title"], ["Holes"]])[:300], "damaged"),
        (xlsx(Titles=[]), "empty"),
        (b"\x89PNG\r\n\x1a\n", "picture"),
        (b'{"titles": [1, 2]}', "JSON"),
        (b"00714cam a2200205 a 4500001000600000", "MARC"),
        (b"<?xml version='1.0'?><collection xmlns='http://www.loc.gov/MARC21/slim'/>", "MARC"),
        (b"<!DOCTYPE html><html><body>Please log in</body></html>", "web page"),
        (bytes(range(256)) * 20, "“x.dat” is no list"),
    ],
)
def test_what_is_no_table_says_what_to_do(body, word):
    assert word in sentence(body, "x.dat")


def test_what_is_left_out_is_told():
    rows = MOST_ROWS + 5
    read = table("Title,Author\n" + "Holes,Sachar\n" * rows)
    assert (len(read.rows), read.notes) == (MOST_ROWS, (ROWS_CUT,))
    wide = table("Title" + ",a" * 300 + "\nHoles" + ",b" * 300 + "\n")
    assert (len(wide.header), wide.notes) == (MOST_COLUMNS, (COLUMNS_CUT,))
    long = table(f"Title,Author\n{'x' * 150_000},Sachar\n")
    assert (len(long.rows[0][0]), long.rows[0][1], long.notes) == (MOST_CELL, "Sachar", (CELLS_CUT,))
    assert table("Title,Author\n" + "Holes,Sachar\n" * MOST_ROWS).notes == ()


def test_bombs_are_refused_before_they_are_unpacked():
    members = xlsx_members({"Titles": ""})
    start = time.process_time()
    bomb = zipped(members | {"xl/worksheets/sheet1.xml": " " * 30_000_000})
    many = zipped(members | {f"xl/{number}.xml": "" for number in range(2_100)})
    far = zipped(xlsx_members({"T": '<row><c r="A1"><v>1</v></c></row><row><c r="XFD1048576"><v>1</v></c></row>'}))
    assert [sentence(body) for body in (bomb, many, far)] == [TOO_LARGE] * 3
    assert time.process_time() - start < 5


def test_a_directory_that_lies_about_a_size_is_found_out():
    body = bytearray(zipped(xlsx_members({"Titles": " " * 3_000_000})))
    at = body.rfind(b"PK\x01\x02", 0, body.rfind(b"xl/worksheets/sheet1.xml"))
    body[at + 24 : at + 28] = (1_000).to_bytes(4, "little")
    assert zipfile.is_zipfile(io.BytesIO(body))
    assert sentence(bytes(body)) == DAMAGED


# Without the .xls: its reader ends the process when a place in it points far away, which only a child survives.
SEEDS = [(LISTS / name).read_bytes() for name in NAMES if not name.endswith(".xls")] + [
    HTML.encode(),
    XML.encode(),
    MISERABLES.encode(),
]
SEEDS.append(b'Title,Author\n"Holes, and ""more""",Sachar\n' * 3)


@settings(max_examples=150, deadline=None)
@given(st.one_of(st.binary(max_size=500), st.text(alphabet='",;\t\n\r|ab\0é=<>', max_size=200).map(str.encode)))
def test_no_bytes_raise_anything_else(body):
    read_or_refuse(body)


@settings(max_examples=250, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.sampled_from(SEEDS), st.lists(st.tuples(st.floats(0, 0.999), st.binary(max_size=4)), min_size=1, max_size=6))
def test_no_mutation_raises_anything_else(seed, changes):
    body = bytearray(seed)
    for place, new in changes:
        at = int(place * len(body))
        body[at : at + max(1, len(new))] = new
    read_or_refuse(bytes(body))


def read_or_refuse(body: bytes) -> None:
    try:
        read = read_table(body, "list")
    except NotAList:
        return
    assert len(read.rows) == len(read.numbers) > 0
    assert {len(row) for row in read.rows} == {len(read.header)}
    assert list(read.numbers) == sorted(set(read.numbers))


@pytest.mark.parametrize(
    "unit",
    [
        'Title,"Author"\n', "x", '"', ",", '"a\n', '"a,"b\n', 'x,"a\nb\n', "<table>", "<", "<!--", "<td a='",
        "<table><tr><td>", "<![CDATA[", "<script>", "\xe9,", "a\0", "\n", "12 ",
    ],
)  # fmt: skip
def test_reading_takes_time_in_proportion(unit):
    def seconds(size: int) -> float:
        body = b"<table>" * (unit[0] == "<") + (unit * (size // len(unit))).encode("cp1252")
        start = time.process_time()
        read_or_refuse(body)
        return time.process_time() - start

    seconds(1_000)
    assert seconds(800_000) < 8 * max(seconds(200_000), 0.05)
