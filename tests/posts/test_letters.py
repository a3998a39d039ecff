"""Letters: one that decides, failures at once, all else at 8:00 in one; through a real SMTP server."""

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from factories import approved, delivery, queue, submitted, write
from fakes import FakeNetwork, door
from smtp_server import SmtpServer
from sqlalchemy import delete, select

from outreach import mail
from outreach.db import db, writing
from outreach.models import Closure, Delivery, Mail, OneTimeLink, Post
from outreach.posts import approve, by_mail, compose, morning, review_letter, send, series
from outreach.posts.publish import publish
from outreach.posts.series_rule import Choice
from outreach.posts.tell import next_morning
from outreach.posts.written import Written
from outreach.words import NotDone

EIGHT = datetime(2026, 11, 25, 14, 0, tzinfo=UTC)  # Wednesday, 8:00 in Chicago: the morning after `now`


@pytest.fixture
def post_office():
    server = SmtpServer()
    yield server
    server.shutdown()
    server.server_close()


@pytest.fixture
def posting(config, post_office):
    return replace(config, smtp_url=post_office.url, public_url="https://outreach.example.org")


def read(letter):
    return letter.get_body(("plain",)).get_content()


def token_in(letter):
    return re.search(r"https://outreach.example.org/decide/([\w-]+)", read(letter))[1]


def test_each_approver_gets_the_post_as_it_will_look_with_a_link_of_their_own(cast, post_office, posting, now):
    submitted(cast, now, words="Story hour <today>", accounts=[cast.account, cast.practice])
    assert mail.deliver(posting, now) == 2
    assert {letter["To"] for letter in post_office.letters} == {"approver@school.example", "librarian@school.example"}
    letter = post_office.letters[0]
    assert letter["Subject"] == "For your review: News, “Story hour <today>”"
    words = read(letter)
    assert "Contributor wrote this for Maple Street School Library. It goes out as soon as it is approved." in words
    assert "Story hour <today>" in words
    assert "18 of 500" in words
    assert "Look and decide" in words
    shown = letter.get_body(("html",)).get_content()
    assert "Story hour &lt;today&gt;" in shown
    links = re.findall(r'<a href="([^"]+)"[^>]*>([^<]+)</a>', shown)
    page = f"https://outreach.example.org/decide/{token_in(letter)}"
    assert links == [(page, "Approve"), (f"{page}?back=1", "Send back")]
    assert not re.search(r"<img|<link|src=|url\(", shown), "nothing is asked of another host"
    assert len({token_in(one) for one in post_office.letters}) == 2
    assert {path for (path,) in db.session.query(Mail.path)} == {"/decide/"}, "the token stays in the letter alone"


def test_of_a_post_by_hand_the_letter_says_that_a_person_is_asked(cast, post_office, posting, now):
    submitted(cast, now, accounts=[cast.by_hand])
    at = datetime(2026, 11, 25, 15, 0, tzinfo=UTC)
    submitted(cast, now, accounts=[cast.by_hand], timing="at", wished_at=at)
    mail.deliver(posting, now)
    letters = [read(letter) for letter in post_office.letters]
    assert "As soon as it is approved, a person is asked to post it by hand." in letters[0]
    assert "Once it is approved, a person is asked to post it by hand on Nov 25, 9:00" in letters[-1]


def test_without_a_public_address_the_letter_says_where_to_decide(cast, post_office, posting, now):
    submitted(cast, now)
    mail.deliver(replace(posting, public_url=""), now)
    assert "/decide/" not in post_office.letters[0].as_string()
    assert "sign in to Outreach and open Review" in read(post_office.letters[0])


def test_the_people_of_practice_get_none_and_need_no_link(cast, now):
    with writing() as session:
        for person in (cast.approver, cast.librarian):
            session.merge(person).email = f"{person.id}@practice.localhost"
    submitted(cast, now)
    assert db.session.query(Mail).count() == 0
    assert db.session.query(OneTimeLink).count() == 0


