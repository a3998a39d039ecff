"""The link of a review letter: looks, decides once, in the name of its person, and signs nobody in."""

import io
import re
from datetime import timedelta

import pytest
from clients import nobody, signed_in
from factories import submitted
from PIL import Image

from outreach import clock
from outreach.db import db, writing
from outreach.media.store import upload
from outreach.models import Event, Post
from outreach.people import links
from outreach.posts import approve, compose, schedule, series
from outreach.posts.deciding import content
from outreach.posts.series_rule import Choice
from outreach.posts.written import Written
from outreach.web import errors


def link_for(post, person, now):
    with writing() as session:
        return "/decide/" + links.make_review(session, person.id, post.id, content(session.get_one(Post, post.id)), now)


@pytest.fixture
def now():
    return clock.now()


@pytest.fixture
def link(cast, now):
    return link_for(submitted(cast, now), cast.approver, now)


def words(answer):
    return answer.get_data(as_text=True)


def pressed(visitor, link, **form):
    """A press of a button of the page, as it is shown now."""
    seen = re.search(r'name="revision" value="(\d+)"', words(visitor.get(link)))
    return visitor.post(link, data={"revision": seen[1] if seen else ""} | form)


def state():
    db.session.expire_all()
    return db.session.query(Post).one().state


def test_no_log_has_the_link(app, caplog):
    app.testing = False
    with app.test_request_context("/decide/a-link-that-decides", method="POST"):
        errors.surprise(RuntimeError("the database is away"))
    assert "at /decide/<token>" in caplog.text
    assert "a-link-that-decides" not in caplog.text


def test_looking_changes_nothing_however_often(app, link):
    visitor = nobody(app)
    for _ in range(3):
        answer = visitor.get(link)
        assert answer.status_code == 200
        assert "The library is open." in words(answer)
        assert "Contributor asks you to approve this." in words(answer)
    assert visitor.head(link).status_code == 200
    assert state() == "submitted"


def test_pressing_approve_acts_as_the_person_and_makes_no_session(app, link):
    visitor = nobody(app)
    answer = pressed(visitor, link, deed="approve")
    assert "Approved. It goes out" in words(answer)
    assert "Set-Cookie" not in answer.headers
    assert visitor.get("/").status_code == 302
    last = db.session.query(Event).filter_by(verb="approved").one()
    assert (last.who, str(last.note)) == ("Approver", "by e-mail")
    again = pressed(visitor, link, deed="approve")
    assert again.status_code == 410
    assert "Approver has approved it already" in words(again)


def test_sending_back_needs_a_note_and_keeps_what_was_typed(app, link):
    visitor = nobody(app)
    empty = pressed(visitor, link, deed="send_back", note=" ")
    assert empty.status_code == 422
    assert "Write what should change" in words(empty)
    assert "Sent back with your note." in words(pressed(visitor, link, deed="send_back", note="Which day?"))
    assert state() == "returned"
    assert "Which day? (by e-mail)" in str(db.session.query(Event).filter_by(verb="returned").one().note)


def test_a_press_without_a_deed_approves_nothing(app, link):
    nobody(app).post(link)
    assert state() == "submitted"


def test_the_address_is_told_to_nobody_and_kept_nowhere(app, link):
    answer = nobody(app).get(link)
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert answer.headers["Cache-Control"] == "no-store"
    assert "Set-Cookie" not in answer.headers
    assert "csrf_token" not in words(answer)


def test_a_changed_post_offers_to_sign_in(app, cast, now):
    post = submitted(cast, now)
    link = link_for(post, cast.approver, now)
    compose.save(post.id, Written("news", "Other", accounts={cast.account.id: ""}, timing="now"), post.revision,
                 cast.author, now)  # fmt: skip
    answer = nobody(app).get(link)
    assert answer.status_code == 410
    assert "was changed since the letter was sent" in words(answer)
    assert "/review/" in words(answer)


