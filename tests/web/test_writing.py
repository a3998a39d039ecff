"""Writing a post, without a script: what is kept by itself, earlier versions, pictures, how it shall repeat."""

import io
import re
from datetime import timedelta

import pytest
from clients import signed_in
from factories import approved, write
from PIL import Image

from outreach import clock
from outreach.access import actor
from outreach.db import db, writing
from outreach.holidays import is_closed
from outreach.models import Account, Closure, Library, Post, PostVersion, Series
from outreach.posts import compose, starts
from outreach.posts.schedule import next_free
from outreach.posts.versions import written_of
from outreach.posts.written import Written


@pytest.fixture
def ana(app, cast):
    return signed_in(app, cast.contributor)


def typed(cast, **more):
    return {"words": "Hello", "account": [str(cast.practice.id)], "timing": "slot", "form_key": "k1"} | more


def posts():
    db.session.expire_all()
    return db.session.query(Post).order_by(Post.id).all()


def text(answer):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.get_data(as_text=True)))


def test_a_draft_that_keeps_itself_is_one_post_with_one_line_of_history(cast, ana):
    first = ana.post("/writing/autosave/news", data=typed(cast)).get_json()
    again = typed(cast, words="Hello there", post=str(first["post"]), revision=str(first["revision"]))
    second = ana.post("/writing/autosave/news", data=again).get_json()
    (post,) = posts()
    assert (post.words, post.revision, second["revision"]) == ("Hello there", 2, 2)
    assert db.session.query(PostVersion).count() == 1
    assert first["address"] == f"/posts/{post.id}/edit"


def test_an_empty_form_keeps_nothing(cast, ana):
    assert ana.post("/writing/autosave/news", data=typed(cast, words="")).get_json() == {"post": None}
    assert posts() == []


def test_what_somebody_else_saved_is_never_overwritten_by_itself(cast, ana, now):
    post = write(cast, now)
    compose.save(post.id, Written("news", "Hers", accounts={cast.practice.id: ""}), 1, actor(cast.librarian), now)
    answer = ana.post("/writing/autosave/news", data=typed(cast, post=str(post.id), revision="1"))
    assert (answer.status_code, posts()[0].words) == (409, "Hers")
    assert "Librarian changed this post" in answer.get_json()["wrong"]


def test_what_is_approved_never_goes_back_to_review_by_itself(cast, ana, now):
    post = write(cast, now)
    ana.post(f"/posts/{post.id}/submit", data={"then": "review"})
    data = typed(cast, post=str(post.id), revision=str(posts()[0].revision))
    assert ana.post("/writing/autosave/news", data=data).status_code == 422
    assert posts()[0].state == "submitted"


def test_an_earlier_version_changes_nothing_before_it_is_saved_and_then_both_are_there(cast, ana, now):
    post = write(cast, now, words="First words")
    version = db.session.query(PostVersion).one().id
    compose.save(
        post.id, Written("news", "Later words", accounts={cast.practice.id: ""}), 1, actor(cast.librarian), now
    )
    page = ana.get(f"/writing/version/{version}").get_data(as_text=True)
    assert "data-autosave" not in page
    assert "First words" in page
    assert posts()[0].words == "Later words"
    sent = typed(cast, words="First words", revision="2", restored="1")
    ana.post(f"/posts/{post.id}/edit", data=sent)
    kept = [one.written["words"] for one in db.session.query(PostVersion).order_by(PostVersion.id)]
    assert kept == ["First words", "Later words", "First words"]
    assert "Later words" in text(ana.get(f"/writing/{post.id}/versions"))


def test_how_it_shall_repeat_stays_while_something_is_in_the_way_and_begins_when_it_is_sent(cast, ana):
    asked = {"every": "week", "end": "count", "count": "4", "then": "review", "timing": "at", "day": "2027-02-02"}
    refused = ana.post("/posts/new/news", data=typed(cast, link="javascript:x", clock="09:00", **asked))
    page = refused.get_data(as_text=True)
    assert re.search(r'value="week" selected', page)
    assert re.search(r'name="end" value="count" checked', page)
    assert 'max="500" value="4"' in page
    assert db.session.query(Series).count() == 0

    ana.post("/posts/new/news", data=typed(cast, clock="09:00", **asked | {"then": "keep"}))
    (draft,) = posts()
    assert draft.fields["repeat"]["every"] == "week"
    assert db.session.query(Series).count() == 0
    ana.post(f"/posts/{draft.id}/submit", data={"then": "review"})
    assert db.session.query(Series).one().rule == "FREQ=WEEKLY;BYDAY=TU;COUNT=4"


