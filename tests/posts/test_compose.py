"""Writing: what is saved, who is told, what is refused."""

from dataclasses import replace
from datetime import timedelta

import pytest
from factories import approved, deliveries, delivery, queue, submitted, write

from outreach.db import db, writing
from outreach.models import Delivery, Library, Post
from outreach.posts import anew, approve, compose, send
from outreach.posts.queries import events
from outreach.posts.seen import Stale
from outreach.posts.written import Written
from outreach.words import NotDone


def written(cast, **more):
    return Written(**{"kind": "news", "words": "Hello", "accounts": {cast.account.id: ""}} | more)


def test_a_draft_may_lack_everything(cast, now):
    post = compose.create(cast.library.id, Written("news"), cast.author, now)
    assert post.state == "draft"


def test_two_people_in_one_post_get_told_and_nothing_is_overwritten(cast, now):
    post = write(cast, now, words="First")
    seen = post.revision
    compose.save(post.id, written(cast, words="Second"), seen, cast.decider, now)
    with pytest.raises(Stale, match="Approver changed this post"):
        compose.save(post.id, written(cast, words="Third"), seen, cast.author, now)
    assert db.session.get(Post, post.id).words == "Second"


@pytest.mark.parametrize("what", ["accounts", "media", "titles"])
def test_nothing_of_another_library_comes_into_a_post(cast, now, what):
    from outreach.models import Account, Medium, Title

    with writing() as session:
        row = {
            "accounts": Account(library_id=cast.other.id, network="practice", name="Theirs", created_at=now),
            "media": Medium(
                library_id=cast.other.id, digest="0" * 64, mime="image/png", width=9, height=9, size=9, created_at=now
            ),
            "titles": Title(library_id=cast.other.id, title="Emma", match_key="emma", first_seen_at=now),
        }[what]
        session.add(row)
        session.flush()
        theirs = {"accounts": {row.id: ""}, "media": [(row.id, "alt")], "titles": [row.id]}[what]
    with pytest.raises(NotDone, match="another library"):
        compose.create(cast.library.id, written(cast, **{what: theirs}), cast.author, now)


def test_signs_that_no_database_keeps_are_left_out(cast, now):
    made = compose.create(cast.library.id, written(cast, words="a\0b", fields={"x": ["\ud800c"]}), cast.author, now)
    assert (made.words, made.fields) == ("ab", {"x": ["c"]})


def test_a_field_of_a_megabyte_is_refused(cast, now):
    with pytest.raises(NotDone, match="Shorten it"):
        compose.create(cast.library.id, written(cast, words="x" * 1_000_000), cast.author, now)


@pytest.mark.parametrize(
    "link", ["javascript:alert(1)", "file:///etc/passwd", "https://[::1", "https://a b.example/", "x"]
)
def test_a_link_is_http(cast, now, link):
    with pytest.raises(NotDone, match="https://"):
        compose.create(cast.library.id, written(cast, link=link), cast.author, now)


def test_a_link_may_be_typed_without_its_beginning(cast, now):
    made = compose.create(cast.library.id, written(cast, link="school.example.org/tent?a=1"), cast.author, now)
    assert made.link == "https://school.example.org/tent?a=1"


def test_a_form_that_is_sent_again_with_other_words_says_that_they_are_not_saved(cast, now):
    first = compose.create(cast.library.id, written(cast, words="One"), cast.author, now, form_key="k")
    again = compose.create(cast.library.id, written(cast, words="One"), cast.author, now, form_key="k")
    assert again.id == first.id
    with pytest.raises(NotDone, match="not saved"):
        compose.create(cast.library.id, written(cast, words="Two"), cast.author, now, form_key="k")


@pytest.mark.parametrize(
    "more",
    [
        {"second": {"words": "Hola"}},
        {"warning": "Food"},
        {"visibility": "private"},
        {"language": "es"},
        {"permitted": True},
    ],
)
def test_nothing_that_is_added_to_a_form_sent_again_is_dropped_in_silence(cast, now, more):
    compose.create(cast.library.id, written(cast), cast.author, now, form_key="k")
    with pytest.raises(NotDone, match="not saved"):
        compose.create(cast.library.id, written(cast, **more), cast.author, now, form_key="k")


@pytest.mark.parametrize(
    "more", [{"second": {"words": "Hola"}}, {"link": "https://a.example/poem"}, {"accounts": "own"}]
)
def test_an_old_tick_of_permission_covers_no_other_work(cast, now, more):
    own = {cast.account.id: "Another poem"}
    more = {"accounts": own} if more == {"accounts": "own"} else more
    post = write(cast, now, kind="student", permitted=True)
    work = written(cast, kind="student", words=post.words, permitted=True)
    later = now + timedelta(days=1)
    compose.save(post.id, work, post.revision, cast.author, later)
    assert db.session.get_one(Post, post.id).permission_at == now, "the same work"
    compose.save(post.id, replace(work, **more), post.revision, cast.author, later)
    assert db.session.get_one(Post, post.id).permission_at == later


