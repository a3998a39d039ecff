"""A webhook through the pages: turned on by the district, connected, its key shown once."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from clients import signed_in

from outreach.channels.guard import Reach
from outreach.db import db, writing
from outreach.models import Account, Person


@pytest.fixture
def admin(app, cast):
    with writing() as session:
        session.get_one(Person, cast.librarian.id).district_admin = True
    return signed_in(app, cast.librarian)


def connect(client):
    typed = {"preset": "plain", "address": "https://receiver.school.example/hook/T0KEN"}
    page = client.get("/places/connect/webhook").get_data(as_text=True)
    names = re.findall(r'name="(\w+)"', page)
    return client.post("/places/connect/webhook", data={n: typed[n] for n in names if n in typed})


def test_it_is_closed_until_the_district_opens_it(app, cast, admin):
    manager = signed_in(app, cast.librarian)
    assert "has to turn" in manager.get("/places/connect/webhook").get_data(as_text=True)
    assert manager.post("/places/connect/webhook", data={}).status_code == 404
    admin.post("/district/networks/webhook/turn", data={"on": "1"})
    assert "has to turn" not in manager.get("/places/connect/webhook").get_data(as_text=True)


@pytest.mark.parametrize(
    ("address", "told"),
    [
        ("http://169.254.169.254/latest", "is on a private network"),
        ("https://10.0.0.1/hook", "is on a private network"),
        ("https://[::1]/", "is on a private network"),
        ("http://8.8.8.8/hook", "can be read on the way"),
    ],
)
def test_an_address_that_is_never_called_is_refused_at_once(app, cast, admin, monkeypatch, address, told):
    shop = app.extensions["shop"]
    monkeypatch.setitem(app.extensions, "shop", replace(shop, reach=Reach()))
    admin.post("/district/networks/webhook/turn", data={"on": "1"})
    page = admin.post("/places/connect/webhook", data={"preset": "plain", "address": address})
    assert page.status_code == 422
    assert told in page.get_data(as_text=True)


def test_what_cannot_be_asked_has_no_button_that_asks(cast, admin):
    admin.post("/district/networks/webhook/turn", data={"on": "1"})
    connect(admin)
    db.session.rollback()
    made = db.session.query(Account).filter_by(network="webhook").one()
    page = admin.get(f"/places/{made.id}").get_data(as_text=True)
    assert "Check now" not in page
    assert "Send a test" in page


def test_what_is_set_up_is_turned_on_with_it_and_before_that_cannot_be(cast, admin):
    places = admin.get("/district/networks/").get_data(as_text=True)
    assert "Turn on LinkedIn" not in places
    assert "Turn on Webhook" in places
    keys = {"client_id": "77abcdefghijkl", "client_secret": "s3cret"}
    answer = admin.post("/district/networks/linkedin", data=keys, follow_redirects=True).get_data(as_text=True)
    assert "Every library can connect it now" in answer
    assert "Go on to LinkedIn" in admin.get("/places/connect/linkedin").get_data(as_text=True)
    admin.post("/district/networks/linkedin/turn", data={"on": "0"})
    answer = admin.post("/district/networks/linkedin", data=keys, follow_redirects=True).get_data(as_text=True)
    assert "Every library can connect it now" not in answer
    assert "Turn on LinkedIn" in answer, "other keys turn on nothing that somebody turned off"


def test_its_key_is_shown_once_and_its_address_never(app, cast, admin):
    admin.post("/district/networks/webhook/turn", data={"on": "1"})
    page = connect(admin)
    assert page.status_code == 200, page.get_data(as_text=True)
    db.session.rollback()
    made = db.session.query(Account).filter_by(network="webhook").one()
    key = app.extensions["shop"].vault.open(made.sealed)["signing_key"]
    assert key in page.get_data(as_text=True)
    for address in (f"/places/{made.id}", "/places/"):
        told = admin.get(address).get_data(as_text=True)
        assert key not in told
        assert "T0KEN" not in told