def test_a_copy_of_what_repeats_does_not_repeat_and_neither_do_those_that_follow(cast, ana, now, monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: now)
    asked = {"every": "week", "timing": "at", "day": "2026-12-01", "clock": "09:00"}
    ana.post("/posts/new/news", data=typed(cast, then="review", **asked))
    first = posts()[0]
    ana.post(f"/posts/{first.id}/duplicate")
    assert len(posts()) > 3
    assert not [post for post in posts() if "repeat" in post.fields]
    ana.post("/posts/new/news", data=typed(cast, then="keep", form_key="k2", **asked))
    draft = posts()[-1]
    assert draft.fields["repeat"]
    assert "repeat" not in starts.save(draft.id, "Story time", now).written["fields"]
    ana.post(f"/posts/{draft.id}/duplicate")
    assert "repeat" not in posts()[-1].fields


def test_what_cannot_repeat_is_not_sent_before_that_is_said(cast, ana):
    answer = ana.post("/posts/new/news", data=typed(cast, timing="now", every="week", then="review"))
    assert (answer.status_code, posts()[0].state) == (422, "draft")
    assert "Choose a day and a time first." in text(answer)


@pytest.mark.parametrize("day", ["20266-11-24", "9999-12-31", "tomorrow"])
def test_a_strange_day_of_a_question_loses_nothing_that_was_typed(cast, ana, day):
    sent = typed(cast, link="javascript:x") | {"of-prompts-day": [day], "of-prompts-words": ["Who is Jordan?"]}
    answer = ana.post("/posts/new/discussion", data=sent)
    assert answer.status_code == 422
    assert "Who is Jordan?" in answer.get_data(as_text=True)


def test_a_picture_is_kept_at_once_and_used_again_with_its_description(cast, ana, now):
    drawn = io.BytesIO()
    Image.new("RGB", (60, 40), "green").save(drawn, "PNG")
    row = ana.post("/writing/picture", data={"picture": (io.BytesIO(drawn.getvalue()), "green.png")})
    number = re.search(r'name="media" value="(\d+)"', row.get_data(as_text=True))[1]
    ana.post("/posts/new/news", data=typed(cast, media=[number], then="keep") | {f"alt-{number}": "A green wall"})
    again = ana.get("/posts/new/news").get_data(as_text=True)
    assert 'class="thumb"' in again
    assert "A green wall" in ana.get(f"/writing/picture/{number}").get_data(as_text=True)
    wrong = ana.post("/writing/picture", data={"picture": (io.BytesIO(b"no picture"), "x.png")})
    assert wrong.status_code == 422
    assert "<" not in wrong.get_data(as_text=True)


def test_now_asks_once(app, cast, now):
    librarian = signed_in(app, cast.librarian)
    for person in (cast.approver, cast.contributor):
        librarian.post(f"/people/{person.id}/take-out")
    cast.library.own_approval = True
    db.session.commit()
    page = librarian.post("/posts/new/news", data=typed(cast, timing="now", then="schedule")).get_data(as_text=True)
    assert "Yes, publish now" in page
    (post,) = posts()
    assert post.state == "draft"
    sure = typed(cast, timing="now", sure="1", revision=str(post.revision))
    librarian.post(f"/posts/{post.id}/edit", data=sure)
    assert posts()[0].state == "approved"


def test_what_only_a_person_posts_is_asked_for_now_without_a_question(app, cast, now):
    librarian = signed_in(app, cast.librarian)
    with writing() as session:
        session.get_one(Library, cast.library.id).own_approval = True
    form = typed(cast, account=[str(cast.by_hand.id)], timing="now", then="schedule")
    answer = librarian.post("/posts/new/news", data=form, follow_redirects=True)
    assert "You are asked to post it today" in text(answer)
    assert posts()[0].state == "approved"


