"""Pages by hand: what is typed wrong is explained and kept; what comes from outside is never HTML."""

import io
import re
from datetime import timedelta

import pytest
from clients import nobody, signed_in
from cryptography.fernet import Fernet
from factories import approved, deliveries, queue, submitted, write
from fakes import FakeNetwork, door
from PIL import Image
from sqlalchemy import event

from outreach import clock
from outreach.db import db, writing
from outreach.media.store import upload
from outreach.models import Account, Delivery, Event, Feed, Heartbeat, Library, OneTimeLink, Person, Post, Title
from outreach.people import setup
from outreach.people.members import set_role
from outreach.posts import compose, schedule, send
from outreach.posts.publish import publish
from outreach.posts.written import Written
from outreach.titles import rules
from outreach.vault import Vault
from outreach.words import Sentence

HOSTILE = '"><script>alert(1)</script>&<b>x</b>'


@pytest.fixture
def ana(app, cast):
    return signed_in(app, cast.contributor)


@pytest.fixture
def decider(app, cast):
    return signed_in(app, cast.approver)


def form(cast, **more):
    return {"words": "Hello", "account": [str(cast.practice.id)], "timing": "slot", "then": "keep"} | more


def jpeg():
    out = io.BytesIO()
    Image.new("RGB", (60, 40), "green").save(out, "JPEG")
    return out.getvalue()


def only_post():
    db.session.rollback()
    return db.session.query(Post).one()


def text_of(answer):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.get_data(as_text=True)))


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"timing": "at", "day": "2027-03-14", "clock": "02:30"}, "the clocks jump over 2:30 AM"),
        ({"timing": "at", "day": "yesterday", "clock": "9"}, "is no day and time that we understand"),
        ({"timing": "at", "day": "99999-01-01", "clock": "09:00"}, "is no day and time"),
        ({"link": "javascript:alert(1)"}, "A link begins with https://"),
        ({"words": "x" * 20_001}, "Shorten it"),
        ({"account": ["999999"]}, "belongs to another library"),
    ],
)
def test_what_is_wrong_is_explained_and_what_was_typed_is_kept(cast, ana, more, said):
    answer = ana.post("/posts/new/news", data=form(cast, **({"words": "Keep me"} | more)))
    assert answer.status_code == 422
    assert said in text_of(answer)
    if "words" not in more:
        assert "Keep me" in text_of(answer)
    assert db.session.query(Post).count() == 0


def test_a_day_that_was_not_chosen_is_asked_for_before_review(cast, ana):
    answer = ana.post("/posts/new/news", data=form(cast, timing="at", then="review"))
    assert "Choose a day and a time" in text_of(answer)


def test_an_empty_form_makes_no_draft(cast, ana):
    assert "Write what you want to share" in text_of(ana.post("/posts/new/news", data=form(cast, words=" ")))
    assert db.session.query(Post).count() == 0


def test_a_link_is_never_made_of_a_forged_host(environ, now):
    from factories import found_cast

    from outreach import create_app
    from outreach.config import load

    app = create_app(load({**environ, "OUTREACH_PUBLIC_URL": "https://outreach.example.org"}))
    app.testing = True
    app.config["WTF_CSRF_ENABLED"] = False
    with app.app_context():
        manager = signed_in(app, found_cast(now).librarian)
        data = {"email": "new@school.example", "name": "New", "role": "approver"}
        assert manager.post("/people/", data=data, headers={"Host": "evil.example"}).status_code == 400
        page = manager.post("/people/", data=data, headers={"Host": "localhost"}).get_data(as_text=True)
        assert "https://outreach.example.org/sign-in/" in page
        db.engine.dispose()


def test_a_time_that_has_passed_is_said_when_it_is_sent_for_review(cast, ana):
    answer = ana.post("/posts/new/news", data=form(cast, timing="at", day="2020-01-01", clock="09:00", then="review"))
    assert "That time has passed" in text_of(answer)


