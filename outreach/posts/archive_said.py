"""What an archive says of a message: who wrote, approved and posted it, and whether it is still there. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from babel.dates import format_datetime

from outreach import clock
from outreach.access import OUTREACH
from outreach.languages import known, spoken
from outreach.models import Delivery, Event
from outreach.words import Sentence


@dataclass(frozen=True)
class Tongue:
    """The language and the zone of the library."""

    language: str
    zone: str

    def say(self, sentence: Sentence) -> str:
        return spoken(sentence, self.language)

    def moment(self, at: datetime | None) -> str:
        """With its seconds and its zone: November 24, 2026, 12:00:00 PM CST."""
        if at is None:
            return ""
        told = format_datetime(at, "long", tzinfo=clock.zone(self.zone), locale=known(self.language))
        return str(told).replace("\u202f", " ")


def approvers(events: Sequence[Event], before: datetime | None) -> list[Event]:
    """Who approved what went out then: the last word before it, and the first one where two were needed."""
    mine = [e for e in events if e.thing == "post" and (before is None or e.at <= before)]
    last = next((n for n in range(len(mine) - 1, -1, -1) if mine[n].verb == "approved"), None)
    if last is None:
        return []
    start = next((n for n in range(last - 1, -1, -1) if mine[n].verb == "approved"), -1) + 1
    first = [e for e in mine[start:last] if e.verb == "first_word"]
    return [*first[-1:], mine[last]]


def correctors(events: Sequence[Event], delivery: Delivery) -> list[Event]:
    """Who approved that it says something else since: the last word before each change of this message."""
    changed = [e.at for e in events if e.thing == "delivery" and e.thing_id == delivery.id and e.verb == "changed"]
    words = [e for e in events if e.verb == "correction_approved"]
    last = [next((e for e in reversed(words) if e.at <= at), None) for at in changed]
    return list(dict.fromkeys(event for event in last if event))


def of_message(events: Sequence[Event], delivery: Delivery, *verbs: str) -> Event | None:
    """The last of these in its history."""
    mine = (e for e in reversed(events) if e.thing == "delivery" and e.thing_id == delivery.id)
    return next((e for e in mine if e.verb in verbs), None)


def a_person(event: Event | None) -> str:
    """The name of whoever did it; empty where it happened by itself."""
    return event.who if event is not None and event.who != OUTREACH.name else ""


def said_by(events: Sequence[Event], delivery: Delivery) -> str:
    """Who said that it is out: by hand nobody else can, and where the network did not tell."""
    return a_person(of_message(events, delivery, "published"))


def asked_down(events: Sequence[Event]) -> Event | None:
    return next((e for e in reversed(events) if e.thing == "post" and e.verb == "take_down"), None)


def stands(events: Sequence[Event], delivery: Delivery, tongue: Tongue) -> list[Sentence]:
    """What became of it, in the order in which it happened; nothing where it simply is there."""
    if delivery.state == "unclear":
        return [Sentence("We are not sure that it went out: the connection broke off, and nobody has looked yet.")]
    asked, kept = asked_down(events), of_message(events, delivery, "not_removed")
    told: list[Sentence] = []
    if asked and (delivery.unwanted_at or kept or delivery.state == "removed"):
        told.append(Sentence("%(who)s asked to take it down: %(when)s.", who=asked.who, when=tongue.moment(asked.at)))
    return told + _end(events, delivery, kept, tongue)


def _end(events: Sequence[Event], delivery: Delivery, kept: Event | None, tongue: Tongue) -> list[Sentence]:
    gone = of_message(events, delivery, "removed")
    if delivery.state == "removed":
        when = tongue.moment(gone.at if gone else None)
        if who := a_person(gone):
            return [Sentence("Deleted: %(who)s said so, %(when)s. We did not check it.", who=who, when=when)]
        return [Sentence("Taken down: its network confirmed it, %(when)s.", when=when)]
    if delivery.unwanted_at:
        return [Sentence("It may still be there: nobody has confirmed that it is gone.")]
    if kept and (who := a_person(kept)):
        return [Sentence("It stays there: %(who)s said so, %(when)s.", who=who, when=tongue.moment(kept.at))]
    return []