def test_withdraw_takes_it_out_of_the_schedule(cast, now):
    post = approved(cast, now)
    compose.withdraw(post.id, cast.author, now)
    assert db.session.get(Post, post.id).state == "draft"
    assert delivery(post).state == "cancelled"
    assert queue(post, now) == []


def test_cancel_leaves_what_is_out(cast, now):
    from outreach.models import Delivery

    post = approved(cast, now, accounts=[cast.account, cast.practice])
    with writing() as session:
        session.get_one(Delivery, deliveries(post)[0].id).state = "published"
    compose.cancel(post.id, cast.author, now)
    assert [d.state for d in deliveries(post)] == ["published", "cancelled"]


def test_history_tells_who_did_what(cast, now):
    post = approved(cast, now)
    told = [(e.who, e.verb) for e in events(db.session(), post.id)]
    assert told == [("Contributor", "written"), ("Contributor", "submitted"), ("Approver", "approved")]


def test_nobody_approves_their_own_once_there_are_two(cast, now):
    post = submitted(cast, now)
    with pytest.raises(NotDone, match="Somebody else"):
        approve.approve(post.id, post.revision, cast.author, now)
    with writing() as session:
        session.get_one(Library, cast.library.id).own_approval = True
    approve.approve(post.id, post.revision, cast.author, now)
    assert db.session.get(Post, post.id).state == "approved"


def test_alone_one_schedules_ones_own(cast, now):
    from outreach.people.members import remove

    with writing() as session:
        for person in (cast.approver, cast.librarian):
            library = session.get_one(Library, cast.library.id)
            if person is cast.librarian:
                from outreach.people.members import set_role

                set_role(session, cast.contributor, library, "manager", cast.decider, now)
            remove(session, session.merge(person), library, cast.decider, now)
    post = write(cast, now)
    send.schedule(post.id, post.revision, cast.author, now)
    assert delivery(post).state == "waiting"


def test_an_approval_of_an_older_revision_is_refused(cast, now):
    post = submitted(cast, now)
    seen = post.revision
    compose.save(post.id, written(cast, words="Changed", timing="now"), seen, cast.author, now)
    with pytest.raises(Stale):
        approve.approve(post.id, seen, cast.decider, now)


def test_send_back_needs_a_note_and_reaches_the_author(cast, now):
    post = submitted(cast, now)
    with pytest.raises(NotDone, match="what should change"):
        approve.send_back(post.id, " ", cast.decider, now)
    approve.send_back(post.id, "Please add the date.", cast.decider, now)
    assert db.session.get(Post, post.id).note == "Please add the date."
    send.for_review(post.id, cast.author, now)
    assert db.session.get(Post, post.id).state == "submitted"


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"words": ""}, "Write what you want to share"),
        ({"words": "x" * 501}, "Fake: 1 characters too long"),
        ({"accounts": {}}, "at least one place"),
        ({"kind": "trivia", "words": "Which?", "fields": {"choices": ["A"]}}, "two choices"),
        ({"kind": "trivia", "words": "Which?", "fields": {"choices": ["A", "a"], "right": 0}}, "the same"),
        ({"kind": "titles"}, "at least one title"),
    ],
)
def test_what_stands_in_the_way_is_said(cast, now, more, said):
    post = compose.create(cast.library.id, written(cast, **more), cast.author, now)
    with pytest.raises(NotDone, match=said):
        send.for_review(post.id, cast.author, now)
    assert db.session.get(Post, post.id).state == "draft"


def test_what_one_place_refused_is_written_anew_for_that_place(app, cast, now):
    post = approved(cast, now, words="For all", accounts=[cast.practice, cast.account])
    out, refused = sorted(deliveries(post), key=lambda d: d.account_id == cast.account.id)
    with writing() as session:
        session.get_one(Delivery, out.id).state = "published"
        session.get_one(Delivery, refused.id).state = "refused"
    made = anew.write_anew(refused.id, cast.author, now)
    assert (made.state, made.words, [p.account_id for p in made.placements]) == ("draft", "For all", [cast.account.id])
    assert [d.state for d in deliveries(post)].count("cancelled") == 1
    with pytest.raises(NotDone, match="nothing to change"):
        anew.write_anew(out.id, cast.author, now)
