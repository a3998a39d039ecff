"""Who approves, two words where the library wants them, what was too late, several at once, edit and approve."""

from datetime import timedelta

import pytest
from factories import delivery, submitted, write
from sqlalchemy import select

from outreach.access import OUTREACH, actor
from outreach.db import db, writing
from outreach.models import Approval, Event, Library, Post
from outreach.people.members import person_for, set_role
from outreach.posts import approve, compose, deciding, late, send, series
from outreach.posts.seen import Stale
from outreach.posts.series_rule import Choice
from outreach.posts.what_changed import what_changed
from outreach.posts.written import Written
from outreach.words import NotDone


@pytest.fixture
def two(cast):
    """News needs two."""
    with writing() as session:
        session.get_one(Library, cast.library.id).two_approvals = ["news"]


def verbs(post):
    told = db.session.query(Event.who, Event.verb).filter(Event.post_id == post.id).order_by(Event.id)
    return [tuple(line) for line in told]


def test_the_first_of_two_words_moves_nothing_and_the_second_approves(cast, now, two):
    post = submitted(cast, now)
    assert approve.approve(post.id, post.revision, cast.decider, now) is None
    assert db.session.get_one(Post, post.id).state == "submitted"
    assert [word.who for word in deciding.first_words(db.session(), post)] == ["Approver"]
    assert approve.approve(post.id, post.revision, actor(cast.librarian), now) == now
    assert delivery(post).state == "waiting"
    assert verbs(post)[-2:] == [("Approver", "first_word"), ("Librarian", "approved")]


def test_the_same_person_is_not_two(cast, now, two):
    post = submitted(cast, now)
    approve.approve(post.id, post.revision, cast.decider, now)
    with pytest.raises(NotDone, match="One more person"):
        approve.approve(post.id, post.revision, cast.decider, now)


def test_another_content_makes_the_first_word_void_and_another_time_does_not(cast, now, two):
    post = submitted(cast, now, timing="at", wished_at=now + timedelta(days=1))
    approve.approve(post.id, post.revision, cast.decider, now)
    with writing() as session:
        row = session.get_one(Post, post.id)
        row.wished_at, row.revision = now + timedelta(days=2), row.revision + 1
    assert deciding.first_words(db.session(), db.session.get_one(Post, post.id))
    changed = Written("news", "Closed.", accounts={cast.account.id: ""}, timing="now")
    post = compose.save(post.id, changed, post.revision, cast.author, now)
    assert deciding.first_words(db.session(), post) == []
    assert approve.approve(post.id, post.revision, actor(cast.librarian), now) is None
    assert db.session.query(Approval).count() == 2


def test_an_author_is_never_one_of_two_and_neither_is_outreach(cast, now, two):
    with writing() as session:
        session.get_one(Library, cast.library.id).own_approval = True
    mine = compose.create(
        cast.library.id, Written("news", "Mine.", accounts={cast.account.id: ""}, timing="now"), cast.decider, now
    )
    send.for_review(mine.id, cast.decider, now)
    for by in (cast.decider, OUTREACH):
        with pytest.raises(NotDone):
            approve.approve(mine.id, mine.revision, by, now)


def test_a_first_word_of_somebody_who_decides_no_more_does_not_count(cast, now, two):
    post = submitted(cast, now)
    approve.approve(post.id, post.revision, cast.decider, now)
    with writing() as session:
        set_role(session, cast.approver, cast.library, "contributor", actor(cast.librarian), now)
    assert approve.approve(post.id, post.revision, actor(cast.librarian), now) is None


def test_a_kind_that_needs_one_is_approved_by_one(cast, now, two):
    fields = {"choices": ["Cat", "Dog"], "right": 0}
    post = submitted(cast, now, words="Who?", kind="trivia", fields=fields, timing="at",
                     wished_at=now + timedelta(days=1))  # fmt: skip
    assert approve.approve(post.id, post.revision, cast.decider, now)


def late_posts(cast, now):
    return len(db.session.scalars(select(Post).where(deciding.too_late(cast.library.id, now))).all())


def late_one(cast, now, **more):
    return submitted(cast, now - timedelta(days=2), timing="at", wished_at=now - timedelta(hours=3), **more)


def test_what_nobody_decided_on_in_time_goes_out_when_the_approver_says(cast, now):
    posts = [late_one(cast, now, words=f"Post {n}") for n in range(3)]
    assert late_posts(cast, now) == 3
    assert all(deciding.is_late(post, now) for post in posts)
    with pytest.raises(NotDone, match="has passed"):
        approve.approve(posts[0].id, posts[0].revision, cast.decider, now)
    assert late.approve_late(posts[0].id, posts[0].revision, "now", cast.decider, now) == now
    usual = late.approve_late(posts[1].id, posts[1].revision, "next", cast.decider, now)
    assert usual is not None
    assert usual > now
    at = now + timedelta(days=3)
    assert late.approve_late(posts[2].id, posts[2].revision, at, cast.decider, now) == at
    assert late_posts(cast, now) == 0


def test_a_time_that_has_passed_as_well_changes_nothing(cast, now):
    post = late_one(cast, now)
    for when in (now - timedelta(hours=1), None):
        with pytest.raises(NotDone):
            late.approve_late(post.id, post.revision, when, cast.decider, now)
    db.session.expire_all()
    assert (post.timing, post.wished_at) == ("at", now - timedelta(hours=3))


