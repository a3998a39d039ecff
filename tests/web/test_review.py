"""Who wrote a post reads on it who approves it."""

import io
import re
from collections import Counter
from dataclasses import replace
from datetime import timedelta

import pytest
from clients import signed_in
from factories import submitted, write
from form_pages import fields_of
from PIL import Image
from sqlalchemy import Engine
from sqlalchemy.event import listen, remove

from outreach import clock
from outreach.access import actor
from outreach.db import db, writing
from outreach.media.store import upload
from outreach.models import Library, Membership, Person, Post
from outreach.people.members import person_for, set_role
from outreach.posts import approve, compose, send
from outreach.posts.written import Written
from tests.titles.brought import by_feed, parsed, titles_of


def text(answer):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.get_data(as_text=True)))


@pytest.fixture
def own(cast, now):
    """A post of the librarian, in review."""
    written = Written(kind="news", words="Mine.", accounts={cast.practice.id: ""}, timing="now")
    post = compose.create(cast.library.id, written, actor(cast.librarian), now)
    send.for_review(post.id, actor(cast.librarian), now)
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
    return [one for one in asked if not one.startswith("BEGIN")]


def pressed(client, post, action):
    """The button of a post's page, as it stood there."""
    return fields_of(client.get(f"/posts/{post.id}").get_data(as_text=True), f"/posts/{post.id}/{action}")


def test_a_page_that_is_older_than_the_draft_schedules_nothing(app, cast, now):
    with writing() as session:
        session.get_one(Library, cast.library.id).own_approval = True
    by, words = actor(cast.librarian), Written("news", "Harmless.", accounts={cast.practice.id: ""}, timing="now")
    post = compose.create(cast.library.id, words, by, now)
    librarian = signed_in(app, cast.librarian)
    button = pressed(librarian, post, "submit")
    compose.autosave(post.id, replace(words, words="Unseen."), post.revision, cast.author, now)
    answer = librarian.post(f"/posts/{post.id}/submit", data=button)
    assert "was changed since you opened it" in text(answer)
    assert db.session.get_one(Post, post.id).state == "draft"
    librarian.post(f"/posts/{post.id}/submit", data=pressed(librarian, post, "submit"))
    assert db.session.get_one(Post, post.id).state == "approved"


def test_what_somebody_else_writes_is_sent_for_review_and_looked_at_next(app, cast, now):
    post, approver = write(cast, now), signed_in(app, cast.approver)
    button = pressed(approver, post, "submit")
    assert button["then"] == ["review"]
    answer = approver.post(f"/posts/{post.id}/submit", data=button | {"then": "schedule"})
    assert answer.headers["Location"] == f"/review/?post={post.id}"
    assert db.session.get_one(Post, post.id).state == "submitted"


@pytest.mark.parametrize("page", ["/review/", "/review/all"])
@pytest.mark.parametrize("role", ["contributor", "approver"])
def test_twenty_posts_ask_no_more_of_the_database_than_two(app, cast, now, role, page):
    by_feed(cast.library, now, *(parsed(f"Book {n}") for n in range(3)))
    books = [title.id for title in titles_of(cast.library)]
    client, needed = signed_in(app, getattr(cast, role)), []
    for number in (2, 18):
        for n in range(number):  # then there are twenty
            kind = {"kind": "titles", "titles": books} if n % 2 else {"media": [picture(app, cast, now, number + n)]}
            submitted(cast, now, accounts=[cast.account, cast.practice], **kind)
        needed.append(statements_of(client, page))
    assert len(needed[1]) <= 10, needed[1]
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


def page_of(client, path="/review/"):
    return client.get(path).get_data(as_text=True)