def test_hostile_words_stay_words_everywhere(cast, ana, decider, now):
    data = form(cast, words=HOSTILE, warning=HOSTILE, then="review", **{f"words-{cast.practice.id}": HOSTILE})
    assert ana.post("/posts/new/news", data=data).status_code == 302
    post = only_post()
    for path in (f"/posts/{post.id}", f"/posts/{post.id}/edit", "/review/", "/?week=" + str(post.wished_at.date())):
        page = decider.get(path).get_data(as_text=True)
        assert "<script>alert" not in page
        assert "&lt;script&gt;" in page


def test_hostile_titles_and_feeds_stay_words(app, cast, now):
    with writing() as session:
        session.add(Title(library_id=cast.library.id, title=HOSTILE, author=HOSTILE, match_key="x", first_seen_at=now))
        session.add(
            Feed(
                library_id=cast.library.id,
                url="https://c.example/?key=hunter2",
                name=HOSTILE,
                next_check_at=now,
                created_at=now,
                sentence=Sentence("%(x)s", x=HOSTILE),
            )
        )
    page = signed_in(app, cast.librarian).get("/titles/").get_data(as_text=True)
    assert "<script>alert" not in page
    assert "hunter2" not in page


@pytest.mark.parametrize(
    ("data", "name"),
    [(b"<svg onload=alert(1)>", "x.svg"), (b"", "empty.png"), (b"GIF89a junk", "x.gif"), (b"\0" * 2_000, "x.jpg")],
)
def test_a_file_that_is_no_picture_is_explained_and_words_are_kept(cast, ana, data, name):
    sent = form(cast, words="Keep me", new_alt="A cat") | {"new_image": (io.BytesIO(data), name)}
    answer = ana.post("/posts/new/news", data=sent, content_type="multipart/form-data")
    if not data:
        assert answer.status_code in (302, 422)
        return
    assert answer.status_code == 422
    assert "picture" in text_of(answer)
    assert "Keep me" in text_of(answer)


def test_a_picture_needs_its_description_before_review(cast, ana, decider):
    sent = form(cast, then="review") | {"new_image": (io.BytesIO(jpeg()), "cat.jpg")}
    answer = ana.post("/posts/new/news", data=sent, content_type="multipart/form-data")
    assert "Say what picture 1 shows" in text_of(answer)
    post = only_post()
    medium = post.media[0].medium_id
    answer = ana.post(
        f"/posts/{post.id}/edit",
        data=form(cast, then="review", revision=post.revision, media=medium, **{f"alt-{medium}": "A cat"}),
    )
    assert answer.status_code == 302
    assert only_post().state == "submitted"
    assert decider.get(f"/media/{medium}").mimetype == "image/jpeg"


def test_a_stale_form_is_told_and_keeps_its_words(cast, ana, decider, now):
    post = write(cast, now, words="First")
    seen = post.revision
    decider.post(f"/posts/{post.id}/edit", data=form(cast, words="Second", revision=seen))
    answer = ana.post(f"/posts/{post.id}/edit", data=form(cast, words="Third", revision=seen))
    assert answer.status_code == 409
    assert "Third" in text_of(answer)
    assert "Approver changed this post" in text_of(answer)
    assert "Second" in text_of(answer)
    assert only_post().words == "Second"


def test_approving_what_was_changed_meanwhile_is_refused(cast, decider, ana, now):
    post = submitted(cast, now, timing="slot")
    seen = post.revision
    ana.post(f"/posts/{post.id}/edit", data=form(cast, words="Changed", revision=seen))
    answer = decider.post(f"/posts/{post.id}/approve", data={"revision": seen}, follow_redirects=True)
    assert "was changed since you opened it" in text_of(answer)
    assert only_post().state == "submitted"


