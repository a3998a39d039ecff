"""Hints, and that each is mended in one click: the hint is gone then, and the rest stands as it was."""

from datetime import datetime

import pytest
from factories import MASTODON

from outreach.posts import check_personal, check_plan, check_reading, check_style
from outreach.posts.check_hashtags import hashtags, words_of
from outreach.posts.check_pictures import says_nothing
from outreach.posts.drafts import Book, Draft, Image
from outreach.posts.findings import Around, Said, texts
from outreach.posts.policy import HINTS, Place, asks, findings, hints, problems
from outreach.posts.wording import render


def found(check, words, **more):
    return list(check(Draft(**{"kind": "news", "words": words} | more), {}, Around()))


def mended(check, words, **more):
    (hint,) = found(check, words, **more)
    return hint.mend.applied(words)


@pytest.mark.parametrize(
    ("tag", "better"),
    [
        ("#bookweek", "#BookWeek"),
        ("#readacrossamerica", "#ReadAcrossAmerica"),
        ("#bookweek2026", "#BookWeek2026"),
        ("#schoollibrary", "#SchoolLibrary"),
        ("#bookoftheweek", "#BookOfTheWeek"),
        ("#bibliotecaescolar", "#BibliotecaEscolar"),
        ("#felizaño", "#FelizAño"),
        ("#díadellibro", "#DíaDelLibro"),
        ("#storytimefriday", "#StorytimeFriday"),
        ("#díadelamujer", "#DíaDeLaMujer"),
        ("#bookaday", "#BookADay"),
        ("#bookclub", "#BookClub"),
        ("#leeresmejor", "#LeerEsMejor"),
        ("#ilovemyschool", "#ILoveMySchool"),
    ],
)
def test_a_hashtag_of_several_words_gets_capitals(tag, better):
    assert mended(hashtags, f"Come! {tag}, all") == f"Come! {better}, all"
    assert str(found(hashtags, tag)[0].mend.label) == f"Write {better.rstrip('0123456789')}"


@pytest.mark.parametrize(
    "tag",
    [
        "#BookWeek",
        "#reading",
        "#classroom",
        "#storytime",
        "#library",
        "#notebook",
        "#tbr",
        "#book_week",
        "#BOOKWEEK",
        "#leer",
        "#weekend",
        "#forever",
        "#teamwork",
        "#photosynthesis",
        "https://x.org/#bookweek",
        "a#bookweek",
        "&#bookweek",
        "#книга",
        "#図書館",
    ],
)
def test_a_hashtag_that_is_fine_stays(tag):
    assert found(hashtags, tag) == []


def test_where_the_words_are_not_known_it_says_how_to_write_it():
    (hint,) = found(hashtags, "#xanthippesquidditch")
    assert hint.mend is None
    assert "capital letter" in hint.sentence


def test_all_hashtags_of_a_field_are_mended_with_one_click():
    assert mended(hashtags, "#bookweek x #bookweek y #newbooks") == "#BookWeek x #BookWeek y #NewBooks"


def test_known_words_are_found_in_hashtags_in_the_way_with_the_fewest():
    assert words_of("bookwormread") == ("bookworm", "read")
    assert words_of("zzz") == ()


@pytest.mark.parametrize(
    ("words", "better"),
    [
        ("NEW BOOKS ARE HERE! COME AND SEE.", "New books are here! Come and see."),
        ("Hi. THE LIBRARY IS CLOSED ON MONDAY", "Hi. The library is closed on Monday"),
        ("Look: THIS IS A TEST OF READING", "Look: This is a test of reading"),
        ("COME TO THE PTA AND STEM NIGHT", "Come to the PTA and STEM night"),
        ("¡VENGAN A LA BIBLIOTECA MAÑANA!", "¡Vengan a la biblioteca mañana!"),
        ("MAPLE LIBRARY IS OPEN TODAY", "Maple library is open today"),
        ("WHAT I LOVE ABOUT #READING", "What I love about #READING"),
    ],
)
def test_shouted_words_become_small(words, better):
    assert mended(check_style.shouting, words, library="Maple Library") == better


