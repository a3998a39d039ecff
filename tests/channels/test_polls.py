"""What a poll came to, as a Mastodon server tells it: docs.joinmastodon.org/entities/Poll."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from local_server import LocalServer, Reply, Request
from mastodon_server import TOKEN

from outreach import clock
from outreach.channels.base import ChannelError, Login, Outgoing, Poll, Refused, Tally, TryLater, Unauthorized
from outreach.channels.guard import Reach
from outreach.channels.mastodon import Mastodon

LOOPBACK = Reach(allow_hosts=("127.0.0.0/8",))
ENDS = "2026-11-27T18:00:00.000Z"


def poll(*votes: int | None, **more: Any) -> dict[str, Any]:
    options = [{"title": f"Choice {n}", "votes_count": count} for n, count in enumerate(votes)]
    told = {"id": "34830", "expires_at": ENDS, "expired": True, "multiple": False, "votes_count": 17}
    return told | {"voters_count": None, "options": options, "emojis": []} | more


def counted(reply: Reply, reach: Reach = LOOPBACK) -> Tally | None:
    def answer(request: Request) -> Reply:
        assert (request.method, request.path) == ("GET", "/api/v1/statuses/107")
        return reply

    with LocalServer(answer) as server:
        return Mastodon(Login(server.url, {"token": TOKEN}, reach)).tally("107")


def status(found: Mapping[str, Any] | None) -> Reply:
    return Reply(200, {"id": "107", "content": "<p>Which?</p>", "poll": found})


@pytest.mark.parametrize(
    ("found", "tally"),
    [
        (poll(12, 5), Tally((12, 5))),
        (poll(0, 0), Tally((0, 0))),
        (poll(None, None), Tally(())),  # hidden
        (poll(12, None), Tally(())),
        (poll(3, 1, expired=False), Tally((3, 1), datetime(2026, 11, 27, 18, tzinfo=UTC))),
        (poll(None, None, expired=False), Tally((), datetime(2026, 11, 27, 18, tzinfo=UTC))),
        (poll(3, 1, expired=False, expires_at=None), Tally((3, 1))),  # never ends
        (poll(options=None), Tally(())),
        (None, None),
    ],
)
def test_a_poll_is_read_as_the_server_tells_it(found: Mapping[str, Any] | None, tally: Tally | None) -> None:
    assert counted(status(found)) == tally


@pytest.mark.parametrize(
    ("reply", "kind"),
    [
        (Reply(404, {"error": "Record not found"}), Refused),
        (Reply(401, {"error": "The access token is invalid"}), Unauthorized),
        (Reply(503), TryLater),
        (Reply(200, b"<html>Blocked</html>"), Refused),
        (Reply(200, {}), Refused),
    ],
)
def test_an_answer_that_is_none_says_what_it_is(reply: Reply, kind: type[ChannelError]) -> None:
    with pytest.raises(kind) as caught:
        counted(reply)
    assert type(caught.value) is kind


def test_a_private_address_is_not_called() -> None:
    with pytest.raises(Refused):
        counted(status(None), Reach())


def test_a_poll_that_we_sent(channel: Mastodon) -> None:
    sent = channel.send(Outgoing("tally-1", "Which?", poll=Poll(("One", "Two"), 60 * 24)), {})
    found = channel.tally(sent.remote_id)
    assert found is not None
    assert found.open_until is not None
    assert found.votes == (0, 0)
    assert timedelta(hours=23) < found.open_until - clock.now() < timedelta(hours=25)
