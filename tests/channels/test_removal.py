"""Every channel takes a message down, as often as it is asked; on Mastodon whatever the network in between does."""

from __future__ import annotations

from datetime import timedelta
from itertools import count
from typing import Any

import pytest
import requests
from faults import FaultProxy
from mastodon_server import TOKEN, MastodonServer

from outreach import clock
from outreach.channels import CHANNELS, channel_class
from outreach.channels.base import ChannelError, Handed, Login, Outgoing, Refused, Sent, TryLater, Unauthorized, Unclear
from outreach.channels.by_hand import ByHand
from outreach.channels.guard import Reach
from outreach.channels.mastodon import Mastodon
from outreach.channels.practice import Practice

LOOPBACK = Reach(allow_hosts=("127.0.0.0/8",))
STATUS = r"/api/v1/statuses/\w+$"
numbers = count(1)


def sent(channel: Mastodon) -> Sent:
    number = next(numbers)
    return channel.send(Outgoing(key=f"down-{number}", text=f"Too early, number {number}"), {})


def is_there(server: MastodonServer, message: Sent) -> bool:
    answer = requests.get(f"{server.url}/api/v1/statuses/{message.remote_id}", timeout=5)
    assert answer.status_code in (200, 404)
    return answer.status_code == 200


def fails(channel: Mastodon, message: Sent, kind: type[ChannelError]) -> ChannelError:
    with pytest.raises(kind) as caught:
        channel.take_down(message.remote_id)
    assert type(caught.value) is kind
    assert TOKEN not in str(caught.value)
    return caught.value


def test_every_channel_can(network: FaultProxy) -> None:
    assert all(callable(channel_class(name).take_down) for name in CHANNELS)
    assert Practice(Login("", {}, LOOPBACK)).take_down("any") is None
    assert ByHand(Login("facebook", {}, LOOPBACK)).take_down("") == Handed()


def test_it_is_gone_and_asking_again_says_so(channel: Mastodon, mastodon_server: MastodonServer) -> None:
    message = sent(channel)
    channel.take_down(message.remote_id)
    assert not is_there(mastodon_server, message)
    channel.take_down(message.remote_id)


@pytest.mark.parametrize("code", [404, 410])
def test_what_the_server_does_not_know_is_gone(channel: Mastodon, network: FaultProxy, code: int) -> None:
    message = sent(channel)
    network.arm("status", method="DELETE", status=code, forward=False)
    channel.take_down(message.remote_id)


DONE, NOT_DONE = True, False


@pytest.mark.parametrize(
    ("kind", "more", "done"),
    [
        ("reset_after", {}, DONE),
        ("close_after", {}, DONE),
        ("truncate", {}, DONE),
        ("garbage", {}, DONE),
        ("status", {"status": 500}, DONE),
        ("status", {"status": 200, "body": b"{}"}, DONE),  # Pleroma
        ("status", {"status": 404, "body": b"<html>Blocked</html>"}, DONE),
        ("reset_before", {}, NOT_DONE),
        ("garbage", {"forward": False}, NOT_DONE),
        ("status", {"status": 503, "forward": False}, NOT_DONE),
        ("status", {"status": 404, "forward": False, "body": b"<html>Blocked</html>"}, NOT_DONE),
        ("redirect", {"status": 302, "headers": {"Location": "https://login.school/"}, "forward": False}, NOT_DONE),
    ],
)
def test_an_answer_that_proves_nothing_is_looked_at(
    channel: Mastodon, network: FaultProxy, mastodon_server: MastodonServer, kind: str, more: dict[str, Any], done: bool
) -> None:
    message = sent(channel)
    network.arm(kind, method="DELETE", path=STATUS, **more)
    if done:
        channel.take_down(message.remote_id)
    else:
        assert "We try again by ourselves" in fails(channel, message, Unclear).sentence
        assert is_there(mastodon_server, message)
        channel.take_down(message.remote_id)
    assert not is_there(mastodon_server, message)


def test_where_nobody_can_look_either_nobody_says_that_it_is_gone(channel: Mastodon, network: FaultProxy) -> None:
    message = sent(channel)
    network.arm("garbage", once=2, method=None, path=STATUS)
    fails(channel, message, Unclear)
    channel.take_down(message.remote_id)


@pytest.mark.parametrize("code", [401, 403])
def test_the_token_is_dead_or_lacks_a_right(channel: Mastodon, network: FaultProxy, code: int) -> None:
    message = sent(channel)
    network.arm("status", method="DELETE", status=code, forward=False)
    assert "we could not take it down" in fails(channel, message, Unauthorized).sentence


def test_too_many_requests(channel: Mastodon, network: FaultProxy) -> None:
    message, reset = sent(channel), clock.now().replace(microsecond=0) + timedelta(minutes=4)
    headers = {"X-RateLimit-Reset": reset.isoformat()}
    network.arm("status", method="DELETE", status=429, forward=False, headers=headers)
    error = fails(channel, message, TryLater)
    assert isinstance(error, TryLater)
    assert error.until == reset


def test_nobody_listens(channel: Mastodon, network: FaultProxy) -> None:
    message = sent(channel)
    network.refuse()
    fails(channel, message, TryLater)
    network.accept()
    channel.take_down(message.remote_id)


def test_what_the_server_will_not_do_says_its_reason(channel: Mastodon, network: FaultProxy) -> None:
    message = sent(channel)
    network.arm("status", method="DELETE", status=422, forward=False, body=b'{"error":"It is pinned"}')
    assert "(“It is pinned”)" in fails(channel, message, Refused).sentence


def test_a_private_address_is_not_called(mastodon_server: MastodonServer) -> None:
    barred = Mastodon(Login(mastodon_server.url, {"token": TOKEN}, Reach()))
    fails(barred, Sent("1", None), Refused)
