"""The pages of repeats, of the bank of questions, and of a term from a table."""

from __future__ import annotations

import csv
import io
import re
from datetime import date

import pytest
from clients import signed_in
from factories import submitted, write
from form_pages import fields_of
from sqlalchemy import select

from outreach import clock
from outreach.access import actor
from outreach.db import db, writing
from outreach.models import Closure, Library, Post, Question, Series, Sheet, Slot
from outreach.posts import bank, compose, series, sheet_take, starts
from outreach.posts.bank import Asked
from outreach.posts.series_rule import Choice
from outreach.posts.series_trivia import DESK
from outreach.posts.spoken import say
from outreach.web import bank as bank_pages

ZONE = "America/Chicago"
TERM = b"""Date,Time,Words,Places,Picture
2027-02-02,9:00,Groundhog day,Facebook,
3/4/2027,9:00,Pi is near,,pi.png
soon,,Never,,
"""


def text(answer) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.get_data(as_text=True)))


def plain(part: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", "", part).split())


def html(answer) -> str:
    return answer.get_data(as_text=True)


@pytest.fixture
def ana(app, cast):
    return signed_in(app, cast.contributor)


@pytest.fixture
def soon(monkeypatch, now) -> None:
    """Pages read the clock; so does a test of what they say of days."""
    monkeypatch.setattr(clock, "now", lambda: now)


def at(day: str) -> dict[str, object]:
    return {"timing": "at", "wished_at": clock.at_wall(date.fromisoformat(day), "09:00", ZONE)}


@pytest.fixture
def included(app, monkeypatch):
    """The include of a post's page, until the page has it."""
    template = '{% set begun = false %}{% include "series/_of_post.html" %}'

    def render(post: Post, person) -> str:
        from flask import g, render_template_string
        from flask_security import login_user

        with app.test_request_context(f"/posts/{post.id}"):
            login_user(person)
            g.library = db.session.get(type(post.library), post.library_id)
            return render_template_string(template, post=db.session.get(Post, post.id))

    return render


def test_a_post_offers_how_it_could_repeat_with_the_next_dates(included, soon, cast, now):
    page = included(write(cast, now, **at("2026-12-14")), cast.contributor)
    for said in ("Every Monday, at 9:00", "Every second Monday", "Every month on the second Monday", "on day 14",
                 "Every school day"):  # fmt: skip
        assert said in page
    assert "Mon, Dec 14" in page
    assert "Mon, Dec 21" in page
    assert 'name="draws"' not in page
    assert "Repeat this post" not in included(write(cast, now), cast.contributor)


def test_begun_it_stands_in_the_week_and_on_the_page_of_repeats(ana, included, soon, cast, now):
    post = submitted(cast, now, words="Story hour", **at("2026-12-01"))
    form = {"every": "week", "end": "count", "count": "3"}
    told = text(ana.post(f"/repeats/begin/{post.id}", data=form, follow_redirects=True))
    assert re.search(r"It repeats\..*3 of them wait for review\.", told)
    assert 'href="/repeats/"' in html(ana.get("/"))
    row = db.session.scalars(select(Series)).one()
    assert row.rule == "FREQ=WEEKLY;BYDAY=TU;COUNT=3"
    page = text(ana.get("/repeats/"))
    assert "Every Tuesday, at 9:00" in page
    assert "3 times" in page
    assert "Story hour" in page
    on_post = included(post, cast.contributor)
    assert f'action="/repeats/following/{post.id}"' in on_post
    assert f'action="/repeats/{row.id}/stop"' in on_post
    gone = text(ana.post(f"/repeats/{row.id}/stop", follow_redirects=True))
    assert "It does not repeat any more. 3 posts were cancelled." in gone
    assert "Nothing repeats yet." in gone


SUNDAY = {"words": "Chess", "timing": "at", "day": "2027-03-07", "clock": "23:30", "every": "week"}
SHOWN_DATES = (  # the clocks change on the 14th, and the library is closed on the 21st
    ({}, "Every Sunday, at 11:30 PM: Sun, Mar 7 · Sun, Mar 14 · Mon, Mar 22 · Sun, Mar 28 …"),
    ({"end": "until", "until": "2027-03-14"}, "until Mar 14, 2027: Sun, Mar 7 · Sun, Mar 14"),
    ({"end": "count", "count": "3"}, "3 times: Sun, Mar 7 · Sun, Mar 14 · Mon, Mar 22"),
    ({"end": "until"}, "Say until which day, or how many times."),
    ({"end": "until", "until": "2027-03-01"}, "The last day is before the first one. Choose a later one."),
    ({"timing": "now"}, "Choose a day and a time first. From that day on it repeats."),
    ({"every": "school_day"}, "Choose another day, or how often it comes again."),
)


def test_before_it_is_sent_the_next_dates_are_said_with_and_without_a_script(ana, soon, cast):
    with writing() as session:
        day = date(2027, 3, 21)
        session.add(Closure(library_id=cast.library.id, name="Painters", first_day=day, last_day=day))
    for more, said in SHOWN_DATES:
        answer = html(ana.post("/posts/preview/news", data=SUNDAY | more))
        page = html(ana.post("/posts/new/news", data=SUNDAY | more | {"then": "second"}))
        beside = re.search(r"<template data-for.*?</template>", answer, re.DOTALL)
        in_form = re.search(r'id="next-dates".*?</p>', page, re.DOTALL)
        for part in (beside, in_form):
            assert plain(part[0][part[0].index(">") + 1 :]).endswith(said)


def test_how_often_and_until_when_are_changed_on_the_page_of_repeats(ana, soon, cast, now):
    post = submitted(cast, now, **at("2026-12-01"))
    row = series.begin_now(post.id, Choice("week", count=4), cast.author, now)
    page, address = html(ana.get("/repeats/")), f"/repeats/{row.id}/change"
    assert "From Tue, Dec 1 on: posts on days that stay are left as they are" in page
    form = fields_of(page, address)
    assert (form["every"], form["end"], form["count"]) == (["week"], ["count"], ["4"])
    wanted = form | {"every": "two_weeks", "end": ""}
    asked = ana.post(address, data=wanted)
    assert "It would come: Tue, Dec 1 · Tue, Dec 15 · Tue, Dec 29" in text(asked)
    assert "2 posts that are planned would be cancelled." in text(asked)
    assert fields_of(html(asked), address)["every"] == ["two_weeks"]
    sure = re.search(r'name="sure" value="([^"]*)"', html(asked))[1]
    other = ana.post(address, data=wanted | {"sure": sure, "every": "school_day"})
    assert "It would come: Tue, Dec 1 · Wed, Dec 2" in text(other), "she was sure of something else"
    assert "Every Tuesday, at 9:00" in text(ana.get("/repeats/")), "nothing was changed yet"
    said = text(ana.post(address, data=wanted | {"sure": sure}, follow_redirects=True))
    assert "Changed. 2 posts were cancelled, since it does not come on those days any more." in said
    assert "Every second Tuesday, at 9:00" in said
    typed = form | {"every": "school_day", "end": "until", "until": "2026-11-30"}
    wrong = ana.post(address, data=typed)
    assert "The last day is before the first one. Choose a later one." in text(wrong)
    kept = fields_of(html(wrong), address)
    assert (wrong.status_code, kept["every"], kept["end"], kept["until"]) == (
        422, ["school_day"], ["until"], ["2026-11-30"]
    )  # fmt: skip
    assert '<details class="more" open>' in html(wrong)


@pytest.mark.parametrize(
    "form", [{"every": "week", "end": "until", "until": "soon"}, {"every": "week", "end": "count", "count": "x"}, {}]
)
def test_an_end_that_is_none_is_told(ana, cast, now, form):
    post = write(cast, now, **at("2028-12-05"))
    ana.post(f"/repeats/begin/{post.id}", data=form)
    assert db.session.scalar(select(Series.id)) is None


def test_all_that_follow_become_as_this_one_by_its_button(ana, soon, cast, now):
    post = submitted(cast, now, **at("2026-12-01"))
    series.begin_now(post.id, Choice("week"), cast.author, now)
    with writing() as session:
        session.get_one(Post, post.id).words = "Other"
    said = text(ana.post(f"/repeats/following/{post.id}", follow_redirects=True))
    assert "3 posts that follow are as this one now." in said
    db.session.rollback()
    assert set(db.session.scalars(select(Post.words))) == {"Other"}


def test_questions_are_typed_put_in_order_and_removed(ana, cast):
    form = {"words": "Which is a fish?", "choice": ["", "Carp", "Bat", ""], "right": "2", "hint": "Ponds"}
    ana.post("/trivia/add", data=form)
    one = db.session.scalars(select(Question)).one()
    assert (one.choices, one.right, one.hint) == (["Carp", "Bat"], 1, "Ponds")
    refused = ana.post("/trivia/add", data=form | {"words": "Second?", "right": ""})
    assert refused.status_code == 422
    assert "Say which choice is the right one." in text(refused)
    assert 'value="Carp"' in html(refused)
    ana.post("/trivia/add", data=form | {"words": "Second?"})
    second = db.session.scalars(select(Question).order_by(Question.id.desc())).first()
    ana.post(f"/trivia/{second.id}/up")
    page = text(ana.get("/trivia/"))
    assert page.index("Second?") < page.index("Which is a fish?")
    ana.post(f"/trivia/{second.id}/remove")
    assert "Second?" not in text(ana.get("/trivia/"))


def test_trivia_for_a_term_comes_from_one_file_in_one_form(ana, soon, cast):
    rows = "Question,A,B,Answer\n" + "".join(f"Question {n}?,Yes,No,A\n" for n in range(3)) + "Nothing?,,,\n"
    answer = ana.post("/trivia/file", data={"file": (io.BytesIO(rows.encode()), "trivia.csv")})
    page = html(ana.get(answer.location))
    assert "3 questions can be taken in." in page
    assert "Give at least two choices." in page
    assert db.session.scalar(select(Question.id)) is None
    form = fields_of(page, f"{answer.location}/take") | {"weekday": ["1"], "clock": "10:00", "then": "weekly"}
    said = text(ana.post(f"{answer.location}/take", data=form, follow_redirects=True))
    assert "3 questions are new in the bank." in said
    assert "Every Tuesday, at 10:00" in said
    assert "3 questions stand in the week and wait for review. From Tue, Dec 22 on it needs new ones." in said
    assert (said.count("is empty"), "Next: tomorrow" in said, "from Tue, Dec 22 on it needs questions" in said) == (
        1,
        0,
        1,
    )
    week = text(ana.get("/?week=2026-12-22"))
    assert ("no question left" in week, "Question 0?" in week, "written by itself" in week) == (True, False, False)
    found = db.session.scalars(select(Post).order_by(Post.wished_at)).all()
    assert [p.words for p in found] == [f"Question {n}?" for n in range(3)]
    assert "used Tue, Dec 1, 10:00" in text(ana.get("/trivia/"))


def test_a_term_is_looked_at_taken_in_and_told(ana, soon, cast, now):
    answer = ana.post("/term/file", data={"file": (io.BytesIO(TERM), "spring.csv")})
    page = html(ana.get(answer.location))
    assert "2 posts can be taken in." in page
    assert "1 row is left out" in page
    assert "Send 1 for review" in page
    assert "1 of them becomes a draft in any case: something of it is missing." in page
    assert "“soon” is no day that we understand." in page
    assert "Thu, Mar 4" in page
    assert "Sat, Apr 3" in html(ana.get(f"{answer.location}?order=day"))
    ana.post(f"{answer.location}/answer", data={"then": "draft", "order": "day"})
    waits = html(ana.get(answer.location))
    assert "data-refresh" in waits
    sheet = db.session.scalars(select(Sheet)).one()
    sheet_take.take(sheet.id, now)
    done = text(ana.get(answer.location))
    assert 'href="/?week=2027-02-02"' in html(ana.get(answer.location))
    assert "2 posts were taken in as drafts." in done
    assert "1 row was left out." in done
    assert "2 posts taken in" in text(ana.get("/term/"))
    found = db.session.scalars(select(Post).order_by(Post.wished_at)).all()
    assert [clock.today(p.wished_at, ZONE) for p in found] == [date(2027, 2, 2), date(2027, 4, 3)]
    compose.cancel(found[1].id, cast.author, now)
    assert "Yes: Take this post back" in text(ana.get(answer.location))
    back = text(ana.post(f"{answer.location}/back", follow_redirects=True))
    assert "1 post was taken back." in back
    assert "You can bring it again." in back
    assert "stays" not in back
    assert "taken back" in text(ana.get("/term/"))


def test_only_what_nothing_stands_in_the_way_of_is_offered_for_review(ana, soon, cast, now):
    term = b"Date,Time,Kind,Words\n2027-03-04,9:00,News,Good\n2027-03-05,9:00,Trivia,Without choices?\n"
    page = html(ana.get(ana.post("/term/file", data={"file": (io.BytesIO(term), "a.csv")}).location))
    assert "2 posts can be taken in." in page
    assert "Send 1 for review" in page
    assert "1 of them becomes a draft in any case" in page


def test_the_plan_is_downloaded_with_a_mark_for_excel(ana, soon, cast, now):
    write(cast, now, words="=1+1", **at("2026-12-01"))
    answer = ana.get("/term/posts.csv")
    assert answer.data.startswith(b"\xef\xbb\xbfDate,Time,Kind")
    assert answer.headers["Content-Disposition"] == 'attachment; filename="maple-street-school-library-2026-11-24.csv"'
    assert b"2026-12-01,09:00,News,'=1+1" in answer.data
    assert b"Winter" not in ana.get("/term/posts.csv?first=2030-01-01&last=x").data
    assert ana.get("/term/example.csv").status_code == 200


def test_what_is_no_table_leaves_her_on_the_page_with_the_reason(ana):
    for address in ("/term/file", "/trivia/file"):
        answer = ana.post(address, data={"file": (io.BytesIO(b"Name\nAna\n"), "x.csv")})
        assert answer.status_code == 422
        assert "No column of this table is called" in text(answer)
        assert ana.post(address).status_code == 422


@pytest.mark.parametrize("address", ["/term/{}", "/trivia/file/{}"])
def test_what_another_library_brought_is_not_there(app, cast, ana, address):
    ana.post("/term/file", data={"file": (io.BytesIO(TERM), "spring.csv")})
    sheet = db.session.scalars(select(Sheet)).one()
    assert signed_in(app, cast.outsider).get(address.format(sheet.id)).status_code == 404


def test_no_database_keeps_a_nul_in_the_name_of_a_file(ana):
    body = b'--B\r\nContent-Disposition: form-data; name="file"; filename="a\0b.csv"\r\n\r\n' + TERM + b"\r\n--B--\r\n"
    assert ana.post("/term/file", data=body, content_type="multipart/form-data; boundary=B").status_code == 302
    assert db.session.scalars(select(Sheet.name)).one() == "ab.csv"


def test_the_example_speaks_the_language_of_its_reader_and_has_school_days_alone(ana, cast):
    ana.post("/library/language", data={"language": "es"})
    rows = list(csv.DictReader(io.StringIO(ana.get("/term/example.csv").get_data(as_text=True).lstrip("\ufeff"))))
    assert [row["Tipo"] for row in rows] == ["Noticia", "Trivia", "Evento"]
    assert all(date.fromisoformat(row["Fecha"]).weekday() < 5 for row in rows)


def test_hostile_words_stay_words(ana, cast, now):
    evil = "<script>x</script>"
    bank.add(cast.library.id, [Asked(evil, [evil, "B"], 0, evil, evil)], cast.author, now)
    post = submitted(cast, now, words=evil, **at("2028-12-05"))
    series.begin_now(post.id, Choice("week"), actor(cast.contributor), now)
    starts.save(post.id, evil, now)
    answer = ana.post("/term/file", data={"file": (io.BytesIO(f"Words,Kind\n{evil},{evil}\n".encode()), evil)})
    for page in ("/trivia/", "/repeats/", "/term/", answer.location):
        assert "<script>x" not in html(ana.get(page)), page


def test_the_composer_takes_the_next_question_and_saved_it_has_had_its_turn(ana, cast, now):
    asked = [Asked("Which is a fish?", ["Whale", "Carp"], 1, "Gills.", "Ponds."), Asked("Next?", ["A", "B"], 0)]
    bank.add(cast.library.id, asked, cast.author, now)
    page = html(ana.get("/posts/new/trivia?from=bank"))
    for said in ("Which is a fish?</textarea>", 'value="Carp"', "Gills."):
        assert said in page
    form = fields_of(page, "/posts/new/trivia") | {"then": "keep"}
    ana.post("/posts/new/trivia", data=form)
    post = db.session.scalars(select(Post)).one()
    assert (post.words, post.fields["right"], post.fields["hint"]) == ("Which is a fish?", 1, "Ponds.")
    assert bank.used_in(db.session(), bank.used(db.session(), cast.library.id))[post.question_id].id == post.id
    assert "Next?</textarea>" in html(ana.get("/posts/new/trivia?from=bank"))


def test_a_post_that_has_a_time_offers_to_repeat_on_its_page(ana, soon, cast, now):
    post = submitted(cast, now, **at("2026-12-01"))
    assert "Repeat this post" in html(ana.get(f"/posts/{post.id}"))
    ana.post(f"/repeats/begin/{post.id}", data={"every": "week"})
    assert "Make all that follow like this one" in html(ana.get(f"/posts/{post.id}"))
    assert 'href="/term/"' in html(ana.get("/posts/new"))


def test_a_long_table_is_shown_a_page_at_a_time(ana, soon):
    lines = "".join(f"2027-02-02,{n % 24}:00,Post {n}.\n" for n in range(101))
    answer = ana.post("/term/file", data={"file": (io.BytesIO(f"Date,Time,Words\n{lines}".encode()), "x.csv")})
    first = text(ana.get(answer.location))
    assert "101 posts can be taken in." in first
    assert "Page 1 of 2" in first
    assert "Post 99." in first
    assert "Post 100." not in first
    assert "Post 100." in text(ana.get(f"{answer.location}?page=2"))
    assert ana.get(f"{answer.location}?page=99999999999999999999").status_code == 200


@pytest.mark.parametrize("days", ["last=9999-12-31", "first=0001-01-01", "first=9999-12-31&last=0001-01-01"])
def test_days_of_another_age_are_left_out_of_the_plan(ana, days):
    assert ana.get(f"/term/posts.csv?{days}").status_code == 200


def test_trivia_over_weeks_that_was_refused_keeps_what_was_chosen(ana, cast, now):
    bank.add(cast.library.id, [Asked("Which?", ["A", "B"], 0)], cast.author, now)
    answer = ana.post("/trivia/weekly", data={"weekday": ["3"], "clock": "", "account": [str(cast.by_hand.id)]})
    assert answer.status_code == 422
    page = html(answer)
    assert 'name="weekday" value="3" checked' in page
    assert f'name="account" value="{cast.by_hand.id}" checked' in page
    assert f'name="account" value="{cast.account.id}" checked' not in page


def test_a_usual_time_at_the_weekend_is_ticked(ana, cast, now):
    bank.add(cast.library.id, [Asked("Which?", ["A", "B"], 0)], cast.author, now)
    with writing() as session:
        for slot in session.scalars(select(Slot).where(Slot.kind == "trivia")):
            slot.weekday = 6
    assert 'name="weekday" value="6" checked' in html(ana.get("/trivia/"))


def test_how_to_answer_is_said_in_the_language_of_the_library(ana, cast, now):
    bank.add(cast.library.id, [Asked("¿Cuál?", ["A", "B"], 0)], cast.author, now)
    with writing() as session:
        session.get_one(Library, cast.library.id).language = "es"
    ana.post("/trivia/weekly", data={"weekday": ["1"], "clock": "10:00", "account": [str(cast.account.id)]})
    assert db.session.scalars(select(Post)).one().fields["how"] == say(DESK, "es") != "Tell us at the library desk."


def test_a_long_bank_says_how_many_more_and_one_is_asked_next(ana, cast, now, monkeypatch):
    monkeypatch.setattr(bank_pages, "SHOWN", 3)
    bank.add(cast.library.id, [Asked(f"{n}?", ["A", "B"], 0) for n in range(5)], cast.author, now)
    page = text(ana.get("/trivia/"))
    assert "and 2 more" in page
    assert "5 questions wait for their turn." in page
    third = bank.waiting(db.session(), cast.library.id)[2]
    ana.post(f"/trivia/{third.id}/up", data={"first": "1"})
    assert bank.next_question(db.session(), cast.library).words == "2?"


def test_the_questions_of_a_discussion_are_asked_for_in_the_second_language_too(ana, cast, now):
    fields = {"name": "New Kid", "prompts": [{"day": "2026-12-08", "words": "Who?"}]}
    rows = [{"day": "2026-12-08", "words": "¿Quién?"}]
    second = {"language": "es", "words": "Leemos.", "fields": {"prompts": rows}}
    post = write(cast, now, kind="discussion", words="We read.", fields=fields, second=second)
    page = html(ana.get(f"/posts/{post.id}/edit"))
    assert 'name="second-prompts-words" value="¿Quién?"' in page
