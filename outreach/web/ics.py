"""Calendar files to download: of an event, and of the time at which a person posts by hand."""

from __future__ import annotations

from flask import Blueprint, Response, abort, current_app, url_for
from flask_babel import gettext as _

from outreach import clock
from outreach.models import Delivery, Library, Post
from outreach.posts.ics import event_file, reminder_file
from outreach.posts.reading import draft_of
from outreach.posts.tell import next_morning
from outreach.posts.wording import from_payload
from outreach.web.signin import find, needs

pages = Blueprint("ics", __name__)


@pages.get("/posts/<int:post_id>/event.ics")
@needs("see")
def event(post_id: int):
    post = find(Post, post_id)
    if post.kind != "event":
        abort(404)
    made = event_file(draft_of(post), _uid("event", post.id, post.library), post.updated_at, post.revision)
    return _download(made or abort(404), f"event-{post.id}.ics")


@pages.get("/deliveries/<int:delivery_id>/reminder.ics")
@needs("see")
def reminder(delivery_id: int):
    delivery = find(Delivery, delivery_id)
    if delivery.account.network != "by_hand":
        abort(404)
    library, now = delivery.account.library, clock.now()
    made = reminder_file(
        _uid("reminder", delivery.id, library),
        next_morning(library, now) if delivery.state == "in_hand" else delivery.due_at,
        library.timezone,
        _("Post on %(place)s", place=delivery.account.name),
        from_payload(delivery.payload).text,
        _address(delivery.id),
        now,
    )
    return _download(made, f"reminder-{delivery.id}.ics")


def _uid(what: str, number: int, library: Library) -> str:
    return f"{what}-{number}@{library.slug}.outreach"


def _address(delivery_id: int) -> str:
    """Of the page with the words to copy, as others reach us."""
    public: str = current_app.extensions["shop"].config.public_url
    path = url_for("deliveries.show", delivery_id=delivery_id)
    return public.rstrip("/") + path if public else url_for("deliveries.show", delivery_id=delivery_id, _external=True)


def _download(made: bytes, name: str) -> Response:
    told = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(made, mimetype="text/calendar", headers=told)
