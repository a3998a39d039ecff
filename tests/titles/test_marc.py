"""Binary MARC and MARCXML: what is read, and what is said of what cannot be."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pymarc import MARCReader, record_to_xml

from outreach.titles.files.lists import MOST_TROUBLES, ListRead, NotAList
from outreach.titles.files.marc import DELETED, NO_TITLE, count_records, read_marc
from outreach.titles.files.marc_binary import CUT_OFF, DAMAGED, NO_BEGINNING, WRONG_LENGTH, WRONG_LETTERS
from outreach.titles.files.marc_xml import DECLARED, PART

SAMPLE = (Path(__file__).parents[1] / "data" / "lists" / "titles.mrc").read_bytes()
RECORDS = [part + b"\x1d" for part in SAMPLE.split(b"\x1d")[:-1]]
TITLES = ["The light fantastic", "New kid", "Diary of a wimpy kid. [3], The last straw", "Le petit prince"]


def made(*fields: str | bytes, leader: str = "nam a", fixed: str = "") -> bytes:
    """A binary record. A field is its tag, indicators and subfields: ``245 10$aTitle``; control fields: ``001 x``."""
    fields = (*fields, f"008 {fixed}") if fixed else fields
    raw = [field.encode() if isinstance(field, str) else field for field in fields]
    data = [(field[:3], field[4:].replace(b"$", b"\x1f") + b"\x1e") for field in raw]
    directory, offset = b"", 0
    for tag, content in data:
        directory += b"%s%04d%05d" % (tag, len(content), offset)
        offset += len(content)
    base = 24 + len(directory) + 1
    length = base + offset + 1
    start = b"%05d%s22%05d i 4500" % (length, leader.encode(), base)
    return start + directory + b"\x1e" + b"".join(content for _, content in data) + b"\x1d"


def simple(number: int) -> bytes:
    return made(f"001 n{number}", f"245 10$aTitle {number}")


def audience(code: str) -> str:
    return " " * 22 + code + " " * 17


def titles(read: ListRead) -> list[str]:
    return [listed.title.title for listed in read.titles]


def faults(read: ListRead) -> list[tuple[int, str]]:
    return [(trouble.number, trouble.sentence) for trouble in read.troubles]


def one(*fields: str | bytes, leader: str = "nam a", fixed: str = ""):
    read = read_marc(made("245 10$aTitle", *fields, leader=leader, fixed=fixed))
    assert read.troubles == ()
    return read.titles[0].title


def as_xml(*raws: bytes, namespace: bool = True) -> bytes:
    records = [record for raw in raws for record in MARCReader(raw)]
    return b"<collection>%s</collection>" % b"".join(record_to_xml(r, namespace=namespace) for r in records if r)


def test_the_sample():
    read = read_marc(SAMPLE)
    assert (titles(read), read.troubles, read.total) == (TITLES, (), 4)
    fantastic, kid, wimpy, prince = (listed.title for listed in read.titles)
    assert [listed.number for listed in read.titles] == [1, 2, 3, 4]
    assert (fantastic.author, fantastic.isbn13, fantastic.call_number) == (
        "Terry Pratchett",
        ("9780061020704",),
        "FIC PRA",
    )
    assert (fantastic.audience, fantastic.grade, fantastic.format) == ("Ages 12+", 7, None)
    assert (fantastic.record, fantastic.cover, fantastic.added) == ("marc fol1", None, None)
    assert (kid.subtitle, kid.format, kid.audience, kid.grade) == ("a graphic novel", "graphic novel", "Ages 8-12", 3)
    assert (wimpy.author, wimpy.format, wimpy.audience, wimpy.grade) == (None, "audio recording", "Juvenile", 0)
    assert (prince.author, prince.isbn13) == ("Antoine de Saint-Exupéry", ("9782070612758",))


def test_a_preview_looks_at_no_more_than_asked():
    read = read_marc(RECORDS[0] + b"broken\x1d" + RECORDS[1] + RECORDS[2], most=2)
    assert (titles(read), faults(read), read.total) == (TITLES[:1], [(2, NO_BEGINNING)], 2)
    assert read_marc(SAMPLE, most=0).total == 0


def test_xml_reads_the_same_as_binary():
    for namespace in (True, False):
        assert read_marc(as_xml(SAMPLE, namespace=namespace)) == read_marc(SAMPLE)


@pytest.mark.parametrize(
    ("fields", "title", "subtitle"),
    [
        (["$aNew kid :$ba graphic novel /$cJerry Craft."], "New kid", "a graphic novel"),
        (["$aNew kid$ba graphic novel$cJerry Craft"], "New kid", "a graphic novel"),
        (["$aAmulet.$nBook nine,$pWaverider /"], "Amulet. Book nine, Waverider", None),
        (["$aAmulet$nBook nine$pWaverider"], "Amulet. Book nine, Waverider", None),
        (["$aAmulet$pWaverider$ba tale"], "Amulet. Waverider", "a tale"),
        (["$aWhy?$pBecause"], "Why? Because", None),
        (["$aFire =$bFeu /"], "Fire", None),
        (["$a1984 :$ba novel"], "1984: a novel", None),
        (["$aEither/or"], "Either/or", None),
        (["$aWonder$h[electronic resource] /"], "Wonder", None),
        (["$bonly this"], "only this", None),
        (["$a / ", "$aSecond"], "Second", None),
    ],
)
def test_titles_by_subfields(fields, title, subtitle):
    found = read_marc(made(*(f"245 10{field}" for field in fields))).titles[0].title
    assert (found.title, found.subtitle) == (title, subtitle)


@pytest.mark.parametrize(
    ("fields", "author"),
    [
        (["100 1 $aPratchett, Terry,$d1948-2015,$eauthor."], "Terry Pratchett"),
        (["100 1 $aKing, Martin Luther,$cJr.,$d1929-1968."], "Martin Luther King Jr."),
        (["100 1 $aSeuss,$cDr."], "Dr. Seuss"),
        (["100 0 $aJohn Paul$bII,$cPope,$d1920-2005."], "Pope John Paul II"),
        (["100 0 $aElizabeth$bII,$cQueen of Great Britain,$d1926-2022."], "Elizabeth II"),
        (["110 2 $aMarvel Comics Group,$epublisher."], "Marvel Comics Group"),
        (["110 1 $aUnited States.$bNational Park Service."], "United States. National Park Service"),
        (["110 2 $aRand, McNally and Company."], "Rand, McNally and Company."),
        (["111 2 $aOlympic Games$n(33rd :$d2024)"], "Olympic Games"),
        (["700 1 $aKinney, Jeff,$eauthor.", "700 1 $aOther, An"], "Jeff Kinney"),
        (["700 1 $aDe Ocampo, Ramón,$enarrator.", "700 1 $aKinney, Jeff,$eauthor."], "Jeff Kinney"),
        (["700 1 $aDe Ocampo, Ramón,$4nrt", "700 1 $aKinney, Jeff,$4aut"], "Jeff Kinney"),
        (["700 1 $aShakespeare, William.$tHamlet."], None),
        (["700 1 $aSecond, A.", "100 1 $aFirst, B."], "B. First"),
        ([], None),
    ],
)
def test_authors(fields, author):
    assert one(*fields).author == author


def test_isbns_of_the_item_and_of_no_other():
    fields = ("020   $a0061020702 (pbk.) :$c$5", "020   $a9780061020704", "020   $z9780545935180", "020   $aunknown")
    assert one(*fields).isbn13 == ("9780061020704",)


@pytest.mark.parametrize(
    ("fields", "call_number"),
    [
        (["852 1 $hFIC$iPRA$pT 1"], "FIC PRA"),
        (["852 1 $hFIC$iPRA$kYA"], "YA FIC PRA"),
        (["852 1 $aHillside", "952   $oFIC PRA$p39001"], "FIC PRA"),
        (["949   $a*recs=b;", "949   $a30001234567", "949   $aFIC PRA"], "FIC PRA"),
        (["092   $a741.5$bCRA"], "741.5 CRA"),
        (["082 04$a813.54", "050 00$aPZ7"], None),
    ],
)
def test_call_numbers(fields, call_number):
    assert one(*fields).call_number == call_number


@pytest.mark.parametrize(
    ("fields", "link"),
    [
        (["856 40$uhttps://books.example.org/1"], "https://books.example.org/1"),
        (["856 41$uhttps://books.example.org/1"], "https://books.example.org/1"),
        (["856 42$uhttps://books.example.org/1"], None),
        (["856 4 $uhttps://books.example.org/1", "856 40$uhttps://books.example.org/2"], "https://books.example.org/2"),
        (["856 4 $uhttps://books.example.org/1"], "https://books.example.org/1"),
        (["856 41$3Table of contents$uhttps://books.example.org/1"], None),
        (["856 40$ujavascript:alert(1)"], None),
        (["856 40$uftp://books.example.org/1"], None),
        (["856 40$uhttp://127.0.0.1/x"], None),
        (["856 40$uurn:isbn:1$uhttps://books.example.org/1"], "https://books.example.org/1"),
    ],
)
def test_links_lead_to_the_thing_itself(fields, link):
    assert one(*fields).link == link


@pytest.mark.parametrize(
    ("fields", "record"),
    [
        (["001 ocm123", "003 OCoLC"], "marc OCoLC ocm123"),
        (["001  fol1 "], "marc fol1"),
        (["003 OCoLC"], None),
        (["001 " + "9" * 400], None),
    ],
)
def test_record_numbers(fields, record):
    assert one(*fields).record == record


@pytest.mark.parametrize(
    ("leader", "fixed", "fields", "kind"),
    [
        ("nam a", "", [], None),
        ("nim a", "", [], "audio recording"),
        ("njm a", "", [], "music"),
        ("ncm a", "", [], "music"),
        ("ngm a", "", [], "video"),
        ("nem a", "", [], "map"),
        ("nom a", "", [], "kit"),
        ("nrm a", " " * 33 + "g", [], "game"),
        ("nrm a", " " * 33 + "g", ["655  7$aJigsaw puzzles."], "jigsaw puzzle"),
        ("nrm a", "", [], "object"),
        ("nmm a", " " * 26 + "g", [], "game"),
        ("nas a", "", [], "magazine"),
        ("nam a", " " * 23 + "o", [], "e-book/audio"),
        ("nam a", " " * 23 + "d", [], "large print"),
        ("nam a", " " * 23 + "f", [], "braille"),
        ("nam a", " " * 24 + "6", [], "graphic novel"),
        ("nam a", "", ["338   $aonline resource$bcr$2rdacarrier"], "e-book/audio"),
        ("nim a", "", ["338   $aonline resource$2rdacarrier"], "e-book/audio"),
        ("ngm a", "", ["338   $bcr"], "video"),
        ("nam a", "", ["006 m     o  d", "007 cr un"], "e-book/audio"),
        ("nam a", "", ["007 tb"], "large print"),
        ("nam a", "", ["250   $aLarge print edition."], "large print"),
        ("nam a", "", ["655  7$aGraphic novels.$2lcgft"], "graphic novel"),
        ("nam a", "", ["336   $aspoken word$bspw"], "audio recording"),
        ("nam a", "", ["336   $btxt", "336   $bspw"], None),
        ("nam a", "", ["336   $btxt", "337   $bn", "338   $bnc", "655  7$aFantasy fiction."], None),
    ],
)
def test_formats(leader, fixed, fields, kind):
    assert one(*fields, leader=leader, fixed=fixed).format == kind


def test_the_format_in_brackets_decides():
    assert read_marc(made("245 10$aMatilda$h[text (large print)] /")).titles[0].title.format == "large print"
    assert read_marc(made("245 10$aWonder$h[DVD]", leader="nam a")).titles[0].title.format == "video"


@pytest.mark.parametrize(
    ("leader", "code", "fields", "audience_", "grade"),
    [
        ("nam a", "j", [], "Juvenile", 0),
        ("nam a", "d", [], "Adolescent", 9),
        ("nam a", "g", [], "", None),
        ("nam a", "|", [], "", None),
        ("nas a", "d", [], "", None),  # of a serial this is the form of the original
        ("nem a", "a", [], "", None),  # of a map, the projection
        ("nam a", "j", ["521 1 $a012-015."], "Ages 12-15", 7),
        ("nam a", "j", ["521 2 $a7 & up."], "Grades 7 & up", 7),
        ("nam a", "j", ["521 0 $a3.1"], "Juvenile", 0),
        ("nam a", " ", ["521 0 $a3.1"], "Reading level 3.1", 3),
        ("nam a", "e", ["521   $aYoung adult."], "Young adult", 7),
        ("nam a", "j", ["521 8 $a750L$bLexile"], "Juvenile", 0),
        ("nam a", " ", ["521 8 $a750L$bLexile"], "750L", None),
        ("nam a", " ", ["852 1 $hYA FIC"], "", 7),
    ],
)
def test_audiences(leader, code, fields, audience_, grade):
    found = one(*fields, leader=leader, fixed=audience(code))
    assert (found.audience, found.grade) == (audience_, grade)


# Letters


def test_utf8_flagged_as_marc8():
    raw = RECORDS[3][:9] + b" " + RECORDS[3][10:]
    read = read_marc(raw)
    assert (read.titles[0].title.author, read.troubles) == ("Antoine de Saint-Exupéry", ())


@pytest.mark.parametrize(
    ("written", "letters"),
    [
        (b"Saint-Exup\xe2ery", "Saint-Exupéry"),  # an accent stands before its letter
        (b"\xe8uber \xe4nandu", "über ñandu"),
        (b"\x1b(N\x6d\x69\x72\x1b(B", "МИР"),
    ],
)
def test_marc8_reads_as_its_tables_say(written, letters):
    read = read_marc(made(b"245 10$a" + written, leader="nam  "))
    assert (titles(read), read.troubles) == ([letters], ())


def test_windows_letters_flagged_as_utf8_are_mended_and_told():
    read = read_marc(made("001 \u00e9", b"245 10$aLes mis\xe9rables", "100 1 $aÉluard, Paul") + simple(2))
    assert titles(read) == ["Les misérables", "Title 2"]
    assert read.titles[0].title.author == "Paul Éluard"
    assert [(t.number, t.sentence, t.text, t.kept) for t in read.troubles] == [
        (1, WRONG_LETTERS, "Les misérables", True)
    ]


def test_letters_of_fields_that_nobody_reads_cost_nothing():
    read = read_marc(made("245 10$aTitle", b"520   $aMis\xe9rable"))
    assert (titles(read), read.troubles) == (["Title"], ())


# Damage

GOOD = simple(1)


def lies(at: int, written: bytes) -> bytes:
    return GOOD[:at] + written + GOOD[at + len(written) :]


@pytest.mark.parametrize(
    ("bad", "sentence"),
    [
        (lies(12, b"00000"), NO_BEGINNING),
        (lies(12, b"99999"), NO_BEGINNING),
        (lies(12, b"-0001"), NO_BEGINNING),
        (lies(12, b"00030"), DAMAGED),
        (lies(27, b"9999"), DAMAGED),  # a field that claims all
        (lies(27, b"0000"), DAMAGED),
        (lies(31, b"-0005"), DAMAGED),
        (lies(31, b"99999"), DAMAGED),
        (lies(31, b"00001"), DAMAGED),
        (lies(27, b"\xc2\xb2  "), DAMAGED),
        (GOOD[:40] + b"\x1d", NO_BEGINNING),
        (GOOD[:60] + b"\x1d", DAMAGED),
        (GOOD[:40], CUT_OFF),
        (GOOD[:24], CUT_OFF),
        (GOOD[:5], CUT_OFF),
        (b"\xff" * 30 + b"\x1d", NO_BEGINNING),
        (made("001 x"), NO_TITLE),
        (made("245 10$c/"), NO_TITLE),
        (made("245 10"), NO_TITLE),
        (made(), NO_TITLE),
        (made("245 10$aGone", leader="dam a"), DELETED),
    ],
)
def test_a_bad_record_is_named_and_the_ones_around_it_are_read(bad, sentence):
    read = read_marc(RECORDS[0] + bad + RECORDS[1] + RECORDS[3])
    assert (titles(read), faults(read), read.total) == ([TITLES[0], TITLES[1], TITLES[3]], [(2, sentence)], 4)
    assert not read.troubles[0].kept
    last = read_marc(SAMPLE + bad)
    assert (titles(last), faults(last), last.total) == (TITLES, [(5, sentence)], 5)
    earliest = read_marc(bad + SAMPLE)
    assert (titles(earliest), faults(earliest)) == (TITLES, [(1, sentence)])


@pytest.mark.parametrize(
    "length", [b"00000", b"99999", b"00024", b"00100", b"     ", b"-0001", b"0x1F4", b"%05d" % 609]
)
def test_a_length_that_lies_loses_nothing(length):
    read = read_marc(RECORDS[0] + length + GOOD[5:] + RECORDS[1] + RECORDS[3])
    assert titles(read) == [TITLES[0], "Title 1", TITLES[1], TITLES[3]]
    assert [(t.number, t.sentence, t.text, t.kept) for t in read.troubles] == [(2, WRONG_LENGTH, "Title 1", True)]


def test_a_length_that_reaches_over_the_next_record():
    reaching = b"%05d" % (len(GOOD) + len(RECORDS[1])) + GOOD[5:]
    assert titles(read_marc(reaching + RECORDS[1] + RECORDS[0])) == ["Title 1", TITLES[1], TITLES[0]]


def test_a_record_that_lost_its_end():
    read = read_marc(GOOD[:-1] + RECORDS[1] + RECORDS[0][:300] + RECORDS[3])
    assert (titles(read), faults(read)) == (["Title 1", TITLES[1], TITLES[3]], [(1, WRONG_LENGTH), (3, CUT_OFF)])


def test_an_end_within_a_record_is_none():
    raw = made("001 x", "245 10$aTitle", b"520   $aone\x1dtwo\x1dthree")
    assert (titles(read_marc(raw + GOOD)), read_marc(raw + GOOD).troubles) == (["Title", "Title 1"], ())


@pytest.mark.parametrize(
    "between", [b"\n", b"\r\n", b"\r\n\r\n", b"\x00" * 50, b"\xef\xbb\xbf", b"\x1a", b"--- page 2\n"]
)
def test_what_stands_between_records_is_no_record(between):
    read = read_marc(between + between.join(RECORDS) + between)
    assert (titles(read), read.troubles, read.total) == (TITLES, (), 4)


def test_fields_may_not_share_bytes():
    """Many entries that point at one long field would make gigabytes of a small file."""
    field = b"  \x1fa" + b"x" * 9_000 + b"\x1e"
    directory = b"856%04d%05d" % (len(field), 0) * 7_000
    base = 24 + len(directory) + 1
    raw = b"nam a22%05d i 4500" % base + directory + b"\x1e" + field + b"\x1d"
    read = read_marc(GOOD + (b"%05d" % (len(raw) + 5) + raw) * 20)
    assert (titles(read), {sentence for _, sentence in faults(read)}) == (["Title 1"], {DAMAGED})


LEADER = b"99999nam a2200049 i 4500"


@pytest.mark.parametrize(
    "big",
    [
        LEADER + b"x" * 4_000_000,
        LEADER + b"\x1d" * 4_000_000,
        LEADER + b"\x00\x1d" * 2_000_000,
        (LEADER + b"\x1d") * 150_000,
        LEADER * 150_000,
        (LEADER + b"\x1e\x1d") * 150_000,
        LEADER + b"9" * 4_000_000,
        LEADER + b"12345nam a22" * 300_000,
        b"\x00" * 4_000_000 + LEADER,
        b"\x1d\x00" * 2_000_000 + LEADER,
    ],
    ids=range(10),
)
def test_hostile_files_take_no_longer_than_long_ones(big):
    start = time.process_time()
    read = read_marc(GOOD + big + b"\x1d" + GOOD)
    assert time.process_time() - start < 8
    assert titles(read)[0] == titles(read)[-1] == "Title 1"
    assert len(read.troubles) <= MOST_TROUBLES


def test_faults_beyond_a_number_are_counted_only():
    read = read_marc(GOOD + (LEADER + b"\x1d") * 1_500 + GOOD)
    assert (len(read.troubles), read.more) == (MOST_TROUBLES, 500)
    assert (read.total, len(read.titles)) == (1_502, 2)


# XML

MARC = "http://www.loc.gov/MARC21/slim"
INNER = as_xml(RECORDS[1], namespace=False).removeprefix(b"<collection>").removesuffix(b"</collection>")
PREFIXED = INNER.replace(b"</", b"</m:").replace(b"<", b"<m:").replace(b"<m:/m:", b"</m:")


@pytest.mark.parametrize(
    "body",
    [
        INNER,
        b"\xef\xbb\xbf  \n<?xml version='1.0' encoding='UTF-8'?>" + INNER,
        INNER.replace(b"<record>", f'<record xmlns="{MARC}">'.encode()),
        f'<?xml version="1.0" encoding="UTF-16"?>{INNER.decode()}'.encode("utf-16"),
        f'<m:collection xmlns:m="{MARC}">'.encode() + PREFIXED + b"</m:collection>",
        f'<OAI-PMH xmlns="http://www.openarchives.org/OAI/2.0/" xmlns:m="{MARC}"><ListRecords><record>'.encode()
        + b'<header status="deleted"/></record><record><metadata>'
        + PREFIXED
        + b"</metadata></record></ListRecords></OAI-PMH>",
        f'<z:searchRetrieveResponse xmlns:z="http://www.loc.gov/zing/srw/" xmlns:m="{MARC}"><z:records>'.encode()
        + b"<z:record><z:recordData>"
        + PREFIXED
        + b"</z:recordData></z:record></z:records></z:searchRetrieveResponse>",
        b"<records><record><metadata>" + INNER + b"</metadata></record></records>",
        INNER.replace(b"New kid", b"New \x1b\x00kid"),
    ],
    ids=["bare", "bom", "namespace", "utf-16", "collection", "oai", "sru", "envelope", "controls"],
)
def test_wherever_the_record_stands(body):
    read = read_marc(body)
    assert (titles(read), read.troubles, read.total) == (["New kid"], (), 1)
    assert count_records(body) == 1


def test_broken_xml_keeps_what_stands_before_the_break():
    body = b"<collection>" + INNER + b"\n" + INNER + b"\n" + INNER[:200] + b"<&>" + INNER + b"</collection>"
    read = read_marc(body)
    assert (titles(read), read.total) == (["New kid", "New kid"], 3)
    assert (read.troubles[0].number, read.troubles[0].kept) == (3, False)
    assert "at line 3" in read.troubles[0].sentence
    assert read_marc(body, most=2).troubles == ()


def test_an_export_that_was_cut_off_says_so():
    read = read_marc(b"<collection>" + INNER + INNER[:300])
    assert (titles(read), len(read.troubles)) == (["New kid"], 1)


@pytest.mark.parametrize(
    "fault",
    [
        b'<datafield ind1=" "><subfield code="a">x</subfield></datafield>',
        b'<datafield tag="521"><subfield>x</subfield></datafield>',
        b"<controlfield>x</controlfield>",
    ],
)
def test_a_field_without_a_name_costs_itself_alone(fault):
    read = read_marc(INNER.replace(b"</record>", fault + b"</record>"))
    assert (titles(read), faults(read), read.troubles[0].kept) == (["New kid"], [(1, PART)], True)


def test_a_leader_that_lost_its_blanks():
    read = read_marc(INNER.replace(INNER[INNER.index(b"<leader>") + 8 : INNER.index(b"</leader>")], b"nam"))
    assert titles(read) == ["New kid"]


def test_windows_letters_in_xml():
    assert titles(read_marc(INNER.replace(b"New kid", b"Mis\xe9rable \xc3\xa9t\xc3\xa9"))) == ["Misérable été"]
    declared = b'<?xml version="1.0" encoding="ISO-8859-1"?>' + INNER.replace(b"New kid", b"\xe9t\xe9")
    assert titles(read_marc(declared)) == ["été"]


@pytest.mark.parametrize(
    "document_type",
    [
        '<!DOCTYPE r [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>',
        '<!DOCTYPE r SYSTEM "http://127.0.0.1:9/x.dtd">',
        '<!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/hostname">]>',
    ],
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_a_document_type_is_refused(document_type, encoding):
    with pytest.raises(NotAList) as refused:
        read_marc((document_type + INNER.decode().replace("New kid", "&x;")).encode(encoding))
    assert refused.value.sentence == DECLARED


# What is no MARC


@pytest.mark.parametrize(
    ("body", "says"),
    [
        (b"", "empty"),
        (b" \r\n", "empty"),
        (b"PK\x03\x04\x14\x00", "Excel"),
        (b"%PDF-1.7", "PDF"),
        (b"\x1f\x8b\x08", "compressed"),
        (b'{"records": []}', "JSON"),
        (b"=LDR  00581nam a2200181 i 4500\n=001  fol1", "as text"),
        (b"<!DOCTYPE html><html><p>Log in", "web page"),
        (b"<html><body><p>Log in</body></html>", "web page"),
        (b"<rss><channel/></rss>", "no MARC records"),
        (b"<collection></collection>", "no MARC records"),
        (b"<collection><rec", "no MARC records"),
        (b"ISBN,Title\n9780061020704,The light fantastic\n", "no MARC records"),
        (b"9780061020704\n9780545935180\n" * 50, "no MARC records"),
        (b"\x89PNG\r\n\x1a\n" + b"\x1d" * 1_000, "no MARC records"),
    ],
)
def test_what_is_no_marc_says_what_it_is(body, says):
    with pytest.raises(NotAList) as refused:
        read_marc(body)
    assert says in refused.value.sentence
    assert count_records(body) == 0 or b"\x1d" in body


def test_counting_without_reading():
    assert count_records(SAMPLE) == count_records(SAMPLE + b"\r\n") == count_records(as_xml(SAMPLE)) == 4
    assert count_records(SAMPLE[:-1]) == 4
    assert count_records(RECORDS[0][:-1]) == 1


# Whatever happens to a file

change = st.tuples(st.integers(0, len(RECORDS[1]) - 1), st.binary(min_size=0, max_size=6), st.integers(0, 40))


def changed(raw: bytes, changes: list[tuple[int, bytes, int]]) -> bytes:
    for at, new, drop in changes:
        raw = raw[:at] + new + raw[at + drop :]
    return raw


@settings(max_examples=300, deadline=2_000)
@given(st.lists(change, min_size=1, max_size=4))
def test_damage_to_one_record_leaves_the_others(changes):
    after = [simple(n) for n in range(3)]
    read = read_marc(RECORDS[0] + changed(RECORDS[1], changes) + b"".join(after))
    assert titles(read)[0] == TITLES[0]
    assert titles(read)[-3:] == ["Title 0", "Title 1", "Title 2"]


@settings(max_examples=300, deadline=2_000)
@given(st.lists(st.tuples(st.integers(0, len(SAMPLE)), st.binary(max_size=30), st.integers(0, 400)), max_size=8))
def test_any_change_gives_titles_or_says_that_it_is_no_list(changes):
    try:
        read = read_marc(changed(SAMPLE, changes))
    except NotAList:
        return
    assert len(read.titles) + sum(not trouble.kept for trouble in read.troubles) == read.total
    assert all(listed.title.title for listed in read.titles)


XML = as_xml(SAMPLE)


@settings(max_examples=200, deadline=2_000)
@given(st.lists(st.tuples(st.integers(0, len(XML)), st.binary(max_size=30), st.integers(0, 100)), max_size=3))
def test_any_change_to_xml_as_well(changes):
    try:
        read = read_marc(changed(XML, changes))
    except NotAList:
        return
    assert len(read.titles) + sum(not trouble.kept for trouble in read.troubles) == read.total
