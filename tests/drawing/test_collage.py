"""Collages: every cover whole, none over another, in the shape that the network likes."""

from __future__ import annotations

import io
import time
from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from outreach.drawing.cards import Card, draw, write_heading
from outreach.drawing.collage import LARGEST, SHAPES, alt_of_collage, collage, encoded, places
from outreach.drawing.colours import parse

GREEN = "#1f6f54"
COLOURS = ["#aa0000", "#00aa00", "#0000aa", "#aaaa00", "#aa00aa", "#00aaaa", "#884400", "#448800", "#004488"]
every_shape = pytest.mark.parametrize("shape", SHAPES)
every_count = pytest.mark.parametrize("count", range(1, 10))
sizes = st.tuples(st.integers(60, 900), st.integers(60, 900))


def cover(colour: str, size: tuple[int, int] = (200, 300)) -> Image.Image:
    """Dark rim, light inside: a cut edge would show."""
    image = Image.new("RGB", size, colour)
    image.paste("white", (20, 20, size[0] - 20, size[1] - 20))
    return image


@given(st.lists(sizes, min_size=1, max_size=9), st.sampled_from(list(SHAPES.values())), st.integers(0, 200))
@settings(max_examples=150, deadline=None)
def test_covers_of_any_aspect_keep_it_and_their_place(sizes, picture, top):
    spots = places(sizes, picture, top)
    assert len(spots) == len(sizes)
    for (width, height), spot in zip(sizes, spots, strict=True):
        assert abs(spot.width - spot.height * width / height) <= 1 + width / height
        assert spot.x >= 20
        assert spot.x + spot.width <= picture[0] - 20
        assert spot.y >= max(top, 20) - 1
        assert spot.y + spot.height <= picture[1] - 20
    for one, other in combinations(spots, 2):
        apart_across = one.x + one.width + 5 <= other.x or other.x + other.width + 5 <= one.x
        apart_down = one.y + one.height + 5 <= other.y or other.y + other.height + 5 <= one.y
        assert apart_across or apart_down


@every_shape
@every_count
def test_cards_stand_in_centred_rows_of_one_height(count, shape):
    spots = places([(800, 1200)] * count, SHAPES[shape])
    rows: dict[int, list] = {}
    for spot in spots:
        rows.setdefault(spot.y + spot.height, []).append(spot)
    assert len({spot.height for spot in spots}) == 1
    lengths = [len(row) for row in rows.values()]
    assert max(lengths) - min(lengths) <= 1
    for row in rows.values():
        left, right = row[0].x, SHAPES[shape][0] - row[-1].x - row[-1].width
        assert abs(left - right) <= 2
    used = sum(spot.width * spot.height for spot in spots) / (SHAPES[shape][0] * SHAPES[shape][1])
    assert used >= 0.25


@pytest.mark.parametrize(
    ("shape", "count", "rows"),
    [
        ("wide", 3, [3]),
        ("wide", 4, [4]),
        ("wide", 7, [4, 3]),
        ("square", 4, [2, 2]),
        ("square", 5, [3, 2]),
        ("square", 9, [3, 3, 3]),
        ("tall", 2, [2]),
        ("tall", 7, [3, 2, 2]),
    ],
)
def test_rows_are_chosen_for_the_largest_covers(shape, count, rows):
    floors = [spot.y + spot.height for spot in places([(800, 1200)] * count, SHAPES[shape])]
    assert [floors.count(floor) for floor in sorted(set(floors))] == rows


