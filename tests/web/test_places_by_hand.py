"""Adding a place that people post to themselves: found in groups, its address asked once, and another one later."""

import html

import pytest
from clients import signed_in
from factories import approved, delivery, queue
from fakes import FakeNetwork, door

from outreach.accounts.alike import may_be_the_same
from outreach.channels.by_hand import PRESETS
from outreach.db import db, writing
from outreach.models import Account, Library
from outreach.posts.publish import publish


@pytest.fixture
def manager(app, cast):
    return signed_in(app, cast.librarian)


def text_of(answer):
    return html.unescape(answer.get_data(as_text=True))


def added(name):
    db.session.rollback()
    return db.session.query(Account).filter_by(name=name).one()


def test_every_place_is_in_the_list_and_has_a_page_with_its_name(manager):
    page = manager.get("/places/connect/").get_data(as_text=True)
    for key, preset in PRESETS.items():
        assert f'href="/places/by-hand/{key}"' in page
        form = manager.get(f"/places/by-hand/{key}").get_data(as_text=True)
        assert ('name="address"' in form) is bool(preset.asks)
        assert "We do not see whether it is there" in form


def test_the_address_is_asked_once_and_kept(manager):
    typed = {"preset": "goodreads", "name": "Book club", "address": "www.goodreads.com/group/show/1"}
    answer = manager.post("/places/by-hand", data=typed)
    assert answer.status_code == 302
    place = added("Book club")
    assert (place.server, place.url) == ("goodreads", "https://www.goodreads.com/group/show/1")
    manager.post(f"/places/{place.id}/opens-at", data={"address": "https://www.goodreads.com/group/show/2"})
    assert added("Book club").url == "https://www.goodreads.com/group/show/2"


def test_a_newsletter_keeps_an_e_mail(manager):
    typed = {"preset": "newsletter", "name": "", "address": "principal@school.example"}
    manager.post("/places/by-hand", data=typed)
    place = added("The principal's newsletter")
    assert (place.url, place.handle) == (None, "principal@school.example")


def test_an_address_of_another_place_is_kept_with_a_hint(manager):
    typed = {"preset": "facebook_group", "name": "Readers", "address": "https://groups.example/1"}
    page = text_of(manager.post("/places/by-hand", data=typed, follow_redirects=True))
    assert "does not look like one of Facebook Group. Check it." in page
    assert added("Readers").url == "https://groups.example/1"


TWICE = "If it is the same place, remove one of the two"


@pytest.mark.parametrize(
    ("preset", "address", "told"),
    [
        ("goodreads", "https://www.goodreads.com/group/show/1", True),
        ("goodreads", "", True),
        ("goodreads", "https://www.goodreads.com/group/show/2", False),
        ("librarything", "https://www.goodreads.com/group/show/1", False),
    ],
)
def test_a_place_that_is_here_already_is_told(manager, preset, address, told):
    first = {"preset": "goodreads", "name": "Book club", "address": "https://www.goodreads.com/group/show/1"}
    assert TWICE not in text_of(manager.post("/places/by-hand", data=first, follow_redirects=True))
    second = {"preset": preset, "name": "Readers", "address": address}
    page = text_of(manager.post("/places/by-hand", data=second, follow_redirects=True))
    assert (f"Book club is here already. {TWICE}" in page) is told


def test_a_place_by_hand_that_is_connected_by_its_network_too_is_told(manager, cast):
    with writing() as session:
        session.get_one(Account, cast.account.id).network = "facebook"
    page = text_of(manager.post("/places/by-hand", data={"preset": "facebook", "name": "Us"}, follow_redirects=True))
    assert TWICE in page
    account = db.session.get(Account, cast.account.id)
    assert may_be_the_same(db.session(), account) is not None
    assert may_be_the_same(db.session(), db.session.get(Account, cast.practice.id)) is None


@pytest.mark.parametrize("typed", ["http://moodle.example", "javascript:alert(1)", "nothing at all"])
def test_what_is_no_address_is_said_and_what_was_typed_stays(manager, typed):
    answer = manager.post("/places/by-hand", data={"preset": "vle", "name": "Moodle of ours", "address": typed})
    assert answer.status_code == 422
    assert "begins with https://" in text_of(answer)
    assert 'value="Moodle of ours"' in answer.get_data(as_text=True)


def test_who_may_answer_is_explained_where_the_place_can_be_told(manager):
    manager.post("/places/by-hand", data={"preset": "facebook_group", "name": "Readers"})
    page = text_of(manager.get(f"/places/{added('Readers').id}"))
    assert "Turn off commenting" in page


def preview(manager, cast, place, words):
    with writing() as session:
        session.get_one(Library, cast.library.id).hashtags = "#MapleReads"
    typed = {"words": words, "account": [str(place.id)], "timing": "slot"}
    return manager.post("/posts/preview/news", data=typed).get_data(as_text=True)


def test_a_newsletter_is_shown_with_its_heading_and_no_hashtags(manager, cast):
    manager.post("/places/by-hand", data={"preset": "newsletter", "name": "Newsletter"})
    page = preview(manager, cast, added("Newsletter"), "Poetry night\n\nEverybody is welcome.")
    assert '<p class="above">Poetry night</p>' in page
    assert '<div class="words">Everybody is welcome.</div>' in page
    assert "#MapleReads" not in page


def test_whatsapp_is_shown_as_it_marks_words_and_nothing_else_is_let_in(manager, cast):
    manager.post("/places/by-hand", data={"preset": "whatsapp", "name": "WhatsApp"})
    words = "*Poetry* _night_ <b>2</b> * 3 https://m.example/a_b_c"
    page = preview(manager, cast, added("WhatsApp"), words)
    shown = "<strong>Poetry</strong> <em>night</em> &lt;b&gt;2&lt;/b&gt; * 3 https://m.example/a_b_c"
    assert shown in page


def test_other_places_keep_their_hashtags(manager, cast):
    manager.post("/places/by-hand", data={"preset": "facebook_group", "name": "Readers"})
    assert "#MapleReads" in preview(manager, cast, added("Readers"), "*Poetry*")


def test_the_page_to_post_from_opens_the_place_says_who_may_answer_and_takes_any_address(manager, cast, now):
    manager.post("/places/by-hand", data={"preset": "facebook_group", "name": "R", "address": "facebook.com/groups/1"})
    post = approved(cast, now, accounts=[added("R")])
    queue(post, now)
    publish(delivery(post).id, door(FakeNetwork(), now))
    address = f"/deliveries/{delivery(post).id}"
    page = text_of(manager.get(address))
    assert 'href="https://facebook.com/groups/1"' in page
    assert "Turn off commenting" in page
    said = text_of(manager.post(f"{address}/posted", data={"url": "https://else.example/1"}, follow_redirects=True))
    assert "does not look like one of R. Check it." in said
    assert delivery(post).remote_url == "https://else.example/1"
