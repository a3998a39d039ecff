"""Trying an account out, and showing what is out once more: of every network that can, whatever breaks on the way."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import suppress
from datetime import timedelta

import pytest
from channels.kits.account import Account, account_on, impatient, message, only
from channels.kits.all import started
from channels.kits.base import Kit
from channels.kits.broken import BROKEN, spelled

from outreach import clock
from outreach.channels.base import ChannelError, Refused, TryLater, Unclear

TRIED = ("mastodon", "facebook", "webhook_plain", "webhook_slack")  # no reader of the others would be spared


@pytest.fixture(scope="module", params=TRIED)
def kit(request: pytest.FixtureRequest) -> Iterator[Kit]:
    with started(request.param) as made:
        yield made


@pytest.fixture
def tried(kit: Kit) -> Iterator[Account]:
    with account_on(kit) as made:
        assert made.limits.trial
        yield made


@pytest.fixture
def boosts(kit: Kit) -> Iterator[Account]:
    with account_on(kit) as made:
        if not made.channel.about.boosts:
            pytest.skip("it shows nothing once more")
        yield made


def nothing_stays(account: Account) -> bool:
    return account.standing() == [] and account.kit.hidden() == []


def test_a_test_leaves_nothing_behind(tried: Account) -> None:
    tried.channel.test()
    tried.again().channel.test()
    assert nothing_stays(tried)


def test_a_test_leaves_what_stands_there_alone(tried: Account) -> None:
    sent = tried.publish(tried.needs_picture(message()))
    tried.channel.test()
    assert only(tried).remote_id == sent.remote_id


@pytest.mark.parametrize("kind", BROKEN)
def test_whatever_breaks_a_test_nobody_sees_it_and_nothing_is_promised(tried: Account, kind: str) -> None:
    """It is not tried again by itself, and nobody waits for a message to go out."""
    fault, more, _ = BROKEN[kind]
    tried.breaks(fault, **spelled(more, clock.now() + timedelta(minutes=2)))
    told = _what_is_told(tried)
    assert not re.search("by ourselves|has not gone out", told)
    # "": it works. Of these the status is here, and nobody reads more of the answer.
    assert told or (kind in ("slow", "wrong content type", "truncated") and nothing_stays(tried))
    assert tried.standing() == []


def _what_is_told(account: Account) -> str:
    try:
        account.channel.test()
    except ChannelError as error:
        return str(error.sentence)
    return ""


def test_a_test_that_cannot_be_deleted_says_where_it_stands(tried: Account) -> None:
    if tried.limits.trial != "message":
        pytest.skip("nothing is to be deleted there")
    tried.proxy.arm("status", method="DELETE", status=403, forward=False)
    with pytest.raises(Refused, match="delete it"):
        tried.channel.test()


def test_nobody_listens_to_a_test(tried: Account) -> None:
    tried.proxy.refuse()
    with pytest.raises(TryLater, match="Try again later"):
        tried.channel.test()


def test_a_server_that_says_nothing_to_a_test(tried: Account) -> None:
    impatient(tried.channel)
    tried.breaks("hang", seconds=20)
    with pytest.raises(Unclear, match="no answer"):
        tried.channel.test()
    assert tried.standing() == []


# Showing it once more: repeated, it changes nothing.


def test_shown_once_more_and_again_it_is_the_same(boosts: Account) -> None:
    sent = boosts.publish(boosts.needs_picture(message()))
    boosts.channel.boost(sent.remote_id)
    shown = boosts.standing()
    boosts.again().channel.boost(sent.remote_id)
    assert boosts.standing() == shown
    assert len(shown) == 2  # the message, and that it is shown


@pytest.mark.parametrize("kind", ["reset after", "truncated", "500 after success", "503 instead", "401", "429 ISO"])
def test_whatever_breaks_it_is_shown_once_more_and_not_twice(boosts: Account, kind: str) -> None:
    sent = boosts.publish(boosts.needs_picture(message()))
    fault, more, _ = BROKEN[kind]
    boosts.proxy.arm(fault, method="POST", **spelled(more, clock.now() + timedelta(minutes=2)))
    with suppress(ChannelError):
        boosts.channel.boost(sent.remote_id)
    boosts.again().channel.boost(sent.remote_id)
    assert len(boosts.standing()) == 2


def test_what_is_gone_is_shown_to_nobody(boosts: Account) -> None:
    sent = boosts.publish(boosts.needs_picture(message()))
    boosts.channel.take_down(sent.remote_id)
    with pytest.raises(Refused, match="does not stand"):
        boosts.channel.boost(sent.remote_id)
