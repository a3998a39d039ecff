"""Servers that speak Mastodon's API in their own way; fakes made from their documentation and source."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
from local_server import LocalServer, Reply, Request

from outreach import clock
from outreach.channels import mastodon_media
from outreach.channels.base import Login, Outgoing, Picture, Poll, Refused, Sent, Unclear
from outreach.channels.guard import Reach
from outreach.channels.mastodon import Mastodon
from outreach.channels.mastodon_connect import BROAD, OLDER, WANTED, authorize_url, exchange_code, register_app

LOOPBACK = Reach(allow_hosts=("127.0.0.0/8",))
PICTURE = Picture(b"picture", "image/jpeg", "A shelf", "shelf.jpg")
MISSING = Reply(404, {"error": "Record not found"})
HTML = Reply(200, b"<!doctype html><html><body>The app</body></html>")

Route = Callable[[Request], Reply]


class Relative:
    """One account on a server; what a server does differently is another route."""

    version = "4.3.0"

    def __init__(self) -> None:
        self.statuses: list[dict[str, Any]] = []
        self.posted: list[Request] = []
        self.routes: dict[tuple[str, str], Route] = {
            ("GET", "/api/v1/accounts/verify_credentials"): self.me,
            ("GET", "/api/v1/accounts/01ME/statuses"): lambda r: Reply(body=self.statuses[::-1]),
            ("POST", "/api/v1/statuses"): self.post,
            ("GET", "/api/v1/instance"): lambda r: Reply(body=self.v1()),
        }

    def __call__(self, request: Request) -> Reply:
        route = self.routes.get((request.method, request.path.rstrip("/")))
        return route(request) if route else self.missing(request)

    def missing(self, request: Request) -> Reply:
        return MISSING

    def me(self, request: Request) -> Reply:
        return Reply(
            body={
                "id": "01ME",
                "username": "library",
                "acct": "library",
                "display_name": "",
                "url": "https://x/@library",
            }
        )

    def v1(self) -> dict[str, Any]:
        return {"uri": "social.school", "version": self.version}

    def post(self, request: Request) -> Reply:
        self.posted.append(request)
        self.statuses.append(self.status(request.form()))
        return Reply(body=self.statuses[-1])

    def status(self, form: dict[str, Any]) -> dict[str, Any]:
        return {
            "id": f"01ST{len(self.statuses)}",
            "created_at": clock.now().isoformat().replace("+00:00", "Z"),
            "content": f"<p>{form['status']}</p>",
            "spoiler_text": form.get("spoiler_text", ""),
            "visibility": form.get("visibility", "public"),
            "in_reply_to_id": form.get("in_reply_to_id"),
            "media_attachments": [{"id": "1", "description": PICTURE.alt}] if "media_ids[]" in form else [],
            "url": "https://x/@library/1",
        }


@contextmanager
def running(relative: Relative) -> Iterator[Mastodon]:
    with LocalServer(relative) as server:
        yield Mastodon(Login(server.url, {"token": "t"}, LOOPBACK))


def publish(channel: Mastodon, out: Outgoing) -> Sent:
    return channel.send(out, channel.prepare(out))


def just_now() -> Any:
    return clock.now() - timedelta(seconds=5)


class GoToSocial(Relative):
    """docs.gotosocial.org; internal/middleware/idempotency.go, internal/api/client/media."""

    version = "0.19.1+git-abc"

    def __init__(self) -> None:
        super().__init__()
        self.keys: set[str] = set()
        self.routes |= {
            ("GET", "/api/v2/instance"): lambda r: Reply(body=self.v2()),
            ("POST", "/api/v2/media"): lambda r: Reply(body={"id": "01MEDIA", "url": None, "description": "A shelf"}),
            ("GET", "/api/v1/media/01MEDIA"): lambda r: Reply(
                body={"id": "01MEDIA", "url": "https://x/1.jpg", "description": "A shelf"}
            ),
        }

    def v2(self) -> dict[str, Any]:
        return {
            "domain": "social.school",
            "version": self.version,
            "source_url": "https://codeberg.org/superseriousbusiness/gotosocial",
            "configuration": {
                "statuses": {"max_characters": 5000, "max_media_attachments": 6, "characters_reserved_per_url": 25},
                "media_attachments": {
                    "supported_mime_types": ["image/jpeg", "image/webp"],
                    "image_size_limit": 41943040,
                },
                "polls": {
                    "max_options": 6,
                    "max_characters_per_option": 50,
                    "min_expiration": 300,
                    "max_expiration": 2629746,
                },
            },
        }

    def post(self, request: Request) -> Reply:
        key = request.headers["Idempotency-Key"] + request.headers["User-Agent"]
        if key in self.keys:
            return Reply(200, {"status": "request already handled"})
        self.keys.add(key)
        form = request.form()
        if "json" in request.headers["Content-Type"] and not isinstance(form.get("sensitive", False), bool):
            return Reply(400, {"error": "Bad Request: cannot unmarshal string into Go struct field of type bool"})
        return super().post(request)


class TestGoToSocial:
    def test_a_repeat_is_answered_without_an_id(self) -> None:
        out = Outgoing("1:1", "Hello")
        with running(GoToSocial()) as channel:
            sent = publish(channel, out)
            with pytest.raises(Unclear):
                publish(channel, out)
            assert channel.find(out, {}, just_now()) == sent

    def test_its_media_are_ready_on_the_second_look(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(mastodon_media, "pause", lambda seconds: None)
        with running(GoToSocial()) as channel:
            out = Outgoing("1:1", "Hello", pictures=(PICTURE,))
            sent = publish(channel, out)
            assert channel.find(out, {}, just_now()) == sent

    def test_a_poll_with_a_warning(self) -> None:
        relative = GoToSocial()
        with running(relative) as channel:
            publish(channel, Outgoing("1:1", "Which?", poll=Poll(("A", "B"), 60), warning="Silly"))
        form = relative.posted[0].form()
        assert form["poll"] == {"options": ["A", "B"], "expires_in": 3600, "multiple": False, "hide_totals": False}

    def test_its_limits(self) -> None:
        with running(GoToSocial()) as channel:
            found = channel.check()
        assert (found.handle, found.name) == ("@library@social.school", "library")
        assert (found.limits.characters, found.limits.images, found.limits.poll_options) == (5000, 6, 6)
        # it tells a number for links, and counts them in full
        assert (found.limits.link_cost, found.limits.mention_without_server) == (None, False)
        assert found.limits.image_types == ("image/jpeg", "image/webp")


class Akkoma(Relative):
    """docs.akkoma.dev, differences_in_mastoapi: v1 only with its own keys, replays whole answers."""

    version = "2.7.2 (compatible; Akkoma 3.13.2)"

    def __init__(self) -> None:
        super().__init__()
        self.replies: dict[str, Reply] = {}
        self.routes["POST", "/api/v2/media"] = lambda r: Reply(
            202, {"id": "9", "url": "https://x/9.jpg", "description": "A shelf"}
        )

    def missing(self, request: Request) -> Reply:
        return HTML if request.path.startswith("/api/v2/instance") else MISSING

    def v1(self) -> dict[str, Any]:
        return {
            "uri": "https://social.school",
            "version": self.version,
            "max_toot_chars": 5000,
            "description_limit": 3000,
            "upload_limit": 8_000_000,
            "poll_limits": {
                "max_options": 20,
                "max_option_chars": 200,
                "min_expiration": 0,
                "max_expiration": 31536000,
            },
        }

    def post(self, request: Request) -> Reply:
        key = request.headers["Idempotency-Key"]
        if key not in self.replies:
            self.replies[key] = super().post(request)
            return self.replies[key]
        kept = self.replies[key]
        return Reply(kept.status, kept.body, {"Idempotent-Replayed": "true"})


class TestAkkoma:
    def test_a_repeat_gives_the_same_message(self) -> None:
        out = Outgoing("1:1", "Hello", pictures=(PICTURE,))
        relative = Akkoma()
        with running(relative) as channel:
            assert publish(channel, out) == publish(channel, out) == channel.find(out, {}, just_now())
        assert len(relative.statuses) == 1

    def test_its_limits_from_the_old_address(self) -> None:
        with running(Akkoma()) as channel:
            found = channel.check()
        limits = found.limits
        assert found.handle == "@library@social.school"
        assert (limits.characters, limits.alt_characters, limits.image_bytes) == (5000, 3000, 8_000_000)
        assert (limits.poll_options, limits.poll_option_characters, limits.poll_minutes) == (20, 200, (5, 525_600))
        assert limits.link_cost is None


class Pixelfed(Relative):
    """pixelfed/pixelfed #3581, #3405, #4447: no keys, a picture is a must, v1 uploads, HTML unless asked for JSON."""

    version = "2.7.2 (compatible; Pixelfed 0.12.4)"

    def __init__(self) -> None:
        super().__init__()
        self.routes["POST", "/api/v1/media"] = lambda r: Reply(
            body={"id": "9", "url": "https://x/9.jpg", "description": "A shelf"}
        )

    def __call__(self, request: Request) -> Reply:
        return super().__call__(request) if request.headers.get("Accept") == "application/json" else HTML

    def post(self, request: Request) -> Reply:
        if "media_ids[]" not in request.form():
            return Reply(422, {"message": "The media ids field is required.", "errors": {"media_ids": ["required"]}})
        reply = super().post(request)
        reply.body["content"] = f"<b>{reply.body['content']}</b> <i>#library</i>"
        return Reply(200, reply.body, {"X-RateLimit-Limit": "60", "X-RateLimit-Remaining": "59"})


