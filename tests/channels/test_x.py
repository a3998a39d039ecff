"""What only X has: its keys, its money, its four kinds of 403, its way with words."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from channels.kits.base import LOOPBACK
from channels.kits.x import XKit
from channels.kits.x_fake import KEYS, ME, Post, XFake
from hypothesis import given
from hypothesis import strategies as st
from pictures_made import jpeg

from outreach import clock
from outreach.channels import x_media, x_price
from outreach.channels.about import Where
from outreach.channels.base import (
    ChannelError,
    Login,
    Outgoing,
    Picture,
    Poll,
    Refused,
    Sent,
    TryLater,
    Unauthorized,
    Unclear,
)
from outreach.channels.exchange import hide, overheard
from outreach.channels.pace import left
from outreach.channels.x import X
from outreach.channels.x_about import read
from outreach.channels.x_match import is_it

SHOWS = XFake()


@pytest.fixture(scope="module")
def kit() -> Iterator[XKit]:
    with XKit() as started:
        yield started


@pytest.fixture
def fake(kit: XKit) -> Iterator[XFake]:
    kit.fresh()
    yield kit.fake
    assert kit.fake.wrong == []


@pytest.fixture
def channel(fake: XFake, monkeypatch: pytest.MonkeyPatch) -> X:
    monkeypatch.setattr(x_media, "pause", lambda seconds: None)
    return X(Login(fake.server.url, KEYS, LOOPBACK, ME["id"]))


def message(text: str = "New on our shelves", **more: Any) -> Outgoing:
    return Outgoing("k" * 32, text, begun_at=clock.now(), **more)


def picture(alt: str = "A red shelf") -> Picture:
    return Picture(jpeg(64, 48), "image/jpeg", alt, "shelf.jpg")


def publish(channel: X, out: Outgoing) -> Sent:
    return channel.send(out, channel.prepare(out))


def just_now() -> datetime:
    return clock.now() - timedelta(seconds=10)


class TestConnecting:
    def test_the_keys_may_be_copied_with_spaces_and_line_ends(self) -> None:
        assert read({name: f"  {value[:9]} \n{value[9:]}\n" for name, value in KEYS.items()}) == KEYS

    @pytest.mark.parametrize(
        "other", [{"token": ""}, {"api_key": "https://x.com"}, {"token": "AbC" * 9}, {"api_key": KEYS["api_secret"]}]
    )
    def test_what_is_no_such_key_is_refused_before_anybody_is_asked(self, other: dict[str, str]) -> None:
        with pytest.raises(Refused):
            X.connect({**KEYS, **other}, Where(LOOPBACK))

    def test_who_the_account_is(self, channel: X) -> None:
        me = channel.check()
        assert (me.remote_id, me.handle, me.url) == (ME["id"], "@maplelibrary", "https://x.com/maplelibrary")
        assert me.picture.startswith("https://pbs.twimg.com/")

    def test_the_account_is_asked_for_where_nobody_kept_who_it_is(self, channel: X) -> None:
        out = message()
        sent = publish(channel, out)
        channel.remote_id = None
        assert channel.find(out, {}, just_now()) == sent


class TestMoney:
    @pytest.mark.parametrize("how", ["402", "usage-capped", "spend cap"])
    def test_without_credits_the_account_waits_for_a_person(self, fake: XFake, channel: X, how: str) -> None:
        fake.spent = how
        with pytest.raises(Unauthorized, match="credits"):
            publish(channel, message())
        assert fake.posts == []

    @pytest.mark.parametrize("how", ["402", "usage-capped", "spend cap"])
    def test_without_credits_nobody_can_look_either(self, fake: XFake, channel: X, how: str) -> None:
        fake.spent = how
        with pytest.raises(Unclear) as told:
            channel.find(message(), {}, just_now())
        assert isinstance(told.value.__cause__, Unauthorized)
        assert "console.x.com" in told.value.__cause__.sentence

    @pytest.mark.parametrize(
        ("text", "alts", "price"),
        [
            ("New books!", [], "0.015"),
            ("New books: https://maplelibrary.org/new", [], "0.200"),
            ("New books: maplelibrary.org", [], "0.200"),
            ("Open at 10.30, for $3.50, e.g. on 24.12.2026; write to info@maplelibrary.org", [], "0.015"),
            ("New books!", ["A shelf", "", "A reader"], "0.025"),
        ],
    )
    def test_what_a_message_costs(self, text: str, alts: list[str], price: str) -> None:
        assert x_price.of_message(text, alts) == Decimal(price)

    def test_what_looking_and_removing_cost(self) -> None:
        assert x_price.of_look(3) == Decimal("0.003")
        assert x_price.of_removal() + x_price.of_check() == Decimal("0.020")


class TestRefusals:
    def test_an_app_that_may_only_read(self, fake: XFake, channel: X) -> None:
        fake.read_only = True
        with pytest.raises(Unauthorized, match="Read and write"):
            publish(channel, message())

    def test_keys_that_were_revoked(self, fake: XFake, channel: X) -> None:
        fake.revoked = True
        with pytest.raises(Unauthorized):
            publish(channel, message())

    def test_too_fast(self, fake: XFake, channel: X) -> None:
        fake.throttled_until = int(time.time()) + 300
        with pytest.raises(TryLater) as told:
            publish(channel, message())
        assert told.value.until == datetime.fromtimestamp(fake.throttled_until, UTC)

    def test_its_own_headers_say_how_much_is_left(self, channel: X) -> None:
        channel.check()
        answer = channel.api.last()
        assert answer is not None
        told = left(answer.headers)
        assert told is not None
        assert (told.remaining, told.limit) == (74, 75)


class TestTheSameWordsTwice:
    def test_are_evidence_and_no_refusal(self, channel: X) -> None:
        first = publish(channel, message())
        with pytest.raises(Unclear, match="there already"):
            publish(channel, message())
        assert channel.find(message(), {}, just_now()) == first

    def test_that_stood_there_before_are_not_this_message(self, fake: XFake, channel: X) -> None:
        publish(channel, message())
        fake.posts[0].at -= timedelta(hours=1)
        with pytest.raises(Unclear):
            publish(channel, message())
        assert channel.find(message(), {}, just_now()) is None


class TestWhatGoesAlong:
    @pytest.mark.parametrize(
        ("answers", "told"),
        [("nobody", "mentionedUsers"), ("followed", "following"), ("everyone", None), ("", None)],
    )
    def test_who_may_answer(self, fake: XFake, channel: X, answers: str, told: str | None) -> None:
        publish(channel, message(answers=answers))
        assert fake.bodies[0].get("reply_settings") == told

    def test_a_poll_and_what_it_came_to(self, channel: X) -> None:
        out = message("Which next?", poll=Poll(("Red", "Blue", "Both"), 60))
        sent = publish(channel, out)
        tally = channel.tally(sent.remote_id)
        assert tally is not None
        assert tally.votes == (3, 6, 9)
        assert tally.open_until is not None
        assert clock.now() < tally.open_until < clock.now() + timedelta(minutes=61)

    def test_no_poll_no_tally(self, channel: X) -> None:
        assert channel.tally(publish(channel, message()).remote_id) is None

    def test_a_picture_that_takes_time_is_waited_for(self, fake: XFake, channel: X) -> None:
        fake.slow = 3
        publish(channel, message(pictures=(picture(),)))
        assert len(fake.posts[0].media) == 1

    def test_a_picture_that_takes_too_long_is_for_later(
        self, fake: XFake, channel: X, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        fake.slow = 1_000
        monkeypatch.setattr("outreach.channels.x.PREPARE_SECONDS", 0.5)
        with pytest.raises(TryLater, match="still working"):
            publish(channel, message(pictures=(picture(),)))

    def test_a_picture_that_x_cannot_use(self, fake: XFake, channel: X) -> None:
        fake.slow, fake.unusable = 1, True
        with pytest.raises(Refused, match="could not use the picture"):
            publish(channel, message(pictures=(picture(),)))

    def test_a_description_that_was_cut_does_not_go_out(self, fake: XFake, channel: X) -> None:
        fake.keeps_alt = False
        with pytest.raises(Refused, match="description"):
            publish(channel, message(pictures=(picture("A long red shelf"),)))

    def test_a_description_that_is_too_long_is_refused_before_the_upload(self, fake: XFake, channel: X) -> None:
        with pytest.raises(Refused, match="longer than the 1000"):
            publish(channel, message(pictures=(picture("x" * 1_001),)))
        assert fake.media == {}

    def test_a_moving_picture_becomes_a_still_one(self, channel: X, fake: XFake) -> None:
        import io

        from PIL import Image

        out = io.BytesIO()
        Image.new("P", (32, 32)).save(out, "GIF")
        publish(channel, message(pictures=(Picture(out.getvalue(), "image/gif", "Dots", "dots.gif"),)))
        assert len(fake.posts[0].media) == 1


class TestFinding:
    def test_a_picture_of_this_message_tells_it_apart(self, channel: X) -> None:
        one, two = message(""), message("")
        with_one = channel.prepare(replace(one, pictures=(picture("One"),)))
        with_two = channel.prepare(replace(two, pictures=(picture("Two"),)))
        first = channel.send(replace(one, pictures=(picture("One"),)), with_one)
        second = channel.send(replace(two, pictures=(picture("Two"),)), with_two)
        find_two = replace(two, pictures=(picture("Two"),), others=frozenset({first.remote_id}))
        assert channel.find(find_two, with_two, just_now()) == second

    def test_behind_many_others(self, fake: XFake, channel: X) -> None:
        fake.page = 5
        out = message("The first")
        sent = publish(channel, out)
        for number in range(12):
            publish(channel, message(f"Another, {number}"))
        assert channel.find(out, {}, just_now()) == sent

    def test_more_than_we_look_through_is_not_absent(self, fake: XFake, channel: X) -> None:
        fake.page = 1
        for number in range(7):
            publish(channel, message(f"Another, {number}"))
        with pytest.raises(Unclear):
            channel.find(message("Never sent"), {}, just_now())

    @given(
        st.lists(
            st.one_of(
                st.sampled_from(
                    [
                        "&",
                        "<b>",
                        "&amp;",
                        " https://maplelibrary.org/new?a=1&copy=2 ",
                        " maplelibrary.org ",
                        " ",
                        "\n\n",
                    ]
                ),
                st.sampled_from(
                    ["e\u0301", "👨‍👩‍👧", "图书", "100%", " https://lib.org/ü/ ", "#books", "@reader@mastodon.social"]
                ),
                st.text(alphabet=st.characters(exclude_categories=["Cs", "Cc", "Cn", "Co"]), max_size=5),
            ),
            min_size=1,
            max_size=8,
        ).map("".join)
    )
    def test_whatever_x_makes_of_a_text_it_is_recognised(self, text: str) -> None:
        shown = SHOWS._shown(Post("1800000000000000001", text, clock.now(), [], {}))
        assert is_it(message(text), {}, shown)
        assert not is_it(message(text + " more"), {}, shown)

    def test_what_repeats_or_quotes_another_is_none_of_ours(self) -> None:
        shown = SHOWS._shown(Post("1800000000000000001", "Same", clock.now(), [], {}))
        for kind in ("retweeted", "quoted", "replied_to"):
            assert not is_it(message("Same"), {}, shown | {"referenced_tweets": [{"type": kind, "id": "5"}]})


class TestTakingDown:
    def test_it_looks_where_the_answer_does_not_say_that_it_is_gone(self, fake: XFake, channel: X) -> None:
        fake.deletes_in_silence = True
        sent = publish(channel, message())
        channel.take_down(sent.remote_id)
        assert fake.posts == []


def test_no_key_is_in_what_is_logged(channel: X) -> None:
    with overheard() as heard:
        hide(KEYS.values())
        publish(channel, message(pictures=(picture(),)))
    told = str(heard.told())
    assert "/2/tweets" in told
    assert not [key for key in KEYS.values() if key in told]


def test_an_error_names_no_key(fake: XFake, channel: X) -> None:
    fake.revoked = True
    with pytest.raises(ChannelError) as told:
        channel.check()
    assert not [key for key in KEYS.values() if key in f"{told.value!r}"]
