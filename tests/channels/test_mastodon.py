"""The channel against a real server behind a faulty network: what each failure is, and what `find` says after it."""

from __future__ import annotations

import itertools
import socket
import time
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import requests
from faults import FaultProxy
from mastodon_server import TOKEN, MastodonServer

from outreach import clock
from outreach.channels import mastodon_find, mastodon_media
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
from outreach.channels.guard import Reach
from outreach.channels.mastodon import Mastodon

LOOPBACK = Reach(allow_hosts=("127.0.0.0/8",))
STATUSES = "/api/v1/statuses$"
PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010806000000"
    "1f15c4890000000d49444154789c636060606000000005000157a3f1d30000000049454e44ae426082"
)

counter = itertools.count(1)


def message(text: str | None = None, **more: Any) -> Outgoing:
    number = next(counter)
    return Outgoing(key=f"delivery-{number}:1", text=text or f"New in the library, number {number}", **more)


def picture(alt: str = "A shelf of red books", **more: Any) -> Picture:
    return Picture(data=PNG, mime="image/png", alt=alt, name="shelf.png", **more)


def status(server: MastodonServer, sent: Sent) -> dict[str, Any]:
    answer = requests.get(f"{server.url}/api/v1/statuses/{sent.remote_id}", timeout=5)
    answer.raise_for_status()
    return dict(answer.json())


def publish(channel: Mastodon, out: Outgoing) -> Sent:
    return channel.send(out, channel.prepare(out))


def fails(channel: Mastodon, out: Outgoing, kind: type[ChannelError]) -> ChannelError:
    with pytest.raises(kind) as caught:
        publish(channel, out)
    assert type(caught.value) is kind
    assert TOKEN not in str(caught.value)
    assert caught.value.sentence.pattern
    return caught.value


def just_now() -> datetime:
    return clock.now() - timedelta(seconds=10)