def test_a_form_acts_on_the_library_whose_page_it_was_on(app, cast, now):
    """Another tab may look at another library meanwhile."""
    with writing() as session:
        person = session.get_one(Person, cast.librarian.id)
        set_role(session, person, session.get_one(Library, cast.other.id), "manager", cast.decider, now)
    theirs = compose.create(cast.other.id, Written("news", "Theirs"), cast.decider, now)
    client = signed_in(app, cast.librarian)
    page = client.get("/library/").get_data(as_text=True)
    shown = re.search(r'name="library_id" value="(\d+)"', page)[1]
    client.get(f"/posts/{theirs.id}")
    data = {"name": "Renamed", "timezone": "America/Chicago", "grades": "all", "library_id": shown}
    client.post("/library/", data=data)
    db.session.rollback()
    names = {n: db.session.get(Library, n).name for n in (cast.library.id, cast.other.id)}
    assert names[int(shown)] == "Renamed"
    assert sum(name == "Renamed" for name in names.values()) == 1


def test_a_library_says_who_approves_and_chooses_its_country_by_name(app, cast):
    manager = signed_in(app, cast.librarian)
    page = manager.get("/library/").get_data(as_text=True)
    assert '<option value="US" selected>United States</option>' in page
    assert '<option value="alone" selected>' in page
    data = {"name": "Maple", "timezone": "America/Chicago", "country": "CA", "grades": "all"}
    for own, stored in (("no", False), ("yes", True), ("alone", None)):
        manager.post("/library/", data=data | {"own": own})
        db.session.rollback()
        library = db.session.get(Library, cast.library.id)
        assert (library.own_approval, library.country) == (stored, "CA")


def test_a_form_that_is_sent_twice_makes_one_post(app, cast, ana):
    page = ana.get("/posts/new/news").get_data(as_text=True)
    key = re.search(r'name="form_key" value="([^"]+)"', page)[1]
    data = {"form_key": key, "words": "Once", "timing": "slot", "account": cast.practice.id, "then": "review"}
    assert [ana.post("/posts/new/news", data=data).status_code for _ in range(2)] == [302, 302]
    assert [post.state for post in db.session.query(Post)] == ["submitted"]


def test_a_stale_page_sends_nothing_back(cast, decider, now):
    post = submitted(cast, now)
    data = {"note": "Shorter", "revision": post.revision}
    compose.save(post.id, Written("news", "New words"), post.revision, cast.author, now)
    told = decider.post(f"/posts/{post.id}/send-back", data=data, follow_redirects=True)
    assert "was changed since you opened it" in text_of(told)
    assert db.session.get(Post, post.id).state == "submitted"


def test_what_is_out_cannot_be_cancelled_and_stays_to_be_seen(app, cast, decider, now):
    out, partly = (
        approved(cast, now, accounts=[cast.practice]),
        approved(cast, now, accounts=[cast.practice, cast.by_hand]),
    )
    with writing() as session:
        for post in (out, partly):
            session.get_one(Delivery, deliveries(post)[0].id).state = "published"
    assert "It is out already" in text_of(decider.post(f"/posts/{out.id}/cancel", follow_redirects=True))
    assert db.session.get(Post, out.id).state == "approved"
    decider.post(f"/posts/{partly.id}/cancel")
    page = text_of(decider.get(f"/posts/{partly.id}"))
    assert "published" in page
    assert "took it off the plan (Facebook)" in page


def test_a_draft_whose_time_has_passed_is_still_in_sight(cast, ana, now):
    write(cast, now, words="Forgotten words", timing="at", wished_at=now - timedelta(days=30))
    assert "Forgotten words" in text_of(ana.get("/"))


def test_a_post_is_not_moved_to_nowhere(cast, decider, now):
    post = approved(cast, now, timing="at", wished_at=now.replace(year=2027))
    told = decider.post(f"/posts/{post.id}/when", data={"day": "", "clock": ""}, follow_redirects=True)
    assert "Choose a day and a time" in text_of(told)
    assert deliveries(post)[0].due_at == now.replace(year=2027)


@pytest.mark.parametrize(
    ("path", "code"),
    [
        ("/posts/99999999999999999999", 404),
        ("/posts/new/news?at=0001-01-01T00:00:00%2B14:00", 200),
        ("/posts/new/news?at=9999-12-31T23:59:00-14:00", 200),
    ],
)
def test_numbers_and_times_beyond_all_bounds(cast, ana, path, code):
    assert ana.get(path).status_code == code