def test_a_link_for_one_post_burns_none_of_another(cast, post_office, posting, now):
    posts = [submitted(cast, now, words=f"Post {n}") for n in range(2)]
    mail.deliver(posting, now)
    tokens = [token_in(one) for one in post_office.letters if one["To"] == "approver@school.example"]
    for token in tokens:
        assert by_mail.approve(token, now) == now
    assert {db.session.get_one(Post, post.id).state for post in posts} == {"approved"}


def letters_of(cast, post_office, posting, now, **more):
    post = submitted(cast, now, **more)
    mail.deliver(posting, now)
    return post, {one["To"].split("@")[0]: token_in(one) for one in post_office.letters}


def test_the_link_approves_in_the_name_of_its_person_once(cast, post_office, posting, now):
    post, tokens = letters_of(cast, post_office, posting, now)
    assert by_mail.look(tokens["approver"], now).post.id == post.id
    assert by_mail.approve(tokens["approver"], now) == now
    last = db.session.get_one(Post, post.id)
    assert last.decided_by_id == cast.approver.id
    with pytest.raises(NotDone, match="Approver has approved it already"):
        by_mail.approve(tokens["approver"], now)
    with pytest.raises(NotDone, match="Approver has approved it already"):
        by_mail.look(tokens["librarian"], now)


def test_the_link_sends_back_with_a_note_and_an_empty_note_uses_nothing_up(cast, post_office, posting, now):
    post, tokens = letters_of(cast, post_office, posting, now)
    with pytest.raises(NotDone, match="Write what should change"):
        by_mail.send_back(tokens["approver"], " ", now)
    by_mail.send_back(tokens["approver"], "Which day?", now)
    assert db.session.get_one(Post, post.id).note == "Which day?"
    with pytest.raises(NotDone, match="Approver has sent it back already"):
        by_mail.look(tokens["librarian"], now)


def test_a_changed_post_is_not_decided_by_the_old_link(cast, post_office, posting, now):
    post, tokens = letters_of(cast, post_office, posting, now)
    compose.save(post.id, Written("news", "Other words", accounts={cast.account.id: ""}, timing="now"),
                 post.revision, cast.author, now)  # fmt: skip
    for act in (by_mail.look, by_mail.approve):
        with pytest.raises(NotDone, match="was changed since the letter was sent"):
            act(tokens["approver"], now)


def test_a_link_ends_after_a_week_and_with_the_role(cast, post_office, posting, now):
    post, tokens = letters_of(cast, post_office, posting, now)
    with pytest.raises(NotDone, match="too old"):
        by_mail.approve(tokens["approver"], now + timedelta(days=7, seconds=1))
    with writing() as session:
        session.merge(cast.approver).active = False
    with pytest.raises(NotDone, match="do not approve"):
        by_mail.approve(tokens["approver"], now)
    with pytest.raises(NotDone, match="not complete"):
        by_mail.approve("made-up", now)
    assert db.session.get_one(Post, post.id).state == "submitted"


def test_a_time_that_passed_is_not_decided_by_letter(cast, post_office, posting, now):
    _post, tokens = letters_of(cast, post_office, posting, now, timing="at", wished_at=now + timedelta(hours=1))
    with pytest.raises(NotDone, match="Its time has passed"):
        by_mail.approve(tokens["approver"], now + timedelta(hours=2))
    by_mail.send_back(tokens["approver"], "Too late", now + timedelta(hours=2))


def test_what_can_wait_comes_in_one_letter_at_eight_with_the_day(cast, post_office, posting, now):
    for n in range(2):
        submitted(cast, now, words=f"Later {n}", timing="at", wished_at=now + timedelta(days=6, hours=n))
    approved(cast, now, words="Out today", timing="at", wished_at=EIGHT + timedelta(hours=2))
    post_office.letters.clear()
    db.session.query(Mail).delete()
    db.session.commit()
    morning.gather(EIGHT - timedelta(minutes=1))
    assert mail.deliver(posting, EIGHT - timedelta(minutes=1)) == 0
    for _ in range(2):
        morning.gather(EIGHT)
        mail.deliver(posting, EIGHT)
    assert sorted(letter["To"] for letter in post_office.letters) == [
        "approver@school.example", "librarian@school.example"
    ]  # fmt: skip
    words = read(post_office.letters[0])
    assert post_office.letters[0]["Subject"] == "3 things for you, and your day"
    assert "Later 0" in words
    assert "Later 1" in words
    assert words.count("/decide/") == 2
    assert "10:00 Fake: Out today" in words
    morning.gather(EIGHT + timedelta(days=1))
    assert mail.deliver(posting, EIGHT + timedelta(days=1)) == 0, "nothing is mailed twice"


