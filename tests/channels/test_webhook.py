"""What only webhooks have: addresses that are passwords, a signature, and nobody who can look."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from channels.kits.base import LOOPBACK
from channels.kits.webhook import WEBHOOKS, WebhookKit
from channels.kits.webhook_fake import DISCORD_ID, DISCORD_TOKEN, KEY, PATHS
from faults import FaultProxy
from hypothesis import given
from hypothesis import strategies as st
from pictures_made import jpeg

from outreach import clock
from outreach.channels.about import Where
from outreach.channels.base import (
    ChannelError,
    Handed,
    Login,
    Outgoing,
    Picture,
    Refused,
    Sent,
    TryLater,
    Unauthorized,
    Unclear,
)
from outreach.channels.exchange import hide, overheard
from outreach.channels.webhook import Webhook
from outreach.channels.webhook_about import read
from outreach.channels.webhook_body import BODIES
from outreach.channels.webhook_sign import signature

GOOD = {
    "discord": "https://discord.com/api/webhooks/223704706495545344/3d89bb-75_72e0fb",
    "slack": "https://hooks.slack.com/services/T00000000/B00000000/XXXXXXXXXXXX",
    "teams": "https://prod-12.westus.logic.azure.com:443/workflows/ab12/triggers/manual/paths/invoke?sig=AbC&sv=1.0",
    "plain": "https://hooks.zapier.com/hooks/catch/1234567/abcdef/",
}


@pytest.fixture(params=WEBHOOKS)
def kit(request: pytest.FixtureRequest) -> Iterator[WebhookKit]:
    with WEBHOOKS[request.param]() as started:
        yield started
        assert started.wrong() == []


@pytest.fixture
def discord() -> Iterator[WebhookKit]:
    with WEBHOOKS["webhook_discord"]() as started:
        yield started
        assert started.wrong() == []


@pytest.fixture
def plain() -> Iterator[WebhookKit]:
    with WEBHOOKS["webhook_plain"]() as started:
        yield started
        assert started.wrong() == []


def at(kit: WebhookKit) -> Webhook:
    return Webhook(kit.login(kit.fake.server.url))


def message(text: str = "New on our shelves", **more: Any) -> Outgoing:
    return Outgoing("k" * 32, text, begun_at=clock.now(), **more)


def picture(url: str = "") -> Picture:
    return Picture(jpeg(64, 48), "image/jpeg", "A red shelf", "shelf.jpg", url)


class TestAddresses:
    @pytest.mark.parametrize("preset", GOOD)
    def test_what_the_services_show_is_taken_and_kept_apart_from_its_host(self, preset: str) -> None:
        address = read({"preset": preset, "address": f" {GOOD[preset]}\n"})
        assert f"{address.server}{address.path}" == GOOD[preset].partition("?")[0]
        assert address.query == GOOD[preset].partition("?")[2]
        assert address.server.count("/") == 2

    @pytest.mark.parametrize("chosen", GOOD)
    @pytest.mark.parametrize("pasted", GOOD)
    def test_an_address_of_another_service_is_refused(self, chosen: str, pasted: str) -> None:
        if chosen == pasted:
            return
        with pytest.raises(Refused):
            read({"preset": chosen, "address": GOOD[pasted]})

    @pytest.mark.parametrize(
        ("preset", "address"),
        [
            ("plain", ""),
            ("plain", "hooks.zapier.com/hooks/catch/1"),
            ("plain", "ftp://example.org/x"),
            ("plain", "https://user:password@example.org/x"),
            ("discord", "https://discord.com/channels/1/2"),
            ("discord", "http://discord.com/api/webhooks/2237/3d89"),
            ("discord", "https://discord.com.evil.example/api/webhooks/2237/3d89"),
            ("slack", "https://hooks.slack.com/triggers/T0/1/2"),
            ("teams", "https://school.webhook.office.com/webhookb2/1@2/IncomingWebhook/3/4"),
            ("unknown", "https://example.org/x"),
        ],
    )
    def test_what_cannot_be_right_is_refused_with_what_to_do(self, preset: str, address: str) -> None:
        with pytest.raises(Refused) as told:
            read({"preset": preset, "address": address})
        assert told.value.sentence.endswith(".")
        assert "3d89" not in told.value.sentence


class TestConnecting:
    def test_a_receiver_of_ones_own_gets_a_new_key_and_knows_us_by_it(self, plain: WebhookKit) -> None:
        typed = {"preset": "plain", "address": f"{plain.fake.server.url}{PATHS['plain']}"}
        (found,) = Webhook.connect(typed, Where(LOOPBACK))
        assert PATHS["plain"] not in found.server
        assert len(found.secrets["signing_key"]) == 64
        plain.fake.key = found.secrets["signing_key"]
        channel = Webhook(Login(found.server, found.secrets, LOOPBACK, found.identity.remote_id))
        assert channel.send(message(), {}) == Sent(message().key, None)
        (again,) = Webhook.connect(typed, Where(LOOPBACK))
        assert again.identity.remote_id == found.identity.remote_id
        assert again.secrets["signing_key"] != found.secrets["signing_key"]

    def test_a_key_that_the_receiver_has_already_is_kept(self) -> None:
        (found,) = Webhook.connect({"address": GOOD["plain"], "signing_key": KEY}, Where(LOOPBACK))
        assert found.secrets["signing_key"] == KEY
        with pytest.raises(Refused):
            Webhook.connect({"address": GOOD["plain"], "signing_key": "short"}, Where(LOOPBACK))

    @pytest.mark.parametrize("preset", ["slack", "teams"])
    def test_nothing_is_posted_to_try_an_address(self, preset: str) -> None:
        (found,) = Webhook.connect({"preset": preset, "address": GOOD[preset]}, Where(LOOPBACK))
        assert found.identity.remote_id.startswith(f"{preset}:")
        assert "signing_key" not in found.secrets
        assert found.identity.limits.images == 0

    def test_pictures_go_where_they_can_be_fetched(self) -> None:
        where = Where(LOOPBACK, public_url="https://outreach.example")
        (found,) = Webhook.connect({"preset": "slack", "address": GOOD["slack"]}, where)
        assert found.identity.limits.images == 4

    def test_discord_says_who_it_is(self, discord: WebhookKit) -> None:
        me = at(discord).check()
        assert (me.remote_id, me.name) == (f"discord:{DISCORD_ID}", "Maple Library")
        assert me.picture.startswith(f"https://cdn.discordapp.com/avatars/{DISCORD_ID}/")


class TestSending:
    def test_an_address_that_was_removed_is_connected_again(self, kit: WebhookKit) -> None:
        kit.fake.removed = True
        with pytest.raises(Unauthorized):
            at(kit).send(message(), {})

    def test_too_fast(self, kit: WebhookKit) -> None:
        kit.fake.throttled = 90
        with pytest.raises(TryLater) as told:
            at(kit).send(message(), {})
        assert told.value.until is not None
        assert timedelta(seconds=80) < told.value.until - clock.now() < timedelta(seconds=100)

    def test_after_a_lost_answer_nobody_is_told_that_we_look(self, kit: WebhookKit) -> None:
        with FaultProxy(kit.port) as proxy:
            channel = Webhook(kit.login(proxy.url))
            proxy.arm("reset_after")
            with pytest.raises(Unclear, match="look yourself"):
                channel.send(message(), {})
            with pytest.raises(Unclear, match="look yourself"):
                channel.find(message(), {}, clock.now())

    def test_a_picture_that_cannot_be_fetched_is_not_dropped_in_silence(self, kit: WebhookKit) -> None:
        out = message(pictures=(picture(),))
        if kit.preset == "plain":
            at(kit).send(out, {})
            assert kit.standing()[0].alts == ("A red shelf",)
        else:
            with pytest.raises(Refused, match="picture"):
                at(kit).send(out, {})
            assert kit.standing() == []

    def test_line_ends_are_kept(self, kit: WebhookKit) -> None:
        at(kit).send(message("First\nSecond"), {})
        assert kit.standing()[0].text == "First\nSecond"

    def test_what_is_logged_has_no_address_and_no_key(self, kit: WebhookKit) -> None:
        login = kit.login(kit.fake.server.url)
        with overheard() as heard:
            hide(login.secrets.values())
            Webhook(login).send(message(), {})
            if kit.preset == "discord":
                Webhook(login).check()
        told = str(heard.told())
        assert "POST 127.0.0.1" in told
        assert PATHS[kit.preset] not in told
        assert not [secret for secret in (DISCORD_TOKEN, KEY, "AbC-d_E") if secret in told]

    def test_an_error_names_no_address(self, kit: WebhookKit) -> None:
        kit.fake.removed = True
        with pytest.raises(ChannelError) as told:
            at(kit).send(message(), {})
        assert PATHS[kit.preset] not in f"{told.value!r} {at(kit)!r}"


class TestDiscord:
    def test_a_thread_of_the_channel_stays_in_the_address(self, discord: WebhookKit) -> None:
        login = discord.login(discord.fake.server.url)
        channel = Webhook(replace(login, secrets={**login.secrets, "query": "thread_id=5"}))
        channel.send(message(), {})
        assert discord.fake.server.seen[-1].query == {"thread_id": ["5"], "wait": ["true"]}
        assert discord.fake.wrong.pop().startswith("query:")


def test_only_discord_takes_down_by_itself(kit: WebhookKit) -> None:
    sent = at(kit).send(message(), {})
    handed = at(kit).take_down(sent.remote_id)
    assert (handed is None) == (kit.preset == "discord")
    assert isinstance(handed, Handed | None)


TEXTS = st.text(alphabet=st.characters(exclude_categories=["Cs"]), min_size=1, max_size=60)


class TestBodies:
    @given(TEXTS)
    def test_slack_gets_no_sign_of_its_own(self, text: str) -> None:
        told = BODIES["slack"](message(text))["text"]
        assert not {"<", ">"} & set(told)
        shown = told.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
        assert shown == (text or " ")

    @given(TEXTS)
    def test_every_body_is_json_and_has_the_text_whole(self, text: str) -> None:
        for preset in ("plain", "discord"):
            told = json.loads(json.dumps(BODIES[preset](message(text)), ensure_ascii=False).encode())
            assert told.get("text", told.get("content")) == text
        card = BODIES["teams"](message(text))["attachments"][0]["content"]
        lines = [part["text"] for part in card["body"]]
        assert lines == [line for line in text.split("\n") if line.strip()]

    def test_a_link_is_a_button_at_teams_and_a_field_of_ours(self) -> None:
        out = message("Read more: https://maplelibrary.org/new.")
        assert BODIES["plain"](out)["link"] == "https://maplelibrary.org/new"
        card = BODIES["teams"](out)["attachments"][0]["content"]
        assert [action["url"] for action in card["actions"]] == ["https://maplelibrary.org/new"]

    @given(st.binary(max_size=40), st.binary(max_size=40), st.integers(0, 2**40))
    def test_another_body_key_or_moment_is_another_signature(self, one: bytes, other: bytes, seconds: int) -> None:
        made = signature(KEY, one, seconds)
        assert (made == signature(KEY, other, seconds)) == (one == other)
        assert made != signature(KEY + "x", one, seconds)
        assert made.partition(",")[2] != signature(KEY, one, seconds + 1).partition(",")[2]