def test_a_digit_that_is_no_number(cast, ana):
    assert ana.post("/posts/preview/news", data={"account": "²", "revision": "²"}).status_code == 200


def test_an_approver_sees_the_picture_and_its_description(app, cast, decider, now):
    store = app.extensions["shop"].store
    shown = upload(store, cast.library.id, jpeg(), "cat.jpg", now).id
    submitted(cast, now, media=[(shown, "A cat on a shelf")])
    page = decider.get("/review/").get_data(as_text=True)
    assert f'src="/media/{shown}"' in page
    assert "A cat on a shelf" in page


def test_who_made_a_link_and_that_it_was_used_stand_in_the_history(app, cast):
    page = signed_in(app, cast.librarian).post(f"/people/{cast.contributor.id}/link").get_data(as_text=True)
    nobody(app).post(re.search(r"/sign-in/[\w-]+", page)[0])
    told = db.session.query(Event.who, Event.verb).filter(Event.verb.startswith("link")).order_by(Event.id).all()
    assert [tuple(line) for line in told] == [("Librarian", "link made"), ("Contributor", "link used")]


def test_a_contributor_does_not_move_what_is_approved(cast, ana, now):
    post = approved(cast, now, timing="at", wished_at=now.replace(year=2027))
    told = ana.post(f"/posts/{post.id}/when", data={"day": "2027-12-01", "clock": "09:00"})
    assert "Ask somebody who approves posts to move it." in text_of(told)
    assert deliveries(post)[0].due_at == now.replace(year=2027)


def test_by_hand_from_the_reminder_to_done(cast, ana, now):
    post = approved(cast, now, accounts=[cast.by_hand])
    row = deliveries(post)[0]
    with writing() as session:
        session.get_one(Delivery, row.id).state = "in_hand"
    assert "1 to post by hand" in text_of(ana.get("/"))
    assert "The library is open." in text_of(ana.get(f"/deliveries/{row.id}"))
    wrong = ana.post(f"/deliveries/{row.id}/posted", data={"url": "javascript:x"}, follow_redirects=True)
    assert "begins with https://" in text_of(wrong)
    ana.post(f"/deliveries/{row.id}/posted", data={"url": "https://facebook.example/1"})
    assert deliveries(post)[0].remote_url == "https://facebook.example/1"
    assert "Nothing needs you" in text_of(ana.get("/")) or "1 to post" not in text_of(ana.get("/"))


def test_what_a_place_asks_for_stands_above_the_general_buttons(cast, ana, now):
    post = approved(cast, now, accounts=[cast.practice, cast.by_hand])
    with writing() as session:
        session.get_one(Delivery, deliveries(post)[1].id).state = "in_hand"
    page = text_of(ana.get(f"/posts/{post.id}"))
    order = ["to Facebook", "Post it by hand", "to Practice", "Duplicate"]
    assert sorted(order, key=page.index) == order


def test_when_nothing_ticks_the_board_and_healthz_say_so(app, cast, ana, now):
    assert "Nothing is being published right now" in text_of(ana.get("/"))
    answer = nobody(app).get("/healthz")
    assert answer.status_code == 503
    assert "stopped" in answer.get_json()["reason"]
    from outreach import clock

    with writing() as session:
        session.add(Heartbeat(name="dispatch", at=clock.now()))
    assert nobody(app).get("/healthz").status_code == 200
    assert "Nothing is being published right now" not in text_of(ana.get("/"))


def test_pause_everything_and_resume(app, cast, ana, decider):
    assert "Everything is paused" in text_of(ana.post("/library/pause", follow_redirects=True))
    assert ana.post("/library/resume").status_code == 403
    decider.post("/library/resume")
    db.session.rollback()
    assert db.session.get(Library, cast.library.id).paused_at is None