def test_who_is_asked_at_once_is_not_asked_again_in_the_morning(cast, post_office, posting, now):
    submitted(cast, now, timing="at", wished_at=EIGHT + timedelta(hours=3))
    assert mail.deliver(posting, now) == 2
    morning.gather(EIGHT)
    assert mail.deliver(posting, EIGHT) == 0


def test_what_was_decided_meanwhile_is_not_mailed(cast, post_office, posting, now):
    approved(cast, now)
    assert mail.deliver(posting, now) == 0


def test_a_post_that_comes_back_unchanged_is_asked_about_again(cast, post_office, posting, now):
    post, tokens = letters_of(cast, post_office, posting, now)
    by_mail.send_back(tokens["approver"], "Sure?", now)
    send.for_review(post.id, cast.author, now)
    mail.deliver(posting, now)
    again = [
        token_in(one)
        for one in post_office.letters
        if one["To"] == "approver@school.example" and "Sure" not in read(one)
    ]
    assert len(again) == 2
    assert by_mail.approve(again[-1], now) == now


@pytest.fixture
def tokens_of(post_office, posting):
    """The links that come to a library in the letters of a morning, by the name of who gets them."""

    def in_the_morning(now):
        post_office.letters.clear()
        morning.gather(now)
        mail.deliver(posting, now)
        return {one["To"].split("@")[0]: token_in(one) for one in post_office.letters}

    return in_the_morning


def test_a_link_that_is_over_is_followed_by_another_with_a_letter(cast, tokens_of, now):
    submitted(cast, now, timing="at", wished_at=now + timedelta(days=20))
    first, later = tokens_of(EIGHT), EIGHT + timedelta(days=8)
    assert set(first) == {"approver", "librarian"}
    assert tokens_of(EIGHT + timedelta(days=6)) == {}
    second = tokens_of(later)
    assert tokens_of(later + timedelta(days=1)) == {}
    with pytest.raises(NotDone, match="used already"):
        by_mail.approve(first["approver"], later)
    assert by_mail.approve(second["approver"], later)


def test_what_was_sent_back_is_not_approved_by_an_older_link_when_it_comes_again(cast, tokens_of, now):
    post = submitted(cast, now, timing="at", wished_at=now + timedelta(days=20))
    old = tokens_of(EIGHT)["librarian"]
    approve.send_back(post.id, "Must never go out.", cast.decider, EIGHT)
    send.for_review(post.id, cast.author, EIGHT)
    with pytest.raises(NotDone, match="used already"):
        by_mail.approve(old, EIGHT)


def test_each_time_it_is_approved_and_comes_back_there_is_a_letter_whose_link_decides_once(
    cast, post_office, posting, now
):
    post, used = submitted(cast, now, accounts=[cast.by_hand]), []
    for n in range(4):
        at = now + timedelta(minutes=n)
        post_office.letters.clear()
        mail.deliver(posting, at)
        (letter,) = [one for one in post_office.letters if one["To"] == "approver@school.example"]
        for old in used:
            with pytest.raises(NotDone, match="used already"):
                by_mail.approve(old, at)
        used.append(token_in(letter))
        by_mail.approve(used[-1], at)
        compose.withdraw(post.id, cast.author, at)
        send.for_review(post.id, cast.author, at)


def test_by_hand_comes_in_the_morning_and_then_not_again(cast, post_office, posting, now):
    at = EIGHT + timedelta(hours=1)
    post = approved(cast, now, words="By hand", accounts=[cast.by_hand], timing="at", wished_at=at)
    morning.gather(EIGHT)
    assert mail.deliver(posting, EIGHT) == 1
    (letter,) = post_office.letters
    assert "Please post on Facebook at 09:00" in read(letter)
    (row,) = queue(post, at)
    assert publish(row, door(FakeNetwork(), at)) == "in_hand"
    assert mail.deliver(posting, at) == 0


