"""Other words where a message stands: of every network that can, whatever breaks on the way."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from typing import Any

import pytest
from channels.kits.account import Account, account_on, message, only, picture
from channels.kits.all import KITS, started
from channels.kits.base import Kit
from channels.kits.broken import BROKEN, spelled

from outreach import clock
from outreach.channels import about
from outreach.channels.base import ChannelError, Refused, TryLater, Unauthorized, Unclear
from outreach.channels.exchange import overheard

EDITS = [name for name, kit in KITS.items() if about(kit.network).edits]
METHOD = {"mastodon": "PUT"}


@pytest.fixture(scope="module", params=EDITS)
def kit(request: pytest.FixtureRequest) -> Iterator[Kit]:
    with started(request.param) as made:
        yield made


@pytest.fixture
def account(kit: Kit) -> Iterator[Account]:
    with account_on(kit) as made:
        yield made


def test_it_says_the_other_words_and_is_the_same_message(account: Account) -> None:
    out = message("Poetry on Firday (a@b) [c] {d}")
    sent, stays = account.publish(out), account.publish(message())
    for _ in range(2):  # the second time changes nothing
        changed = account.channel.edit(sent.remote_id, replace(out, text="Poetry on Friday (a@b) [c] {d}"))
        assert changed.remote_id == sent.remote_id
    assert [one.text for one in account.standing() if one.remote_id == sent.remote_id] == [
        "Poetry on Friday (a@b) [c] {d}"
    ]
    assert {one.remote_id for one in account.standing()} == {sent.remote_id, stays.remote_id}


def test_its_pictures_stay(account: Account) -> None:
    out = message(pictures=(picture("A tabel"),))
    sent = account.publish(out)
    corrected = replace(out.pictures[0], alt="A table")
    before = len(account.proxy.forwarded)
    account.channel.edit(sent.remote_id, account.served(replace(out, text="Other words", pictures=(corrected,))))
    one = only(account)
    assert one.text == "Other words"
    if account.kit.network == "mastodon":  # the mock keeps the old ones; that the new ones are sent is seen before it
        assert ("POST", "/api/v2/media") in account.proxy.forwarded[before:]
    else:
        assert one.alts == {"all": ("A table",), "words": ("A tabel",)}[about(account.kit.network).edits]


@pytest.mark.parametrize("kind", BROKEN)
def test_whatever_breaks_it_is_asked_again_and_is_one_message(account: Account, kind: str) -> None:
    fault, more, _ = BROKEN[kind]
    out = message()
    sent = account.publish(out)
    account.proxy.arm(fault, method=METHOD.get(account.kit.network, "POST"), **spelled(more, clock.now()))
    other = replace(out, text="Other words")
    with suppress(Refused, TryLater, Unauthorized, Unclear):
        account.channel.edit(sent.remote_id, other)
    account.again().channel.edit(sent.remote_id, other)
    assert only(account).text == "Other words"


def test_nobody_listens(account: Account) -> None:
    sent = account.publish(message())
    account.proxy.refuse()
    with pytest.raises(TryLater, match="to change it"):
        account.channel.edit(sent.remote_id, message("Other words"))


def test_what_is_gone_is_not_changed(account: Account) -> None:
    sent = account.publish(message())
    account.channel.take_down(sent.remote_id)
    with pytest.raises(ChannelError):
        account.channel.edit(sent.remote_id, message("Other words"))
    assert account.standing() == []


def test_no_secret_is_overheard(account: Account) -> None:
    login: Any = account.kit.login(account.proxy.url)
    sent = account.publish(message())
    with overheard() as heard:
        account.channel.edit(sent.remote_id, message("Other words"))
    told = str(heard.told())
    assert heard.calls
    assert [secret for secret in login.secrets.values() if len(secret) > 8 and secret in told] == []
