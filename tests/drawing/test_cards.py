"""Title cards: readable on any colour and at any length, the same book always the same."""

from __future__ import annotations

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from hashlib import sha256
from itertools import pairwise
from random import Random

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from outreach.drawing import cards as module
from outreach.drawing.cards import Card, alt_of, compose, draw
from outreach.drawing.colours import ENOUGH, contrast, palette, parse
from outreach.drawing.designs import DESIGNS
from outreach.drawing.fonts import font

LONG = (
    "The strange and remarkable history of the island of Great Britain, as it was told to the children of the village "
)
TITLES = [
    *("It", "1984", "New kid", "Internationalisation", "The curious incident of the dog in the night-time"),
    *("Ệ Ộ Ǖ Åland", "Donaudampfschifffahrtsgesellschaftskapitän", LONG, (LONG * 3)[:300], "x" * 300),
    *("红楼梦", "小さな家の大きな物語、そして「春」の話", "책" * 40, "長" * 300, "The emoji code 🎉📚"),
    *("ألف ليلة وليلة", "סיפור על אהבה וחושך", "สี่แผ่นดิน" * 5, "गोदान", "হাজার বছর ধরে", "བོད་ཡིག"),
]
GREEN = "#1f6f54"
SIZE = (800, 1200)
colours = st.integers(0, 0xFFFFFF).map("#{:06x}".format)


def card(title: str) -> Card:
    return Card(title, "Margaret Elizabeth Ashworth-Hollingsworth", "Graphic novel", "a story in nine parts")


@pytest.fixture(params=DESIGNS, ids=[design.paint.__name__ for design in DESIGNS])
def design(request, monkeypatch):
    monkeypatch.setattr(module, "DESIGNS", (replace(request.param, is_roomy=True),))
    return request.param


@pytest.mark.parametrize("title", TITLES)
def test_no_word_leaves_its_box_or_meets_another(title, design):
    drawn = compose(card(title), GREEN, SIZE)
    left, top, right, bottom = drawn.plate.box
    assert left >= 80
    assert right <= 720
    assert top >= 80
    assert bottom <= 1130
    boxes = [word.box() for word in drawn.words]
    for box in boxes:
        assert left - 6 <= box[0] <= box[2] <= right + 6  # an italic or round letter hangs out a little
        assert top - 2 <= box[1] <= box[3] <= bottom + 2
    for (_, _, _, above), (_, below, _, _) in pairwise(boxes):
        assert below > above - 8  # a descender and a capital may share a few pixels of height


@pytest.mark.parametrize("title", TITLES)
def test_the_title_can_be_read_in_a_picture_320_wide(title, design):
    """Its letter x is at least 6.5 pixels high there, as that of text of 13 pixels is."""
    for word in compose(card(title), GREEN, SIZE).words:
        _, top, _, bottom = font("text", word.size).getbbox("x", anchor="ls")
        least = 6.5 if word.size > 40 or "text" in {run.face for run in word.line.runs} else 5.5
        assert (bottom - top) * 320 / 800 >= least


def test_a_title_of_one_short_word_is_not_absurdly_big(design):
    assert max(word.size for word in compose(Card("It", None), GREEN, SIZE).words) <= 0.18 * 800


def test_a_title_of_300_characters_is_cut_only_where_it_must_be():
    title = (LONG * 3)[:300].strip()
    drawn = compose(Card(title, "Somebody"), GREEN, SIZE)
    shown = " ".join("".join(run.text for run in word.line.runs) for word in drawn.words[:-1])
    assert len(shown) > 200
    assert shown == title or shown.endswith("…")


@given(colours)
@example("#000000")
@example("#ffffff")
@example("#ffff00")
@example("#39ff14")
@example("#777777")
@settings(max_examples=300, deadline=None)
def test_words_can_be_read_on_every_colour(colour):
    shades = palette(colour)
    for design in DESIGNS:
        for seed in range(3):
            _, plate = design.paint(shades, (40, 60), Random(seed))
            assert min(contrast(plate.text, plate.ground), contrast(plate.quiet, plate.ground)) >= ENOUGH
            assert contrast(plate.rule, plate.ground) >= 3