def test_the_first_visit_is_three_questions_and_the_link_works_once(app, context, now):
    from outreach import clock

    visitor = nobody(app)
    assert visitor.get("/", follow_redirects=True).status_code == 503
    token = setup.set_up_token(clock.now())
    asked = visitor.get(f"/set-up/{token}").get_data(as_text=True)
    assert len(re.findall(r'<(?:input|select)[^>]* name="(?:library|grades|name|email)"', asked)) == 4
    wrong = visitor.post(
        f"/set-up/{token}", data={"library": "Oak School", "grades": "k5", "name": "Lee", "email": "no address"}
    )
    assert "is no e-mail address" in text_of(wrong)
    assert "Oak School" in wrong.get_data(as_text=True)
    answers = {
        "library": "Oak School",
        "grades": "k5",
        "name": "Lee",
        "email": "lee@school.example",
        "timezone": "America/Denver",
    }
    assert visitor.post(f"/set-up/{token}", data=answers).headers["Location"] == "/"
    library = db.session.query(Library).one()
    assert (library.timezone, library.country, len(library.slots)) == ("America/Denver", "US", 3)
    assert "Oak School" in text_of(visitor.get("/"))
    assert "choose a password" in text_of(visitor.get("/"))
    assert "Review" not in text_of(visitor.get("/")), "with the second person"
    assert nobody(app).post(f"/set-up/{token}", data=answers).status_code == 410


def test_a_sign_in_link_acts_on_the_button_only_and_once(app, cast):
    manager = signed_in(app, cast.librarian)
    page = manager.post("/people/", data={"email": "new@school.example", "name": "New", "role": "approver"}).get_data(
        as_text=True
    )
    path = re.search(r"/sign-in/[\w-]+", page)[0]
    visitor = nobody(app)
    assert visitor.get(path).status_code == 200  # a mail scanner opens it
    assert visitor.post(path).headers["Location"] == "/password"
    assert visitor.get("/").status_code == 200
    assert nobody(app).post(path).status_code == 410
    assert db.session.query(OneTimeLink).filter_by(token_hash=path.rsplit("/", 1)[1]).count() == 0


def test_a_password_is_kept_as_argon2_and_signs_in(app, cast):
    client = signed_in(app, cast.librarian)
    chosen = {"new_password": "a long enough phrase", "new_password_confirm": "a long enough phrase"}
    assert client.post("/password", data=chosen).status_code == 302
    db.session.expire_all()
    assert db.session.get(Person, cast.librarian.id).password.startswith("$argon2")
    visitor = nobody(app)
    assert visitor.post("/sign-in", data={"email": "librarian@school.example", "password": "wrong"}).status_code == 200
    good = {"email": "librarian@school.example", "password": "a long enough phrase"}
    assert visitor.post("/sign-in", data=good).status_code == 302
    assert visitor.get("/").status_code == 200


def test_trivia_keeps_its_right_choice_when_a_gap_is_left(cast, ana):
    sent = form(
        cast,
        words="Which?",
        choice=["", "Egg", "", "Hen"],
        right="3",
        **{"of-explanation": "Because."},
        **{"of-how": "At the desk."},
        answer="auto",
    )
    ana.post("/posts/new/trivia", data=sent)
    assert only_post().fields == {
        "choices": ["Egg", "Hen"],
        "right": 1,
        "explanation": "Because.",
        "how": "At the desk.",
    }


def test_the_preview_is_what_is_published(cast, ana, now):
    shown = ana.post(
        "/posts/preview/news", data=form(cast, words="Hello 👩‍👩‍👧‍👦", link="https://example.org/" + "x" * 100)
    )
    assert "Hello 👩‍👩‍👧‍👦" in text_of(shown)
    assert "32 of 500" in text_of(shown)


def test_a_duplicate_is_a_new_draft(cast, ana, now):
    post = approved(cast, now)
    answer = ana.post(f"/posts/{post.id}/duplicate")
    assert re.fullmatch(r"/posts/\d+/edit", answer.headers["Location"])
    assert db.session.query(Post).count() == 2