class TestSending:
    def test_a_plain_message(self, channel: Mastodon, mastodon_server: MastodonServer) -> None:
        out = message()
        sent = publish(channel, out)
        assert out.text in status(mastodon_server, sent)["content"]
        assert sent.url
        assert channel.find(out, {}, just_now()) == sent

    def test_the_same_key_again_is_the_same_message(self, channel: Mastodon) -> None:
        out = message()
        assert publish(channel, out) == publish(channel, out)

    def test_a_thread(self, channel: Mastodon, mastodon_server: MastodonServer) -> None:
        first = publish(channel, message("Which book won the first Newbery Medal?"))
        answer = message("The Story of Mankind.", reply_to=first.remote_id)
        second = publish(channel, answer)
        assert status(mastodon_server, second)["in_reply_to_id"] == first.remote_id
        assert channel.find(answer, {}, just_now()) == second
        assert channel.find(message("The Story of Mankind."), {}, just_now()) is None

    def test_a_poll(self, channel: Mastodon, mastodon_server: MastodonServer) -> None:
        out = message(poll=Poll(("Graphic novels", "Mysteries", "Both"), 60 * 24), warning="Silly", language="en")
        sent = publish(channel, out)
        poll = status(mastodon_server, sent)["poll"]
        assert [option["title"] for option in poll["options"]] == ["Graphic novels", "Mysteries", "Both"]
        assert not poll["multiple"]
        ends = datetime.fromisoformat(poll["expires_at"]).replace(tzinfo=UTC)
        assert timedelta(hours=23) < ends - clock.now() < timedelta(hours=25)
        assert channel.find(out, {}, just_now()) == sent
        assert channel.find(message(out.text, poll=Poll(("Yes", "No"), 60), warning="Silly"), {}, just_now()) is None

    def test_pictures_with_their_descriptions(self, channel: Mastodon, mastodon_server: MastodonServer) -> None:
        out = message(pictures=(picture("Eine Katze – schläft"), picture("Two readers")))
        sent = publish(channel, out)
        media = status(mastodon_server, sent)["media_attachments"]
        assert sorted(item["description"] for item in media) == ["Eine Katze – schläft", "Two readers"]
        assert requests.get(media[0]["url"].replace("localhost", "127.0.0.1"), timeout=5).content == PNG
        assert channel.find(out, {}, just_now()) == sent
        assert channel.find(message(out.text, pictures=(picture(),)), {}, just_now()) is None

    def test_warning_language_and_visibility(self, channel: Mastodon, mastodon_server: MastodonServer) -> None:
        for visibility in ("public", "unlisted", "private"):
            out = message(warning="Spoilers for chapter 3", language="es", visibility=visibility)
            sent = publish(channel, out)
            made = self.own(mastodon_server, sent) if visibility == "private" else status(mastodon_server, sent)
            assert (made["spoiler_text"], made["language"], made["visibility"]) == (
                "Spoilers for chapter 3",
                "es",
                visibility,
            )
            assert made["sensitive"]
            assert channel.find(out, {}, just_now()) == sent

    @staticmethod
    def own(server: MastodonServer, sent: Sent) -> dict[str, Any]:
        headers = {"Authorization": f"Bearer {TOKEN}"}
        return dict(requests.get(f"{server.url}/api/v1/statuses/{sent.remote_id}", headers=headers, timeout=5).json())

    @pytest.mark.parametrize(
        "text",
        [
            "Links: https://books.example.org/a/very/long/path/that/servers/shorten?q=1&r=2 and more",
            "Hello @testuser@127.0.0.1, see #BookTalk",
            "Two paragraphs.\n\nThe second,\nwith a break & <angle> brackets",
            "**Bold** and *italic* and `code` stay themselves",
            "Grüße 👋🏽 «quotes» क्षत्रिय",
            "  spaces   around  ",
        ],
    )
    def test_found_again_whatever_the_server_makes_of_the_text(self, channel: Mastodon, text: str) -> None:
        out = message(text + f" {next(counter)}")
        assert channel.find(out, {}, just_now()) is None
        sent = publish(channel, out)
        assert channel.find(out, {}, just_now()) == sent

    def test_another_message_of_ours_is_never_taken_for_it(self, channel: Mastodon) -> None:
        out = message("The same words")
        first = publish(channel, out)
        twin = replace(message("The same words"), others=frozenset({first.remote_id}))
        assert channel.find(twin, {}, just_now()) is None
        second = publish(channel, twin)
        assert channel.find(twin, {}, just_now()) == second

    def test_what_is_older_is_not_found(self, channel: Mastodon) -> None:
        out = message()
        publish(channel, out)
        assert channel.find(out, {}, clock.now() + timedelta(minutes=3)) is None

    def test_a_long_page_is_turned(self, channel: Mastodon, monkeypatch: pytest.MonkeyPatch) -> None:
        out = message()
        sent = publish(channel, out)
        for _ in range(4):
            publish(channel, message())
        monkeypatch.setattr(mastodon_find, "PAGE", 2)
        assert channel.find(out, {}, just_now()) == sent

    def test_more_than_we_look_through_is_not_absent(self, channel: Mastodon, monkeypatch: pytest.MonkeyPatch) -> None:
        for _ in range(4):
            publish(channel, message())
        monkeypatch.setattr(mastodon_find, "PAGE", 1)
        monkeypatch.setattr(mastodon_find, "PAGES", 2)
        with pytest.raises(Unclear):
            channel.find(message(), {}, just_now())