@pytest.mark.parametrize("colour", [GREEN, "#ffffff", "#000000", "#f2c230"])
@pytest.mark.parametrize("size", [(800, 1200), (400, 600), (301, 452)])
def test_nothing_is_painted_under_the_words(colour, size, design):
    for title in "abcdef":
        drawn = compose(Card(title, None), colour, size)
        scale = size[0] / 800
        left, top, right, bottom = (round(scale * edge) for edge in drawn.plate.box)
        ground = drawn.sheet.finished(size).crop((left, top, right, bottom)).getcolors()
        assert ground == [((right - left) * (bottom - top), drawn.plate.ground)]


@pytest.mark.parametrize(
    ("colour", "parsed"), [("#1f6f54", (31, 111, 84)), ("fff", (255, 255, 255)), ("green", (31, 111, 84))]
)
def test_a_colour_that_is_none_becomes_our_own(colour, parsed):
    assert parse(colour) == parsed


def test_contrast_is_counted_as_the_guidelines_do():
    assert contrast((0, 0, 0), (255, 255, 255)) == pytest.approx(21)
    assert contrast((118, 118, 118), (255, 255, 255)) == pytest.approx(4.54, abs=0.01)


def test_the_same_card_is_the_same_picture_in_every_process():
    code = (
        "from hashlib import sha256; from outreach.drawing.cards import Card, draw;"
        f"print(sha256(draw(Card('New kid', 'Jerry Craft'), '{GREEN}').tobytes()).hexdigest())"
    )
    here = sha256(draw(Card("New kid", "Jerry Craft"), GREEN).tobytes()).hexdigest()
    assert (
        subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.strip() == here
    )


def test_cards_may_be_drawn_in_many_threads():
    wanted = [card(title) for title in TITLES]
    one_by_one = [draw(one, GREEN).tobytes() for one in wanted]
    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(lambda one: draw(one, GREEN).tobytes(), wanted)) == one_by_one


def test_books_differ():
    pictures = {draw(Card(f"Book {number}", "Same Author"), GREEN, (80, 120)).tobytes() for number in range(30)}
    assert len(pictures) == 30


def test_all_designs_are_used():
    grounds = {compose(Card(f"Book {number}", None), GREEN, (80, 120)).plate.box for number in range(60)}
    assert len(grounds) == len({design.paint(palette(GREEN), (80, 120), Random(1))[1].box for design in DESIGNS})


def words_of(one: Card) -> list[str]:
    return ["".join(run.text for run in word.line.runs) for word in compose(one, GREEN, SIZE).words]


def test_a_card_says_format_title_subtitle_author():
    one = Card("Sapiens", "Yuval Noah Harari", "Audiobook", "A brief history")
    assert words_of(one) == ["Audiobook", "Sapiens", "A brief history", "Yuval Noah Harari"]


def test_a_title_that_cannot_be_set_leaves_the_card_to_the_author():
    assert words_of(Card("བོད་ཡིག", "Tenzin")) == ["Tenzin"]


def test_a_card_of_which_nothing_can_be_set_has_no_words():
    assert words_of(Card("བོད་ཡིག", None)) == []
    assert draw(Card("བོད་ཡིག", None), GREEN).size == SIZE


def test_an_author_of_another_script_stands_at_the_side_of_the_title():
    for number in range(20):  # several designs
        drawn = compose(Card("אהבה " * (number % 4 + 1), f"Writer {number}"), GREEN, SIZE)
        if drawn.plate.align == "left":
            assert {round(word.x + word.line.width) for word in drawn.words} == {round(drawn.plate.box[2])}


@pytest.mark.parametrize("size", [(800, 1200), (400, 600), (600, 900), (1000, 1500)])
def test_a_card_has_the_size_asked_for(size):
    image = draw(card("New kid"), GREEN, size)
    assert (image.size, image.mode) == (size, "RGB")


def test_alt_text_names_the_book():
    assert alt_of(Card("New kid", "Jerry Craft")) == "New kid by Jerry Craft"
    assert alt_of(Card("100% cotton", None)) == "100% cotton"
    assert alt_of(Card("New kid", "Jerry Craft")).pattern == "%(title)s by %(author)s"
