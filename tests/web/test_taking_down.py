"""The pages of taking down, of consents, and of files for a calendar."""

import re
from datetime import timedelta

import pytest
from clients import nobody, signed_in
from factories import approved, delivery, queue, submitted, write
from fakes import FakeNetwork, door
from form_pages import fields_of
from icalendar import Calendar

from outreach import clock
from outreach.access import actor
from outreach.channels.base import Refused
from outreach.db import db, writing
from outreach.models import Account, Consent, Post
from outreach.posts import compose, hand, take_down
from outreach.posts.consents import turn
from outreach.posts.publish import publish
from outreach.posts.remove import due, remove
from outreach.posts.written import Written
from outreach.words import Sentence

DAY = timedelta(days=1)
EVENT = {"kind": "event", "words": "She reads.", "fields": {"name": "A visit", "day": "2026-12-03", "clock": "15:30"}}


@pytest.fixture
def ana(app, cast):
    return signed_in(app, cast.contributor)


@pytest.fixture
def manager(app, cast):
    return signed_in(app, cast.librarian)


def text_of(answer):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.get_data(as_text=True)))


def out(cast, network, now, **more):
    post = approved(cast, now, **more)
    queue(post, now)
    publish(delivery(post).id, door(network, now))
    return post


def work(network, now):
    while ids := due(now):
        for one in ids:
            remove(one, door(network, now))


def test_whoever_writes_takes_it_down_and_reads_what_becomes_of_it(cast, ana, now):
    network = FakeNetwork()
    post = out(cast, network, now)
    page = f"/posts/{post.id}"
    assert "Take it down" in text_of(ana.get(page))
    ana.post(f"{page}/take-down")
    shown = text_of(ana.get(page))
    assert "It is being taken down everywhere." in shown
    assert "Yes: Take it down" not in shown
    work(network, clock.now())  # the page read the real one
    shown = text_of(ana.get(page))
    assert "It was taken down everywhere." in shown
    assert "asked to take it down" in shown
    assert "See it there" not in shown
    assert network.posts == []


def test_what_we_could_not_take_down_is_named_with_its_address_until_a_person_settles_it(cast, ana, now):
    network = FakeNetwork()
    post = out(cast, network, now)
    row = delivery(post)
    take_down.take_down(post.id, cast.author, now)
    network.keeps(Refused(Sentence("Fake did not let us take it down."), "HTTP 422"))
    work(network, now)
    shown = text_of(ana.get(f"/posts/{post.id}"))
    assert f"Please delete it yourself: {row.remote_url}" in shown
    assert "not taken down yet" in shown
    ana.post(f"/deliveries/{row.id}/gone")
    assert "It was taken down everywhere." in text_of(ana.get(f"/posts/{post.id}"))


def test_by_hand_it_is_asked_for_on_the_page(cast, ana, now):
    post = out(cast, FakeNetwork(), now, accounts=[cast.by_hand])
    hand.posted(delivery(post).id, "", cast.author, now)
    take_down.take_down(post.id, cast.author, now)
    work(FakeNetwork(), now)
    assert "Please delete it on Facebook." in text_of(ana.get(f"/posts/{post.id}"))
    ana.post(f"/deliveries/{delivery(post).id}/leave-up")
    assert delivery(post).state == "published"


def test_what_was_taken_back_while_she_posted_it_is_known_and_asked_to_be_deleted(cast, ana, now):
    post = out(cast, FakeNetwork(), now, accounts=[cast.by_hand])
    compose.cancel(post.id, cast.author, now)
    page = f"/deliveries/{delivery(post).id}"
    assert "I have posted it already" in text_of(ana.get(f"/posts/{post.id}"))
    assert "Please do not post it any more." in text_of(ana.get(page))
    told = ana.post(f"{page}/posted", data={"url": "https://facebook.example/1"}, follow_redirects=True)
    assert "It was taken back, so please delete it there." in text_of(told)
    work(FakeNetwork(), clock.now())
    assert "Please delete it there: https://facebook.example/1" in text_of(ana.get(f"/posts/{post.id}"))
    ana.post(f"{page}/gone")
    assert delivery(post).state == "removed"