class TestNotSent:
    """Certainly not out: the server never saw it, or said so."""

    def absent(self, channel: Mastodon, network: FaultProxy, out: Outgoing) -> None:
        network.clear()
        assert channel.find(out, {}, just_now()) is None
        assert publish(channel, out)  # and it can go out afterwards

    def test_nobody_listens(self, channel: Mastodon, network: FaultProxy) -> None:
        out = message()
        network.refuse()
        error = fails(channel, out, TryLater)
        assert "It has not gone out: nothing answers at 127.0.0.1" in error.sentence
        self.absent(channel, network, out)

    def test_unknown_name(self) -> None:
        lost = Mastodon(Login("https://no-such-server.invalid", {"token": TOKEN}, Reach()))
        error = fails(lost, message(), TryLater)
        assert "no server called no-such-server.invalid" in error.sentence

    def test_nobody_opens_in_time(self) -> None:
        """A queue that is full and never emptied: the system leaves a knock unanswered."""
        with socket.create_server(("127.0.0.1", 0), backlog=0) as deaf, ExitStack() as crowd:
            for _ in range(4):
                waiting = crowd.enter_context(socket.socket())
                waiting.setblocking(False)
                waiting.connect_ex(deaf.getsockname())
            lost = Mastodon(Login(f"http://127.0.0.1:{deaf.getsockname()[1]}", {"token": TOKEN}, LOOPBACK))
            lost.client.session.deadline_seconds = 0.5
            assert "did not let us in in time" in fails(lost, message(), TryLater).sentence

    def test_a_private_address(self, mastodon_server: MastodonServer) -> None:
        barred = Mastodon(Login(mastodon_server.url, {"token": TOKEN}, Reach()))
        error = fails(barred, message(), Refused)
        assert "OUTREACH_ALLOW_HOSTS" in error.sentence

    def test_no_certificate_we_know(self, mastodon_server: MastodonServer) -> None:
        insecure = Mastodon(Login(mastodon_server.url.replace("http:", "https:"), {"token": TOKEN}, LOOPBACK))
        error = fails(insecure, message(), TryLater)
        assert "secure connection" in error.sentence

    @pytest.mark.parametrize("code", [401, 403])
    def test_the_token_is_dead_or_lacks_a_right(self, channel: Mastodon, network: FaultProxy, code: int) -> None:
        out = message()
        network.arm("status", path=STATUSES, status=code, forward=False)
        assert "Connect the account again" in fails(channel, out, Unauthorized).sentence
        self.absent(channel, network, out)

    def test_a_real_dead_token(self, network: FaultProxy) -> None:
        stale = Mastodon(Login(network.url, {"token": "revoked"}, LOOPBACK))
        fails(stale, message(), Unauthorized)
        with pytest.raises(Unauthorized):
            stale.check()
        with pytest.raises(Unclear) as caught:
            stale.find(message(), {}, just_now())
        assert isinstance(caught.value.__cause__, Unauthorized)

    def test_a_web_filter_says_403(self, channel: Mastodon, network: FaultProxy) -> None:
        out = message()
        network.arm("status", path=STATUSES, status=403, forward=False, body=b"<html>Blocked: social media</html>")
        assert "web filter" in fails(channel, out, Refused).sentence
        self.absent(channel, network, out)

    def test_the_message_it_answers_is_gone(self, channel: Mastodon, network: FaultProxy) -> None:
        out = message(reply_to="404")
        network.arm("status", path=STATUSES, status=404, forward=False, body=b'{"error":"Record not found"}')
        assert "the message it answers is no longer" in fails(channel, out, Refused).sentence
        network.clear()
        assert channel.find(out, {}, just_now()) is None

    def test_there_is_no_such_page(self, channel: Mastodon, network: FaultProxy) -> None:
        out = message()
        network.arm("status", path=STATUSES, status=404, forward=False, body=b'{"error":"Record not found"}')
        assert "HTTP 404" in fails(channel, out, Refused).diagnosis
        self.absent(channel, network, out)

    def test_the_server_does_not_accept_it(self, channel: Mastodon, network: FaultProxy) -> None:
        error = fails(channel, message("x" * 501), Refused)
        assert "did not accept it (“Validation failed" in error.sentence
        assert "HTTP 422" in error.diagnosis

    def test_the_picture_is_not_ready(self, channel: Mastodon, network: FaultProxy) -> None:
        said = b'{"error":"Validation failed: Cannot attach files that have not finished processing. Try again!"}'
        out = message(pictures=(picture(),))
        network.arm("status", path=STATUSES, status=422, forward=False, body=said)
        assert "still working on the picture" in fails(channel, out, TryLater).sentence
        self.absent(channel, network, out)

    @pytest.mark.parametrize(
        "write",
        [
            lambda at: {"X-RateLimit-Reset": at.isoformat().replace("+00:00", "Z")},  # Mastodon
            lambda at: {"X-RateLimit-Reset": at.strftime("%Y-%m-%dT%H:%M:%S.000000Z")},
            lambda at: {"X-RateLimit-Reset": str(int(at.timestamp()))},  # GoToSocial
            lambda at: {"Retry-After": at.strftime("%a, %d %b %Y %H:%M:%S GMT")},
        ],
    )
    def test_too_many_requests(
        self, channel: Mastodon, network: FaultProxy, write: Callable[[datetime], dict[str, str]]
    ) -> None:
        reset = clock.now().replace(microsecond=0) + timedelta(minutes=4)
        out = message()
        network.arm("status", path=STATUSES, status=429, forward=False, headers=write(reset))
        error = fails(channel, out, TryLater)
        assert isinstance(error, TryLater)
        assert error.until == reset
        self.absent(channel, network, out)

    @pytest.mark.parametrize("headers", [{}, {"X-RateLimit-Reset": "soon"}, {"X-RateLimit-Reset": "9" * 40}])
    def test_too_many_requests_without_a_time(
        self, channel: Mastodon, network: FaultProxy, headers: dict[str, str]
    ) -> None:
        network.arm("status", path=STATUSES, status=429, forward=False, headers=headers)
        error = fails(channel, message(), TryLater)
        assert isinstance(error, TryLater)
        assert error.until is None

    def test_seconds_to_wait(self, channel: Mastodon, network: FaultProxy) -> None:
        network.arm("status", path=STATUSES, status=429, forward=False, headers={"Retry-After": "90"})
        error = fails(channel, message(), TryLater)
        assert isinstance(error, TryLater)
        assert error.until is not None
        assert timedelta(seconds=80) < error.until - clock.now() < timedelta(seconds=100)

    def test_the_server_has_moved(self, channel: Mastodon, network: FaultProxy) -> None:
        out = message()
        network.arm("redirect", path=STATUSES, status=301, forward=False, headers={"Location": "https://new.example/"})
        assert "has moved" in fails(channel, out, Refused).sentence
        self.absent(channel, network, out)


