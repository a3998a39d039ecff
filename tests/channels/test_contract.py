"""One suite over all channels: whatever breaks, what a channel says is what stands on the server.

Each network meets the most real server to be had (see `kits`) behind a faulty proxy, and `standing()` reads what is
there past our own code.
"""

from __future__ import annotations

import json
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from channels.kits.account import Account, account_on, impatient, message, number, only, picture
from channels.kits.base import Kit
from channels.kits.broken import BROKEN, OUT, spelled
from pictures_made import jpeg

from outreach import clock
from outreach.accounts.open import make_channel
from outreach.channels.base import (
    ChannelError,
    Handed,
    Limits,
    Outgoing,
    Poll,
    Prepared,
    Refused,
    Sent,
    TryLater,
    Unauthorized,
    Unclear,
)
from outreach.channels.counting import count, most
from outreach.channels.exchange import overheard
from outreach.channels.leave import leaving_within

NOT_OUT = (Refused, TryLater, Unauthorized)


@pytest.fixture
def account(kit: Kit) -> Any:
    with account_on(kit) as made:
        yield made


# What goes in comes out whole

PIECES = {
    "graphemes": "é",
    "decomposed": "e\u0301",
    "cjk": "图",
    "family": "👨‍👩‍👧",
    "flag": "🇺🇾",
    "hindi": "क्षि",
    "link": "https://library.example/new?q=1 ",
    "signs": r"a\b{c}@[d](e)<f>#g*h_i~j|k",
}


@pytest.mark.parametrize("kind", PIECES)
def test_what_goes_in_comes_out_whole(account: Account, kind: str) -> None:
    text = f"Begin {PIECES[kind] * 2} end. {next(number)}"
    sent = account.publish(account.needs_picture(message(text)))
    one = only(account)
    assert (one.remote_id, one.text) == (sent.remote_id, text)


def filled(piece: str, limits: Limits, over: bool = False) -> str:
    """As many of `piece` as there is room for, then letters up to the limit, or one more."""
    room = most(limits) - 12
    text = f"{next(number):06d} "
    while count(text + piece, limits) <= room:
        text += piece
    while count(text + "x", limits) <= most(limits):
        text += "x"
    return text + "x" if over else text


@pytest.mark.parametrize("kind", ["graphemes", "decomposed", "cjk", "family", "flag", "hindi", "link"])
def test_a_text_at_the_limit_is_taken(account: Account, kind: str) -> None:
    if not account.kit.counts_as_we_do and kind not in ("graphemes", "cjk"):
        pytest.skip("this server counts in another way than the network it stands for")
    text = filled(PIECES[kind], account.limits)
    account.publish(account.needs_picture(message(text)))
    assert only(account).text == text


@pytest.mark.parametrize("kind", ["graphemes", "cjk", "family"])
def test_one_more_is_refused_and_nothing_stands_there(account: Account, kind: str) -> None:
    if not account.kit.counts_as_we_do and kind == "family":
        pytest.skip("this server counts in another way than the network it stands for")
    out = account.needs_picture(message(filled(PIECES[kind], account.limits, over=True)))
    assert count(out.text, account.limits) == most(account.limits) + 1
    with pytest.raises(Refused):
        account.publish(out)
    assert account.standing() == []


def test_a_thread_of_five(account: Account) -> None:
    if not account.limits.thread:
        pytest.skip("messages cannot answer each other there")
    before: Sent | None = None
    for _ in range(5):
        before = account.publish(account.needs_picture(message(reply_to=before.remote_id if before else None)))
    standing = account.standing()
    assert [one.reply_to for one in standing] == [None, *(one.remote_id for one in standing[:-1])]


def test_an_answer_to_what_is_gone_is_refused(account: Account) -> None:
    if not account.limits.thread or not account.kit.knows_what_is_gone:
        pytest.skip("messages cannot answer each other there, or this server takes answers to anything")
    first = account.publish(account.needs_picture(message()))
    account.channel.take_down(first.remote_id)
    with pytest.raises(Refused):
        account.publish(account.needs_picture(message(reply_to=first.remote_id)))
    assert account.standing() == []