def test_one_post_after_the_other_and_the_next_one_at_once(app, cast, now):
    first, second, third = (submitted(cast, now, words=f"Post {n}") for n in range(3))
    client = signed_in(app, cast.approver)
    shown = text(client.get(f"/review/?post={second.id}"))
    assert "2 of 3" in shown
    assert "Post 1" in shown
    assert "Post 0" not in shown
    form = {"back": "review", "revision": second.revision, "next": third.id}
    answer = client.post(f"/posts/{second.id}/approve", data=form)
    assert answer.location == f"/review/?post={third.id}"
    shown = text(client.get(answer.location))
    assert "Post 2" in shown
    assert "2 of 2 for you" in shown
    assert "Approved. It goes out" in shown
    assert f'name="next" value="{first.id}"' in page_of(client, answer.location)


def test_what_a_colleague_decides_is_counted_apart_and_comes_last(app, cast, now):
    theirs = submitted(cast, now, words="By the approver")
    with writing() as session:
        session.get_one(Post, theirs.id).author_id = cast.approver.id
    for n in range(2):
        submitted(cast, now, words=f"Post {n}", timing="at", wished_at=now + timedelta(days=1, hours=n))
    client = signed_in(app, cast.approver)
    shown = text(client.get("/review/"))
    assert "Post 0" in shown
    assert "1 of 2 for you · 1 waits for a colleague" in shown
    assert "2 for you · 1 waits for a colleague" in text(client.get(f"/review/?post={theirs.id}"))


def test_a_note_that_is_missing_shows_the_same_post_again(app, cast, now):
    _first, second = (submitted(cast, now, words=f"Post {n}") for n in range(2))
    client = signed_in(app, cast.approver)
    form = {"back": "review", "revision": second.revision, "note": " "}
    answer = client.post(f"/posts/{second.id}/send-back", data=form)
    assert answer.status_code == 422
    assert "Post 1" in text(answer)


def test_what_changed_is_marked_and_read_aloud(app, cast, now):
    post = submitted(cast, now, words="Open at noon.")
    approve.send_back(post.id, "When?", cast.decider, now)
    again = Written("news", "Open at ten.", accounts={cast.practice.id: ""}, timing="now")
    compose.save(post.id, again, post.revision, cast.author, now)
    send.for_review(post.id, cast.author, now)
    shown = page_of(signed_in(app, cast.approver))
    assert '<del><span class="visually-hidden">removed: </span>noon.</del>' in shown
    assert '<ins><span class="visually-hidden">added: </span>ten.</ins>' in shown
    assert '<del><span class="visually-hidden">removed: </span>Fake</del>' in shown


def test_too_late_not_sent_gives_the_choice(app, cast, now):
    then = clock.now()
    post = submitted(cast, then - timedelta(days=2), timing="at", wished_at=then - timedelta(hours=3))
    client = signed_in(app, cast.approver)
    shown = text(client.get("/review/"))
    assert "Too late, not sent" in shown
    for words in ("send at the next usual time", "Approve, and send now", "Choose a time", "Do not send it"):
        assert words in shown
    no_time = {"revision": post.revision, "when": "at", "day": "", "clock": ""}
    answer = client.post(f"/review/{post.id}/late", data=no_time)
    assert "Choose a day and a time" in text(client.get(answer.location))
    client.post(f"/review/{post.id}/late", data={"revision": post.revision, "when": "next"})
    db.session.expire_all()
    assert db.session.get_one(Post, post.id).wished_at > then


def test_the_list_approves_what_is_ticked_and_names_what_it_left(app, cast, now):
    posts = [submitted(cast, now, words=f"Post {n}") for n in range(3)]
    client = signed_in(app, cast.approver)
    shown = page_of(client, "/review/all")
    assert shown.count('name="seen"') == 3
    ticks = [f"{posts[0].id}-{posts[0].revision}", f"{posts[1].id}-77", "x-y", "1"]
    answer = client.post("/review/several", data={"seen": ticks}, follow_redirects=True)
    assert "Approved 1." in text(answer)
    assert "Not approved: “Post 1”. This post was changed since you opened it." in text(answer)
    assert text(answer).count("Post 2") == 1


def test_her_own_and_what_is_late_have_no_tick(app, cast, own, now):
    then = clock.now()
    submitted(cast, then - timedelta(days=2), words="Late", timing="at", wished_at=then - timedelta(hours=3))
    shown = page_of(signed_in(app, cast.librarian), "/review/all")
    assert 'name="seen"' not in shown
    assert "Too late, not sent" in shown
    assert "Somebody else approves it" in shown