OUT, NOT_OUT = True, False


class TestUnclear:
    """Nobody knows: `send` says so, and `find` settles it."""

    @pytest.mark.parametrize(
        ("kind", "more", "is_out"),
        [
            ("reset_before", {}, NOT_OUT),
            ("reset_after", {}, OUT),
            ("close_after", {}, OUT),
            ("truncate", {}, OUT),
            ("garbage", {}, OUT),
            ("garbage", {"forward": False}, NOT_OUT),  # a sign-in page of the school's network
            ("handled", {}, OUT),
            ("redirect", {"status": 302, "headers": {"Location": "https://login.school/"}, "forward": False}, NOT_OUT),
            ("status", {"status": 409}, OUT),
            ("status", {"status": 409, "forward": False}, NOT_OUT),
            ("status", {"status": 500}, OUT),
            ("status", {"status": 500, "forward": False}, NOT_OUT),
            ("status", {"status": 502}, OUT),
            ("status", {"status": 503}, OUT),
            ("status", {"status": 503, "forward": False}, NOT_OUT),
            ("status", {"status": 504}, OUT),
            ("status", {"status": 520, "body": b"<html>"}, OUT),
        ],
    )
    def test_faults(
        self, channel: Mastodon, network: FaultProxy, kind: str, more: dict[str, Any], is_out: bool
    ) -> None:
        out = message()
        network.arm(kind, path=STATUSES, **more)
        error = fails(channel, out, Unclear)
        assert "not sure it went out" in error.sentence
        assert network.asked.count(("POST", "/api/v1/statuses")) == 1  # nothing below us tried again
        network.clear()
        assert (channel.find(out, {}, just_now()) is not None) is is_out

    @pytest.mark.parametrize(("kind", "seconds"), [("hang", 30.0), ("slow", 0.05)])
    def test_time_outs(self, channel: Mastodon, network: FaultProxy, kind: str, seconds: float) -> None:
        out = message()
        channel.client.session.deadline_seconds = 1.0
        network.arm(kind, path=STATUSES, seconds=seconds)
        start = time.monotonic()
        with pytest.raises(Unclear):
            channel.send(out, {})
        assert time.monotonic() - start < 2
        network.clear()
        assert channel.find(out, {}, just_now()) is not None

    def test_a_good_answer_is_good_whatever_its_headers(self, channel: Mastodon, network: FaultProxy) -> None:
        out = message()
        network.arm("wrong_type", path=STATUSES)
        sent = publish(channel, out)
        assert channel.find(out, {}, just_now()) == sent

    def test_an_unreadable_rate_header_after_a_success(self, channel: Mastodon, network: FaultProxy) -> None:
        network.arm("status", path=STATUSES, status=200, headers={"X-RateLimit-Reset": "soon"}, body=b'{"id":"7"}')
        assert publish(channel, message()) == Sent("7", None)

    @pytest.mark.parametrize("code", [404, 429, 500, 503])
    def test_when_we_cannot_look_it_stays_unclear(self, channel: Mastodon, network: FaultProxy, code: int) -> None:
        network.arm("status", method="GET", once=9, status=code)
        with pytest.raises(Unclear, match="could not look"):
            channel.find(message(), {}, just_now())

    def test_when_nobody_listens_it_stays_unclear(self, channel: Mastodon, network: FaultProxy) -> None:
        network.refuse()
        with pytest.raises(Unclear, match="could not look"):
            channel.find(message(), {}, just_now())


