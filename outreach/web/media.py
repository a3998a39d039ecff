"""Pictures of a library, for the people of that library; and for a network that fetches what it shall show."""

from __future__ import annotations

from flask import Blueprint, Response, abort, current_app, request, send_file

from outreach import clock
from outreach.channels.base import Picture
from outreach.channels.fit import fitted, framed
from outreach.media.public import is_good
from outreach.models import Medium
from outreach.web.signin import find, needs

pages = Blueprint("media", __name__)
MOST = 8_000_000  # bytes: what Instagram and Threads take


@pages.get("/pictures/<digest>/<mark>.jpg")
def fetched(digest: str, mark: str):
    """As a JPEG that fits; `frame=feed` puts paper around what is too tall or too wide for Instagram."""
    shop = current_app.extensions["shop"]
    if not is_good(shop.config.secret_key, digest, mark, clock.now()) or not shop.store.has(digest):
        abort(404)
    picture = fitted(Picture(shop.store.read(digest), "", ""), MOST, ("image/jpeg",))
    if request.args.get("frame") == "feed":
        picture = framed(picture, MOST)
    answer = Response(picture.data, mimetype="image/jpeg")
    answer.headers["Content-Security-Policy"] = "default-src 'none'"
    return answer


@pages.get("/media/<int:medium_id>")
@needs("see")
def show(medium_id: int):
    medium = find(Medium, medium_id)
    path = current_app.extensions["shop"].store.path(medium.digest)
    if not path.is_file():
        abort(404)
    ending = medium.mime.removeprefix("image/").replace("jpeg", "jpg")
    answer = send_file(
        path,
        mimetype=medium.mime,
        as_attachment="download" in request.args,
        download_name=f"picture-{medium.id}.{ending}",
    )
    answer.headers["Cache-Control"] = "private, max-age=86400"
    answer.headers["Content-Security-Policy"] = "default-src 'none'"
    return answer
