"""A network that charges for each message: the price is kept, summed by month, and a month's budget stops and asks."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from threading import Barrier

import pytest
from factories import approved, delivery, queue, write
from fakes import BUSY, FakeNetwork, door
from sqlalchemy import event

from outreach import clock
from outreach.access import OUTREACH
from outreach.accounts import connect, settings
from outreach.channels.base import Identity, Refused
from outreach.channels.x import LIMITS
from outreach.db import db, writing
from outreach.models import Account, Delivery, Mail, Post
from outreach.posts import schedule
from outreach.posts.around import findings_of
from outreach.posts.findings import Place
from outreach.posts.place import state_of
from outreach.posts.publish import publish
from outreach.posts.spending import by_month, costs_of
from outreach.posts.wording import Message
from outreach.words import NotDone, Sentence

LINKED = "New on our shelves: https://maple.example/new"
ID = Identity("9", "@maple", "Maple Library", "https://x.com/maple", LIMITS)


@pytest.fixture
def network() -> FakeNetwork:
    return FakeNetwork()


@pytest.fixture
def place(app, cast, now) -> Account:
    vault = app.extensions["shop"].vault
    return connect.add(
        cast.library, "x", "X", OUTREACH, now, server="https://api.x.com", secrets={}, identity=ID, vault=vault
    )


def stops_at(place: Account, dollars: str, cast, now) -> None:
    settings.stop_at(place.id, dollars, cast.decider, now)


def planned(cast, place, now, words=LINKED, **more) -> Post:
    return approved(cast, now, words=words, accounts=[place], **more)


def go(post: Post, network: FakeNetwork, now: datetime) -> str:
    queue(post, now)
    return publish(delivery(post).id, door(network, now))


def spent_out(cast, place, now, network, words) -> None:
    assert go(planned(cast, place, now, words), network, now) == "published"


def costs(place, now):
    return costs_of(db.session(), db.session.get_one(Account, place.id), now)


def test_the_price_is_kept_exactly_at_approval(cast, place, now):
    assert delivery(planned(cast, place, now)).cost == 200
    assert delivery(planned(cast, place, now, "Open again")).cost == 15
    assert delivery(approved(cast, now, words=LINKED)).cost == 0


def test_a_new_place_stops_at_five_dollars_and_a_free_one_has_no_budget(cast, place):
    assert (place.budget, cast.account.budget) == (5_000, 0)


@pytest.mark.parametrize(("typed", "kept"), [("7", 7_000), (" $ 7,50 ", 7_500), ("12.5", 12_500), ("0.01", 10)])
def test_the_amount_may_be_typed_as_people_do(cast, place, now, typed, kept):
    stops_at(place, typed, cast, now)
    assert db.session.get_one(Account, place.id, populate_existing=True).budget == kept


@pytest.mark.parametrize("typed", ["", "0", "-5", "a lot", "1001", "5.001", "٥", "1e3", "9" * 50])
def test_what_is_no_amount_changes_nothing(cast, place, now, typed):
    with pytest.raises(NotDone, match="how many dollars"):
        stops_at(place, typed, cast, now)
    assert db.session.get_one(Account, place.id, populate_existing=True).budget == 5_000


def test_a_free_place_has_nothing_to_stop_at(cast, now):
    with pytest.raises(NotDone, match="costs nothing"):
        settings.stop_at(cast.account.id, "5", cast.decider, now)


def test_up_to_the_last_cent_it_goes_out_and_over_it_nothing_is_called(cast, place, network, now):
    stops_at(place, "0.40", cast, now)
    spent_out(cast, place, now, network, f"{LINKED}/1")
    spent_out(cast, place, now, network, f"{LINKED}/2")
    post = planned(cast, place, now, "Open again")
    assert go(post, network, now) == "refused"
    assert len(network.sends) == 2
    row = delivery(post)
    assert "would cost about $0.015. Of the $0.40 that X may cost in a month, about $0.40 are spent" in row.sentence
    assert (row.send_started_at, row.lease_until, row.attempts) == (None, None, 0)


def test_the_author_and_the_managers_are_told_once(cast, place, network, now):
    stops_at(place, "0.01", cast, now)
    post = planned(cast, place, now)
    assert [go(post, network, now), go(post, network, now)] == ["refused", "not ours"]
    told = sorted(m.to for m in db.session.query(Mail).filter(Mail.subject.like("Not published%")))
    assert told == ["contributor@school.example", "librarian@school.example"]


def test_after_the_amount_was_raised_it_is_sent_again(cast, place, network, now):
    stops_at(place, "0.10", cast, now)
    post = planned(cast, place, now)
    go(post, network, now)
    stops_at(place, "0.20", cast, now)
    schedule.send_again(delivery(post).id, cast.decider, now)
    assert go(post, network, now) == "published"


def test_in_the_next_month_of_the_library_there_is_money_again(cast, place, network):
    last_evening = datetime(2026, 12, 1, 5, 59, tzinfo=UTC)  # 30 November, 23:59 in Chicago
    stops_at(place, "0.20", cast, last_evening)
    spent_out(cast, place, last_evening, network, f"{LINKED}/1")
    assert go(planned(cast, place, last_evening, f"{LINKED}/2"), network, last_evening) == "refused"
    midnight = last_evening + timedelta(minutes=1)
    spent_out(cast, place, midnight, network, f"{LINKED}/3")
    sums = costs(place, midnight)
    assert (sums.month, sums.last_month) == (200, 200)


def test_what_nobody_is_sure_of_counts_and_what_was_refused_does_not(cast, place, network, now):
    network.goes_silent_after_storing()
    assert go(planned(cast, place, now, f"{LINKED}/1"), network, now) == "unclear"
    network.refuses(Refused(Sentence("No."), "HTTP 403"))
    assert go(planned(cast, place, now, f"{LINKED}/2"), network, now) == "refused"
    assert costs(place, now).month == 200
    stops_at(place, "0.39", cast, now)
    assert go(planned(cast, place, now, f"{LINKED}/3"), network, now) == "refused"


def test_one_that_is_tried_again_does_not_count_twice(cast, place, network, now):
    stops_at(place, "0.20", cast, now)
    post = planned(cast, place, now)
    network.refuses(BUSY)
    assert go(post, network, now) == "waiting"
    assert go(post, network, delivery(post).try_at) == "published"


def test_what_is_taken_down_was_paid_for(cast, place, network, now):
    spent_out(cast, place, now, network, LINKED)
    with writing() as session:
        session.query(Delivery).update({"state": "removed"})
    assert costs(place, now).month == 200


def test_what_waits_this_month_is_told_and_what_waits_for_the_next_is_not(cast, place, now):
    for days in (1, 5, 8):  # 24 November: the last is in December
        planned(cast, place, now, f"{LINKED}/{days}", timing="at", wished_at=now + timedelta(days=days))
    assert costs(place, now).waits == 400
    assert state_of(db.session(), cast.account, now).costs is None


def test_the_months_of_a_library_follow_its_clock_and_leave_no_gap():
    march = clock.month_of(datetime(2026, 3, 31, 23, 30, tzinfo=UTC), "Europe/Berlin")  # 1 April, 1:30 in Berlin
    assert march == (datetime(2026, 3, 31, 22, tzinfo=UTC), datetime(2026, 4, 30, 22, tzinfo=UTC))
    for zone in ("America/Chicago", "Europe/Berlin", "Pacific/Auckland", "Africa/Cairo"):
        later = [clock.month_of(datetime(2026, 12, 31, 12, tzinfo=UTC), zone, before) for before in range(24)]
        assert all(earlier[1] == after[0] for after, earlier in pairwise(later))


def test_an_answer_in_the_next_month_costs_that_month():
    from outreach.channels.x_price import price

    place, zone = Place(1, "X", LIMITS, price), "America/Chicago"
    at = datetime(2026, 11, 30, 18, tzinfo=UTC)
    made = [Message("Who wrote it?"), Message("See maple.org", at=at + timedelta(days=2))]
    sums = by_month({place: made, Place(2, "Free", LIMITS): made}, at, zone)
    assert [(key[0].name, key[1][0].month, cost) for key, cost in sums.items()] == [("X", 11, 15), ("X", 12, 200)]


def hints(post, now) -> list[str]:
    (found,) = findings_of(db.session(), [db.session.get_one(Post, post.id)], now)
    return [str(one.sentence) for one in found if "stops at" in one.sentence]


def test_a_post_that_would_pass_the_budget_is_told_so_before(cast, place, network, now):
    stops_at(place, "0.50", cast, now)
    tomorrow = {"timing": "at", "wished_at": now + timedelta(days=1)}
    spent_out(cast, place, now, network, f"{LINKED}/1")
    second = write(cast, now, words=f"{LINKED}/2", accounts=[place], **tomorrow)
    assert hints(second, now) == []
    planned(cast, place, now, f"{LINKED}/3", **tomorrow)
    assert "X would cost about $0.60 in that month. It stops at $0.50" in hints(second, now)[0]
    next_month = {"timing": "at", "wished_at": now + timedelta(days=8)}
    assert hints(write(cast, now, words=f"{LINKED}/4", accounts=[place], **next_month), now) == []


def test_a_post_is_not_counted_beside_itself(cast, place, now):
    stops_at(place, "0.20", cast, now)
    assert hints(planned(cast, place, now, timing="at", wished_at=now + timedelta(days=1)), now) == []


def test_a_free_place_is_asked_nothing_about_money(cast, network, now):
    post, asked = approved(cast, now), []
    queue(post, now)
    note = lambda *told: asked.append(told[2])  # noqa: E731
    event.listen(db.engine, "before_cursor_execute", note)
    try:
        publish(delivery(post).id, door(network, now))
        assert [one for one in asked if "budget" in one] == []
        findings_of(db.session(), [db.session.get_one(Post, post.id)], now)
    finally:
        event.remove(db.engine, "before_cursor_execute", note)
    assert [one for one in asked if "sum(" in one.lower()] == []


@pytest.mark.parametrize("_round", range(10))
def test_two_workers_at_once_never_spend_more_than_there_is(app, cast, place, now, _round):
    stops_at(place, "0.30", cast, now)
    network, both = FakeNetwork(alone=False), Barrier(2, timeout=10)
    posts = [planned(cast, place, now, f"{LINKED}/{n}") for n in range(2)]
    for post in posts:
        queue(post, now)
    ids = [delivery(post).id for post in posts]
    db.session.rollback()

    def one(delivery_id: int) -> str:
        with app.app_context():
            both.wait()
            return publish(delivery_id, door(network, now))

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(one, ids)) == ["published", "refused"]
    assert len(network.sends) == 1
