"""Who belongs here, and who no longer does; the library's times."""

from datetime import timedelta

import pytest
from clients import signed_in
from factories import approved, deliveries, submitted
from sqlalchemy import delete

from outreach import clock
from outreach.access import OUTREACH, actor
from outreach.db import db, writing
from outreach.models import DigestRule, Event, Interruption, Library, Mail, Person, Post, PostVersion, Sheet, Slot
from outreach.people import libraries, members
from outreach.posts import approve, compose, send
from outreach.posts.written import Written
from outreach.posts.zone import change_settings
from outreach.titles import rules
from outreach.words import NotDone


@pytest.fixture
def founder(cast):
    with writing() as session:
        session.get_one(Person, cast.librarian.id).district_admin = True
    return db.session.get_one(Person, cast.librarian.id)


@pytest.fixture
def second_manager(cast, now):
    members.change_role(cast.approver.id, cast.library.id, "manager", OUTREACH, now)
    return cast.approver


def only_one_library(cast):
    with writing() as session:
        session.execute(delete(Library).where(Library.id == cast.other.id))


def test_who_set_it_up_and_is_removed_sees_nothing_any_more(app, cast, founder, second_manager):
    only_one_library(cast)
    hers = signed_in(app, founder)
    assert hers.get("/library/").status_code == 200
    signed_in(app, second_manager).post(f"/people/{founder.id}/remove")
    assert hers.get("/library/").status_code == 302
    gone = db.session.get_one(Person, founder.id, populate_existing=True)
    assert (gone.district_admin, gone.active, gone.password) == (False, False, None)


def test_a_manager_of_one_library_removes_nobody_who_runs_several(cast, founder, second_manager, now):
    with pytest.raises(NotDone, match="runs this installation"):
        members.take_out(founder.id, cast.library.id, cast.decider, now)
    members.run_installation("approver@school.example", True, now)
    members.take_out(founder.id, cast.library.id, cast.decider, now)


def test_out_of_one_library_is_not_out_of_another(app, cast, now):
    members.invite(cast.other.id, "contributor@school.example", "", "contributor", OUTREACH, now)
    hers = signed_in(app, cast.contributor)
    members.take_out(cast.contributor.id, cast.other.id, OUTREACH, now)
    assert hers.get("/").status_code == 200


def test_out_of_the_last_library_is_erased_and_stands_in_the_history(cast, now):
    post = submitted(cast, now)
    with writing() as session:
        session.add(Mail(to="contributor@school.example", subject="s", body="b", created_at=now, try_at=now))
    members.take_out(cast.contributor.id, cast.library.id, cast.decider, now)
    gone = db.session.get_one(Person, cast.contributor.id, populate_existing=True)
    assert gone.email.endswith("@erased.invalid")
    assert db.session.query(Mail).filter_by(to="contributor@school.example").count() == 0
    assert db.session.get_one(Post, post.id).author_name == cast.author.name


def test_a_person_who_is_forgotten_leaves_no_name(cast, now):
    post, name = submitted(cast, now), cast.author.name
    members.forget("contributor@school.example", now)
    assert db.session.get_one(Post, post.id, populate_existing=True).author_name == "a former colleague"
    assert db.session.query(Event).filter_by(who=name).count() == 0
    with pytest.raises(NotDone, match="needs a manager"):
        members.forget("librarian@school.example", now)


def test_every_column_that_names_a_person_is_known_to_the_forgetting():
    known = {(column.class_.__tablename__, column.key) for column, _ in members.NAMES}
    found = {
        (table.name, column.name)
        for table in db.metadata.sorted_tables
        for column in table.columns
        if column.name in ("who", "author_name", "first_name") or column.name.endswith("_by")
    }
    assert found == known


def test_a_person_who_is_forgotten_leaves_no_name_in_letters_versions_and_lists(cast, now):
    name = cast.author.name
    post = submitted(cast, now)
    with writing() as session:
        session.get_one(Post, post.id).permission_by = name
        session.add(Sheet(library_id=cast.library.id, person_id=cast.contributor.id, who=name, kind="posts",
                          state="done", created_at=now))  # fmt: skip
        session.add(Interruption(library_id=cast.library.id, kind="snow", first_day=now.date(), last_day=now.date(),
                                 who=name, made_at=now))  # fmt: skip
    members.forget("contributor@school.example", now)
    db.session.expire_all()
    for letter in db.session.query(Mail):
        assert name not in letter.subject + letter.body + letter.html
    told = [row.who for model in (PostVersion, Sheet, Interruption) for row in db.session.query(model)]
    assert len(told) >= 3
    assert {*told, db.session.get_one(Post, post.id).permission_by} == {"a former colleague"}


def test_an_invitation_changes_nobodys_role(app, cast):
    data = {"email": "approver@school.example", "name": "x", "role": "contributor"}
    answer = signed_in(app, cast.librarian).post("/people/", data=data)
    assert answer.status_code == 422
    assert "is here already" in answer.get_data(as_text=True)


def test_nobody_has_a_number_beyond_all_numbers(app, cast):
    manager = signed_in(app, cast.librarian)
    assert manager.post(f"/people/{10**24}/role", data={"role": "manager"}).status_code == 404
    assert manager.post(f"/practice/as/{10**24}").status_code == 404