class TestPixelfed:
    def test_a_picture_is_a_must(self) -> None:
        with running(Pixelfed()) as channel:
            limits = channel.check().limits
            assert limits.image_required
            assert (limits.poll_options, limits.visibilities) == (0, ("public", "unlisted", "private"))
            with pytest.raises(Refused, match="The media ids field is required"):
                publish(channel, Outgoing("1:1", "Hello"))

    def test_uploads_by_the_old_address(self) -> None:
        relative = Pixelfed()
        with running(relative) as channel:
            assert publish(channel, Outgoing("1:1", "Hello", pictures=(PICTURE,))).remote_id == "01ST0"
        assert relative.posted[0].form()["media_ids[]"] == "9"

    def test_without_a_source_the_text_on_the_page_decides(self) -> None:
        with running(Pixelfed()) as channel:
            sent = publish(channel, Outgoing("1:1", "Hello", pictures=(PICTURE,)))
            assert channel.find(Outgoing("1:1", "Hello #library", pictures=(PICTURE,)), {}, just_now()) == sent
            assert channel.find(Outgoing("1:1", "Hello", pictures=(PICTURE,)), {}, just_now()) is None


class Old(Relative):
    """Mastodon 3.1: one instance address, no limits in it, uploads by v1."""

    version = "3.1.2"

    def __init__(self) -> None:
        super().__init__()
        self.routes["POST", "/api/v1/media"] = lambda r: Reply(
            body={"id": "9", "url": "https://x/9", "description": "A shelf"}
        )