def test_whoever_is_signed_in_elsewhere_sees_nothing_of_the_library_around_it(app, cast, link):
    shown = words(signed_in(app, cast.outsider).get(link))
    assert "The library is open." in shown
    assert 'class="side"' not in shown


def test_its_pictures_are_shown_and_no_others(app, cast, now):
    store, out = app.extensions["shop"].store, io.BytesIO()
    Image.new("RGB", (60, 40), "#1f6f54").save(out, "PNG")
    mine = upload(store, cast.library.id, out.getvalue(), "a.png", now)
    out = io.BytesIO()
    Image.new("RGB", (60, 40), "#ffffff").save(out, "PNG")
    other = upload(store, cast.library.id, out.getvalue(), "b.png", now)
    post = submitted(cast, now, media=[(mine.id, "A green door")])
    link = link_for(post, cast.approver, now)
    visitor = nobody(app)
    assert f'src="{link}/{mine.digest}"' in words(visitor.get(link))
    assert visitor.get(f"{link}/{mine.digest}").mimetype.startswith("image/")
    assert visitor.get(f"{link}/{other.digest}").status_code == 404
    approve.approve(post.id, post.revision, cast.decider, now)
    assert visitor.get(f"{link}/{mine.digest}").status_code == 404


def test_a_made_up_link_says_so(app, cast):
    answer = nobody(app).get("/decide/made-up")
    assert answer.status_code == 410
    assert "not complete" in words(answer)


def test_another_time_between_look_and_press_is_shown_again(app, cast, now):
    post = submitted(cast, now, timing="at", wished_at=now + timedelta(days=2))
    visitor, link = nobody(app), link_for(post, cast.approver, now)
    form = {"deed": "approve", "revision": str(post.revision)}
    schedule.move(post.id, now + timedelta(days=5), cast.author, now)
    answer = visitor.post(link, data=form)
    assert answer.status_code == 422
    assert "was changed since you opened it" in words(answer)
    assert state() == "submitted"
    assert pressed(visitor, link, deed="approve").status_code == 200
    assert state() == "approved"


def test_a_post_that_repeats_says_so_before_it_is_approved(app, cast, now):
    post = submitted(cast, now, timing="at", wished_at=now + timedelta(days=2))
    plain = link_for(post, cast.approver, now)
    series.begin(post.id, Choice("week", count=4), cast.author, now)
    assert nobody(app).get(plain).status_code == 410, "this link showed one post, and not what follows"
    shown = words(nobody(app).get(link_for(post, cast.approver, now)))
    day = clock.to_local(post.wished_at, cast.library.timezone)
    assert f"Every {day:%A}" in shown
    assert "4 times" in shown
    assert "all that follow are approved too" in shown
    assert f"{day + timedelta(days=7):%a, %b} {(day + timedelta(days=7)).day}" in shown
    for page in ("/review/", "/review/all"):
        assert f"Every {day:%A}" in words(signed_in(app, cast.approver).get(page))


def test_of_a_post_by_hand_nobody_is_told_that_it_goes_out(app, cast, now):
    post = submitted(cast, now, accounts=[cast.by_hand])
    answer = pressed(nobody(app), link_for(post, cast.approver, now), deed="approve")
    assert "Approved. Contributor is asked to post it" in words(answer)
    again = submitted(cast, now, accounts=[cast.by_hand])
    with writing() as session:
        session.get_one(Post, again.id).author_id = None
    answer = pressed(nobody(app), link_for(again, cast.librarian, now), deed="approve")
    assert "Approved. You are asked to post it" in words(answer)


def test_the_link_to_send_back_opens_its_form_and_sends_nothing(app, link):
    visitor = nobody(app)
    assert '<details class="more" open>' in words(visitor.get(f"{link}?back=1"))
    assert '<details class="more">' in words(visitor.get(link))
    assert state() == "submitted"
    assert "Sent back with your note." in words(pressed(visitor, f"{link}?back=1", deed="send_back", note="Which day?"))
