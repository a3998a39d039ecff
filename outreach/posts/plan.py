"""The plan as a calendar that other programs read (iCal): its address, and what stands in it."""

from __future__ import annotations

import secrets
from contextlib import suppress
from datetime import datetime, timedelta

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from outreach.access import Actor
from outreach.db import writing
from outreach.history import record
from outreach.models import Consent, Library, Post
from outreach.posts.calendar import Tile, approved_moments, tiles
from outreach.vault import Unsealable, Vault, fingerprint

# What did not go out is no news to whoever reads along; what nobody knows is not sure.
NOT_OUT = ("cancelled", "failed", "nowhere")
NOT_SURE = ("unsure", "hand", "needs")
BACK, AHEAD = timedelta(days=30), timedelta(days=3 * 366)
MOST = 1_000  # posts; what is nearest to today
FOR_SOME = ("private", "direct")
LASTS = timedelta(minutes=15)  # as it is drawn in a calendar


def new_address(library_id: int, vault: Vault, by: Actor, now: datetime) -> None:
    """Whoever has the old one reads no more."""
    key = secrets.token_urlsafe(24)
    _set(library_id, fingerprint(key), vault.seal({"key": key}), "connected", by, now)


def no_address(library_id: int, by: Actor, now: datetime) -> None:
    _set(library_id, None, "", "removed", by, now)


def _set(library_id: int, mark: str | None, sealed: str, verb: str, by: Actor, now: datetime) -> None:
    with writing() as session:
        library = session.get_one(Library, library_id)
        library.plan_mark, library.plan_key = mark, sealed
        record(session, "plan", library_id, verb, by, now, library_id=library_id)


def key_of(library: Library, vault: Vault) -> str:
    """Of its address; empty where it has none, or none that can be read any more."""
    with suppress(Unsealable):
        return vault.open(library.plan_key).get("key", "")
    return ""


def library_of(session: Session, key: str) -> Library | None:
    return session.scalar(select(Library).where(Library.plan_mark == fingerprint(key)))


def entries(session: Session, library: Library, now: datetime) -> list[Tile]:
    """The last 30 days and all that comes, as far as everybody may read it: approved, with a time, for all eyes.

    What shows work whose consent was withdrawn is none of it, though some of it may still be out.
    """
    open_ones = set(session.scalars(_for_all_eyes(library.id)))
    found = {(m.post_id, m.part): m for m in reversed(approved_moments(session, library.id, now - BACK, now + AHEAD))}
    near = [moment for moment in found.values() if moment.post_id in open_ones][-MOST:]
    return [tile for tile in tiles(session, library, near).values() if tile.shown not in NOT_OUT]


def _for_all_eyes(library_id: int) -> Select[int]:
    mine = select(Post.id).where(Post.library_id == library_id, Post.state == "approved", Post.held_at.is_(None))
    return mine.where(Post.visibility.not_in(FOR_SOME), ~Post.consents.any(Consent.withdrawn_at.is_not(None)))


def as_ical(library: Library, planned: list[Tile], host: str, now: datetime) -> bytes:
    """Its words and its places, and nothing about people."""
    from icalendar import Calendar, Event  # not needed by every process

    made = Calendar()
    made.add("prodid", "-//Outreach//Plan//EN")
    made.add("version", "2.0")
    made.add("x-wr-calname", library.name)
    for tile in planned:
        entry = Event()
        entry.add("uid", f"post-{tile.post_id}-{tile.part}@{host}")
        entry.add("dtstamp", now)
        entry.add("dtstart", tile.at)
        entry.add("duration", LASTS)
        entry.add("summary", tile.words)
        entry.add("status", "TENTATIVE" if tile.shown in NOT_SURE else "CONFIRMED")
        entry.add("location", ", ".join(tile.places))
        made.add_component(entry)
    return bytes(made.to_ical())