def test_closed_today_goes_out_today_and_never_later(cast, ana, now):
    page = ana.get("/posts/new/news?start=closed").get_data(as_text=True)
    assert 'name="timing" value="now" checked' in page
    words = re.search(r"<textarea id=.words.[^>]*>([^<]*)", page)[1]
    later = clock.to_local(clock.now() + timedelta(days=7), "America/Chicago").date().isoformat()
    form = typed(cast, words=words, timing="at", day=later, clock="12:00", then="review")
    told = "and would go out later. Post it earlier, or change its words."
    assert told in text(ana.post("/posts/preview/news", data=form))
    assert told in text(ana.post("/posts/new/news", data=form))
    ana.post(f"/posts/{posts()[0].id}/edit", data=form | {"timing": "now", "revision": "1"})
    assert posts()[0].state == "submitted"


def test_when_it_opens_again_is_said_where_somebody_said_until_when_it_is_closed(cast, ana, now):
    def said():
        page = ana.get("/posts/new/news?start=closed").get_data(as_text=True)
        return re.search(r"<textarea id=.words.[^>]*>([^<]*)", page)[1]

    assert "open again" not in said()
    today = clock.today(clock.now(), "America/Chicago")
    with writing() as session:
        session.add(Closure(library_id=cast.library.id, first_day=today, last_day=today, name="Snow day"))
    assert "(Snow day). We are open again on" in said()


def test_practice_is_not_offered_beside_places_that_publish(cast, ana, now):
    chip = f'name="account" value="{cast.practice.id}"'
    assert chip not in ana.get("/posts/new/news").get_data(as_text=True)
    with writing() as session:
        session.get_one(Account, cast.account.id).retired_at = now
    assert chip in ana.get("/posts/new/news").get_data(as_text=True)


def test_the_usual_time_that_is_far_away_says_why(cast, ana, now):
    told = "The usual times before are taken."
    assert told not in text(ana.get("/posts/new/news"))
    for _week in range(3):
        ana.post("/posts/new/news", data=typed(cast, timing="slot", then="review", words=f"{_week}"))
    assert told in text(ana.get("/posts/new/news"))


def test_who_may_approve_keeps_a_planned_post_planned_when_she_changes_it(app, cast, now):
    librarian, at = signed_in(app, cast.librarian), clock.now() + timedelta(days=3)
    with writing() as session:
        session.get_one(Library, cast.library.id).own_approval = True
    post = approved(cast, now, timing="at", wished_at=at)
    page = librarian.get(f"/posts/{post.id}/edit").get_data(as_text=True)
    assert ("Save and approve" in page, "Save for review" in page) == (True, True)
    local = clock.to_local(at, "America/Chicago")
    form = typed(cast, words="Better", timing="at", day=local.date().isoformat(), clock=f"{local:%H:%M}")
    answer = librarian.post(f"/posts/{post.id}/edit", data=form | {"then": "approve", "revision": str(post.revision)})
    assert answer.location == f"/posts/{post.id}"
    assert (posts()[0].state, posts()[0].words) == ("approved", "Better")


def test_the_hours_of_a_library_are_asked_once_and_never_invented(app, cast, ana):
    manager = signed_in(app, cast.librarian)
    assert "When is your library open?" in text(manager.get("/posts/new/news?start=hours"))
    assert "8:00" not in text(ana.get("/posts/new/news?start=hours"))
    form = {"hours": "M" * 1_001, "then": "post", "at": "2099-01-05T18:00:00+00:00"}
    long = manager.post("/calendar/school/hours", data=form)
    assert (long.status_code, "When is your library open?" in text(long)) == (422, True)
    assert f">{form['hours']}</textarea>" in long.get_data(as_text=True)
    assert 'name="at" value="2099-01-05T18:00:00+00:00"' in long.get_data(as_text=True)
    page = manager.post(
        "/calendar/school/hours", data={"hours": "Monday: 7:30-15:30", "then": "post"}, follow_redirects=True
    )
    assert re.search(r"Our hours this week \(.*\):\s+Monday: 7:30-15:30", text(page))


def test_a_chat_is_not_meant_for_places_by_hand_and_no_usual_time_comes_after_it(cast, ana, now):
    page = ana.get("/posts/new/chat").get_data(as_text=True)
    assert "you post each message of the chat yourself" in page
    assert f'name="account" value="{cast.by_hand.id}">' in page
    soon = clock.to_local(clock.now() + timedelta(minutes=5), "America/Chicago")
    day = {"of-day": soon.date().isoformat(), "of-clock": f"{soon:%H:%M}", "of-name": "Chat", "of-questions": "Why?"}
    refused = text(ana.post("/posts/new/chat", data=typed(cast, then="review") | day))
    assert ("Choose an earlier time for the post" in refused, "At the next usual time" in refused) == (True, False)


