"""Who wrote a post reads on it who approves it."""

import io
import re
from collections import Counter

import pytest
from clients import signed_in
from factories import submitted
from PIL import Image
from sqlalchemy import Engine
from sqlalchemy.event import listen, remove

from outreach.access import actor
from outreach.db import writing
from outreach.media.store import upload
from outreach.models import Library, Membership, Person
from outreach.posts import approve, compose
from outreach.posts.written import Written
from tests.titles.brought import by_feed, parsed, titles_of


def text(answer):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.get_data(as_text=True)))


@pytest.fixture
def own(cast, now):
    """A post of the librarian, in review."""
    written = Written(kind="news", words="Mine.", accounts={cast.practice.id: ""}, timing="now")
    post = compose.create(cast.library.id, written, actor(cast.librarian), now)
    approve.submit(post.id, actor(cast.librarian), now)
    return post


def test_her_own_post_says_who_else_approves_it(app, cast, own):
    librarian = signed_in(app, cast.librarian)
    for page in ("/review/", f"/posts/{own.id}"):
        shown = text(librarian.get(page))
        assert "Somebody else approves it: Approver." in shown
        assert "decide" not in shown


def test_who_may_not_approve_reads_who_may(app, cast, now):
    submitted(cast, now)
    assert "Somebody else approves it: Approver, Librarian." in text(signed_in(app, cast.contributor).get("/review/"))


def test_where_nobody_else_may_it_says_what_to_do(app, cast, own):
    with writing() as session:
        session.get_one(Library, cast.library.id).own_approval = False
        session.query(Membership).filter(Membership.person_id == cast.approver.id).delete()
    shown = signed_in(app, cast.librarian).get("/review/")
    assert "Nobody else here may approve it yet." in text(shown)
    assert "Invite somebody" in text(shown)
    assert "Let people approve what they wrote" in text(shown)


def test_where_the_library_lets_her_she_approves_it_herself(app, cast, own):
    with writing() as session:
        session.get_one(Library, cast.library.id).own_approval = True
    shown = text(signed_in(app, cast.librarian).get("/review/"))
    assert "Somebody else" not in shown
    assert "Approve" in shown


def picture(app, cast, now, width):
    made = io.BytesIO()
    Image.new("RGB", (width, 40)).save(made, "PNG")
    return upload(app.extensions["shop"].store, cast.library.id, made.getvalue(), "shelf.png", now).id, "A shelf."


def statements_of(client, page):
    """What is asked of the database for a page."""
    asked = []
    listen(Engine, "before_cursor_execute", heard := lambda *told: asked.append(told[2]))
    try:
        assert client.get(page).status_code == 200
    finally:
        remove(Engine, "before_cursor_execute", heard)
    return asked


@pytest.mark.parametrize("role", ["contributor", "approver"])
def test_twenty_posts_ask_no_more_of_the_database_than_two(app, cast, now, role):
    by_feed(cast.library, now, *(parsed(f"Book {n}") for n in range(3)))
    books = [title.id for title in titles_of(cast.library)]
    with writing() as session:
        session.get_one(Library, cast.library.id).title_link = "https://opac.example/isbn/{isbn}"
    client, needed = signed_in(app, getattr(cast, role)), []
    for number in (2, 18):
        for n in range(number):  # then there are twenty
            kind = {"kind": "titles", "titles": books} if n % 2 else {"media": [picture(app, cast, now, number + n)]}
            submitted(cast, now, accounts=[cast.account, cast.practice], **kind)
        needed.append(statements_of(client, "/review/"))
    assert len(needed[1]) <= 14, needed[1]
    assert len(needed[1]) == len(needed[0]), (len(needed[0]), Counter(needed[1]).most_common(9))


def test_more_than_four_who_may_are_counted(app, cast, now):
    submitted(cast, now)
    with writing() as session:
        for n in range(5):
            person = Person(email=f"{n}@school.example", name=f"Decider {n}", fs_uniquifier=f"d{n}", created_at=now)
            session.add(person)
            session.flush()
            session.add(Membership(person_id=person.id, library_id=cast.library.id, role="approver"))
    shown = text(signed_in(app, cast.contributor).get("/review/"))
    assert "Somebody else approves it: Approver, Decider 0, Decider 1, Decider 2 and 3 more." in shown


def test_where_nobody_of_the_library_may_the_district_is_named(app, cast, own, now):
    with writing() as session:
        session.get_one(Library, cast.library.id).own_approval = False
        session.query(Membership).filter(Membership.person_id == cast.approver.id).delete()
        common = {"district_admin": True, "created_at": now}
        session.add(Person(email="d@school.example", name="District", fs_uniquifier="d", **common))
        session.add(Person(email="p@school.example", name="Playing", fs_uniquifier="p", practice=True, **common))
    assert "Somebody else approves it: District." in text(signed_in(app, cast.librarian).get("/review/"))
