"""All routes with everybody: nobody, each role, a member of another library."""

import pytest
from clients import nobody, signed_in
from factories import approved, deliveries, found_cast, write
from web_pages import DISTRICT, EVERYBODY, ROUTES, SIGNED_IN

from outreach import clock
from outreach.access import LEAST, ROLES, actor
from outreach.accounts.retire import retire
from outreach.db import db, writing
from outreach.models import (
    Change,
    Closure,
    Consent,
    Correction,
    DigestRule,
    Feed,
    Import,
    Interruption,
    Library,
    Medium,
    Person,
    PostVersion,
    Question,
    Series,
    Sheet,
    Slot,
    Start,
    Title,
)
from outreach.people import links
from outreach.people.members import person_for, set_role
from outreach.posts.versions import dump
from outreach.posts.written import Written

ROLE_OF = {"contributor": "contributor", "approver": "approver", "librarian": "manager"}


@pytest.fixture
def things(cast, now):
    """One of everything that a route can name."""
    post = approved(cast, now, accounts=[cast.by_hand])
    with writing() as session:
        rows = {
            "medium": Medium(
                library_id=cast.library.id, digest="0" * 64, mime="image/png", width=9, height=9, size=9, created_at=now
            ),
            "feed": Feed(
                library_id=cast.library.id, url="https://c.example/rss", name="Feed", next_check_at=now, created_at=now
            ),
            "title": Title(library_id=cast.library.id, title="Emma", match_key="emma||", first_seen_at=now),
            "rule": DigestRule(library_id=cast.library.id, next_at=now),
            "closure": Closure(library_id=cast.library.id, first_day=now.date(), last_day=now.date(), name="Snow"),
            "list": Import(
                library_id=cast.library.id, kind="isbns", state="asked", body=b"9780061020704", total=1, created_at=now
            ),
            "interruption": Interruption(
                library_id=cast.library.id, kind="snow", first_day=now.date(), last_day=now.date(), who="A", made_at=now
            ),
            "series": Series(
                library_id=cast.library.id,
                kind="news",
                rule="FREQ=WEEKLY;BYDAY=TU",
                first_day=now.date(),
                clock="09:00",
                written=dump(Written("news", "Hello")),
                created_at=now,
            ),
            "question": Question(library_id=cast.library.id, words="Why?", choices=["A", "B"], right=0, created_at=now),
            "sheet": Sheet(
                library_id=cast.library.id,
                kind="posts",
                state="asked",
                created_at=now,
                rows=[[1, ["Words"]], [2, ["Hello"]]],
            ),
            "slot": Slot(library_id=cast.library.id, weekday=6, clock="10:00"),
            "consent": Consent(library_id=cast.library.id, code="7B-12", who="Ana", created_at=now),
            "start": Start(
                library_id=cast.library.id, name="Hours", kind="news", written=dump(Written("news")), created_at=now
            ),
            "correction": Correction(
                library_id=cast.library.id,
                post_id=post.id,
                author_name="Ana",
                written_at=now,
                edits={"texts": [], "alts": []},
            ),
            "version": PostVersion(post_id=post.id, revision=1, who="Ana", at=now, written=dump(Written("news"))),
        }
        session.add_all(rows.values())
        session.flush()
        one = deliveries(post)[0]
        rows["change"] = Change(
            delivery_id=one.id, correction_id=rows["correction"].id, payload=one.payload, digest="",
            begun_at=now, try_at=now, asked_at=now,
        )  # fmt: skip
        session.add(rows["change"])
        session.flush()
        ids = {f"{name}_id": row.id for name, row in rows.items()}
    return ids | {
        "post_id": post.id,
        "delivery_id": deliveries(post)[0].id,
        "account_id": cast.practice.id,
        "person_id": cast.approver.id,
        "library_id": cast.library.id,
        "kind": "news",
        "network": "facebook",
        "preset": "classroom",
        "token": "none",
        "digest": "0" * 64,
        "mark": "none",
        "key": "none",
        "filename": "outreach.css",
    }


def calls(app, things):
    """Every route with every method, ids filled in."""
    adapter = app.url_map.bind("localhost")
    for rule in app.url_map.iter_rules():
        url = adapter.build(rule.endpoint, {name: things[name] for name in rule.arguments})
        for method in sorted(rule.methods & {"GET", "POST"}):
            yield rule.endpoint, method, url


def test_every_route_has_an_expectation(app):
    assert {rule.endpoint for rule in app.url_map.iter_rules()} == set(ROUTES)


def test_nobody_comes_in_without_signing_in(app, things):
    client = nobody(app)
    for endpoint, method, url in calls(app, things):
        answer = client.open(url, method=method)
        if ROUTES[endpoint] == EVERYBODY:
            assert "sign-in?" not in answer.headers.get("Location", ""), endpoint
        else:
            assert answer.status_code in (302, 401), endpoint
            assert "/sign-in" in answer.headers.get("Location", "/sign-in"), endpoint


@pytest.mark.parametrize("who", ["contributor", "approver", "librarian"])
def test_each_role_may_what_the_table_says(app, cast, things, who):
    role = ROLE_OF[who]
    for endpoint, method, url in calls(app, things):
        needs = ROUTES[endpoint]
        if needs in (EVERYBODY, SIGNED_IN):
            continue
        answer = signed_in(app, getattr(cast, who)).open(url, method=method)
        may = needs != DISTRICT and ROLES.index(role) >= ROLES.index(LEAST[needs])
        if may:
            assert answer.status_code != 403, (endpoint, method)
        else:
            assert answer.status_code == 403, (endpoint, method, answer.status_code)