def test_a_minute_after_its_time_is_not_late(cast, now):
    post = submitted(cast, now - timedelta(days=2), timing="at", wished_at=now - timedelta(minutes=1))
    assert not deciding.is_late(post, now)
    assert approve.approve(post.id, post.revision, cast.decider, now)


def test_several_are_approved_each_by_itself_and_the_others_are_named(cast, now):
    good, changed, gone = (submitted(cast, now, words=f"Post {n}") for n in range(3))
    over = late_one(cast, now, words="Over")
    approve.approve(gone.id, gone.revision, cast.decider, now)
    seen = [(good.id, good.revision), (changed.id, changed.revision - 1), (gone.id, gone.revision),
            (over.id, over.revision), (999, 1)]  # fmt: skip
    done = late.approve_several(cast.library.id, seen, cast.decider, now)
    assert done.approved == 1
    assert [(left.words, left.why.split(".")[0]) for left in done.left] == [
        ("Post 1", "This post was changed since you opened it"),
        ("Post 2", "This post is not in review (any more)"),
        ("Over", "Its time has passed"),
        ("", "This post is not in review (any more)"),
    ]


def test_several_of_another_library_stay(cast, now):
    post = submitted(cast, now)
    done = late.approve_several(cast.other.id, [(post.id, post.revision)], actor(cast.outsider), now)
    assert done.approved == 0
    assert db.session.get_one(Post, post.id).state == "submitted"


def test_edit_and_approve_is_both_in_the_history(cast, now):
    post = submitted(cast, now)
    better = Written("news", "The library is open till five.", accounts={cast.account.id: ""}, timing="now")
    saved = compose.save(post.id, better, post.revision, cast.decider, now).revision
    assert approve.approve_edited(post.id, saved, cast.decider, now) == now
    assert verbs(post)[-2:] == [("Approver", "edited"), ("Approver", "approved")]
    assert delivery(post).payload["text"] == "The library is open till five."


def test_edit_and_approve_does_not_approve_what_somebody_else_wrote_between(cast, now):
    post = submitted(cast, now)
    better = Written("news", "Open.", accounts={cast.account.id: ""}, timing="now")
    saved = compose.save(post.id, better, post.revision, cast.decider, now).revision
    worse = Written("news", "Free beer.", accounts={cast.account.id: ""}, timing="now")
    compose.save(post.id, worse, saved, cast.author, now)
    with pytest.raises(Stale):
        approve.approve_edited(post.id, saved, cast.decider, now)
    assert db.session.get_one(Post, post.id).state == "submitted"


def test_what_changed_is_told_against_what_was_sent_back(cast, now):
    post = submitted(cast, now, words="Open at noon.")
    assert what_changed(db.session(), post, deciding.decided_version(db.session(), post)) == []
    approve.send_back(post.id, "When exactly?", cast.decider, now)
    for words in ("Open at ten.", "Open at ten sharp."):
        again = Written("news", words, accounts={cast.account.id: ""}, timing="now")
        post = compose.save(post.id, again, post.revision, cast.author, now + timedelta(minutes=1))
    send.for_review(post.id, cast.author, now)
    (change,) = what_changed(db.session(), post, deciding.decided_version(db.session(), post))
    assert [(p.how, p.text) for p in change.pieces] == [
        ("same", "Open at "), ("removed", "noon."), ("added", "ten sharp.")
    ]  # fmt: skip


def test_the_most_urgent_waits_on_top(cast, now):
    later = submitted(cast, now, timing="at", wished_at=now + timedelta(days=2))
    soon = submitted(cast, now, timing="at", wished_at=now + timedelta(days=1))
    at_once = submitted(cast, now)
    waits = [w.id for w in deciding.waiting(db.session(), cast.library.id)]
    assert waits == [at_once.id, soon.id, later.id]


def test_a_district_administrator_with_a_role_is_named_once(cast, now):
    with writing() as session:
        person = person_for(session, "head@school.example", "Head", now)
        person.district_admin = True
        set_role(session, person, cast.library, "approver", cast.decider, now)
    who = deciding.deciders(db.session(), cast.library)
    assert [p.name for p in who.people] == ["Approver", "Head", "Librarian"]
    assert [p.name for p in who.district] == ["Head"]


def test_a_draft_cannot_be_approved(cast, now):
    post = write(cast, now)
    with pytest.raises(NotDone, match="not in review"):
        approve.approve(post.id, post.revision, cast.decider, now)


def test_trivia_moved_in_review_keeps_the_first_word_though_its_poll_is_open_longer(cast, now, two):
    with writing() as session:
        session.get_one(Library, cast.library.id).two_approvals = ["trivia"]
    fields = {"choices": ["Cat", "Dog"], "right": 0, "answer_at": (now + timedelta(days=9)).isoformat()}
    at = {"timing": "at", "wished_at": now + timedelta(days=1)}
    post = submitted(cast, now, words="Who?", kind="trivia", fields=fields, **at)
    approve.approve(post.id, post.revision, cast.decider, now)
    with writing() as session:
        session.get_one(Post, post.id).wished_at = now + timedelta(days=3)
    assert deciding.first_words(db.session(), db.session.get_one(Post, post.id))


def test_a_first_word_on_one_post_is_none_on_a_repeat(cast, now, two):
    post = submitted(cast, now, timing="at", wished_at=now + timedelta(days=1))
    approve.approve(post.id, post.revision, cast.decider, now)
    series.begin(post.id, Choice("week"), cast.author, now)
    assert deciding.first_words(db.session(), db.session.get_one(Post, post.id)) == []