REFUSED = [
    ("/library/", {"name": " ", "hashtags": "#KeepThis"}),
    ("/calendar/closed", {"first": "never", "name": "KeepThis"}),
    ("/people/", {"name": "KeepThis", "email": "not an address", "role": "contributor"}),
    ("/places/by-hand", {"preset": "goodreads", "name": "KeepThis", "address": "http://[x"}),
    ("/places/{place}/opens-at", {"address": "Keep KeepThis"}),
    ("/titles/feeds", {"url": "KeepThis"}),
    ("/titles/weekly/{rule}", {"weekday": "1", "clock": "25:00", "most": "7", "words": "KeepThis {count}"}),
    ("/posts/{post}/when", {"day": "KeepThis", "clock": "09:00"}),
    ("/posts/{post}/send-back", {"note": "KeepThis", "revision": "77"}),
    ("/posts/{post}/send-back", {"note": "KeepThis", "revision": "77", "back": "review"}),
    ("/deliveries/{hand}/posted", {"url": "KeepThis"}),
]


@pytest.mark.parametrize(("path", "data"), REFUSED, ids=[path for path, _ in REFUSED])
def test_what_was_typed_into_any_form_is_kept_when_it_is_refused(app, cast, now, path, data):
    rule = rules.add(cast.library, cast.decider, now)
    post = submitted(cast, now)
    given = approved(cast, now, accounts=[cast.by_hand])
    hand, group = deliveries(given)[0], cast.by_hand
    with writing() as session:
        session.get_one(Delivery, hand.id).state = "in_hand"
        session.get_one(Account, group.id).server = "facebook_group"
    answer = signed_in(app, cast.librarian).post(
        path.format(rule=rule.id, post=post.id, hand=hand.id, place=group.id), data=data
    )
    assert answer.status_code == 422
    assert answer.get_data(as_text=True).count("KeepThis") >= 1


def test_a_form_shows_only_what_was_typed_into_itself(app, cast):
    page = signed_in(app, cast.librarian).post("/library/usual", data={"weekday": "9", "clock": "KeepThis"})
    assert f'value="{cast.library.name}"' in page.get_data(as_text=True)


@pytest.mark.parametrize("revision", ["9" * 5_000, "-1", "\u0663", "x"])
def test_a_revision_that_is_none_is_a_stale_form(ana, cast, now, revision):
    post = write(cast, now)
    assert ana.post(f"/posts/{post.id}/edit", data=form(cast, revision=revision)).status_code == 409


def test_a_wrong_state_in_other_letters_is_no_errand_of_ours(app, cast):
    manager = signed_in(app, cast.librarian)
    with manager.session_transaction() as kept:
        kept["errand"] = app.extensions["shop"].vault.seal({"network": "mastodon", "name": "", "state": "right"})
    answer = manager.get("/places/connect/mastodon/back?code=1&state=\u00e9")
    assert answer.headers["Location"].endswith("/places/connect/mastodon")


def test_what_another_key_sealed_is_said_and_not_a_fault(app, cast):
    sealed = Vault([Fernet.generate_key().decode()]).seal({"token": "t"})
    with writing() as session:
        session.get_one(Account, cast.account.id).sealed = sealed
    manager = signed_in(app, cast.librarian)
    with manager.session_transaction() as kept:
        kept["errand"] = sealed
    page = manager.post(f"/places/{cast.account.id}/check", follow_redirects=True)
    assert "Connect the account again" in text_of(page)
    assert manager.get("/places/connect/mastodon/back?code=1&state=x").status_code == 302


