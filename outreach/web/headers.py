"""What every answer carries."""

from __future__ import annotations

import gzip
from pathlib import Path

from flask import Flask, Response, current_app, request

POLICY = (
    "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; "
    "frame-ancestors 'none'; form-action 'self'"
)
FEEDS = ("application/rss+xml", "application/atom+xml", "application/feed+json")
COMPRESSED = ("text/", "application/javascript", "application/json", "image/svg+xml", *FEEDS)


def init_app(app: Flask) -> None:
    app.url_defaults(version)
    app.after_request(secure)
    app.after_request(compress)


def version(endpoint: str, values: dict[str, object]) -> None:
    """Our own files are cached for a day: a changed one has another address."""
    if endpoint == "static" and "v" not in values:
        file = Path(current_app.static_folder or "") / str(values["filename"])
        values["v"] = int(file.stat().st_mtime) if file.is_file() else 0


def secure(answer: Response) -> Response:
    answer.headers.setdefault("Content-Security-Policy", POLICY)
    answer.headers["X-Content-Type-Options"] = "nosniff"
    if "frame-ancestors *" not in answer.headers["Content-Security-Policy"]:
        answer.headers["X-Frame-Options"] = "DENY"
    answer.headers.setdefault("Referrer-Policy", "same-origin")
    answer.headers["Cross-Origin-Opener-Policy"] = "same-origin"
    if request.is_secure:
        answer.headers["Strict-Transport-Security"] = "max-age=31536000"
    if request.endpoint and request.endpoint.endswith("static"):
        answer.headers["Cache-Control"] = "public, max-age=86400"
    elif "Cache-Control" not in answer.headers:
        answer.headers["Cache-Control"] = "no-store"
    return answer


def compress(answer: Response) -> Response:
    """gzip what is text: a school's line is slow.

    Pages too, though the token of a form stands beside words of the address (BREACH guesses a secret from the length
    of many answers). The token is signed anew each second, so there are no many answers with the same one; and the
    cookie is SameSite=Lax, so that a page of somebody else gets no answer for her at all.
    """
    wanted = "gzip" in request.headers.get("Accept-Encoding", "")
    kind = answer.mimetype or ""
    if kind.startswith(COMPRESSED):
        answer.vary.add("Accept-Encoding")
    if (
        not wanted
        or (answer.direct_passthrough and not kind.startswith(COMPRESSED))
        or "Content-Encoding" in answer.headers
    ):
        return answer
    if answer.status_code != 200 or not kind.startswith(COMPRESSED):
        return answer
    answer.direct_passthrough = False
    data = answer.get_data()
    if len(data) > 700:
        answer.set_data(gzip.compress(data, 5))
        answer.headers["Content-Encoding"] = "gzip"
    return answer