def test_what_was_read_aloud_though_it_was_taken_back_is_said_without_an_address(cast, ana, now):
    with writing() as session:
        session.get_one(Account, cast.by_hand.id).server = "announcements"
    post = out(cast, FakeNetwork(), now, accounts=[cast.by_hand])
    compose.cancel(post.id, cast.author, now)
    page = f"/deliveries/{delivery(post).id}"
    shown = ana.get(page)
    assert ("I have posted it already" in text_of(shown), b'name="url"' in shown.data) == (True, False)
    ana.post(f"{page}/posted")
    assert delivery(post).state == "removing", "it was taken back, so somebody is asked to delete it"


def test_cancel_of_what_is_out_says_which_button_it_is(cast, ana, now):
    post = out(cast, FakeNetwork(), now)
    ana.post(f"/posts/{post.id}/cancel")
    assert "Press “Take it down”" in text_of(ana.get(f"/posts/{post.id}"))


# The register of consents


def test_the_register_is_out_of_sight_until_a_manager_turns_it_on(cast, ana, manager):
    assert "Consents" not in text_of(manager.get("/library/"))
    assert ana.get("/consents/").status_code == 404
    assert b'name="codes"' not in ana.get("/posts/new/student").data
    manager.post("/consents/switch", data={"on": "1"})
    assert "Consents" in text_of(manager.get("/library/"))
    assert b'name="codes"' in ana.get("/posts/new/student").data
    assert b'name="codes"' not in ana.get("/posts/new/news").data


def test_a_consent_is_for_the_places_that_were_ticked_and_for_none_that_comes_later(cast, manager, now):
    turn(cast.library.id, True, actor(cast.librarian), now)
    form = {"code": "7b-12", "until": "2099-06-30", "network": ["facebook", "elsewhere"]}
    manager.post("/consents/", data=form)
    manager.post("/consents/", data={"code": "7B-13", "network": ["mastodon", "instagram", "facebook"]})
    again = manager.post("/consents/", data={"code": "7B-14"})
    assert "Choose at least one place." in text_of(again)
    assert b'name="network" value="facebook" checked' not in again.data
    rows = {c.code: (c.networks, c.until and c.until.isoformat()) for c in db.session.query(Consent)}
    assert rows == {"7B-12": (["facebook"], "2099-06-30"), "7B-13": (["mastodon", "instagram", "facebook"], None)}
    assert "7B-12 until June 30, 2099 Facebook" in text_of(manager.get("/consents/"))


def test_a_code_that_holds_is_changed_on_its_own_page_and_by_nothing_else(cast, manager, now):
    turn(cast.library.id, True, actor(cast.librarian), now)
    manager.post("/consents/", data={"code": "7B-12", "until": "2099-06-30", "network": ["facebook"]})
    answer = manager.post("/consents/", data={"code": "7b-12", "network": ["mastodon"]})
    assert (answer.status_code, "7B-12 is in the register" in text_of(answer)) == (422, True)
    consent = db.session.query(Consent).one()
    assert (consent.networks, str(consent.until)) == (["facebook"], "2099-06-30")
    address = f"/consents/{consent.id}"
    form = fields_of(manager.get(address).get_data(as_text=True), f"{address}/change")
    assert form["network"] == ["facebook"]
    manager.post(f"{address}/change", data=form | {"until": ""})
    consent = db.session.get_one(Consent, consent.id, populate_existing=True)
    assert (consent.networks, consent.until) == (["facebook"], None)


@pytest.mark.parametrize(
    ("form", "said"),
    [
        ({"code": "Emma Woods"}, "looks like a name"),
        ({"code": ""}, "Write one code"),
        ({"code": "7A, 7B"}, "Write one code"),
        ({"code": "7A", "until": "yesterday"}, "Choose the last day"),
        ({"code": "7A", "until": "2001-01-01"}, "That day has passed"),
    ],
)
def test_what_is_no_consent_is_explained_and_kept_in_the_form(cast, manager, now, form, said):
    turn(cast.library.id, True, actor(cast.librarian), now)
    answer = manager.post("/consents/", data=form)
    assert (answer.status_code, said in text_of(answer)) == (422, True)
    assert db.session.query(Consent).count() == 0


