"""The school calendar's pages: snow day, away, closed days, the new year, somebody leaves."""

import io
import re
from datetime import date, timedelta

import pytest
from clients import signed_in
from factories import approved, deliveries, submitted, write

from outreach import clock
from outreach.access import OUTREACH
from outreach.db import db, writing
from outreach.holidays import closed_because, school_year
from outreach.models import Closure, Interruption, Library, OneTimeLink, Person, Post, Series
from outreach.people import links
from outreach.people.members import invite, run_installation
from outreach.posts.keepers import kept
from outreach.posts.lifecycle import deliveries_locked
from outreach.titles import feeds

BREAK = b"""BEGIN:VCALENDAR\r
BEGIN:VEVENT\r
UID:b\r
SUMMARY:Winter break\r
DTSTART;VALUE=DATE:%s\r
END:VEVENT\r
BEGIN:VEVENT\r
UID:p\r
SUMMARY:Picture day\r
DTSTART;VALUE=DATE:%s\r
END:VEVENT\r
END:VCALENDAR\r
"""


@pytest.fixture
def contributor(app, cast):
    return signed_in(app, cast.contributor)


@pytest.fixture
def manager(app, cast):
    return signed_in(app, cast.librarian)


def tomorrow(cast):
    return clock.today(clock.now(), cast.library.timezone) + timedelta(days=1)


def planned_tomorrow(cast, words="Come and read"):
    at = clock.at_wall(tomorrow(cast), "10:00", cast.library.timezone)
    return approved(cast, clock.now(), words=words, timing="at", wished_at=at)


def text(answer):
    return answer.get_data(as_text=True)


def one_of():
    db.session.expire_all()
    return db.session.query(Interruption).one()


def test_the_week_leads_whoever_may_stop_to_the_snow_day_in_one_click(contributor):
    assert 'href="/calendar/#snow"' in text(contributor.get("/"))
    assert 'action="/calendar/snow"' in text(contributor.get("/calendar/"))


def test_a_snow_day_says_what_waits_and_its_undo_puts_it_back(cast, contributor):
    post = planned_tomorrow(cast)
    page = text(contributor.post("/calendar/snow", data={"day": tomorrow(cast).isoformat()}, follow_redirects=True))
    assert "Come and read" in page
    assert "waits for another time" in page
    assert "1 post waits for a new time" in text(contributor.get("/"))
    assert "choose another time below" in text(contributor.get(f"/posts/{post.id}"))
    page = text(contributor.post(f"/calendar/undo/{one_of().id}", follow_redirects=True))
    assert "is back: tomorrow" in page
    assert "No snow day" in page
    again = text(contributor.post(f"/calendar/undo/{one_of().id}", follow_redirects=True))
    assert "over already" in again


def test_all_that_waits_gets_the_usual_times_at_one_press(cast, contributor, app):
    post = planned_tomorrow(cast)
    contributor.post("/calendar/snow", data={"day": tomorrow(cast).isoformat()})
    assert contributor.post("/calendar/usual-times").status_code == 403
    page = text(signed_in(app, cast.approver).post("/calendar/usual-times", follow_redirects=True))
    assert "1 post has a usual time now." in page
    assert "has another time" in page
    assert deliveries(post)[0].due_at > clock.at_wall(tomorrow(cast), "23:59", cast.library.timezone)


def test_who_only_drafts_ends_their_own_pause_and_no_other(cast, contributor, manager):
    day = tomorrow(cast).isoformat()
    manager.post("/calendar/away", data={"first": day, "last": day, "meanwhile": "pause"})
    assert "calendar/undo" not in text(contributor.get("/calendar/"))
    told = contributor.post(f"/calendar/undo/{one_of().id}", follow_redirects=True)
    assert "Ask somebody who approves" in text(told)
    assert one_of().ended_at is None
    manager.post(f"/calendar/undo/{one_of().id}")
    manager.post("/calendar/snow", data={"day": day})
    snow = db.session.query(Interruption).filter_by(kind="snow").one()
    contributor.post(f"/calendar/undo/{snow.id}")
    assert db.session.get_one(Interruption, snow.id, populate_existing=True).ended_at is None


def test_a_snow_day_is_called_so_in_the_language_of_the_library(cast, contributor):
    with writing() as session:
        session.get_one(Library, cast.library.id).language = "es"
        session.get_one(Person, cast.contributor.id).language = "en"
    contributor.post("/calendar/snow", data={"day": tomorrow(cast).isoformat()})
    assert db.session.query(Closure).one().name == "Día de nieve"


def test_days_that_nobody_typed_are_named_in_the_language_of_whoever_reads():
    snow = Closure(first_day=date(2026, 12, 1), last_day=date(2026, 12, 1), name="Snow day", source="snow")
    library = Library(closures=[snow], country="US", language="es")
    independence = "Día de la Independencia (día observado)"
    names = "Día de nieve", "Día de Acción de Gracias", independence, "Inmaculada Concepción"
    days = date(2026, 12, 1), date(2026, 11, 26), date(2026, 7, 3)
    assert tuple(closed_because(library, day) for day in days) == names[:3]
    assert [closed_because(library, day, "en") for day in days[:2]] == ["Snow day", "Thanksgiving Day"]
    assert closed_because(Library(country="ES", language="es"), date(2026, 12, 8)) == names[3]


