"""Where a page of ours is found from outside: for its readers, and for whoever hands the address on."""

from __future__ import annotations

from dataclasses import dataclass

from flask import current_app, url_for
from flask_babel import gettext as _
from markupsafe import escape

from outreach.channels import about
from outreach.models import Account

FEEDS = (
    ("RSS", "application/rss+xml", "rss"),
    ("Atom", "application/atom+xml", "atom"),
    ("JSON Feed", "application/feed+json", "json_feed"),
)
CODE = '<iframe src="%s" title="%s" width="100%%" height="600" loading="lazy" style="border:0"></iframe>'


@dataclass(frozen=True)
class Addresses:
    page: str
    code: str = ""  # to be copied into the school's site
    feeds: tuple[tuple[str, str, str], ...] = ()  # name, type, address


def addresses(place: Account) -> Addresses | None:
    """None for a place elsewhere."""
    if about(place.network).stays is None or not place.remote_id:
        return None
    if place.network == "screen":
        return Addresses(address_of("latest.screen", place))
    title = _("Latest from %(library)s", library=place.library.name)
    code = CODE % (address_of("latest.frame", place), escape(title))
    return Addresses(address_of("latest.page", place), code, feeds_of(place))


def feeds_of(place: Account) -> tuple[tuple[str, str, str], ...]:
    return tuple((name, mime, address_of(f"latest.{end}", place)) for name, mime, end in FEEDS)


def address_of(endpoint: str, place: Account, digest: str | None = None) -> str:
    public: str = current_app.extensions["shop"].config.public_url
    path = url_for(endpoint, key=place.remote_id, digest=digest)
    return public + path if public else url_for(endpoint, _external=True, key=place.remote_id, digest=digest)