@every_shape
@every_count
def test_every_cover_is_shown_whole(count, shape):
    covers = [cover(colour) for colour in COLOURS[:count]]
    image = collage(covers, shape, GREEN)
    assert (image.size, image.mode) == (SHAPES[shape], "RGB")
    for colour, spot in zip(COLOURS, places([one.size for one in covers], image.size), strict=False):
        right, low = spot.x + spot.width - 1, spot.y + spot.height - 1
        rim = [(spot.x, spot.y), (right, spot.y), (spot.x, low), (right, low)]
        assert {image.getpixel(at) for at in rim} == {parse(colour)}
        assert image.getpixel((spot.x + spot.width // 2, spot.y + spot.height // 2)) == (255, 255, 255)


def test_a_thumbnail_is_not_blown_up_to_a_blur():
    (spot,) = places([(80, 120)], SHAPES["tall"])
    assert spot.height == 300


def test_a_very_wide_picture_does_not_shrink_the_books_beside_it():
    book, banner = places([(200, 300), (1200, 200)], SHAPES["wide"])
    assert banner.height < book.height
    assert banner.y + banner.height == book.y + book.height


@every_shape
def test_a_heading_stands_above_the_covers(shape):
    covers = [Image.new("RGB", (200, 300), "white")] * 4
    plain, headed = (collage(covers, shape, GREEN, heading) for heading in ("", "New this week"))
    top = write_heading(plain.copy(), "New this week", (0, 0, 0), 40)
    assert 60 < top < 0.2 * plain.height
    assert min(darkest for darkest, _ in plain.crop((0, 0, plain.width, top)).getextrema()) > 100
    assert min(darkest for darkest, _ in headed.crop((0, 0, plain.width, top)).getextrema()) < 60
    assert all(spot.y >= top for spot in places([one.size for one in covers], SHAPES[shape], top))


def test_a_cover_that_is_see_through_is_laid_on_white():
    image = collage([Image.new("RGBA", (200, 300))], "square", GREEN)
    assert image.getpixel((540, 540)) == (255, 255, 255)


@pytest.mark.parametrize("count", [0, 10])
def test_other_numbers_of_covers_are_a_mistake_of_the_caller(count):
    with pytest.raises(ValueError, match="1 to 9"):
        collage([cover("#fff")] * count, "wide", GREEN)


def test_so_is_an_unknown_shape():
    with pytest.raises(ValueError, match="round"):
        collage([cover("#fff")], "round", GREEN)


def test_the_same_books_give_the_same_bytes():
    def made() -> bytes:
        return encoded(collage([draw(Card(f"Book {n}", "A"), GREEN) for n in range(4)], "wide", GREEN, "New"))

    assert made() == made()


@pytest.mark.parametrize("size", [(800, 1200), (1080, 1350)])
def test_a_picture_of_noise_still_stays_below_a_megabyte(size):
    data = encoded(Image.effect_noise(size, 90).convert("RGB"))
    assert len(data) < LARGEST
    assert Image.open(io.BytesIO(data)).size == size


def test_encoding_drops_metadata():
    image = Image.new("RGB", (50, 50))
    image.info["comment"] = image.info["exif"] = b"who and where"
    data = encoded(image)
    assert b"who and where" not in data
    assert set(Image.open(io.BytesIO(data)).info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density"}


def test_nine_cards_and_a_collage_take_a_moment():
    """0.2 s on two cores; the limit is for machines that are busy."""
    cards = [Card(f"A book about the number {number}", "An Author") for number in range(9)]
    start = time.perf_counter()
    collage([draw(card, GREEN) for card in cards], "square", GREEN, "New this week")
    assert time.perf_counter() - start < 3


NEW = "books: New kid by Jerry Craft;"
BOOKS = [Card("New kid", "Jerry Craft"), Card("Wonder", "R. J. Palacio"), Card("Frindle", None)]


@pytest.mark.parametrize(
    ("cards", "most", "text"),
    [
        (BOOKS[:1], 1500, "Cover of New kid by Jerry Craft"),
        (BOOKS, 1500, "Covers of 3 books: New kid by Jerry Craft; Wonder by R. J. Palacio; Frindle"),
        ([*BOOKS[:2], Card("W" * 40, None)], 90, f"Covers of 3 {NEW} Wonder by R. J. Palacio; and 1 more"),
        (BOOKS, 60, "Covers of 3 books: New kid by Jerry Craft; and 2 more"),
        (BOOKS, 26, "Covers of 3 books: New…"),
    ],
)
def test_alt_text_lists_whole_titles_and_counts_the_rest(cards, most, text):
    assert alt_of_collage(cards, most) == text


@given(
    st.lists(
        st.builds(Card, st.text(min_size=1, max_size=300), st.none() | st.text(max_size=80)), min_size=1, max_size=9
    ),
    st.integers(20, 1500),
)
def test_alt_text_stays_within_its_limit(cards, most):
    assert 0 < len(alt_of_collage(cards, most)) <= most
