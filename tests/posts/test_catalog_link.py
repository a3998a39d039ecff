"""One pasted link of a catalog becomes the pattern for all of its titles."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from outreach.models import Library, Title, TitleId
from outreach.posts.catalog_link import filled, link_of, pattern_of
from outreach.words import NotDone

ISBN = "9780141321066"


@pytest.mark.parametrize(
    ("pasted", "pattern"),
    [
        (  # Destiny: site and context say which school; the rest is of one visit
            "https://x.follettdestiny.com/cataloging/servlet/presenttitleform.do?siteTypeID=-2&siteID=100&context=saas22_1"
            "&walkerID=1700000000000&breadCrumbIndex=0&isbn=9780141321066",
            "https://x.follettdestiny.com/cataloging/servlet/presenttitleform.do?siteTypeID=-2&siteID=100&context=saas22_1"
            "&isbn={isbn}",
        ),
        (
            "https://x.follettdestiny.com/cataloging/servlet/presenttitledetailform.do?bibID=4211&walkerID=17&site=100"
            "&context=saas22_1&restoreFromCrumb=true",
            "https://x.follettdestiny.com/cataloging/servlet/presenttitledetailform.do?bibID={record}&site=100"
            "&context=saas22_1",
        ),
        (
            "https://opac.x.org/cgi-bin/koha/opac-detail.pl?biblionumber=4211",
            "https://opac.x.org/cgi-bin/koha/opac-detail.pl?biblionumber={record}",
        ),
        (
            "https://opac.x.org/cgi-bin/koha/opac-search.pl?idx=nb&q=9780141321066",
            "https://opac.x.org/cgi-bin/koha/opac-search.pl?idx=nb&q={isbn}",
        ),
        ("https://x.org/eg/opac/record/4211?locg=1", "https://x.org/eg/opac/record/{record}?locg=1"),
        ("https://x.org/vufind/Record/4211", "https://x.org/vufind/Record/{record}"),
        ("https://x.org/Record/b-42.1/Details", "https://x.org/Record/{record}/Details"),
        ("https://x.org/bin/search?rid=4211", "https://x.org/bin/search?rid={record}"),
        ("https://x.org/record=b1234567~S1", "https://x.org/record={record}~S1"),
        ("https://x.bibliocommons.com/item/show/2063234080", "https://x.bibliocommons.com/item/show/{record}"),
        ("https://x.org/index.php?p=show_detail&id=4211", "https://x.org/index.php?p=show_detail&id={record}"),
        ("https://x.org/find/080442957X", "https://x.org/find/{isbn}"),
        ("https://x.org/a;jsessionid=0A1B?isbn=9780141321066", "https://x.org/a?isbn={isbn}"),
        ("https://x.org/?PHPSESSID=abc&isbn=9780141321066#top", "https://x.org/?isbn={isbn}#top"),
        ("  https://x.org/{isbn}  ", "https://x.org/{isbn}"),
        ("https://x.org/{record}?isbn=9780141321066", "https://x.org/{record}?isbn=9780141321066"),
    ],
)
def test_a_link_becomes_a_pattern_without_what_belongs_to_one_visit(pasted, pattern):
    assert pattern_of(pasted) == pattern


@pytest.mark.parametrize(
    "pasted", ["", "https://x.org/", "a book", "https://x.org/?q=holes", "https://x.org/123456789012345"]
)
def test_a_link_without_a_number_is_said_to_have_none(pasted):
    with pytest.raises(NotDone, match="neither an ISBN nor a record number"):
        pattern_of(pasted)


@pytest.mark.parametrize(
    ("pattern", "ids", "link"),
    [
        ("https://x.org/{isbn}", [("isbn", ISBN)], f"https://x.org/{ISBN}"),
        ("https://x.org/{isbn}", [("isbn", ISBN), ("isbn", "9780545935180")], f"https://x.org/{ISBN}"),
        ("https://x.org/{isbn}", [("record", "x 1")], None),
        ("https://x.org/{record}", [("record", "opac.x.org biblionumber 4211")], "https://x.org/4211"),
        ("https://x.org/{record}", [("number", "table 77")], "https://x.org/77"),
        ("https://x.org/{record}", [("number", "marc OCoLC ocm77")], None),
        ("https://x.org/{record}", [("number", "marc 77"), ("record", "h b 1")], "https://x.org/1"),
        ("https://x.org/{record}", [("record", "h b a/b?c&d=é")], "https://x.org/a%2Fb%3Fc%26d%3D%C3%A9"),
        ("https://x.org/{isbn}/{record}/{isbn}", [("isbn", "1"), ("record", "h b 2")], "https://x.org/1/2/1"),
        ("https://x.org/{record}", [], None),
        ("https://x.org/{0}{title.__class__}{isbn", [], "https://x.org/{0}{title.__class__}{isbn"),
        ("https://x.org/{{isbn}}", [("isbn", ISBN)], f"https://x.org/{{{ISBN}}}"),
        ("https://x.org/{isbn}", [("isbn", "{record}"), ("record", "h b 1")], "https://x.org/%7Brecord%7D"),
        ("", [("isbn", ISBN)], None),
    ],
)
def test_a_pattern_is_filled_with_what_the_title_is_known_by(pattern, ids, link):
    assert filled(pattern, ids) == link


def test_a_title_s_own_link_goes_before_the_pattern():
    library = Library(title_link="https://x.org/{isbn}")
    ids = [TitleId(kind="isbn", value=ISBN)]
    assert link_of(Title(link="https://own.example/1", ids=ids), library) == "https://own.example/1"
    assert link_of(Title(link=None, ids=ids), library) == f"https://x.org/{ISBN}"
    assert link_of(Title(link=None, ids=[]), library) is None


PIECES = ("https://", "x.org", "/", "?", "&", "=", "#", ";jsessionid=", "isbn=", ISBN, "{", "}", "{isbn}", "{record}",
          "id=", "rid=", "walkerID=", "site=1", "record/", "\x00", "é", "%", " ")  # fmt: skip
addressish = st.lists(st.sampled_from(PIECES) | st.text(max_size=4), max_size=12).map("".join)


@given(addressish | st.text())
def test_whatever_is_pasted_gives_a_pattern_or_a_sentence(pasted):
    try:
        pattern = pattern_of(pasted)
    except NotDone:
        return
    assert "{isbn}" in pattern or "{record}" in pattern
    assert pattern_of(pattern) == pattern


@given(addressish, st.lists(st.tuples(st.sampled_from(["isbn", "record", "number"]), st.text()), max_size=3))
def test_filling_raises_nothing_and_leaves_no_place_open(pattern, ids):
    link = filled(pattern, ids)
    if link is not None and "{{" not in pattern:
        assert link.count("{isbn}") <= sum(v.count("{isbn}") for _, v in ids)