@pytest.mark.parametrize(
    "words",
    [
        "NASA and the PTA",
        "USA, NASA, PTA, STEM, ISBN, DVD",
        "NEW BOOKS!",
        "New Books Are Here",
        "II III VIII",
        "新书",
        "حروف",
    ],
)
def test_what_is_not_shouted_stays(words):
    assert found(check_style.shouting, words) == []


@pytest.mark.parametrize(
    ("words", "better"),
    [
        ("𝓷𝓮𝔀 books", "new books"),
        ("𝗡𝗘𝗪 and 𝘰𝘭𝘥 books", "NEW and old books"),
        ("ⓃⒺⓌ", "NEW"),
        ("🅽🅴🆆 books", "NEW books"),
        ("🄽🄴🅆", "NEW"),
        ("ＮＥＷ books", "NEW books"),
        ("ℎ 𝟚𝟘𝟚𝟞", "ℎ 2026"),
    ],
)
def test_decorative_letters_become_plain(words, better):
    assert mended(check_style.decorative, words) == better


@pytest.mark.parametrize("words", ["🅰 or 🅱", "A 🅰️ B 🅱️🅾️", "🇺🇸🇪🇸", "①②③", "新刊ＡＢＣ入荷", "é ñ ß", "½ m² Ⅳ ™"])
def test_letters_that_are_no_decoration_stay(words):
    assert found(check_style.decorative, words) == []


@pytest.mark.parametrize(
    ("words", "better"),
    [
        ("Party 🎉🎉🎉!", "Party 🎉!"),
        ("📚 📖 🎉 come", "📚 come"),
        ("👩🏽‍🏫👩🏽‍🏫👩🏽‍🏫", "👩🏽‍🏫"),
        ("🇺🇸🇪🇸🇲🇽🇺🇸", "🇺🇸"),
        ("❤️❤️❤️ a 😀😀😀😀", "❤️ a 😀"),
        ("1️⃣2️⃣3️⃣", "1️⃣"),
    ],
)
def test_of_a_row_of_emoji_one_stays(words, better):
    assert mended(check_style.emoji_rows, words) == better


@pytest.mark.parametrize("words", ["🎉🎉", "🎉 a 🎉 b 🎉", "👩🏽‍🏫👨‍👩‍👧", "123", "© ® ™", "🎉\n🎉\n🎉", "!!!"])
def test_less_than_a_row_stays(words):
    assert found(check_style.emoji_rows, words) == []


@pytest.mark.parametrize(
    "alt",
    [
        "IMG_1234.jpg",
        "IMG_1234",
        "image",
        "Photo.",
        "a picture",
        "photo 3",
        "Screenshot 2026-11-24 at 10.30.12.png",
        "DSC00012",
        "my class.jpeg",
        "WhatsApp Image 2026-11-24 at 10.30.12",
        "una foto",
        "alt text",
        "..",
        "Come and see our books",
        "🎉",
    ],
)
def test_a_description_that_says_nothing(alt):
    assert says_nothing(alt, "Come and see our  books!")


@pytest.mark.parametrize(
    "alt",
    [
        "A shelf of new books",
        "Photo of a shelf",
        "Image: a cat reads",
        "Book fair, Friday 10:00",
        "猫",
        "Un gato lee",
        "Our class",
    ],
)
def test_a_description_that_says_something(alt):
    assert not says_nothing(alt, "Come")


HARD = (
    "Notwithstanding administrative considerations, participation throughout extracurricular programming necessitates "
    "comprehensive documentation regarding transportation arrangements, dietary accommodations, emergency contact "
    "information, immunization verification, photographic authorizations, behavioural expectations, technological "
    "responsibilities, attendance requirements, academic eligibility, supervision guidelines, communication protocols, "
    "financial obligations, volunteer opportunities, confidentiality agreements, and departure procedures."
)
EASY = "We have new books. Come and see them. You can read on the mat. We are open at noon. " * 4