def test_the_first_of_two_is_named_and_the_second_approves(app, cast, now):
    with writing() as session:
        session.get_one(Library, cast.library.id).two_approvals = ["news"]
    post = submitted(cast, now)
    approver, librarian = signed_in(app, cast.approver), signed_in(app, cast.librarian)
    form = {"back": "review", "revision": post.revision}
    assert "Approve: one more person has to, too" in text(approver.get("/review/"))
    answer = approver.post(f"/posts/{post.id}/approve", data=form, follow_redirects=True)
    assert "Approved. One more person has to approve it." in text(answer)
    assert "Approved by Approver. One more person has to approve it." in text(librarian.get("/review/"))
    assert "Approve" not in re.findall(r"<button[^>]*>(.*?)</button>", page_of(approver))
    librarian.post(f"/posts/{post.id}/approve", data=form)
    db.session.expire_all()
    assert db.session.get_one(Post, post.id).state == "approved"


def test_two_approvals_are_asked_about_where_three_people_are(app, cast):
    client = signed_in(app, cast.librarian)
    assert "Needs two approvals" in text(client.get("/library/"))
    form = {"name": "Maple", "timezone": "America/Chicago", "two_asked": "1", "two": ["news", "nonsense"]}
    client.post("/library/", data=form)
    db.session.expire_all()
    assert db.session.get_one(Library, cast.library.id).two_approvals == ["news"]
    client.post("/library/", data={"name": "Maple", "timezone": "America/Chicago"})
    db.session.expire_all()
    assert db.session.get_one(Library, cast.library.id).two_approvals == ["news"]
    outsider = signed_in(app, cast.outsider)
    assert "Needs two approvals" not in text(outsider.get("/library/"))


def test_review_appears_with_the_second_person_or_a_post_in_review(app, cast, now):
    alone = signed_in(app, cast.outsider)
    assert 'href="/review/"' not in page_of(alone, "/")
    assert 'href="/review/"' in page_of(signed_in(app, cast.contributor), "/")
    with writing() as session:
        set_role(session, person_for(session, "two@school.example", "Two", now), cast.other, "contributor",
                 actor(cast.outsider), now)  # fmt: skip
    assert 'href="/review/"' in page_of(alone, "/")


def test_what_needs_a_word_goes_out_with_a_tick_and_the_history_says_so(app, cast, now):
    post = submitted(cast, now, words="Ask for Ana: 555-867-5309, or (312) 555-0188.")
    client = signed_in(app, cast.approver)
    assert 'name="accepted"' in page_of(client)
    assert 'name="seen"' not in page_of(client, "/review/all")
    assert f'href="/review/?post={post.id}"' in page_of(client, f"/posts/{post.id}"), "that is where the tick is"
    form = {"back": "review", "revision": post.revision}
    refused = client.post(f"/posts/{post.id}/approve", data=form, follow_redirects=True)
    assert "Say that you have looked at it" in text(refused)
    client.post(f"/posts/{post.id}/approve", data=form | {"accepted": "1"})
    db.session.expire_all()
    assert db.session.get_one(Post, post.id).state == "approved"
    assert "Looked at it, and let it go out" in text(client.get(f"/posts/{post.id}"))


def test_edit_and_approve_in_one_press(app, cast, now):
    post = submitted(cast, now)
    client = signed_in(app, cast.approver)
    assert "Save and approve" in page_of(client, f"/posts/{post.id}/edit?then=approve")
    assert "Save and approve" not in page_of(signed_in(app, cast.contributor), f"/posts/{post.id}/edit")
    form = {"words": "Open till five.", "account": cast.account.id, "timing": "now", "revision": post.revision}
    answer = client.post(f"/posts/{post.id}/edit", data=form | {"then": "approve"})
    assert answer.location == "/review/"
    told = text(client.get(f"/posts/{post.id}"))
    assert "Approver changed it" in told
    assert "Approver approved it" in told
