"""The pictures of titles: cards, covers, and the shelf of some of them."""

from __future__ import annotations

import io

from flask import Blueprint, abort, current_app, g, make_response, request
from flask_security import current_user

from outreach import clock
from outreach.access import may
from outreach.models import Title
from outreach.titles import pictures
from outreach.titles.covers import Studio, cover_of, patience_of_preview, studio_of
from outreach.titles.rules import MOST
from outreach.web.signin import find, needs
from outreach.web.typed import ids

pages = Blueprint("shelf_pictures", __name__, url_prefix="/titles/all")


def studio() -> Studio:
    """What the doors draw with."""
    return studio_of(current_app.extensions["shop"])


@pages.get("/<int:title_id>/card")
@needs("see")
def card(title_id: int):
    """Its picture: the card that we draw."""
    title = find(Title, title_id)
    return _picture(pictures.card_of(title, g.library))


@pages.get("/<int:title_id>/cover")
@needs("see")
def cover(title_id: int):
    """Its cover where we have one and may show it, else its card. `fetch`: for a post that shall show it."""
    title = find(Title, title_id)
    if request.args.get("fetch") and may(current_user, "draft", g.library):
        with patience_of_preview() as until:
            cover_of(title, studio(), clock.now(), until)
    return _picture(pictures.cover_or_card(title, studio(), g.library))


@pages.get("/collage")
@needs("draft")
def collage():
    """The picture of some titles, for the preview of a post that is being written."""
    chosen, shape = ids(request.args, "title")[:MOST], request.args.get("shape", "")
    drawn = pictures.preview(chosen, g.library, shape, studio(), clock.now(), real=bool(request.args.get("real")))
    return _picture(drawn) if drawn is not None else abort(404)


def _picture(drawn: io.BytesIO):
    body = drawn.getvalue()
    answer = make_response(body)
    answer.mimetype = "image/png" if body.startswith(b"\x89PNG") else "image/jpeg"
    answer.headers["Cache-Control"] = "private, no-cache"
    answer.add_etag()
    return answer.make_conditional(request)
