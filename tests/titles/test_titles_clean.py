from __future__ import annotations

import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from outreach.titles.clean import MOST, clean_author, clean_title, match_key

# Text in which the patterns of catalogs are common
pieces = st.sampled_from(
    [
        *(" / ", " : ", " = ", " ; ", "/", ":", ".", "...", ",", "[kit]", "[electronic resource]", "[", "]", "(", ")"),
        *("by ", "author", "1948-2015", "2001", "A.", "Jr.", "etc.", "The", "Mc", "of", "de", "ill.", "III", "&amp;"),
        *("é", "e\u0301", "書", "\u202e", "\u200b", "\x00", " ", "\n", "\xa0", "–", "<b>", "art"),
    ]
)
catalogish = st.lists(pieces | st.text(max_size=5), max_size=12).map("".join)


@pytest.mark.parametrize(
    ("raw", "title", "subtitle", "kind"),
    [
        ("New kid :\n\n    a graphic novel /\n", "New kid", "a graphic novel", None),
        ("Wonder [electronic resource] :", "Wonder", None, "e-book/audio"),
        ("Matilda [text (large print)] / Roald Dahl.", "Matilda", None, "large print"),
        ("Chess [game (jigsaw)].", "Chess", None, "jigsaw puzzle"),
        ("Le petit prince [Texte imprimé] : conte / Antoine", "Le petit prince", "conte", "book"),
        ("[kit]", "[kit]", None, None),
        ("2 + 2 = 5 : a history", "2 + 2 = 5", "a history", None),
        ("E = mc2", "E = mc2", None, None),
        ("火 = Fire /", "火", None, None),
        ("Either/or : a fragment", "Either/or", "a fragment", None),
        ("Wait : what? : a book", "Wait", "what? : a book", None),
        ("100% : a book.", "100%", "a book", None),
        ("1984 : a novel", "1984: a novel", None, None),
        ("The letters of J. R. R.", "The letters of J. R. R.", None, None),
        ("Who is Martin Luther King, Jr.", "Who is Martin Luther King, Jr.", None, None),
        ("/", "/", None, None),
        ("...", "...", None, None),
        (" \x00\u202e ", "", None, None),
        ("Persian نمی\u200cدانم", "Persian نمی\u200cدانم", None, None),
    ],
)
def test_titles(raw, title, subtitle, kind):
    clean = clean_title(raw)
    assert (clean.title, clean.subtitle, clean.format) == (title, subtitle, kind)


def test_html_is_resolved_once_and_only_on_request():
    assert clean_title("Pinocchio &amp; <i>friends</i>", html=True).title == "Pinocchio & friends"
    assert clean_title("&amp;lt;", html=True).title == "&lt"  # a trailing semicolon goes
    assert clean_title("The <div> element").title == "The <div> element"
    assert clean_title("a < b and b > c", html=True).title == "a < b and b > c"
    assert clean_title("x<script>alert(1)</script>y", html=True).title == "xy"


@pytest.mark.parametrize(
    ("raw", "name"),
    [
        ("Pratchett, Terry,1948-2015.", "Terry Pratchett"),
        ("Craft, Jerry,author,artist.", "Jerry Craft"),
        ("Planer, Nigel,nrt", "Nigel Planer"),
        ("Callahan, Jim(Colorist),colorist.", "Jim Callahan"),
        ("Kibuishi, Kazu, 1978- author, illustrator.", "Kazu Kibuishi"),
        ("By Pratchett, Terry, 1948-2015. ", "Terry Pratchett"),
        ("Alston, B. B.", "B. B. Alston"),
        ("Rowling, J. K. (Joanne K.), 1965-", "J. K. Rowling"),
        ("Saint-Exupéry, Antoine de, 1900-1944.", "Antoine de Saint-Exupéry"),
        ("Seuss, Dr.", "Dr. Seuss"),
        ("King, Martin Luther, Jr., 1929-1968", "Martin Luther King Jr."),
        ("Griffey, Ken, III", "Ken Griffey III"),
        ("Homer, active 6th century B.C.", "Homer"),
        ("Aesop.", "Aesop"),
        ("Shakespeare, William, 1564?-1616, author", "William Shakespeare"),
        ("Leonardo, da Vinci, 1452-1519.", "Leonardo da Vinci"),
        ("hooks, bell, 1952-2021", "bell hooks"),
        ("村上, 春樹, 1949-", "村上 春樹"),
        ("Spiegelman, Art", "Art Spiegelman"),
        ("Young, Ed, ill.", "Ed Young"),
        ("Anytown Public Library", "Anytown Public Library"),
        ("United States. Congress.", "United States. Congress"),
        ("Walt Disney Company, Inc.", "Walt Disney Company, Inc."),
        ("Pratchett, Terry; Gaiman, Neil", "Pratchett, Terry; Gaiman, Neil"),
        ("Smith, John, Sir, 1900-", "Smith, John, Sir"),
        ("Terry Pratchett", "Terry Pratchett"),
        (" , . ", None),
        ("", None),
        ("x" * 2_001, None),
    ],
)
def test_authors(raw, name):
    assert clean_author(raw) == name


