"""For every network the same: whatever breaks on the way, and wherever a worker is killed, it stands there once.

All faults of the contract suite meet posts that are sent at the same time, by real processes, through a real proxy.
What is not out after that has asked a person.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from channels.kits.all import KITS, started
from channels.kits.base import Kit
from channels.kits.broken import BROKEN, spelled
from faults import FaultProxy
from machinery import Machinery
from story_desk import Desk

from outreach import clock
from outreach.channels import about

# the presets of a webhook differ in what they write, which the contract suite looks at
NETWORKS = [name for name in KITS if not name.startswith("webhook_") or name == "webhook_plain"]
pytestmark = pytest.mark.timeout(240)
# a dead token stops the whole account, which is another test; a date in the far future is waited for a day
LEFT_OUT = ("401", "429 with a date")
POINTS = ("claimed", "uploaded", "started", "stored", "written")
# one that is like its neighbours, one with a key of ours, one of two steps; before and after the call, all of them
EACH_POINT = ("mastodon", "bluesky", "threads")
KILLED = [(n, p) for n in NETWORKS for p in POINTS if n in EACH_POINT or p in ("started", "stored")]


@pytest.fixture
def kit(network: str) -> Iterator[Kit]:
    with started(network) as kit:
        kit.fresh()
        yield kit


@pytest.fixture
def place(desk: Desk, kit: Kit) -> Iterator[tuple[int, FaultProxy]]:
    with FaultProxy(kit.port) as proxy, desk.open_to_the_world():
        yield desk.connect_to(kit, proxy.url), proxy


@pytest.mark.parametrize("network", NETWORKS)
def test_all_that_can_break_at_once(desk: Desk, kit: Kit, place: tuple[int, FaultProxy]) -> None:
    account, proxy = place
    method, path = kit.publishes
    faults = [fault for name, fault in BROKEN.items() if name not in LEFT_OUT]
    for kind, more, _ in faults:
        proxy.arm(kind, method=method, path=path, **spelled(more, clock.now() + timedelta(seconds=3)))
    posts = [desk.schedule(account=account, picture=kit.network == "instagram") for _ in range(len(faults) + 4)]
    desk.wait_until_settled(*posts)
    standing = [one.text for one in kit.standing()]
    for post in posts:
        delivery = desk.delivery(post)
        copies = sum(desk.written[post] in text for text in standing)
        assert copies == 1 if delivery.state == "published" else copies <= 1, (delivery.state, delivery.diagnosis)
        assert desk.attempts(post), "every call is in the log"
    assert desk.states(*posts)["published"] >= len(posts) // (2 if about(kit.network).looks else 4)
    assert len(standing) == len(set(standing))


@pytest.mark.parametrize(("network", "point"), KILLED)
def test_a_worker_killed_at_each_point(
    desk: Desk, machinery: Machinery, kit: Kit, place: tuple[int, FaultProxy], point: str
) -> None:
    if point == "uploaded" and not desk.prepares(kit.network):
        pytest.skip("there is nothing to make before the send")
    account, _ = place
    machinery.arm(point)
    post = desk.schedule(account=account, picture=kit.network == "instagram")
    machinery.worker.wait_for_death()
    machinery.worker.start()
    desk.wait_until_settled(post)
    standing = [one.text for one in kit.standing()]
    assert [desk.written[post] in text for text in standing] in ([True], [])
    if about(kit.network).looks:  # elsewhere nobody but a person can look whether it is there
        assert desk.states(post) == {"published": 1}
    if desk.states(post) == {"published": 1}:
        assert len(standing) == 1