def test_the_practice_timeline_shows_a_thread_to_its_end(app, cast, now):
    books = [Title(library_id=cast.library.id, title=f"A rather long title of a book, number {n}", match_key=f"{n}",
                   first_seen_at=now) for n in range(40)]  # fmt: skip
    with writing() as session:
        session.add_all(books)
        session.flush()
        ids = [book.id for book in books]
    post = approved(cast, now, kind="titles", titles=ids, accounts=[cast.practice])
    for part in deliveries(post):  # each waits until the one that it answers is out
        queue(post, now)
        publish(part.id, door(FakeNetwork(), now))
    assert len(deliveries(post)) > 2
    page = signed_in(app, cast.contributor).get(f"/practice/{cast.practice.id}").get_data(as_text=True)
    assert all(f"number {n}" in page for n in range(40))


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_full_disk_is_said_and_the_words_are_kept(app, cast, ana):
    @event.listens_for(db.engine, "connect")
    def let_no_file_grow(connection, _record):
        (pages,) = connection.execute("PRAGMA page_count").fetchone()
        connection.execute(f"PRAGMA max_page_count={pages}")

    words = "Never written. " * 900
    data = form(cast, words=words)
    db.session.remove()
    db.engine.dispose()
    page = ana.post("/posts/new/news", data=data)
    assert page.status_code == 422
    assert "The disk is full, so nothing was saved." in text_of(page)
    assert words.strip() in page.get_data(as_text=True)


def test_of_two_pictures_the_good_one_is_kept_and_what_was_written_about_the_other(app, cast, ana):
    files = [(io.BytesIO(jpeg()), "good.jpg"), (io.BytesIO(b"no picture"), "bad.jpg")]
    data = form(cast, new_image=files, new_alt=["A green wall", "Words about the other"])
    page = ana.post("/posts/new/news", data=data, content_type="multipart/form-data").get_data(as_text=True)
    assert "no picture that we can read" in page
    assert page.count("A green wall") >= 1
    assert "Words about the other" in page


def test_without_a_script_the_time_zone_is_asked(app, now):
    with app.app_context():
        token = setup.set_up_token(clock.now())
    visitor = nobody(app)
    assert "<noscript>" in visitor.get(f"/set-up/{token}").get_data(as_text=True)
    data = {"library": "Elm", "grades": "all", "name": "Ana", "email": "ana@elm.example"}
    visitor.post(f"/set-up/{token}", data=data | {"timezone": ["", "America/Chicago"]})
    with app.app_context():
        assert db.session.query(Library).one().timezone == "America/Chicago"


def test_a_link_that_leads_elsewhere_leads_to_sign_in_alone(app, cast):
    answer = nobody(app).get("/sign-in?next=//evil.example/")
    assert answer.headers["Location"].endswith("/sign-in")


def test_a_wrong_password_is_said_once(app, cast):
    page = nobody(app).post("/sign-in", data={"email": "librarian@school.example", "password": "wrong"})
    assert page.get_data(as_text=True).count("We do not know this e-mail with this password.") == 1


def test_what_is_no_text_is_refused_before_it_meets_the_database(ana, cast):
    assert ana.post("/posts/new/news", data=form(cast, words="a\0b")).status_code == 400


def test_an_unsent_draft_holds_no_usual_time(cast, now):
    free = schedule.next_free(db.session(), cast.library, "news", now)
    post = write(cast, now, timing="slot", wished_at=free)
    assert schedule.next_free(db.session(), cast.library, "news", now) == free
    send.for_review(post.id, cast.author, now)
    assert schedule.next_free(db.session(), cast.library, "news", now) > free


def test_a_link_is_previewed_as_it_goes_out(ana, cast):
    data = form(cast, link="school.example.org/tent")
    assert "https://school.example.org/tent" in ana.post("/posts/preview/news", data=data).get_data(as_text=True)
    ana.post("/posts/new/news", data=data)
    assert only_post().link == "https://school.example.org/tent"


def test_the_weekly_post_is_previewed_with_the_words_that_were_refused(app, cast, now):
    rule = rules.add(cast.library, cast.decider, now)
    with writing() as session:
        session.add(Title(library_id=cast.library.id, title="Emma", match_key="emma||", first_seen_at=now))
    data = {"weekday": "1", "clock": "25:00", "most": "7", "words": "Typed and refused"}
    page = signed_in(app, cast.librarian).post(f"/titles/weekly/{rule.id}", data=data).get_data(as_text=True)
    assert page.count("Typed and refused") >= 2  # in the form, and in the preview
