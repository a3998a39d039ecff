"""The register of consents: nothing is submitted, approved or sent without one; what is withdrawn goes back."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from threading import Barrier

import pytest
from factories import approved, deliveries, delivery, queue, submitted, write
from fakes import FakeNetwork, door

from outreach.db import db
from outreach.models import Consent, Event, Post
from outreach.posts import approve, consents, hand, send, take_down
from outreach.posts.consents import codes_of, scopes, turn
from outreach.posts.publish import publish
from outreach.posts.withdrawn import posts_of, withdraw
from outreach.words import NotDone

DAY = timedelta(days=1)


@pytest.fixture
def network():
    return FakeNetwork()


@pytest.fixture
def register(cast, now):
    turn(cast.library.id, True, cast.decider, now)


def consent(cast, now, code="7B-12", networks=("mastodon", "facebook"), until=None):
    consents.add(cast.library.id, code, list(networks), until, cast.decider, now)
    return db.session.query(Consent).filter_by(code=code).one().id


def work(*codes, **more):
    return {"kind": "student", "words": "A linocut.", "permitted": True, "fields": {"codes": list(codes)}} | more


def again(post):
    return db.session.get_one(Post, post.id, populate_existing=True)


@pytest.mark.parametrize(
    "name",
    [
        "Emma Woods",
        "Mía López",
        "7B-1, Emma Woods",
        "Jean-Luc O'Neil 7B",
        "EMMA WOODS",
        "emma woods 7",
        "Woods, Emma",
        "EmmaWoods",
    ],
)
def test_a_name_is_never_kept(cast, now, name):
    with pytest.raises(NotDone, match="looks like a name"):
        write(cast, now, **work(name))
    with pytest.raises(NotDone):
        consents.add(cast.library.id, name, ["mastodon"], None, cast.decider, now)
    assert db.session.query(Consent).count() == db.session.query(Post).count() == 0


def test_of_more_codes_than_a_post_holds_none_is_dropped_in_silence(cast, now):
    with pytest.raises(NotDone, match="At most 40 codes"):
        write(cast, now, **work(*(f"7B-{n}" for n in range(41))))


def test_codes_are_read_as_people_type_them():
    assert codes_of("7b-12; 7B-14,\n 7B-12,class 7 B") == ["7B-12", "7B-14", "CLASS 7 B"]


def test_off_nothing_is_asked_and_no_student_is_recorded(cast, now):
    assert submitted(cast, now, **work()).consents == []


@pytest.mark.usefixtures("register")
def test_without_a_code_or_with_an_unknown_one_it_stays_a_draft(cast, now):
    with pytest.raises(NotDone, match="Write the code of each student"):
        submitted(cast, now, **work())
    with pytest.raises(NotDone, match="no consent with the code 9Z"):
        submitted(cast, now, **work("9z"))
    assert {p.state for p in db.session.query(Post)} == {"draft"}


@pytest.mark.usefixtures("register")
def test_other_kinds_need_none(cast, now):
    assert submitted(cast, now).state == "submitted"


@pytest.mark.usefixtures("register")
def test_one_that_is_over_on_its_day_or_for_another_place_does_not_count(cast, now):
    consent(cast, now, until=date(2026, 11, 25), networks=["facebook"])
    late = {"timing": "at", "wished_at": now + 3 * DAY}
    with pytest.raises(NotDone, match="not for Fake"):
        submitted(cast, now, **work("7B-12"))
    post = submitted(cast, now, **work("7B-12"), accounts=[cast.by_hand])
    assert post.state == "submitted"
    with pytest.raises(NotDone, match="is over"):
        approve.approve(submitted(cast, now, **work("7B-12", **late), accounts=[cast.by_hand]).id, 1, cast.decider, now)


@pytest.mark.usefixtures("register")
def test_the_last_day_counts_and_practice_needs_no_scope(cast, now):
    consent(cast, now, until=date(2026, 11, 24), networks=["facebook"])
    assert submitted(cast, now, **work("7b-12"), accounts=[cast.practice]).state == "submitted"


@pytest.mark.usefixtures("register")
def test_of_two_students_both_must_have_agreed(cast, now):
    consent(cast, now)
    with pytest.raises(NotDone, match="7B-13"):
        submitted(cast, now, **work("7B-12", "7B-13"))
    consent(cast, now, "7B-13")
    assert [c.code for c in submitted(cast, now, **work("7B-12", "7B-13")).consents] == ["7B-12", "7B-13"]


@pytest.mark.usefixtures("register")
def test_at_the_moment_of_sending_it_is_asked_once_more(cast, network, now):
    consent(cast, now, until=date(2026, 11, 24))
    post = approved(cast, now, **work("7B-12"))
    with_it = approved(cast, now, **work("7B-12"))
    queue(with_it, now)
    assert publish(delivery(with_it).id, door(network, now)) == "published"
    db.session.query(Consent).update({"until": date(2026, 11, 23)})
    db.session.commit()
    queue(post, now)
    assert publish(delivery(post).id, door(network, now)) == "refused"
    assert delivery(post).sentence == (
        "The consent 7B-12 is over. Ask for a new one, or leave this work out. Nothing was published."
    )
    assert len(network.posts) == 1


@pytest.mark.usefixtures("register")
def test_withdrawn_what_waits_is_a_draft_again_and_what_is_out_can_be_taken_down(cast, network, now):
    number = consent(cast, now)
    out = approved(cast, now, **work("7B-12"))
    queue(out, now)
    publish(delivery(out).id, door(network, now))
    waits = approved(cast, now, **work("7B-12", timing="at", wished_at=now + DAY))
    review = submitted(cast, now, **work("7B-12"))
    draft, other = write(cast, now, **work("7B-12")), approved(cast, now)

    withdraw(number, cast.author, now)
    assert [again(p).state for p in (out, waits, review, draft, other)] == [
        "approved", "draft", "draft", "draft", "approved",
    ]  # fmt: skip
    assert [d.state for d in deliveries(waits)] == ["cancelled"]
    assert {p.id for p in posts_of(db.session(), number)} == {out.id, waits.id, review.id, draft.id}
    note = db.session.query(Event).filter_by(post_id=review.id, new="draft", old="submitted").one().note
    assert note == "The consent 7B-12 was withdrawn. Leave this work out."
    with pytest.raises(NotDone, match="was withdrawn"):
        send.for_review(review.id, cast.author, now)
    take_down.take_down(out.id, cast.author, now)
    assert delivery(out).state == "removing"


@pytest.mark.usefixtures("register")
def test_withdrawn_while_somebody_posts_it_by_hand_it_is_a_draft_and_what_they_posted_goes(cast, network, now):
    number = consent(cast, now)
    post = approved(cast, now, **work("7B-12", accounts=[cast.by_hand]))
    queue(post, now)
    publish(delivery(post).id, door(network, now))
    withdraw(number, cast.author, now)
    assert (again(post).state, delivery(post).state) == ("draft", "cancelled")
    hand.posted(delivery(post).id, "https://facebook.example/1", cast.author, now)
    assert (delivery(post).state, delivery(post).remote_url) == ("removing", "https://facebook.example/1")


@pytest.mark.usefixtures("register")
def test_given_again_it_holds_again(cast, now):
    withdraw(consent(cast, now), cast.author, now)
    consent(cast, now)
    assert submitted(cast, now, **work("7B-12")).state == "submitted"


@pytest.mark.usefixtures("register")
def test_a_code_that_came_into_the_register_later_is_found_by_its_withdrawal(cast, now):
    post = write(cast, now, **work("7B-12"))
    number = consent(cast, now)
    send.for_review(post.id, cast.author, now)
    withdraw(number, cast.author, now)
    assert again(post).state == "draft"


def test_a_consent_is_limited_to_kinds_of_places(cast):
    places = [cast.practice, cast.account, cast.by_hand]
    assert scopes(places) == [("mastodon", cast.account.name), ("facebook", cast.by_hand.name)]


def test_until_today_holds_in_the_evening_and_yesterday_is_over_after_midnight(cast, register, now):
    evening = datetime(2026, 11, 25, 1, 0, tzinfo=UTC)  # 24 November, 19:00 in Chicago
    consent(cast, evening, until=date(2026, 11, 24))
    with pytest.raises(NotDone, match="That day has passed"):
        consent(cast, evening, "7B-13", until=date(2026, 11, 23))


def test_two_who_write_the_same_code_at_once_write_one(app, cast, register, now):
    both, library_id, by = Barrier(2, timeout=10), cast.library.id, cast.decider
    db.session.rollback()

    def one() -> str:
        with app.app_context():
            both.wait()
            try:
                consents.add(library_id, "9B-1", ["mastodon"], None, by, now)
            except NotDone as stop:
                return str(stop.sentence)
        return ""

    with ThreadPoolExecutor(2) as pool:
        told = sorted(done.result() for done in [pool.submit(one), pool.submit(one)])
    assert told[0] == ""
    assert "is in the register" in told[1]