def test_who_was_away_is_named_after_they_left_and_not_who_said_it(cast, manager):
    day = tomorrow(cast).isoformat()
    data = {"first": day, "last": day, "meanwhile": "pause", "person": str(cast.contributor.id)}
    manager.post("/calendar/away", data=data)
    manager.post(f"/people/{cast.contributor.id}/remove")
    assert "Contributor is away until" in text(manager.get("/calendar/"))


def test_of_much_that_waits_the_calendar_shows_some_and_leads_to_the_rest(cast, contributor):
    for n in range(22):
        planned_tomorrow(cast, f"Number {n}")
    contributor.post("/calendar/snow", data={"day": tomorrow(cast).isoformat()})
    page = text(contributor.get("/calendar/"))
    waits = page[page.index('id="waits"') :]
    assert waits[: waits.index("</section>")].count("<li>") == 20
    assert 'show=held">and 2 more' in waits


@pytest.mark.parametrize("day", ["", "never", "2001-01-01", "99999999-1-1"])
def test_a_day_that_is_none_is_said(contributor, day):
    assert contributor.post("/calendar/snow", data={"day": day}).status_code == 422


def test_away_hands_over_to_a_colleague_and_i_am_back_ends_it(cast, contributor):
    draft = write(cast, clock.now())
    days = {"first": clock.today(clock.now(), cast.library.timezone).isoformat(), "last": tomorrow(cast).isoformat()}
    said = {"meanwhile": str(cast.approver.id), "person": str(cast.approver.id)}  # for herself only
    page = text(contributor.post("/calendar/away", data=days | said, follow_redirects=True))
    assert "Contributor is away until" in page
    assert "Approver looks after the posts" in page
    assert "I am back" in page
    assert "Contributor is away" in text(contributor.get("/"))
    assert one_of().person_id == cast.contributor.id
    assert kept(db.session(), cast.library.id, cast.approver.id)[0].id == draft.id
    contributor.post(f"/calendar/undo/{one_of().id}")
    assert db.session.get_one(Post, draft.id, populate_existing=True).keeper_id is None


def test_a_manager_says_it_for_a_colleague_who_is_ill(cast, manager):
    day = tomorrow(cast).isoformat()
    data = {"first": day, "last": day, "meanwhile": "pause", "person": str(cast.contributor.id)}
    assert "Contributor is away until" in text(manager.post("/calendar/away", data=data, follow_redirects=True))


def test_away_only_who_approves_looks_after_it_and_what_waits_is_listed(cast, manager):
    submitted(cast, clock.now())
    page = text(manager.get("/calendar/"))
    assert "Approver looks after the posts" in page
    assert "Contributor looks after" not in page
    day = {"first": tomorrow(cast).isoformat(), "last": tomorrow(cast).isoformat()}
    refused = manager.post("/calendar/away", data=day | {"meanwhile": str(cast.contributor.id)})
    assert "Choose a colleague who approves posts" in text(refused)
    told = text(manager.post("/calendar/away", data=day | {"meanwhile": "pause"}, follow_redirects=True))
    assert told.index("This asks for somebody meanwhile:") < told.index("1 to approve")


@pytest.mark.parametrize("keeper", ["9" * 30, "0", "-1", "x"])
def test_odd_colleagues_and_days_are_no_mistake_of_ours(cast, contributor, keeper):
    for first in (tomorrow(cast).isoformat(), "never"):
        answer = contributor.post("/calendar/away", data={"first": first, "last": first, "meanwhile": keeper})
        assert answer.status_code in (302, 422)


def test_typed_days_are_listed_with_the_public_holidays_and_can_be_removed(cast, manager, contributor):
    manager.post("/calendar/closed", data={"first": tomorrow(cast).isoformat(), "name": "Inventory"})
    page = text(manager.get("/calendar/"))
    assert "Inventory" in page
    assert "public holiday" in page
    closure = db.session.query(Closure).one()
    assert "/calendar/closed" not in text(contributor.get("/calendar/"))
    manager.post(f"/calendar/closed/{closure.id}/remove")
    assert db.session.query(Closure).count() == 0


def test_a_calendar_file_closes_its_days_and_its_names_can_be_ticked(cast, manager):
    days = [(tomorrow(cast) + timedelta(days=n)).strftime("%Y%m%d").encode() for n in (1, 2)]
    sent = {"file": (io.BytesIO(BREAK % tuple(days)), "school.ics")}
    page = text(manager.post("/calendar/school/file", data=sent, follow_redirects=True))
    assert "1 event of the calendar counts as closed." in page
    assert re.search(r'value="Winter break" checked', page)
    assert re.search(r'value="Picture day">', page)
    manager.post("/calendar/school/names", data={"name": ["Picture day"]})
    assert [c.name for c in db.session.query(Closure)] == ["Picture day"]
    manager.post("/calendar/school/forget")
    assert db.session.query(Closure).count() == 0