def test_pictures_with_their_descriptions(account: Account) -> None:
    if account.limits.images < 2:
        pytest.skip("it takes no two pictures")
    account.publish(message(pictures=(picture("A shelf of red books"), picture("The librarian, reading"))))
    assert only(account).alts == ("A shelf of red books", "The librarian, reading")


def test_a_description_at_the_limit(account: Account) -> None:
    if not account.limits.images:
        pytest.skip("it takes no pictures")
    alt = ("A very long shelf. " * 200)[: account.limits.alt_characters].rstrip()
    alt += "!" * (account.limits.alt_characters - len(alt))
    account.publish(message(pictures=(picture(alt),)))
    assert only(account).alts == (alt,)


def test_a_picture_at_the_limit(account: Account) -> None:
    """Where we make it fit, one that is larger arrives, smaller; elsewhere one that just fits arrives."""
    limits = account.limits
    if not limits.images or limits.image_bytes > 20_000_000:
        pytest.skip("it takes no pictures, or larger ones than we ever have")
    size = limits.image_bytes + 300_000 if limits.image_fitted else min(limits.image_bytes, 8_000_000)
    account.publish(message(pictures=(picture("A large shelf", data=jpeg(800, 600, padded_to=size)),)))
    assert only(account).alts == ("A large shelf",)


def test_a_poll(account: Account) -> None:
    if not account.limits.poll_options:
        pytest.skip("it has no polls")
    choices = ("The red one", "The blue one", "Both")[: account.limits.poll_options]
    account.publish(message("Which book next?", poll=Poll(choices, 24 * 60)))
    assert only(account).poll == choices


# Faults: the call that publishes breaks, and the channel says what is true.


def attempt(account: Account, out: Outgoing, patient: bool = True) -> tuple[Sent | ChannelError, Prepared]:
    prepared = account.prepared(out)
    if not patient:
        impatient(account.channel)
    try:
        sent = account.channel.send(account.served(out), prepared)
    except ChannelError as error:
        found = error.found if isinstance(error, Unclear) else {}
        return error, {**prepared, **found}
    assert isinstance(sent, Sent)
    return sent, prepared


@pytest.mark.parametrize("kind", BROKEN)
def test_whatever_breaks_what_it_says_is_true(account: Account, kind: str) -> None:
    """Sent: it stands there. Refused, TryLater, Unauthorized: it does not. Unclear: `find` tells which."""
    fault, more, _ = BROKEN[kind]
    out = account.needs_picture(message())
    account.breaks(fault, **spelled(more, clock.now() + timedelta(minutes=2)))
    said, prepared = attempt(account, out)
    _is_true(account, out, said, prepared)


def test_nobody_listens(account: Account) -> None:
    out = account.needs_picture(message())
    prepared = account.prepared(out)
    account.proxy.refuse()
    with pytest.raises(TryLater):
        account.channel.send(out, prepared)
    assert account.standing() == []


@pytest.mark.parametrize("forward", [True, False], ids=["stored", "not stored"])
def test_a_server_that_says_nothing(account: Account, forward: bool) -> None:
    out = account.needs_picture(message())
    account.breaks("hang", forward=forward, seconds=20)
    said, prepared = attempt(account, out, patient=False)
    _is_true(account.again(), out, said, prepared)


def test_what_would_leave_too_late_does_not_leave(account: Account) -> None:
    """Its worker stood still, and another one may have sent it."""
    out = account.needs_picture(message())
    prepared = account.prepared(out)
    with leaving_within(timedelta(seconds=-1)), pytest.raises(TryLater):
        account.channel.send(account.served(out), prepared)
    assert account.standing() == []


def _is_true(account: Account, out: Outgoing, said: Sent | ChannelError, prepared: Prepared) -> None:
    standing = account.standing()
    assert len(standing) <= 1
    if isinstance(said, Sent):
        assert [one.remote_id for one in standing] == [said.remote_id]
    elif isinstance(said, NOT_OUT):
        assert standing == []
        assert said.sentence.startswith("It has not gone out") or "try again" in said.sentence.lower()
    else:
        found = look(account, out, prepared)
        assert found is NOBODY_KNOWS or ([found.remote_id] if found else []) == [one.remote_id for one in standing]


