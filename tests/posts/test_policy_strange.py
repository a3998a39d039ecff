"""Texts of every sort: nothing is raised, a mend mends and keeps the rest, and no text takes long."""

import time

import pytest
from factories import MASTODON
from hypothesis import given, settings
from hypothesis import strategies as st

from outreach.posts import check_student, check_style
from outreach.posts.check_hashtags import hashtags
from outreach.posts.checks import CHECKS
from outreach.posts.drafts import Draft, Image
from outreach.posts.findings import Around, Text, change
from outreach.posts.policy import Place, findings
from outreach.posts.wording import render
from outreach.words import Sentence

MENDED = (hashtags, check_style.shouting, check_style.decorative, check_style.emoji_rows)


def found(check, words):
    return list(check(Draft("news", words), {}, Around()))


PIECES = st.one_of(
    st.sampled_from(
        [
            "#bookweek",
            "#newbooks2026",
            "#newbookſ",
            "NEW BOOKS ARE",
            "NASA ",
            "🎉",
            "🎉🎉🎉",
            "👩🏽‍🏫",
            "\u200d",
            "\ufe0f",
            "\u20e3",
            "🇺🇸",
            "🇺",
            "𝓷𝓮𝔀",
            "🅰",
            "Ａ",
            "ＡＢ",
            " ",
            "\r\n",
            "\n",
            "#",
            ".",
            "İ",
            "ß",
            "ǅ",
            "ŉ",
            "A",
            "I",
            "1",
            "é",
            "e\u0301",
            "漢",
            "https://x.org/#bookweek",
            "ФЫВА",
            "ΑΣΑΣ ΑΣ",
        ]
    ),
    st.text(max_size=8),
)
WORDS = st.lists(PIECES, max_size=12).map("".join)


@pytest.mark.parametrize("check", MENDED)
@given(words=WORDS)
@settings(max_examples=300, deadline=None)
def test_a_mend_mends_and_keeps_the_rest(check, words):
    told = found(check, words)
    for hint in told:
        if hint.mend is None:
            continue
        after = hint.mend.applied(words)
        assert after != words
        assert [one for one in found(check, after) if one.mend] == [], (words, after)
        start = words.index(hint.mend.old)
        assert after == words[:start] + hint.mend.new + words[start + len(hint.mend.old) :]


@given(old=WORDS, new=WORDS)
@settings(max_examples=300, deadline=None)
def test_a_change_leads_from_the_one_text_to_the_other(old, new):
    mend = change(Text("words", old), new, Sentence("x"))
    assert (mend.applied(old) if mend else old) == new


@given(words=WORDS, alt=WORDS, kind=st.sampled_from(["news", "trivia", "titles"]))
@settings(max_examples=200, deadline=None)
def test_no_text_is_too_strange(words, alt, kind):
    draft = Draft(
        kind, words, link=words, warning=alt, images=(Image("", "image/png", alt, 0),), fields={"choices": [alt, words]}
    )
    place = Place(1, "Place", MASTODON)
    around = Around(words=(words, alt), guidelines=alt, grades="k5", dead=frozenset({words}))
    for made in ({}, {place: render(draft, place.limits)}):
        assert findings(draft, made, around)
    list(check_student.full_names(Draft("student", words), {}, around))


LONG = 20_000
PLAIN = ("the quick brown fox jumps over the lazy dog and " * 500)[:LONG]
PATHOLOGICAL = [
    "a",
    "A",
    "A ",
    "1",
    "1 ",
    "1-",
    "12 A ",
    "+1",
    "(",
    "@",
    "a@",
    "a.",
    "a@a.",
    "#",
    "#a",
    "#bookweek",
    "🎉",
    "🎉 ",
    "👩🏽‍🏫",
    "🇺",
    "👩\u200d",
    "\u200d",
    "𝓷",
    " ",
    "\n",
    "“",
    '"',
    "Calle A ",
    "Av. ",
    "555-",
    "IMG_",
    "Ana ",
    "http://",
    "https://x.org/ ",
    "é",
    "e\u0301",
    ".",
    "'",
    "C/A, ",
    "1 a ",
]


def seconds(check, words):
    around = Around(words=("damn", "field trip", "学校"), grades="k5", guidelines="x")
    image = (Image("", "image/png", words[:1500], 0),)
    best = 9.0
    for _ in range(3):
        began = time.process_time()
        list(check.look(Draft("student", words, images=image), {}, around))
        best = min(best, time.process_time() - began)
    return best


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.key)
def test_a_text_of_one_strange_sort_takes_no_longer_than_a_plain_one(check):
    """Ten times as long is a slow pattern; a thousand times is one that goes back and forth."""
    usual = max(seconds(check, PLAIN), 0.004)
    slow = {piece: took for piece in PATHOLOGICAL if (took := seconds(check, (piece * LONG)[:LONG])) > 12 * usual}
    assert slow == {}, usual
