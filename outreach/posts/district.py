"""What a district administrator decides for all libraries: words to look at, and how strict each check is."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from outreach.access import Actor
from outreach.db import writing
from outreach.history import record
from outreach.models import District
from outreach.posts.checks import CHECKS
from outreach.words import NotDone, Sentence, within

MOST_WORDS, LONGEST_WORD = 1_000, 100


def district_of(session: Session) -> District | None:
    """The one row, if somebody ever decided anything."""
    return session.scalar(select(District).order_by(District.id).limit(1))


def change_district(words: str, levels: Mapping[str, str], by: Actor, now: datetime) -> None:
    """`words`: one a line. A level that is ours is not kept: ours may become wiser. Raises NotDone."""
    listed = list(dict.fromkeys(within(" ".join(line.split()), LONGEST_WORD) for line in words.splitlines()))
    listed = [word for word in listed if word]
    if len(listed) > MOST_WORDS:
        raise NotDone(Sentence("That is more than %(most)s words. Take some out.", most=MOST_WORDS))
    own = {check.key: chosen for check in CHECKS if (chosen := levels.get(check.key)) in check.levels}
    kept = {check.key: own[check.key] for check in CHECKS if own.get(check.key, check.level) != check.level}
    with writing() as session:
        row = district_of(session)
        if row is None:
            session.add(row := District(words=[], levels={}))
        row.words, row.levels = listed, kept
        session.flush()
        record(session, "district", row.id, "edited", by, now, library_id=None)