NOBODY_KNOWS: Any = object()


def look(account: Account, out: Outgoing, prepared: Prepared) -> Any:
    """What `find` says. That it cannot say may only be where there is nowhere to look: then a person is asked."""
    try:
        return account.channel.find(out, prepared, account.began)
    except Unclear:
        if account.channel.about.looks:
            raise
        return NOBODY_KNOWS


@pytest.mark.parametrize("kind", [kind for kind, (_, _, where) in BROKEN.items() if where == OUT])
def test_once_more_after_a_lost_answer_is_no_second_copy(account: Account, kind: str) -> None:
    """What reconcile does: it looks, and sends once more only what it did not find."""
    fault, more, _ = BROKEN[kind]
    out = account.needs_picture(message())
    account.breaks(fault, **more)
    said, prepared = attempt(account, out)
    if not isinstance(said, Sent) and look(account.again(), out, prepared) is None:
        account.again().publish(out)
    assert len(account.standing()) == 1


def test_find_takes_no_other_message_for_this_one(account: Account) -> None:
    twin = account.needs_picture(message("The same words"))
    sent = account.publish(twin)
    other = replace(twin, key="f" * 32, begun_at=_later(twin.begun_at), others=frozenset({sent.remote_id}))
    assert look(account, other, account.prepared(other)) in (None, NOBODY_KNOWS)


def _later(moment: datetime | None) -> datetime:
    assert moment is not None
    return moment + timedelta(milliseconds=5)


def test_find_does_not_find_what_was_never_sent(account: Account) -> None:
    account.publish(account.needs_picture(message()))
    out = account.needs_picture(message("Never sent"))
    assert look(account, out, account.prepared(out)) in (None, NOBODY_KNOWS)


def test_find_raises_only_unclear(account: Account) -> None:
    out = account.needs_picture(message())
    prepared = account.prepared(out)
    account.proxy.arm("garbage", method="GET", once=10, forward=False)
    with pytest.raises(Unclear):
        account.channel.find(out, prepared, account.began)


def test_taken_down_once_and_again(account: Account) -> None:
    sent = account.publish(account.needs_picture(message()))
    stays = account.publish(account.needs_picture(message()))
    if account.channel.take_down(sent.remote_id) == Handed():
        pytest.skip("a person takes it down there")
    account.channel.take_down(sent.remote_id)
    assert only(account).remote_id == stays.remote_id


@pytest.mark.parametrize("fault", ["reset_after", "garbage", "status"])
def test_a_deletion_whose_answer_was_lost(account: Account, fault: str) -> None:
    sent = account.publish(account.needs_picture(message()))
    account.proxy.arm(fault, method="DELETE" if account.kit.network != "bluesky" else "POST")
    with suppress(Unclear):
        if account.channel.take_down(sent.remote_id) == Handed():
            pytest.skip("a person takes it down there")
    account.again().channel.take_down(sent.remote_id)
    assert account.standing() == []


def test_no_secret_in_the_log_of_an_attempt(account: Account) -> None:
    """All that is overheard of an upload, a send, a look and a deletion, whatever the network echoes."""
    login = account.kit.login(account.proxy.url)
    out = account.needs_picture(message())
    with overheard() as heard:
        channel = make_channel(account.kit.network, login)
        prepared = channel.prepare(account.served(out))
        sent = channel.send(account.served(out), prepared)
        with suppress(ChannelError):
            channel.find(out, prepared, account.began)
        channel.take_down(sent.remote_id)
    told = json.dumps(heard.told())
    public = {login.remote_id, login.server}
    secrets = {value for value in (*login.secrets.values(), *login.setup.values()) if len(value) > 8} - public
    assert len(heard.calls) >= 1
    assert [secret for secret in secrets if secret in told] == []


def test_no_secret_in_what_is_said(account: Account) -> None:
    secrets = [value for value in account.kit.login("").secrets.values() if len(value) > 8]
    account.breaks("status", status=422, forward=False)
    said, _ = attempt(account, account.needs_picture(message()))
    told = f"{said} {said!r} {account.channel!r}"
    assert not [secret for secret in secrets if secret in told]