@pytest.mark.parametrize(
    ("words", "grades", "language", "number"),
    [
        (HARD, "k5", "en", 1),
        (HARD, "68", "en", 1),
        (HARD, "912", "en", 0),
        (HARD, "all", "en", 0),
        (HARD, "k5", "de", 0),
        (HARD[:200], "k5", "en", 0),
        (EASY, "k5", "en", 0),
        ("Hay libros nuevos. Ven a verlos con un amigo. Puedes leer aquí. Abrimos al mediodía. " * 4, "k5", "es", 0),
    ],
)
def test_a_long_hard_text_for_the_young_is_told(words, grades, language, number):
    around = Around(grades=grades, language=language)
    assert len(list(check_reading.hard(Draft("news", words), {}, around))) == number


def test_a_closed_day_is_told_with_the_next_school_day():
    around = Around(closed="Thanksgiving", next_open=datetime(2026, 11, 30, 9, 0))
    (hint,) = hints(Draft("news", "Open"), {}, around)
    assert str(hint.sentence) == "The library is closed on that day: Thanksgiving."
    assert (hint.mend.field, hint.mend.new) == ("at", "2026-11-30T09:00")


def test_a_dead_link_is_taken_out():
    dead = frozenset({"https://x.org/a"})
    draft = Draft("news", "See https://x.org/a, or https://x.org/ab.", link="https://x.org/a")
    (first,) = check_plan.dead_links(draft, {}, Around(dead=dead))
    assert first.mend.field == "link"
    (second,) = check_plan.dead_links(Draft("news", draft.words), {}, Around(dead=dead))
    assert second.mend.applied(draft.words) == "See, or https://x.org/ab."


def test_a_title_that_was_announced_is_taken_out(now):
    (hint,) = hints(
        Draft("titles", "New", books=(Book("Emma", id=7, announced_at=now), Book("Persuasion"))), {}, Around()
    )
    assert (hint.mend.field, hint.mend.old, hint.at) == ("title", "7", now)


def test_two_hints_at_most_the_most_useful_first(now):
    around = Around(closed="Snow", said=(Said("Facebook", now),), grades="k5")
    draft = Draft("news", "NEW BOOKS ARE HERE NOW 🎉🎉🎉 #bookweek 𝓷𝓮𝔀")
    told = hints(draft, {}, around)
    assert len(told) == HINTS
    assert [str(hint.sentence)[:16] for hint in told] == ["The library is c", "The same words g"]


def test_a_district_makes_a_hint_a_stop_an_ask_a_hint_and_leaves_one_out():
    draft = Draft("news", "Call 555-0142 🎉🎉🎉 #bookweek", images=(Image("", "image/png", "", 0),))
    place = Place(1, "Place", MASTODON)
    made = {place: render(draft, place.limits)}
    around = Around(levels={"emoji": "stop", "phone": "hint", "hashtags": "off", "described": "off"})
    told = findings(draft, made, around)
    assert [p.sort for p in told] == ["stop", "hint", "stop"]  # nobody may leave a description out
    assert "picture 1" in problems(draft, made, around)[0].sentence
    assert asks(draft, made, around) == []


def test_other_fields_are_looked_through_and_mended_where_they_are():
    draft = Draft(
        "trivia",
        "Who?",
        own={3: "🎉🎉🎉"},
        fields={"explanation": "📚📚📚", "choices": ["a"], "right": 0},
        second={"language": "es", "words": "🎈🎈🎈", "fields": {"explanation": "🦊🦊🦊"}},
    )
    fields = [hint.mend.field for hint in check_style.emoji_rows(draft, {}, Around())]
    assert fields == ["words-3", "second_words", "of-explanation", "second-explanation"]


def test_the_fields_of_a_form_are_named_as_the_form_names_them():
    draft = Draft("news", "a", own={7: "b"})
    assert [text.field for text in texts(draft)] == ["words", "words-7", "second_words"]


def test_a_number_that_a_list_counts_is_no_telephone():
    assert list(check_personal.phones(Draft("news", "1. 2. 3. 4. 5. 6. 7. 8."), {}, Around())) == []
