"""Covers of others, where we may post them: Open Library's, and those of a feed with a licence. Fetched for a post.

Every picture is decoded, stripped of its metadata and encoded anew; what is smaller than a cover is none. Open Library
asks for at most 100 look-ups by ISBN in five minutes (https://openlibrary.org/dev/docs/api/covers): then our own card
takes the place of what is not here yet. A server that does not answer is left alone for as long.
"""

from __future__ import annotations

import io
import logging
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from threading import BoundedSemaphore
from urllib.parse import urlsplit

from PIL import Image
from sqlalchemy import exists, func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from outreach.channels.guard import Reach
from outreach.channels.http import Unreachable, get
from outreach.db import db, writing
from outreach.media.encode import clean
from outreach.media.store import Store
from outreach.models import Cover, Feed, Title
from outreach.shop import Shop
from outreach.words import NotDone

MOST_BYTES = 5_000_000
LEAST_HEIGHT, LEAST_WIDTH = 100, 50  # pixels: an icon or a counting pixel is no cover
LOOK_UPS, WINDOW = 100, timedelta(minutes=5)
SILENT = ""  # in place of a digest: the server did not say whether there is one
AGAIN_AFTER = timedelta(days=30)  # a cover that was not there may be there now
SECONDS = 10  # for one cover
PATIENCE = 15  # seconds for all those of one post: a person waits for it
LEAST_SECONDS = 2  # with less of them left nothing is asked: that would blame a server that is only slow

_PREVIEWS = BoundedSemaphore(2)

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Studio:
    """What pictures are made with."""

    store: Store
    reach: Reach
    covers: str  # the address of Open Library's covers; empty: switched off


def patience() -> float:
    """Until when the covers of one post may be asked for, on the clock of `time.monotonic`."""
    return time.monotonic() + PATIENCE


@contextmanager
def patience_of_preview() -> Iterator[float]:
    """The same for two previews at once; further ones show what is here: a preview is asked for after every word."""
    if not _PREVIEWS.acquire(blocking=False):
        yield 0.0
        return
    try:
        yield patience()
    finally:
        _PREVIEWS.release()


def cover_of(title: Title, studio: Studio, now: datetime, until: float) -> str | None:
    """The digest of the first cover that we may post, in the store; or None. `until`: see `patience`."""
    digests = (_fetched(url, counted, studio, now, until) for url, counted in _sources(title, studio))
    return next((digest for digest in digests if digest is not None), None)


def image_of(digest: str, store: Store) -> Image.Image:
    return Image.open(io.BytesIO(store.read(digest))).convert("RGB")


def kept_cover(session: Session, title: Title, studio: Studio) -> bytes | None:
    """The same of what was fetched before: nothing is asked for."""
    for url, _ in _sources(title, studio):
        known = session.get(Cover, url)
        if known and known.digest and studio.store.has(known.digest):
            return studio.store.read(known.digest)
    return None


def _sources(title: Title, studio: Studio) -> list[tuple[str, bool]]:
    """(address, is it a look-up by ISBN, which are counted?), the licensed one first."""
    found: list[tuple[str, bool]] = []
    if title.cover and _server(title.cover) and (_is_open(title.cover, studio) or _is_licensed(title)):
        found.append((title.cover, False))
    if studio.covers:
        isbns = [i.value for i in title.ids if i.kind == "isbn"][:2]
        found += [(f"{studio.covers}/b/isbn/{isbn}-L.jpg?default=false", True) for isbn in isbns]
    return found


def _is_open(url: str, studio: Studio) -> bool:
    return bool(studio.covers) and _server(url).partition(":")[2] == _server(studio.covers).partition(":")[2]


def _server(url: str) -> str:
    """`https://covers.openlibrary.org` of an address; empty for what is none."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return ""
    return f"{parts.scheme}://{parts.netloc}" if parts.scheme in ("http", "https") and parts.netloc else ""


def _is_licensed(title: Title) -> bool:
    """Did somebody say of the feed that told of this cover: our licence lets us post these?"""
    feed = db.session().get(Feed, title.cover_feed_id) if title.cover_feed_id else None
    return feed is not None and feed.licensed_covers


def shown_from(session: Session, title: Title, studio: Studio) -> str | None:
    """The page at Open Library of a title whose cover we have from there: it asks for a courtesy link."""
    isbns = [i.value for i in title.ids if i.kind == "isbn"]
    urls = [url for url, _ in _sources(title, studio)]
    is_there = Cover.digest.is_not(None) & (Cover.digest != SILENT)
    there = session.scalar(select(Cover.url).where(Cover.url.in_(urls), is_there).limit(1))
    ours = there is not None and urlsplit(there).netloc == urlsplit(studio.covers).netloc
    return f"https://openlibrary.org/isbn/{isbns[0]}" if ours and isbns else None


def _fetched(url: str, counted: bool, studio: Studio, now: datetime, until: float) -> str | None:
    """The digest of the stored picture; None where there is none, or it is not asked for now."""
    session = db.session()
    known = session.get(Cover, url)
    if known and known.digest and studio.store.has(known.digest):
        return known.digest
    if known and known.digest is None and now - known.asked_at < AGAIN_AFTER:
        return None
    seconds = min(SECONDS, until - time.monotonic())
    if seconds < LEAST_SECONDS or _rests(url, now) or (counted and _look_ups(studio, now) >= LOOK_UPS):
        return None
    session.rollback()  # nothing is held while we wait for another server
    try:
        answer = get(studio.reach, url, max_bytes=MOST_BYTES, deadline=seconds)
    except Unreachable as silent:
        log.info("cover %s: %s", url, silent.diagnosis)
        return _remember(url, None if silent.cause == "large" else SILENT, now)
    if answer.status not in (200, 404) or not answer.complete:
        return _remember(url, SILENT, now)  # busy, or we ask too much: not remembered as missing
    return _remember(url, _stored(answer.body, studio) if answer.status == 200 else None, now)


def _rests(url: str, now: datetime) -> bool:
    """Did its server lately not answer? Then a person does not wait for it again with every book."""
    of_server = Cover.url.startswith(f"{_server(url)}/", autoescape=True)
    silent = exists().where(Cover.digest == SILENT, Cover.asked_at > now - WINDOW, of_server)
    return bool(db.session().scalar(select(silent)))


def _look_ups(studio: Studio, now: datetime) -> int:
    recent = select(func.count()).where(Cover.asked_at > now - WINDOW, Cover.url.startswith(f"{studio.covers}/b/isbn/"))
    return db.session().scalar(recent) or 0


def _stored(body: bytes, studio: Studio) -> str | None:
    try:
        made = clean(body)
    except NotDone:
        return None
    if made.height < LEAST_HEIGHT or made.width < LEAST_WIDTH:
        return None
    return studio.store.write(made.data)


def _remember(url: str, digest: str | None, now: datetime) -> str | None:
    with suppress(IntegrityError), writing() as session:  # another worker asked at the same instant
        session.merge(Cover(url=url, digest=digest, asked_at=now))
    return digest or None


def studio_of(shop: Shop) -> Studio:
    return Studio(shop.store, shop.reach, shop.config.covers)