def test_what_belongs_to_another_library_is_not_there(app, cast, things):
    client = signed_in(app, cast.outsider)
    named = {name for name in things if name.endswith("_id")}
    walked = 0
    for rule in app.url_map.iter_rules():
        if rule.arguments & named:
            url = app.url_map.bind("localhost").build(rule.endpoint, {name: things[name] for name in rule.arguments})
            for method in rule.methods & {"GET", "POST"}:
                assert client.open(url, method=method).status_code == 404, rule.endpoint
                walked += 1
    assert walked > 30


def test_a_district_administrator_sees_every_library(app, cast, things, now):
    with writing() as session:
        admin = person_for(session, "district@school.example", "District", now)
        admin.district_admin = True
    client = signed_in(app, admin)
    assert client.get(f"/posts/{things['post_id']}").status_code == 200
    for endpoint, method, url in calls(app, things):
        if ROUTES[endpoint] == DISTRICT:
            assert client.open(url, method=method).status_code in (200, 302, 422), endpoint


def test_a_link_for_a_person_of_another_library_is_never_made(app, cast, now):
    """It would sign the manager in as somebody with rights elsewhere."""
    client = signed_in(app, cast.outsider)
    answer = client.post("/people/", data={"email": "librarian@school.example", "name": "x", "role": "contributor"})
    assert b"/sign-in/" not in answer.data
    assert client.post(f"/people/{cast.librarian.id}/link").status_code == 403


def test_a_person_who_was_removed_is_signed_out(app, cast):
    client = signed_in(app, cast.contributor)
    assert client.get("/").status_code == 200
    manager = signed_in(app, cast.librarian)
    manager.post(f"/people/{cast.contributor.id}/remove")
    assert client.get("/").status_code == 302


def test_the_last_manager_stays(app, cast):
    client = signed_in(app, cast.librarian)
    client.post(f"/people/{cast.librarian.id}/role", data={"role": "contributor"})
    db.session.expire_all()
    assert db.session.get(Person, cast.librarian.id).memberships[0].role == "manager"


def test_a_post_without_its_csrf_token_does_nothing(app, cast, now):
    post = write(cast, now)
    app.config["WTF_CSRF_ENABLED"] = True
    answer = signed_in(app, cast.contributor).post(f"/posts/{post.id}/cancel")
    assert answer.status_code == 400
    assert b"signed out while this page was open" in answer.data


def test_headers(app, cast):
    answer = signed_in(app, cast.librarian).get("/")
    policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'self'" in policy
    assert "unsafe" not in policy
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    cookie = answer.headers.get("Set-Cookie", "HttpOnly; SameSite=Lax")
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie


def test_practice_people_cannot_be_become_once_a_real_library_exists(app, context, now):
    cast = found_cast(now)
    with writing() as session:
        session.get_one(Library, cast.library.id).practice = True
        for name in ("librarian", "approver"):
            session.get_one(Person, getattr(cast, name).id).practice = True
    over = signed_in(app, cast.librarian).post(f"/practice/as/{cast.approver.id}")
    assert over.headers["Location"].startswith("/sign-in")
    with writing() as session:
        session.get_one(Library, cast.other.id).practice = True
    assert signed_in(app, cast.librarian).post(f"/practice/as/{cast.approver.id}").headers["Location"] == "/"


def test_practice_people_are_nobody_once_a_real_library_exists(app, context, now):
    cast = found_cast(now)
    with writing() as session:
        person = person_for(session, "x@practice.localhost", "X", now, practice=True)
        set_role(session, person, cast.library, "manager", cast.author, now)
    left = signed_in(app, person)
    assert left.get("/").status_code == 302
    assert "Practice is over" in left.get("/sign-in").get_data(as_text=True)


def test_a_form_of_a_library_that_somebody_left_does_nothing_to_another(app, cast):
    client = signed_in(app, cast.librarian)
    assert client.post("/library/pause", data={"library_id": cast.other.id}).status_code == 404
    assert client.post("/library/pause", data={"library_id": "x"}).status_code == 404
    db.session.rollback()
    assert db.session.get_one(Library, cast.library.id).paused_at is None
    client.post("/library/pause", data={"library_id": cast.library.id})
    db.session.rollback()
    assert db.session.get_one(Library, cast.library.id).paused_at is not None


def test_the_bar_of_practice_says_nobody_sees_it_only_where_that_is_so(app, cast):
    with writing() as session:
        for library in (cast.library, cast.other):
            session.get_one(Library, library.id).practice = True
        session.get_one(Person, cast.librarian.id).practice = True
    client, except_for = signed_in(app, cast.librarian), "except at the places that you added yourself"
    assert except_for in client.get("/").get_data(as_text=True)
    retire(cast.account.id, cast.decider, clock.now())
    page = client.get("/").get_data(as_text=True)
    assert "nobody outside sees this." in page
    assert except_for not in page


def test_a_scanner_that_only_asks_for_the_head_uses_no_link_up(app, cast, now):
    token = links.new(cast.contributor.id, actor(cast.librarian), clock.now())
    visitor = nobody(app)
    visitor.head(f"/sign-in/{token}")
    assert visitor.get("/").status_code == 302, "nobody is signed in"
    visitor.post(f"/sign-in/{token}")
    assert visitor.get("/").status_code == 200