def test_everybody_may_pause_everything(app, cast):
    page = signed_in(app, cast.contributor).get("/places/").get_data(as_text=True)
    assert "/library/pause" in page


def test_another_zone_keeps_every_time_on_the_wall(cast, now):
    at = now + timedelta(days=2)
    trivia = {"kind": "trivia", "words": "Which?"}
    fields = {"choices": ["A", "B"], "right": 1, "answer_at": (at + timedelta(days=3)).isoformat()}
    post = approved(cast, now, timing="at", wished_at=at, fields=fields, **trivia)
    rule = rules.add(cast.library, OUTREACH, now)
    before = [clock.to_local(m, "America/Chicago").replace(tzinfo=None) for m in times(post, rule)]
    own = {"name": "Maple", "country": "DE", "grades": "all", "language": "en", "hashtags": "books #reading"}
    own["own_approval"] = None
    change_settings(cast.library.id, "Europe/Berlin", cast.decider, now, **own)
    assert [clock.to_local(m, "Europe/Berlin").replace(tzinfo=None) for m in times(post, rule)] == before
    assert db.session.get_one(Library, cast.library.id).hashtags == "#books #reading"


def times(post, rule):
    db.session.expire_all()
    answer = clock.datetime.fromisoformat(db.session.get_one(Post, post.id).fields["answer_at"])
    due = [d.due_at for d in deliveries(post)]
    return [*due, answer, db.session.get_one(Post, post.id).wished_at, db.session.get_one(DigestRule, rule.id).next_at]


def test_closing_days_says_what_is_planned_on_them(app, cast, now):
    at = clock.now() + timedelta(days=9)
    approved(cast, clock.now(), timing="at", wished_at=at)
    day = clock.today(at, cast.library.timezone).isoformat()
    page = signed_in(app, cast.librarian).post("/calendar/closed", data={"first": day}, follow_redirects=True)
    assert "1 post is planned on these days." in page.get_data(as_text=True)


def test_usual_times_come_and_go(app, cast):
    manager = signed_in(app, cast.librarian)
    assert manager.post("/library/usual", data={"weekday": "4", "clock": "14:30", "kind": "news"}).status_code == 302
    again = manager.post("/library/usual", data={"weekday": "4", "clock": "14:30"})
    assert (again.status_code, "there already" in again.get_data(as_text=True)) == (422, True)
    slot = db.session.query(Slot).filter_by(library_id=cast.library.id, weekday=4).one()
    manager.post(f"/library/usual/{slot.id}/remove")
    assert db.session.query(Slot).filter_by(library_id=cast.library.id, weekday=4).count() == 0


def test_a_name_that_is_too_long_is_not_cut(cast, now):
    with pytest.raises(NotDone, match="more than 200 characters"), writing() as session:
        libraries.found(session, "x" * 201, OUTREACH, now, timezone="UTC")


@pytest.mark.parametrize("odd", [{"kind": "garbage"}, {"clock": "1\u0662:0\u0660"}, {"weekday": "9"}])
def test_an_odd_usual_time_is_refused(app, cast, odd):
    manager = signed_in(app, cast.librarian)
    assert manager.post("/library/usual", data={"weekday": "4", "clock": "14:30", "kind": ""} | odd).status_code == 422
    assert manager.get("/library/").status_code == 200


@pytest.mark.parametrize("day", ["9999-12-31", "0001-01-01"])
def test_a_closure_at_the_end_of_time_is_refused(app, cast, day):
    assert signed_in(app, cast.librarian).post("/calendar/closed", data={"first": day}).status_code == 422


def test_the_managers_read_that_a_post_of_somebody_who_left_was_sent_back(cast, now):
    post = submitted(cast, now)
    members.take_out(cast.contributor.id, cast.library.id, OUTREACH, now)
    approve.send_back(post.id, "Please check the date.", cast.decider, now)
    assert [m.to for m in db.session.query(Mail).filter(Mail.subject.contains("Sent back"))] == [
        "librarian@school.example"
    ]


def test_an_address_that_served_as_a_name_goes_with_its_person(cast, now):
    zoe = members.invite(cast.library.id, "zoe@school.example", "", "contributor", OUTREACH, now)
    written = Written("news", "Hello", accounts={cast.practice.id: ""})
    post = compose.create(cast.library.id, written, actor(zoe), now)
    send.for_review(post.id, actor(zoe), now)
    members.take_out(zoe.id, cast.library.id, OUTREACH, now)
    assert db.session.get_one(Post, post.id, populate_existing=True).author_name == "a former colleague"
    assert db.session.query(Event).filter(Event.who.contains("zoe@")).count() == 0
    assert db.session.query(Mail).filter(Mail.body.contains("zoe@")).count() == 0


def test_what_would_be_past_in_another_zone_keeps_its_moment(cast, now):
    at = now + timedelta(hours=1)
    post = approved(cast, now, timing="at", wished_at=at)
    own = {"name": "Maple", "country": "", "grades": "all", "language": "en", "hashtags": "", "own_approval": None}
    change_settings(cast.library.id, "Europe/Berlin", cast.decider, now, **own)
    assert [d.due_at for d in deliveries(post)] == [at]
