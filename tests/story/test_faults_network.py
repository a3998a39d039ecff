"""The server, or the way to it, fails while a post is sent: it stands there once, or a person is asked."""

from __future__ import annotations

from datetime import timedelta

import pytest
from machinery import wait_until
from story_desk import STATUSES, Desk

from outreach import clock
from outreach.access import OUTREACH
from outreach.posts import reconcile

pytestmark = pytest.mark.timeout(90)
on_both = pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
SEND = f"{STATUSES}$"

STORED = {
    "answers 504": {"kind": "status", "status": 504},
    "resets": {"kind": "reset_after"},
    "sends half an answer": {"kind": "truncate"},
    "closes": {"kind": "close_after"},
    "hangs": {"kind": "hang", "seconds": 60},
}
NOT_STORED = (
    {"kind": "status", "status": 503, "forward": False},
    {"kind": "reset_before"},
    {"kind": "hang", "seconds": 60, "forward": False},
)


@pytest.mark.parametrize("fault", STORED.values(), ids=STORED)
def test_what_the_server_stored_is_found_and_not_sent_again(desk: Desk, fault: dict[str, object]):
    desk.network.arm(path=SEND, **fault)  # type: ignore[arg-type]
    post = desk.schedule()
    desk.wait_for("published", post)
    assert desk.copies(post) == [1]
    assert desk.network.sends() == 1
    assert desk.delivery(post).remote_id


def test_what_the_server_did_not_store_is_sent_once_more_after_two_looks(desk: Desk):
    for fault in NOT_STORED:
        desk.network.arm(path=SEND, **fault)  # type: ignore[arg-type]
    posts = [desk.schedule() for _ in NOT_STORED]
    desk.wait_for("published", *posts)
    assert desk.copies(*posts) == [1] * len(posts)
    assert desk.network.sends() == 2 * len(posts)


@on_both
def test_stored_and_lost_beside_posts_that_go_well(desk: Desk):
    desk.network.arm("status", path=SEND, once=2, status=504)
    desk.network.arm("reset_before", path=SEND, once=2)
    posts = [desk.schedule() for _ in range(6)]
    desk.wait_for("published", *posts)
    assert desk.copies(*posts) == [1] * 6


def test_a_server_that_is_down_for_a_while_is_waited_for(desk: Desk):
    desk.network.arm("status", once=1_000, method=None, path="/api/", status=503, forward=False)
    post = desk.schedule()
    desk.wait_for("unclear", post)
    wait_until(lambda: len(desk.network.asked) > 3)  # several looks in vain
    assert desk.network.sends() == 1
    desk.network.clear()
    desk.wait_for("published", post)
    assert desk.copies(post) == [1]


def test_a_server_that_nobody_can_reach_gets_the_post_when_it_is_back(desk: Desk):
    desk.network.refuse()
    post = desk.schedule()
    wait_until(lambda: desk.delivery(post).attempts)
    desk.wait_for("waiting", post)  # certainly not sent
    desk.network.clear()
    desk.make_due(post)
    desk.wait_for("published", post)
    assert desk.copies(post) == [1]


def test_lost_twice_is_a_question_and_nothing_is_sent_until_it_is_answered(desk: Desk):
    desk.network.arm("status", once=2, path=SEND, status=504, forward=False)
    post = desk.schedule()
    desk.wait_for_question(post)
    assert desk.copies(post) == [0]
    assert desk.network.sends() == 2
    with desk.app.app_context():
        reconcile.it_is_not_there(post, OUTREACH, clock.now())
    desk.wait_for("published", post)
    assert desk.copies(post) == [1]


def test_throttled_posts_go_out_when_the_server_said(desk: Desk):
    again = (clock.now() + timedelta(seconds=4)).replace(microsecond=0)
    for spelled in (again.isoformat(), str(int(again.timestamp()))):  # Mastodon's and GoToSocial's
        desk.network.arm("status", path=SEND, status=429, forward=False, headers={"X-RateLimit-Reset": spelled})
    posts = [desk.schedule() for _ in range(2)]
    desk.wait_for("published", *posts)
    assert min(desk.delivery(post).published_at for post in posts) >= again
    assert desk.copies(*posts) == [1, 1]
    assert desk.network.sends() == 4


def test_a_revoked_token_pauses_the_account_and_the_posts_go_out_after_it_is_connected_again(desk: Desk):
    desk.network.arm("status", once=1_000, method=None, path="/api/", status=401, forward=False)
    posts = [desk.schedule() for _ in range(3)]
    wait_until(lambda: desk.account().paused_at)
    desk.wait_for("waiting", *posts)
    assert desk.letters("please connect it again") == [desk.manager]
    tried = desk.network.sends()
    later = desk.schedule()
    wait_until(desk.ticked_twice())
    assert desk.states(later, *posts) == {"waiting": 4}
    assert desk.network.sends() == tried <= 3
    desk.network.clear()
    desk.reconnect()
    desk.wait_for("published", later, *posts)
    assert desk.copies(later, *posts) == [1] * 4


def test_a_token_revoked_before_the_look_asks_a_person_at_once(desk: Desk):
    desk.network.arm("status", path=SEND, status=504)
    desk.network.arm("status", once=1_000, method="GET", path="/api/", status=401, forward=False)
    post = desk.schedule()
    desk.wait_for_question(post)
    with desk.app.app_context():
        reconcile.it_is_there(post, "", OUTREACH, clock.now())
    assert desk.copies(post) == [1]