class TestUploads:
    MEDIA = "/api/v2/media$"

    @pytest.mark.parametrize(
        ("kind", "more", "raised"),
        [
            ("reset_after", {}, TryLater),
            ("truncate", {}, TryLater),
            ("garbage", {}, TryLater),
            ("status", {"status": 500}, TryLater),
            ("status", {"status": 503}, TryLater),
            ("status", {"status": 429}, TryLater),
            ("status", {"status": 401}, Unauthorized),
            ("status", {"status": 413, "body": b"<html>"}, Refused),
            ("status", {"status": 422}, Refused),
        ],
    )
    def test_never_unclear(
        self, channel: Mastodon, network: FaultProxy, kind: str, more: dict[str, Any], raised: type[ChannelError]
    ) -> None:
        out = message(pictures=(picture(),))
        network.arm(kind, path=self.MEDIA, **more)
        with pytest.raises(ChannelError) as caught:
            channel.prepare(out)
        assert type(caught.value) is raised
        assert caught.value.sentence.startswith("It has not gone out")

    def test_all_uploads_share_one_deadline(
        self, channel: Mastodon, network: FaultProxy, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        from outreach.channels import mastodon

        monkeypatch.setattr(mastodon, "PREPARE_SECONDS", 1.0)
        network.arm("hang", path=self.MEDIA, once=4)
        start = time.monotonic()
        with pytest.raises(TryLater):
            channel.prepare(message(pictures=(picture(), picture(), picture())))
        assert time.monotonic() - start < 2

    def test_waits_while_the_picture_is_in_work(
        self, channel: Mastodon, network: FaultProxy, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(mastodon_media, "pause", lambda seconds: None)
        network.arm("status", path=self.MEDIA, status=202, body=b'{"id":"5","url":null,"description":"A shelf"}')
        looks = "/api/v1/media/5$"
        network.arm("status", method="GET", path=looks, once=3, status=206, body=b'{"id":"5","url":null}')
        done = b'{"id":"5","url":"http://127.0.0.1/5","description":"A shelf"}'
        network.arm("status", method="GET", path=looks, status=200, body=done)
        assert channel.prepare(message(pictures=(picture("A shelf"),))) == {"media": ["5"]}

    def test_but_not_for_ever(self, channel: Mastodon, network: FaultProxy, monkeypatch: pytest.MonkeyPatch) -> None:
        from outreach.channels import mastodon

        monkeypatch.setattr(mastodon, "PREPARE_SECONDS", 1.0)
        network.arm("status", path=self.MEDIA, status=202, body=b'{"id":"5","url":null}')
        network.arm("status", method="GET", once=99, status=206, body=b'{"id":"5","url":null}')
        with pytest.raises(TryLater, match="still working"):
            channel.prepare(message(pictures=(picture(),)))

    def test_a_picture_the_server_cannot_work_on(
        self, channel: Mastodon, network: FaultProxy, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(mastodon_media, "pause", lambda seconds: None)
        network.arm("status", path=self.MEDIA, status=202, body=b'{"id":"5","url":null}')
        network.arm("status", method="GET", status=422, body=b'{"error":"Error processing thumbnail"}')
        with pytest.raises(Refused, match="Error processing thumbnail"):
            channel.prepare(message(pictures=(picture(),)))

    def test_a_description_is_never_cut(self, channel: Mastodon) -> None:
        channel.prepare(message(pictures=(picture("a" * 1500),)))
        with pytest.raises(Refused, match="1500 characters"):
            channel.prepare(message(pictures=(picture("a" * 1501),)))

    def test_a_server_that_cuts_it_itself(self, channel: Mastodon, network: FaultProxy) -> None:
        cut = b'{"id":"5","url":"http://x/5","description":"' + b"a" * 420 + b'"}'
        network.arm("status", path=self.MEDIA, status=200, body=cut)
        network.arm("status", method="PUT", status=200, body=cut)
        with pytest.raises(Refused, match="420 characters"):
            channel.prepare(message(pictures=(picture("a" * 600),)))


class TestCheck:
    def test_who_we_are_and_what_we_may(self, channel: Mastodon) -> None:
        found = channel.check()
        assert found.handle.startswith("@testuser@")
        assert found.name == "Test User"
        limits = found.limits
        assert (limits.characters, limits.link_cost, limits.mention_without_server) == (500, 23, True)
        assert (limits.images, limits.image_bytes, limits.image_pixels) == (4, 10_485_760, 16_777_216)
        assert (limits.poll_options, limits.poll_minutes) == (4, (5, 43_829))
        assert limits.image_types == ("image/jpeg", "image/png", "image/gif", "image/webp")
        assert limits.thread
        assert limits.content_warning

    @pytest.mark.parametrize(
        ("kind", "more", "raised", "words"),
        [
            ("garbage", {}, Refused, "does not answer as it should"),
            ("status", {"status": 404}, Refused, "does not answer as it should"),
            ("status", {"status": 503}, TryLater, "trouble of its own"),
            ("status", {"status": 429}, TryLater, "asks us to wait"),
            ("status", {"status": 401}, Unauthorized, "Connect the account again"),
            ("reset_after", {}, TryLater, "broke off"),
        ],
    )
    def test_failures(
        self,
        channel: Mastodon,
        network: FaultProxy,
        kind: str,
        more: dict[str, Any],
        raised: type[ChannelError],
        words: str,
    ) -> None:
        network.arm(kind, method="GET", **more)
        with pytest.raises(ChannelError, match=words) as caught:
            channel.check()
        assert type(caught.value) is raised

    def test_a_token_that_is_the_name_of_a_file_is_not_read(
        self, network: FaultProxy, tmp_path: Any, mastodon_server: MastodonServer
    ) -> None:
        (tmp_path / "secret").write_text(TOKEN)
        with pytest.raises(Unauthorized):
            Mastodon(Login(network.url, {"token": str(tmp_path / "secret")}, LOOPBACK)).check()