def test_the_questions_of_a_discussion_come_a_week_after_its_invitation(ana):
    page = ana.get("/posts/new/discussion?at=2099-01-05T18:00:00%2B00:00").get_data(as_text=True)
    assert 'value="2099-01-12"' not in page  # that is beyond all plans
    at = (clock.now() + timedelta(days=30)).isoformat().replace("+", "%2B")
    first = clock.to_local(clock.now() + timedelta(days=37), "America/Chicago").date()
    assert f'value="{first}"' in ana.get(f"/posts/new/discussion?at={at}").get_data(as_text=True)


def test_a_start_begins_a_new_post_and_is_forgotten_when_asked(cast, ana, now):
    post = write(cast, now, words="Exam week: quiet please")
    start = starts.save(post.id, "Exam week", now)
    assert "Exam week: quiet please" in ana.get(f"/writing/start/{start.id}").get_data(as_text=True)
    assert "Exam week" in text(ana.get("/posts/new"))
    ana.post(f"/writing/start/{start.id}/remove")
    assert "Exam week" not in text(ana.get("/posts/new"))


def test_all_that_a_kind_asks_comes_back_as_it_was_typed(cast, ana):
    sent = typed(cast, words="About it", then="keep") | {
        "of-name": "Author visit",
        "of-day": "2027-03-04",
        "of-clock": "15:30",
        "of-place": "Library",
        "of-remind": ["week", "hour"],
        "second_language": "es",
        "second_words": "Sobre eso",
        "second-name": "Visita",
    }
    ana.post("/posts/new/event", data=sent)
    (post,) = posts()
    kept = written_of(post)
    assert kept.fields == {
        "name": "Author visit",
        "day": "2027-03-04",
        "clock": "15:30",
        "place": "Library",
        "remind": ["week", "hour"],
    }
    assert kept.second == {"language": "es", "words": "Sobre eso", "fields": {"name": "Visita"}}
    page = ana.get(f"/posts/{post.id}/edit").get_data(as_text=True)
    for value in ("Author visit", "2027-03-04", "15:30", "Sobre eso", "Visita"):
        assert value in page


def test_an_event_before_the_next_usual_time_is_proposed_for_the_school_day_before_it(cast, ana, now):
    first = clock.to_local(next_free(db.session(), cast.library, "event", now), "America/Chicago").date()
    event = {"of-name": "Chess", "of-day": first.isoformat(), "of-clock": "07:00", "words": "Come."}
    page = ana.post("/posts/new/event", data=typed(cast, timing="slot", then="review") | event)
    assert page.status_code == 422
    shown = page.get_data(as_text=True)
    local = clock.to_local(clock.now(), "America/Chicago")
    before = clock.school_day_before(first, lambda day: is_closed(cast.library, day))
    if clock.at_wall(before, "12:00", "America/Chicago") > local:
        assert 'name="timing" value="at" checked' in shown
        assert f'name="day" value="{before.isoformat()}"' in shown
    else:
        assert 'name="timing" value="now" checked' in shown


def test_the_history_tells_once_what_was_taken_off_the_plan(app, cast, now):
    librarian = signed_in(app, cast.librarian)
    trivia = {"kind": "trivia", "words": "Which?", "fields": {"choices": ["A", "B"], "right": 1}}
    post = approved(cast, now, timing="at", wished_at=clock.now() + timedelta(days=3), **trivia)
    librarian.post(f"/posts/{post.id}/withdraw")
    history = re.search(
        r'<ol class="history">.*?</ol>', librarian.get(f"/posts/{post.id}").get_data(as_text=True), re.S
    )
    assert history[0].count("took it off the plan (Fake)") == 1
    other = approved(cast, now, timing="at", wished_at=clock.now() + timedelta(days=3), **trivia)
    librarian.post(f"/posts/{other.id}/cancel")
    told = text(librarian.get(f"/posts/{other.id}"))
    assert ("cancelled it" in told, "took it off the plan" in told) == (True, False)
