"""Lines of text: which font, which direction, where they break, and that no character becomes a box."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import features

from outreach.drawing import fonts, glyphs, typeset
from outreach.drawing.bidi import drawn_order, runs_right_to_left, segments
from outreach.drawing.breaks import lines, pieces
from outreach.drawing.fonts import DISPLAY, SANS, TEXT, font, runs_of, settable
from outreach.drawing.typeset import Style, fitted

SCRIPTS = {
    "accents": "Žižek œuvre Łódź ßũĩ",
    "Vietnamese": "Nỗi buồn chiến tranh",
    "Greek": "Ὀδύσσεια",
    "Cyrillic": "Братья Карамазовы Їжак",
    "Chinese": "红楼梦、紅樓夢",
    "Japanese": "小さな家「春」コーヒー",
    "Korean": "채식주의자",
    "Arabic": "ألف ليلة وليلة",
    "Hebrew": "סיפור על אהבה",
}
SHAPED = {"Thai": "สี่แผ่นดิน", "Devanagari": "गोदान", "Bengali": "হাজার বছর", "emoji": "🎉 ❤️ 👩‍🚀"}


def forget():
    for cached in (font, fonts._first, glyphs.length_of, typeset._width_of):
        cached.cache_clear()


@pytest.fixture
def without_raqm(monkeypatch):
    """As on a machine that has no FriBiDi."""
    monkeypatch.setattr(features, "check", lambda name: False)
    forget()
    yield
    forget()


def is_box(character: str, face: str) -> bool:
    """Whether the font draws what it draws for a character that cannot exist. Told by Pillow, not by our own tables."""
    letter = font(face, 40)
    return character.isprintable() and letter.getmask(character).getbbox() == letter.getmask("\U0010ffff").getbbox()


def assert_no_box(text: str, order: fonts.Order) -> None:
    runs = runs_of(text, order)
    assert "".join(run.text for run in runs).replace(" ", "")
    for run in runs:
        seen = fonts._UNSEEN.sub("", run.text)
        assert [c for c in seen if not c.isspace() and is_box(c, run.face)] == []


@pytest.mark.parametrize("text", [*SCRIPTS.values(), *SHAPED.values()], ids=[*SCRIPTS, *SHAPED])
@pytest.mark.parametrize("order", [TEXT, DISPLAY, SANS])
def test_no_character_of_these_scripts_becomes_a_box(text, order):
    if not fonts.shapes() and text in SHAPED.values():
        pytest.skip("this machine cannot shape text")
    assert settable(text) == text
    assert_no_box(text, order)


@pytest.mark.parametrize("text", SCRIPTS.values(), ids=SCRIPTS)
def test_most_scripts_are_set_where_text_cannot_be_shaped(text, without_raqm):
    assert settable(text) == text
    assert_no_box(text, TEXT)


@pytest.mark.parametrize("script", ["Thai", "Devanagari", "Bengali"])
def test_a_script_that_would_be_misspelt_unshaped_is_left_away(script, without_raqm):
    assert settable(SHAPED[script]) == ""


@given(st.text(max_size=30))
def test_what_is_settable_has_a_font_for_every_character(text):
    kept = settable(text)
    assert settable(kept) == kept
    assert "".join(run.text for run in runs_of(kept, TEXT)) == kept


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("New kid", "New kid"),
        ("New kid \U0010fffd", "New kid"),  # a sign that nobody has goes alone
        ("བོད་ཡིག", ""),
        ("The life of བོད།", "The life of"),  # a word that cannot be spelt goes
        ("A བོད་ཡིག་གི་ལོ་རྒྱུས", ""),  # too little would be left to be the title
        ("", ""),
    ],
)
def test_what_no_font_has_is_left_away(text, kept):
    assert settable(text) == kept


def test_the_forms_of_shared_characters_follow_the_language():
    assert [glyphs._han_of(text) for text in ("小さな家", "한강", "红楼梦", "紅樓夢")] == [
        "ja",
        "ko",
        "zh-Hans",
        "zh-Hant",
    ]


@pytest.mark.parametrize(
    ("text", "order"),
    [
        ("הארי Harry Potter פוטר", [("הארי ", True), ("Harry Potter", False), (" פוטר", True)]),
        ("כרך (3)", [("כרך (", True), ("3", False), (")", True)]),
        ("ألف 1001 ليلة", [("ألف ", True), ("1001", False), (" ليلة", True)]),
        ("שלום", [("שלום", True)]),
    ],
)
def test_words_and_numbers_inside_a_right_to_left_line_keep_their_direction(text, order):
    assert segments(text) == order


def test_a_hebrew_line_begins_at_the_right():
    block = fitted("הארי Harry פוטר", Style(TEXT, [40]), 600, 400)
    assert block.right_to_left
    assert [run.text.strip() for run in block.lines[0].runs if run.text.strip()] == ["פוטר", "Harry", "הארי"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [("123 שלום", True), ("«ألف»", True), ("Harry שלום", False), ("1984", False), ("", False)],
)
def test_a_line_runs_as_its_first_letter_does(text, expected):
    assert runs_right_to_left(text) is expected


@pytest.mark.parametrize(
    ("text", "drawn"),
    [
        ("שלום", "םולש"),
        ("אב (ג)", "(ג) בא"),
        ("אב 12", "12 בא"),
        ("سلام", "\ufee1\ufefc\ufeb3"),  # seen, lam with alef, meem: in their forms and from the left
        ("بَيت", "\ufe96\ufef4\ufe91"),  # the vowel sign goes
        ("ورد", "\ufea9\ufead\ufeed"),  # letters that join nothing after them
    ],
)
def test_unshaped_right_to_left_text_is_joined_and_turned(text, drawn):
    assert drawn_order(text) == drawn


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("New kid", ["New ", "kid"]),
        ("The night-time", ["The ", "night-", "time"]),
        ("小さな、家", ["小", "さ", "な、", "家"]),
        ("そして「春」の", ["そ", "し", "て", "「春」", "の"]),
        ("コーヒー", ["コー", "ヒー"]),
        ("แผ่นดิน", ["แผ่", "น", "ดิ", "น"]),
        ("채식 주의자", ["채식 ", "주의자"]),
        ("e\u0301te\u0301", ["e\u0301te\u0301"]),
    ],
)
def test_where_a_title_may_be_broken(text, parts):
    assert list(pieces(text)) == parts


@given(st.text(max_size=60))
def test_pieces_are_the_text(text):
    assert "".join(pieces(text)) == text


def broken(text: str, limit: int) -> list[str] | None:
    return lines(pieces(text), len, limit)


@pytest.mark.parametrize(
    ("text", "limit", "expected"),
    [
        ("one two three four", 14, ["one two", "three four"]),  # even, not "one two three / four"
        ("The lark and the crow", 17, ["The lark", "and the crow"]),  # not "The lark and / the crow"
        ("aaaa bbbb cccc dd", 14, ["aaaa bbbb", "cccc dd"]),  # no widow
        ("short", 10, ["short"]),
        ("unbreakable", 5, None),
    ],
)
def test_lines_are_few_and_even(text, limit, expected):
    assert broken(text, limit) == expected


@given(st.lists(st.text("abcd", min_size=1, max_size=9), min_size=1, max_size=20), st.integers(9, 40))
def test_lines_hold_all_words_within_the_limit_and_no_line_could_be_saved(words, limit):
    found = broken(" ".join(words), limit)
    assert found is not None
    assert " ".join(found).split() == words
    assert max(map(len, found)) <= limit
    greedy, room = 1, limit
    for word in words:
        if len(word) > room:
            greedy, room = greedy + 1, limit
        room -= len(word) + 1
    assert len(found) == greedy


def test_a_word_wider_than_the_line_is_broken_with_hyphens():
    block = fitted("Donaudampfschifffahrtsgesellschaftskapitän", Style(TEXT, [60, 50]), 300, 1000)
    shown = ["".join(run.text for run in line.runs) for line in block.lines]
    assert all(line.endswith("-") for line in shown[:-1])
    assert "".join(line.rstrip("-") for line in shown) == "Donaudampfschifffahrtsgesellschaftskapitän"
    assert all(line.width <= 300 for line in block.lines)


@pytest.mark.parametrize("text", ["word " * 100, "長い題名" * 60, "ยาว" * 100, "كلمة " * 100, "x" * 300])
def test_what_fits_at_no_size_is_cut_with_dots(text):
    if not settable(text):
        pytest.skip("this machine cannot shape text")
    block = fitted(text.strip(), Style(TEXT, [40, 30], 4), 400, 200)
    shown = "".join(run.text for line in block.lines for run in line.runs)
    assert "…" in shown
    assert block.height <= 200
    assert len(block.lines) <= 4
    assert all(line.width <= 402 for line in block.lines)