def test_a_file_or_an_address_that_is_none_is_said_on_the_page(manager):
    wrong = {"file": (io.BytesIO(b"%PDF-1.7"), "calendar.pdf")}
    assert "This is no calendar" in text(manager.post("/calendar/school/file", data=wrong))
    answer = manager.post("/calendar/school/address", data={"url": "KeepThis"})
    assert answer.status_code == 422
    assert "KeepThis" in text(answer)
    assert manager.post("/calendar/school/file").status_code == 422


def test_the_new_year_has_everything_on_one_page(cast, manager):
    page = text(manager.get("/calendar/school/new-year"))
    for words in ("Closed days", "Contributor", "Make the links", "permission list", "Hours of the library"):
        assert words in page
    manager.post("/calendar/school/hours", data={"hours": " Monday  8–15 \r\n\r\nFriday 8–12"})
    assert db.session.get_one(Library, cast.library.id, populate_existing=True).hours == "Monday 8–15\nFriday 8–12"
    assert manager.post("/calendar/school/hours", data={"hours": "x" * 2_000}).status_code == 422


def test_new_sign_ins_burn_the_old_ones_and_are_for_this_library_only(cast, manager):
    old = links.new(cast.contributor.id, cast.decider, clock.now())
    page = text(manager.post("/calendar/school/links", data={"person": [str(cast.contributor.id), "9999"]}))
    assert page.count("/sign-in/") == 1
    assert old not in page
    assert db.session.query(OneTimeLink).filter(OneTimeLink.used_at.is_(None)).count() == 1
    assert manager.post("/calendar/school/links", data={"person": str(cast.outsider.id)}).status_code == 422


def test_who_leaves_hands_over_and_is_out_at_once(app, cast, manager, contributor):
    draft, done = write(cast, clock.now()), approved(cast, clock.now())
    with writing() as session:
        deliveries_locked(session, session.get_one(Post, done.id))[0].state = "published"
        session.add(
            Series(library_id=cast.library.id, kind="news", rule="FREQ=WEEKLY", first_day=tomorrow(cast), clock="09:00",
                   written={}, author_id=cast.contributor.id, author_name="C", created_at=clock.now())
        )  # fmt: skip
    assert "1 post is not finished" in text(manager.get(f"/people/{cast.contributor.id}/leaving"))
    left = manager.post(f"/people/{cast.contributor.id}/leaving", data={"successor": str(cast.approver.id)})
    assert left.headers["Location"] == "/people/hand-over"
    assert contributor.get("/").status_code == 302
    keepers = [db.session.get_one(Post, p.id, populate_existing=True).keeper_id for p in (draft, done)]
    assert keepers == [cast.approver.id, None]
    assert db.session.query(Series).one().author_id == cast.approver.id
    assert db.session.get_one(Person, cast.contributor.id, populate_existing=True).active is False
    again = manager.post(f"/people/{cast.contributor.id}/leaving", data={"successor": str(cast.approver.id)})
    assert again.status_code == 404


def test_before_somebody_leaves_it_says_what_ends(cast, manager):
    path = f"/people/{cast.contributor.id}/leaving"
    assert "their address and their password are erased" in text(manager.get(path))
    invite(cast.other.id, "contributor@school.example", "", "contributor", OUTREACH, clock.now())
    page = text(manager.get(path))
    assert "erased" not in page
    assert "In their other libraries they sign in again" in page


def test_nobody_leaves_to_nobody_or_by_themselves(cast, manager):
    for person, successor in ((cast.contributor.id, ""), (cast.contributor.id, cast.outsider.id)):
        answer = manager.post(f"/people/{person}/leaving", data={"successor": str(successor)})
        assert answer.status_code == 422
    mine = manager.post(f"/people/{cast.librarian.id}/leaving", data={"successor": str(cast.approver.id)})
    assert (mine.status_code, "cannot remove yourself" in text(mine)) == (422, True)
    assert 'href="/people/#add"' in mine.get_data(as_text=True), "whoever takes over can be added from here"


def test_the_last_manager_cannot_be_let_go(app, cast, now):
    run_installation("approver@school.example", True, now)
    data = {"successor": str(cast.approver.id), "library_id": str(cast.library.id)}
    answer = signed_in(app, cast.approver).post(f"/people/{cast.librarian.id}/leaving", data=data)
    assert "A library needs a manager" in text(answer)


def test_the_sheet_says_what_there_is_and_no_secret(cast, manager):
    feeds.add(cast.library, "https://catalog.example/rss?key=5ecret", "New books", cast.decider, clock.now())
    planned_tomorrow(cast, "A planned post")
    submitted(cast, clock.now(), words="A loose one")
    page = text(manager.get("/people/hand-over"))
    for words in ("Facebook", "New titles: Monday", "A planned post", "New books", "approves posts", "A loose one"):
        assert words in page
    assert "5ecret" not in page


def test_a_school_year_is_from_august_to_july():
    day = clock.datetime(2027, 7, 31).date()
    assert [d.isoformat() for d in school_year(day)] == ["2026-08-01", "2027-07-31"]
    assert school_year(day + timedelta(days=1))[0].year == 2027