def test_an_old_mastodon() -> None:
    with running(Old()) as channel:
        limits = channel.check().limits
        assert (limits.characters, limits.link_cost, limits.poll_options) == (500, 23, 4)
        assert publish(channel, Outgoing("1:1", "Hello", pictures=(PICTURE,)))


class Consent(Relative):
    """The OAuth side of a server."""

    def __init__(self, supported: list[str] | None = None, refuses: str = "", version: str = "4.2.0") -> None:
        super().__init__()
        self.version, self.refuses = version, refuses
        self.asked: list[dict[str, Any]] = []
        self.tokens: list[dict[str, Any]] = []
        self.routes |= {("POST", "/api/v1/apps"): self.apps, ("POST", "/oauth/token"): self.token}
        if supported:
            told = Reply(body={"scopes_supported": supported})
            self.routes["GET", "/.well-known/oauth-authorization-server"] = lambda r: told

    def apps(self, request: Request) -> Reply:
        self.asked.append(request.form())
        if self.refuses and self.refuses in request.form()["scopes"]:
            return Reply(422, {"error": "Validation failed: Scopes doesn't match configured on the server."})
        return Reply(body={"client_id": "id", "client_secret": "hush"})

    def token(self, request: Request) -> Reply:
        form = request.form()
        self.tokens.append(form)
        if form["grant_type"] == "authorization_code" and form["code"] != "right":
            return Reply(400, {"error": "invalid_grant", "error_description": "The code is invalid"})
        return Reply(body={"access_token": "the-token", "scope": form["scope"]})


