"""Pages for readers who are on no network: latest from the library, in a frame, as feeds, on the screen in the hallway.

Nobody signs in, and nothing is kept about who reads: no session (see unkept), no limit by address, no log line.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from uuid import NAMESPACE_URL, uuid5

from flask import Blueprint, Response, abort, current_app, g, render_template, request, send_file
from flask_babel import gettext as _
from markupsafe import Markup
from werkzeug.exceptions import NotFound

from outreach import clock
from outreach.channels.screen import on_screen
from outreach.db import db
from outreach.drawing.colours import palette, readable
from outreach.languages import ENGLISH, LANGUAGES
from outreach.models import Account
from outreach.posts import latest, latest_feeds
from outreach.posts.latest import Entry
from outreach.posts.latest_feeds import Head, Item, Shown
from outreach.posts.linked import paragraphed
from outreach.web.own_addresses import address_of, feeds_of

pages = Blueprint("latest", __name__)
FRESH = 60  # seconds that a reader's program may keep an answer: what is taken down is gone everywhere after that
POLICY = (
    "default-src 'none'; img-src 'self'; style-src 'self'; script-src 'self'; connect-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors "
)
IN_A_FRAME = 10  # entries: who wants more opens the page
EACH = 12  # seconds that a post stands on the screen
DARK = (0x22, 0x25, 0x23)  # --sheet of latest.css in the dark


@pages.after_request
def keep_nothing(answer: Response) -> Response:
    answer.headers["Cache-Control"] = f"public, max-age={FRESH}"
    answer.headers["Referrer-Policy"] = "no-referrer"
    answer.headers["X-Robots-Tag"] = "noindex"  # what is taken down would stand on in search engines
    framed = "*" if request.endpoint == "latest.frame" else "'none'"
    answer.headers.setdefault("Content-Security-Policy", POLICY + framed)
    return answer


@pages.errorhandler(404)
def gone(_error: NotFound):
    g.bare, g.tongue = True, g.get("tongue") or request.accept_languages.best_match(LANGUAGES) or ENGLISH
    again = {"Refresh": "60"} if request.endpoint == "latest.screen" else {}  # nobody presses a key there
    return render_template("latest/gone.html"), 404, again


@pages.get("/latest/<key>")
def page(key: str):
    place = _place(key, "page")
    return _shown(place, "latest/page.html", feeds=feeds_of(place))


@pages.get("/latest/<key>/frame")
def frame(key: str):
    """The same for a page of the school: the only one of ours that others may hold in a frame."""
    return _shown(_place(key, "page"), "latest/frame.html", most=IN_A_FRAME)


@pages.get("/screen/<key>")
def screen(key: str):
    """All posts at once, one of them to be seen. Without script the page leads on to the next one by itself."""
    place = _place(key, "screen")
    entries = latest.standing(db.session(), place, clock.now())
    asked = request.args.get("n", "0")[:4]
    first = int(asked) % max(len(entries), 1) if asked.isdecimal() else 0
    body = render_template(
        "latest/screen.html",
        place=place,
        library=place.library,
        entries=entries,
        first=first,
        each=EACH,
        text=on_screen,
    )
    return _answer(body, "text/html")


@pages.get("/latest/<key>/feed.rss")
def rss(key: str):
    return _feed(key, "latest.rss", latest_feeds.rss, "application/rss+xml")


@pages.get("/latest/<key>/feed.atom")
def atom(key: str):
    return _feed(key, "latest.atom", latest_feeds.atom, "application/atom+xml")


@pages.get("/latest/<key>/feed.json")
def json_feed(key: str):
    return _feed(key, "latest.json_feed", latest_feeds.json_feed, "application/feed+json")


@pages.get("/latest/<key>/pictures/<digest>")
def picture(key: str, digest: str):
    """Of what stands there now, and no other."""
    entries = latest.standing(db.session(), _place(key, "page", "screen"), clock.now())
    image = next((image for entry in entries for image in entry.images if image.digest == digest), None)
    path = current_app.extensions["shop"].store.path(digest) if image else None
    if image is None or path is None or not path.is_file():
        abort(404)
    answer = send_file(path, mimetype=image.mime, etag=digest, conditional=True)
    answer.headers["Content-Security-Policy"] = "default-src 'none'"
    return answer


@pages.get("/latest/<key>/colour.css")
def colour(key: str):
    """The library's colour, as text can be read in it and on it."""
    made = palette(_place(key, "page", "screen").library.colour)
    night = readable(made.accent, DARK)
    told = {"accent": made.accent, "on-accent": made.on_accent, "deep": made.deep, "soft": made.soft, "night": night}
    rules = "".join(f"--{name}:#{r:02x}{g:02x}{b:02x};" for name, (r, g, b) in told.items())
    return _answer(f":root{{{rules}}}", "text/css")


def _place(key: str, *networks: str) -> Account:
    session = db.session()
    place = latest.place_at(session, key, *networks)
    if place is None or latest.is_over(session, place.library):
        abort(404)
    spoken = place.library.language
    g.tongue = spoken if spoken in LANGUAGES else ENGLISH
    g.library, g.bare = place.library, True  # its clock, and nothing around the page
    return place


def _shown(place: Account, template: str, most: int | None = None, **more):
    session = db.session()
    entries = latest.standing(session, place, clock.now())[:most]
    body = render_template(
        template, place=place, library=place.library, entries=entries, anchor=_anchor, html=_html, **more
    )
    return _answer(body, "text/html", latest.changed_at(session, place))


def _feed(key: str, endpoint: str, write: Callable[[Head, Sequence[Item]], bytes], mime: str):
    place, session = _place(key, "page"), db.session()
    changed = latest.changed_at(session, place)
    head = Head(
        id=uuid5(NAMESPACE_URL, place.created_at.isoformat()).urn,
        title=_("Latest from %(library)s", library=place.library.name),
        library=place.library.name,
        language=place.library.language,
        page=address_of("latest.page", place),
        own=address_of(endpoint, place),
        changed_at=changed,
    )
    body = write(head, [_item(entry, place) for entry in latest.standing(session, place, clock.now())])
    answer = _answer(body, mime, changed)
    answer.headers["Access-Control-Allow-Origin"] = "*"  # a page of the school may read it by script
    return answer


def _item(entry: Entry, place: Account) -> Item:
    shown = (Shown(address_of("latest.picture", place, digest=i.digest), i.mime, i.size, i.alt) for i in entry.images)
    url = f"{address_of('latest.page', place)}#{_anchor(entry)}"
    return Item(entry.id.urn, url, entry.text, entry.at, tuple(shown), entry.language, entry.changed_at)


def _anchor(entry: Entry) -> str:
    return f"p-{entry.id.hex[:12]}"


def _html(text: str) -> Markup:
    return Markup(paragraphed(text))  # noqa: S704  # escaped there


def _answer(body: str | bytes, mime: str, changed: datetime | None = None) -> Response:
    """With what a reader's program needs to ask whether there is anything new."""
    answer = Response(body, mimetype=mime)
    answer.set_etag(hashlib.sha256(answer.get_data()).hexdigest()[:32], weak=True)  # weak: it may be compressed
    if changed is not None and changed < clock.now() - timedelta(seconds=2):  # it is told in whole seconds
        answer.last_modified = changed
    answer.make_conditional(request)
    return answer
