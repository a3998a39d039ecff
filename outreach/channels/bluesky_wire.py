"""atproto's calls, sent through our guarded session: it resolves, checks, caps and times like all that we send."""

from __future__ import annotations

from typing import Any

import httpx
from atproto_client import models
from atproto_client.client.raw import ClientRaw
from atproto_client.request import Request, _handle_response

from outreach.channels.http import GuardedSession


class _Guarded(Request):  # type: ignore[misc]
    def __init__(self, session: GuardedSession) -> None:
        super().__init__()
        self._session = session

    def _send_request(self, method: str, url: str, **more: Any) -> httpx.Response:
        headers = self.get_headers(more.pop("headers", None))
        headers.pop("User-Agent", None)  # ours
        data = more.pop("content", None) or more.pop("data", None)
        params = {key: value for key, value in (more.get("params") or {}).items() if value is not None}
        got = self._session.request(method, url, params=params, data=data, headers=headers)
        kind = got.headers.get("Content-Type", "")
        answer = httpx.Response(got.status_code, headers={"content-type": kind}, content=got.content)
        checked: httpx.Response = _handle_response(answer)
        return checked


class Api:
    """The few calls we make. `headers` carry the token; values are as the lexicons have them."""

    def __init__(self, client: ClientRaw) -> None:
        self.raw = client

    def create_session(self, data: dict[str, str]) -> object:
        return self.raw.com.atproto.server.create_session(models.ComAtprotoServerCreateSession.Data(**data))

    def refresh_session(self, headers: dict[str, str]) -> object:
        return self.raw.com.atproto.server.refresh_session(headers=headers)

    def get_session(self, headers: dict[str, str]) -> object:
        return self.raw.com.atproto.server.get_session(headers=headers)

    def profile(self, actor: str, headers: dict[str, str]) -> object:
        params = models.AppBskyActorGetProfile.Params(actor=actor)
        return self.raw.app.bsky.actor.get_profile(params, headers=headers)

    def resolve(self, handle: str) -> object:
        params = models.ComAtprotoIdentityResolveHandle.Params(handle=handle)
        return self.raw.com.atproto.identity.resolve_handle(params)

    def upload(self, data: bytes, mime: str, headers: dict[str, str]) -> object:
        return self.raw.com.atproto.repo.upload_blob(data, headers={**headers, "Content-Type": mime})

    def get_record(self, did: str, collection: str, rkey: str) -> object:
        params = models.ComAtprotoRepoGetRecord.Params(repo=did, collection=collection, rkey=rkey)
        return self.raw.com.atproto.repo.get_record(params)

    def write(self, did: str, writes: list[dict[str, Any]], headers: dict[str, str]) -> object:
        """All of them in one commit, or none (com.atproto.repo.applyWrites)."""
        data = models.ComAtprotoRepoApplyWrites.Data(repo=did, writes=[_write(**one) for one in writes])
        return self.raw.com.atproto.repo.apply_writes(data, headers=headers)


def _write(collection: str, rkey: str, value: dict[str, Any] | None = None) -> Any:
    if value is None:
        return models.ComAtprotoRepoApplyWrites.Delete(collection=collection, rkey=rkey)
    return models.ComAtprotoRepoApplyWrites.Create(collection=collection, rkey=rkey, value=value)


def api_on(server: str, session: GuardedSession) -> Api:
    return Api(ClientRaw(server, request=_Guarded(session)))


def facets_of(text: str, mentioned: dict[str, str]) -> list[dict[str, Any]]:
    """Links, hashtags and mentions in `text`, by bytes. `mentioned`: handle -> did."""
    from atproto_client.models.utils import get_model_as_dict
    from atproto_client.utils.facet_detection import detect_facets, detect_mentions

    found = [get_model_as_dict(facet) for facet in detect_facets(text)]
    for mention in detect_mentions(text):
        if did := mentioned.get(mention.handle.lower()):
            feature = {"$type": "app.bsky.richtext.facet#mention", "did": did}
            index = {"byteStart": mention.byte_start, "byteEnd": mention.byte_end}
            found.append({"features": [feature], "index": index})
    return sorted(found, key=lambda facet: facet["index"]["byteStart"])


def handles_in(text: str) -> list[str]:
    from atproto_client.utils.facet_detection import detect_mentions

    return list(dict.fromkeys(mention.handle.lower() for mention in detect_mentions(text)))