class TestConnect:
    @pytest.mark.parametrize(
        ("consent", "scopes"),
        [
            (Consent(["read", "write", *WANTED]), WANTED),
            (Consent(["read", "write", "read:accounts", *WANTED[1:]]), OLDER),
            (Consent(["read", "write", "admin"]), BROAD),
            (Consent(), OLDER),
            (Consent(version="2.7.2 (compatible; Pixelfed 0.12)"), BROAD),
            (Consent(refuses="read:statuses"), BROAD),
        ],
    )
    def test_asks_for_no_more_than_it_needs(self, consent: Consent, scopes: tuple[str, ...]) -> None:
        with LocalServer(consent) as server:
            app = register_app(server.url, LOOPBACK, "https://outreach.school/back")
        assert app.scopes == scopes
        assert consent.asked[-1]["scopes"] == " ".join(scopes)
        assert "hush" not in repr(app)

    def test_the_way_to_a_token(self) -> None:
        consent = Consent()
        with LocalServer(consent) as server:
            app = register_app(server.url, LOOPBACK)
            assert consent.tokens[0]["grant_type"] == "client_credentials"
            url = authorize_url(app, "state-1")
            assert url.startswith(f"{server.url}/oauth/authorize?response_type=code&client_id=id&")
            assert "state=state-1" in url
            assert "hush" not in url
            assert exchange_code(app, LOOPBACK, " right ") == "the-token"
            with pytest.raises(Refused, match="too old") as caught:
                exchange_code(app, LOOPBACK, "wrong")
            assert "hush" not in str(caught.value)

    def test_a_server_that_is_none(self) -> None:
        with LocalServer(lambda r: HTML) as server, pytest.raises(Refused, match="not answer as it should"):
            register_app(server.url, LOOPBACK)

    def test_a_private_server(self) -> None:
        with LocalServer(Consent()) as server, pytest.raises(Refused, match="OUTREACH_ALLOW_HOSTS"):
            register_app(server.url, Reach())


class Unknown(Relative):
    """It takes a message to nobody for one to everybody."""

    version = "2.8.0 (compatible; Friendica 2024.12)"

    def status(self, form: dict[str, Any]) -> dict[str, Any]:
        self.routes["DELETE", f"/api/v1/statuses/01ST{len(self.statuses)}"] = self.delete
        return super().status(form) | {"visibility": "public"}

    def delete(self, request: Request) -> Reply:
        return Reply(body=self.statuses.pop())


class TestTrial:
    @pytest.mark.parametrize("relative", [Pixelfed, Unknown])
    def test_it_is_not_tried_where_others_might_see_it(self, relative: type[Relative]) -> None:
        with running(relative()) as channel:
            assert channel.check().limits.trial == ""

    def test_a_server_that_shows_it_all_the_same_is_told_on(self) -> None:
        server = Unknown()
        with running(server) as channel, pytest.raises(Refused, match="others could see it"):
            channel.test()
        assert server.statuses == []

    def test_on_gotosocial_it_is_sent_to_nobody(self) -> None:
        server = GoToSocial()
        with running(server) as channel:
            assert channel.check().limits.trial == "message"
            channel.test()
        (form,) = [request.form() for request in server.posted]
        assert form["visibility"] == "direct"
        assert "@" not in form["status"]
