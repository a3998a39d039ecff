"""Pictures of a library, for the people of that library."""

from __future__ import annotations

from flask import Blueprint, abort, current_app, request, send_file

from outreach.models import Medium
from outreach.web.signin import find, needs

pages = Blueprint("media", __name__, url_prefix="/media")


@pages.get("/<int:medium_id>")
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
