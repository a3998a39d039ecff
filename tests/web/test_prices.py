"""What a network charges, on the pages: where it is chosen, before a post is sent, and for the month of its place."""

from __future__ import annotations

import html
import re

import pytest
from clients import signed_in
from factories import approved, delivery, queue, submitted
from fakes import FakeNetwork, door

from outreach import clock
from outreach.access import OUTREACH
from outreach.accounts import connect, settings
from outreach.channels.base import Identity
from outreach.channels.x import LIMITS
from outreach.db import db, writing
from outreach.models import Account, Person
from outreach.posts.publish import publish

LINKED = "New on our shelves: maple.org"
CHARGES = "X charges for each message: about 2 cents, with a link 20 cents"


@pytest.fixture
def manager(app, cast):
    return signed_in(app, cast.librarian)


@pytest.fixture
def admin(app, cast):
    with writing() as session:
        session.get_one(Person, cast.librarian.id).district_admin = True
    return signed_in(app, cast.librarian)


@pytest.fixture
def place(app, cast, now):
    who, vault = Identity("9", "@maple", "Maple Library", "https://x.com/maple", LIMITS), app.extensions["shop"].vault
    return connect.add(cast.library, "x", "Our X", OUTREACH, now, server="https://api.x.com", identity=who, vault=vault)


def text(answer) -> str:
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", answer.get_data(as_text=True))))


def preview(client, places, words):
    sent = {"words": words, "account": [str(place.id) for place in places], "timing": "slot"}
    return text(client.post("/posts/preview/news", data=sent))


def test_before_it_is_turned_on_its_price_and_the_free_way_are_told(admin):
    for page in ("/places/connect/x", "/district/networks/"):
        assert CHARGES in text(admin.get(page))
    assert "Post to X by hand, for free" in text(admin.get("/places/connect/x"))


def test_where_it_is_chosen_the_free_way_comes_first(admin):
    admin.post("/district/networks/x/turn", data={"on": "1"})
    page = text(admin.get("/places/connect/x"))
    assert page.index(CHARGES) < page.index("Post to X by hand, for free") < page.index("console.x.com")
    assert CHARGES in text(admin.get("/places/connect/"))
    added = admin.post("/places/by-hand", data={"preset": "x", "name": "X"}, follow_redirects=True)
    assert "Added. At its time you are asked to post there." in text(added)


def test_a_network_that_charges_nothing_says_nothing_of_money(cast, manager):
    assert "for free" not in text(manager.get("/places/connect/mastodon"))
    assert "What it costs" not in text(manager.get(f"/places/{cast.account.id}"))
    assert "About $" not in preview(manager, [cast.account], LINKED)
    assert manager.post(f"/places/{cast.account.id}/stop-at", data={"budget": "5"}).status_code == 422


def test_the_preview_says_what_it_costs_and_why(cast, place, manager):
    assert "About $0.20 (it has a link; without one $0.015)" in preview(manager, [cast.account, place], LINKED)
    plain = preview(manager, [place], "We are open.")
    assert "About $0.015" in plain
    assert "link" not in plain


def test_who_decides_sees_the_price_and_that_the_month_would_cost_too_much(app, cast, place, now):
    settings.stop_at(place.id, "0.10", cast.decider, now)
    submitted(cast, clock.now(), words=LINKED, accounts=[place])
    page = text(signed_in(app, cast.approver).get("/review/"))
    assert "About $0.20 (it has a link" in page
    assert "Our X would cost about $0.20 in that month. It stops at $0.10" in page


def test_the_page_of_the_place_sums_its_month(app, cast, place, manager):
    now = clock.now()
    for words in (LINKED, "We are open."):
        post = approved(cast, now, words=words, accounts=[place])
        queue(post, now)
        publish(delivery(post).id, door(FakeNetwork(), now))
    page = text(manager.get(f"/places/{place.id}"))
    assert "about $0.22 this month" in page
    assert "$0.00 last month" in page


def test_a_manager_says_where_it_stops_and_who_may_not_reads_it(app, cast, place, manager):
    address = f"/places/{place.id}/stop-at"
    wrong = manager.post(address, data={"budget": "plenty"})
    assert (wrong.status_code, 'value="plenty"' in wrong.get_data(as_text=True)) == (422, True)
    assert manager.post(address, data={"budget": "7,50"}).status_code == 302
    assert db.session.get_one(Account, place.id, populate_existing=True).budget == 7_500
    approver = signed_in(app, cast.approver)
    assert "$7.50 a month" in text(approver.get(f"/places/{place.id}"))
    assert approver.post(address, data={"budget": "9"}).status_code == 403


def test_what_was_stopped_leads_to_where_the_amount_stands(cast, place, manager):
    now = clock.now()
    settings.stop_at(place.id, "0.10", cast.decider, now)
    post = approved(cast, now, words=LINKED, accounts=[place])
    queue(post, now)
    assert publish(delivery(post).id, door(FakeNetwork(), now)) == "refused"
    page = manager.get(f"/posts/{post.id}").get_data(as_text=True)
    assert "A manager can raise that amount on the page of Our X" in page
    assert re.search(rf'class="button small" href="/places/{place.id}">.*What Our X costs</a>', page)