def test_keys():
    key = match_key("The light fantastic", "Terry Pratchett", None)
    assert key == "light fantastic|pratchett|"
    assert key == match_key("Light Fantastic!", "Pratchett, Terry", "Books")
    assert match_key("Les Misérables", "Victor Hugo", "DVDs") == "miserables|hugo|dvd"
    assert match_key("L'étranger", "Albert Camus", None) == match_key("L’Étranger", "A. Camus", "Book")
    assert match_key("A", None, None) == "a||"
    assert match_key("Panda bears and holes in a road", None, None) == "panda bears and holes in a road||"  # no article
    assert match_key("!!!", None, None) != match_key("???", None, None)
    assert match_key("Amulet. 1", "Kibuishi", None) != match_key("Amulet. 2", "Kibuishi", None)
    assert match_key("Why", "Martin Luther King Jr.", None) == match_key("Why", "Martin Luther King", None)


@pytest.mark.parametrize(
    "titles",
    [
        ("Learning C", "Learning C++", "Learning C#"),
        ("कमल", "कमली", "कमला"),
        ("กา", "ก่า", "ก้า"),
        ("かき", "がき"),
        ("Grade A", "Grade A+"),
    ],
)
def test_titles_that_differ_by_a_mark_or_a_sign_are_not_the_same(titles):
    assert len({match_key(title, None, None) for title in titles}) == len(titles)


@pytest.mark.parametrize("title", ["Romeo + Juliet", "+ Romeo # Juliet #", "Romeo & Juliet", "❤\ufe0f Romeo, Juliet"])
def test_a_sign_that_stands_alone_tells_no_titles_apart(title):
    assert match_key(title, None, None) == "romeo juliet||"


def test_surnames_of_every_script_differ_by_their_marks():
    assert match_key("Why", "शर्मा", None) != match_key("Why", "शरम", None)


@given(st.text("Cc+# 1aé|_-कमलीก่าが", max_size=60))
def test_the_words_of_a_key_are_their_own_key(title):
    words = match_key(title, None, None).removesuffix("||")
    if any(map(str.isalnum, words)):
        assert match_key(f"x {words}", None, None) == f"x {words}||"


@given(st.text() | catalogish)
@example("2001 : a : b")
@example("a [kit]/ b : c")
@example("Foo ..")
def test_cleaning_a_clean_title_changes_nothing(raw):
    title = clean_title(raw).title
    assert clean_title(title).title == title
    assert len(title) <= MOST


@given(st.text() | catalogish)
def test_a_title_is_empty_only_if_nothing_can_be_seen(raw):
    seen = [c for c in unicodedata.normalize("NFC", raw) if c.isprintable() and not c.isspace()]
    if seen:
        assert clean_title(raw).title


@given(st.text() | catalogish, st.booleans())
def test_no_control_or_bidi_character_comes_through(raw, html):
    clean = clean_title(raw, html=html)
    for text in (clean.title, clean.subtitle or "", clean_author(raw) or ""):
        assert not any(unicodedata.category(c) in ("Cc", "Cs") or c in "\u200b\u200e\u200f\u061c\ufeff" for c in text)
        assert not any("\u202a" <= c <= "\u202e" or "\u2066" <= c <= "\u2069" for c in text)
        assert text == " ".join(text.split()) == unicodedata.normalize("NFC", text)
        text.encode("utf-8")


@given(st.lists(st.text("abcdefghijklmnopqrstuvwxyzäé'-", min_size=1, max_size=12), min_size=1, max_size=8))
def test_plain_words_lose_nothing(words):
    text = " ".join(words)
    assert clean_title(text).title == unicodedata.normalize("NFC", text)


@given(catalogish)
def test_only_listed_characters_are_lost_outside_the_cuts(raw):
    """Without the separators that start a part to be cut, letters and digits all stay."""
    raw = raw.replace(" / ", " ").replace(" = ", " ").replace("[", "").replace("]", "")
    clean = clean_title(raw)
    kept = f"{clean.title} {clean.subtitle or ''}"
    letters = [c for c in unicodedata.normalize("NFC", raw) if c.isalnum()]
    if " / " not in " ".join(raw.split()) and " = " not in " ".join(raw.split()):
        assert [c for c in kept if c.isalnum()] == letters


@given(st.text() | catalogish)
@example("Smith, by")
@example("a,,b")
def test_cleaning_a_clean_author_changes_nothing(raw):
    name = clean_author(raw)
    assert name is None or clean_author(name) == name


@given(st.text() | catalogish, st.none() | catalogish, st.none() | catalogish)
def test_a_key_has_three_short_parts(title, author, kind):
    key = match_key(title, author, kind)
    assert key.count("|") == 2
    assert len(key) <= 330