def test_in_the_morning_nobody_is_asked_to_post_what_waits_or_is_not_in_its_turn(cast, now):
    at = {"timing": "at", "wished_at": EIGHT + timedelta(hours=1)}
    held, goes = (approved(cast, now, words=f"Post {n}", accounts=[cast.by_hand], **at) for n in range(2))
    with writing() as session:
        session.get_one(Post, held.id).held_at = now
        first = session.get_one(Delivery, delivery(goes).id)
        kept = {n: getattr(first, n) for n in ("library_id", "post_id", "account_id", "edition", "payload", "digest")}
        later = dict.fromkeys(("due_at", "try_at"), EIGHT + timedelta(hours=3))
        session.add(Delivery(**kept, **later, part=1, parts=2, state="waiting", after_id=first.id))
        session.query(Mail).delete()
    morning.gather(EIGHT)
    hand, day = db.session.scalars(select(Mail).order_by(Mail.id)).all()
    assert (hand.subject, hand.body) == ("Please post on Facebook at 09:00", "Post 1")
    assert [line[:5] for line in day.body.splitlines()] == ["09:00", "11:00"]


def test_one_letter_that_cannot_be_laid_keeps_no_other(cast, now):
    posts = [submitted(cast, now, words=f"Post {n}", timing="at", wished_at=now + timedelta(days=6)) for n in range(2)]
    with writing() as session:
        session.get_one(Post, posts[0].id).kind = "unheard-of"
    morning.gather(EIGHT)
    assert [posts[1].words in letter.body for letter in db.session.scalars(select(Mail))] == [True, True]


@pytest.mark.parametrize("make", [submitted, approved])
def test_what_is_changed_and_in_review_again_is_asked_about_at_once(cast, now, make):
    post = make(cast, now, timing="at", wished_at=EIGHT)
    before = {letter.about for letter in db.session.scalars(select(Mail))}
    other = Written("news", "Other words", accounts={cast.account.id: ""}, timing="at", wished_at=EIGHT)
    compose.save(post.id, other, post.revision, cast.author, now)
    after = {letter.about for letter in db.session.scalars(select(Mail))}
    assert len(after - before) == 2
    assert len(after) == 2, "what they were not told yet about the old words, they need not be"


@pytest.mark.parametrize("verb", [compose.withdraw, compose.cancel])
def test_who_was_not_told_yet_is_not_told_of_what_is_out_of_review(cast, now, verb):
    post = submitted(cast, now)
    verb(post.id, cast.author, now)
    assert db.session.query(Mail).count() == 0


def test_sent_back_with_time_left_waits_for_the_morning(cast, post_office, posting, now):
    post = submitted(cast, now, timing="at", wished_at=now + timedelta(days=6))
    approve.send_back(post.id, "Which day?", cast.decider, now)
    assert mail.deliver(posting, now) == 0
    morning.gather(EIGHT)
    mail.deliver(posting, EIGHT)
    (letter,) = (one for one in post_office.letters if one["To"] == "contributor@school.example")
    assert "Approver sent back “The library is open.”: Which day?" in read(letter)


def test_sent_back_shortly_before_its_time_is_told_at_once(cast, post_office, posting, now):
    post = submitted(cast, now)
    approve.send_back(post.id, "Which day?", cast.decider, now)
    mail.deliver(posting, now)
    assert [one["Subject"] for one in post_office.letters] == ["Sent back: The library is open."]


def test_there_is_no_morning_on_a_closed_day(cast, now):
    assert next_morning(cast.library, now) == EIGHT
    with writing() as session:
        day = EIGHT.date()
        session.add(Closure(library_id=cast.library.id, first_day=day, last_day=day + timedelta(days=2), name="Away"))
    db.session.expire_all()
    assert next_morning(cast.library, now) == EIGHT + timedelta(days=5)  # Monday
    submitted(cast, now, timing="at", wished_at=now + timedelta(days=9))
    morning.gather(EIGHT)
    assert db.session.query(Mail).count() == 0