def test_what_is_typed_as_codes_comes_back_and_a_name_is_kept_nowhere(cast, ana, now):
    turn(cast.library.id, True, actor(cast.librarian), now)
    form = {"words": "A poem", "account": [str(cast.practice.id)], "timing": "slot", "permitted": "1", "then": "keep"}
    answer = ana.post("/posts/new/student", data=form | {"codes": "7B-1, Emma Woods"})
    assert (answer.status_code, "looks like a name" in text_of(answer)) == (422, True)
    assert b'value="7B-1, Emma Woods"' in answer.data
    assert ana.post("/posts/preview/student", data=form | {"codes": "Emma Woods"}).status_code == 200
    assert db.session.query(Post).count() == 0
    ana.post("/posts/new/student", data=form | {"codes": "7b-1, 7B-2"})
    post = db.session.query(Post).one()
    assert post.fields == {"codes": ["7B-1", "7B-2"]}
    page = text_of(ana.get(f"/posts/{post.id}"))
    assert "There is no consent with the code 7B-1." in page
    assert b'value="7B-1, 7B-2"' in ana.get(f"/posts/{post.id}/edit").data


def test_a_tick_that_the_page_came_with_covers_no_other_work(app, cast, now):
    post = write(cast, now, kind="student", words="A poem", permitted=True)
    bob, address = signed_in(app, cast.approver), f"/posts/{post.id}/edit"

    def saved(**more):
        db.session.expire_all()
        form = fields_of(bob.get(address).get_data(as_text=True), address)
        bob.post(address, data=form | {"then": "keep"} | more)
        return db.session.get_one(Post, post.id, populate_existing=True).permission_by

    assert saved() == cast.author.name
    assert saved(words="A poem of somebody else") == ""
    assert saved(permitted="1") == cast.decider.name


def test_sent_twice_by_a_double_click_it_is_one_post(cast, ana, now):
    turn(cast.library.id, True, actor(cast.librarian), now)
    form = {"words": "A poem", "account": [str(cast.practice.id)], "timing": "slot", "codes": "7b-1", "form_key": "k"}
    assert [ana.post("/posts/new/student", data=form).status_code for _ in range(2)] == [302, 302]
    assert db.session.query(Post).count() == 1


# Files for a calendar


def read(answer):
    assert (answer.status_code, answer.mimetype) == (200, "text/calendar")
    return Calendar.from_ical(answer.data).walk("VEVENT")[0]


def test_an_event_for_the_calendar(app, cast, ana, now):
    post = submitted(cast, now, **EVENT)
    assert "Add to a calendar" in text_of(ana.get(f"/posts/{post.id}"))
    told = read(ana.get(f"/posts/{post.id}/event.ics"))
    assert (told["SUMMARY"], told["DTSTART"].params["TZID"]) == ("A visit", "America/Chicago")
    compose.save(post.id, Written(**EVENT | {"words": "New words."}), post.revision, cast.author, now)
    again = read(ana.get(f"/posts/{post.id}/event.ics"))
    assert (again["UID"], again["SEQUENCE"] > told["SEQUENCE"]) == (told["UID"], True)
    assert nobody(app).get(f"/posts/{post.id}/event.ics").status_code == 302


def test_what_is_no_event_or_has_no_day_has_no_file(cast, ana, now):
    for post in (write(cast, now), write(cast, now, **EVENT | {"fields": {"name": "Some day"}})):
        assert ana.get(f"/posts/{post.id}/event.ics").status_code == 404
        assert "Add to a calendar" not in text_of(ana.get(f"/posts/{post.id}"))


def test_a_reminder_of_what_a_person_posts(cast, ana, now):
    post = approved(cast, now, accounts=[cast.by_hand], timing="at", wished_at=now + DAY)
    row = delivery(post)
    address = f"/deliveries/{row.id}/reminder.ics"
    assert address in ana.get(f"/posts/{post.id}").get_data(as_text=True)
    assert address in ana.get(f"/deliveries/{row.id}").get_data(as_text=True)
    told = read(ana.get(address))
    assert (told["DTSTART"].dt, told["SUMMARY"]) == (now + DAY, "Post on Facebook")
    assert "The library is open." in told["DESCRIPTION"]
    assert told["URL"].endswith(f"/deliveries/{row.id}")


def test_what_goes_out_by_itself_needs_no_reminder(cast, ana, now):
    post = approved(cast, now, timing="at", wished_at=now + DAY)
    assert ana.get(f"/deliveries/{delivery(post).id}/reminder.ics").status_code == 404
