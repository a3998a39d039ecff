"""The same with the times of every day, and through the command line."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from machinery import Machinery, wait_until
from story_desk import STATUSES, Desk

pytestmark = pytest.mark.timeout(110)


@pytest.fixture
def everyday(databases, tmp_path: Path) -> Iterator[Machinery]:
    url = databases.fresh("sqlite")
    with Machinery(tmp_path, url) as machinery:
        machinery.start()
        yield machinery
    databases.drop(url)


def test_one_post_in_time_and_one_whose_receipt_was_lost(everyday: Machinery, open_desk: Callable[[Machinery], Desk]):
    desk = open_desk(everyday)
    desk.network.arm("status", path=f"{STATUSES}$", status=504)
    lost = desk.schedule()
    wait_until(lambda: desk.network.sends() == 1)

    add = ["post", "add", "--library", desk.slug, "--account", "Mastodon 1", "--approve-as", desk.manager]
    assert everyday.outreach(*add, "--at", "now", "--text", "Written at the command line.").returncode == 0
    wait_until(lambda: "published" in states(everyday, desk))

    desk.wait_for("published", lost, seconds=70)
    took = desk.delivery(lost).published_at - desk.delivery(lost).send_started_at
    assert timedelta(seconds=20) < took < timedelta(minutes=1)
    assert desk.copies(lost) == [1]
    assert desk.texts()["Written at the command line."] == 1
    assert desk.network.sends() == 2


def states(machinery: Machinery, desk: Desk) -> list[str]:
    told = json.loads(machinery.outreach("post", "list", "--library", desk.slug, "--json").stdout)
    return [delivery["state"] for post in told for delivery in post["deliveries"]]