def test_a_draft_asks_nobody(cast, now):
    write(cast, now)
    morning.gather(EIGHT)
    assert db.session.query(Mail).count() == 0


def test_the_letters_of_one_person_are_claimed_together(cast, post_office, posting, now):
    with writing() as session:
        for n in range(3):
            mail.put(session, "ana@school.example", f"Thing {n}", "Words", now, morning=now)
    taken = mail._claim(now, Mail.to == "ana@school.example", Mail.gather.is_(True))
    assert len(taken) == 3
    assert mail.deliver(posting, now) == 0
    assert mail.deliver(posting, now + timedelta(minutes=6)) == 1
    assert len(post_office.letters) == 1


def test_a_refused_morning_letter_is_tried_again_whole(cast, post_office, posting, now):
    with writing() as session:
        for n in range(2):
            mail.put(session, "ana@school.example", f"Thing {n}", "Words", now, morning=now)
    post_office.refuses = True
    assert mail.deliver(posting, now) == 0
    post_office.refuses = False
    assert mail.deliver(posting, now + timedelta(seconds=61)) == 1
    assert read(post_office.letters[0]).count("Words") == 2


def test_the_letter_about_one_of_a_repeat_says_how_it_comes_again(cast, post_office, posting, now):
    with writing() as session:
        session.merge(cast.approver).language = "es"
    post = write(cast, now, timing="at", wished_at=now + timedelta(hours=2))
    series.begin(post.id, Choice("week", until=(now + timedelta(days=20)).date()), cast.author, now)
    send.for_review(post.id, cast.author, now)
    mail.deliver(posting, now)
    told = {one["To"].split("@")[0]: read(one) for one in post_office.letters}
    assert "It repeats: Every Tuesday, at 2:00\u202fPM, until Dec 14." in told["librarian"]
    assert "Whoever approves it approves all that follow, too" in told["librarian"]
    assert "Next: " in told["librarian"]
    assert "martes" in told["approver"]


def test_what_lies_in_the_outbox_holds_no_key_even_after_a_failure(cast, post_office, posting, now):
    submitted(cast, now)
    mail.deliver(replace(posting, smtp_url="smtp://127.0.0.1:1"), now)
    assert {path for (path,) in db.session.query(Mail.path)} == {f"/decide/{db.session.query(Post).one().id}"}
    later = now + timedelta(minutes=10)
    mail.deliver(posting, later)
    tokens = [token_in(one) for one in post_office.letters if one["To"] == "approver@school.example"]
    assert by_mail.approve(tokens[0], later) == later


@pytest.mark.parametrize("verb", [compose.withdraw, compose.cancel])
def test_what_is_in_review_no_more_is_not_mailed(cast, post_office, posting, now, verb):
    post = submitted(cast, now)
    verb(post.id, cast.author, now)
    assert mail.deliver(posting, now) == 0
    assert post_office.letters == []


def test_of_an_edit_in_review_the_newer_letter_alone_is_mailed(cast, post_office, posting, now):
    post = submitted(cast, now)
    with writing() as session:
        row = session.get_one(Post, post.id)
        row.words = "Other words"
        session.flush()
        review_letter.ask_for_review(session, row, cast.author, now)
    mail.deliver(posting, now)
    assert len(post_office.letters) == 2
    assert all("Other words" in read(one) for one in post_office.letters)


def test_an_edit_there_and_back_leaves_a_link_that_decides(cast, post_office, posting, now):
    post, tokens = letters_of(cast, post_office, posting, now)
    for words in ("Other words", post.words):
        with writing() as session:
            row = session.get_one(Post, post.id)
            row.words = words
            session.flush()
            review_letter.ask_for_review(session, row, cast.author, now)
    assert by_mail.approve(tokens["approver"], now) == now


def test_a_person_who_is_erased_while_their_letter_is_sent_stops_no_other(cast, post_office, posting, now):
    submitted(cast, now)
    ids = [mail_id for (mail_id,) in db.session.query(Mail.id).filter_by(to="approver@school.example")]
    with writing() as session:
        session.execute(delete(Mail).where(Mail.id.in_(ids)))
    assert mail._deliver(posting, ids, now) is False
    mail._note(ids[0], "", now)
