"""Who may do what, as one table. Every page and every POST asks `may`."""

from __future__ import annotations

from dataclasses import dataclass

from outreach.models import Library, Membership, Person

ROLES = ("contributor", "approver", "manager")

# action -> the least role that may do it in a library
LEAST: dict[str, str] = {
    "see": "contributor",
    "draft": "contributor",  # write, edit, submit, withdraw, cancel
    "hand": "contributor",  # post by hand and say so
    "decide": "approver",  # approve, send back, schedule
    "settle": "approver",  # say whether an unclear message is there
    "pause": "contributor",  # stopping never waits for anybody
    "take_down": "contributor",  # nor does taking down
    "resume": "approver",
    "accounts": "manager",
    "feeds": "approver",
    "people": "manager",
    "settings": "manager",
}

DISTRICT = "district"  # an action of district administrators alone: what holds for every library


@dataclass(frozen=True)
class Actor:
    """Whose name stands in the history: a person, or Outreach itself."""

    person_id: int | None
    name: str


OUTREACH = Actor(None, "Outreach")
COMMAND_LINE = Actor(None, "command line")


def actor(person: Person) -> Actor:
    return Actor(person.id, person.shown)


def role_in(person: Person, library: Library) -> str | None:
    """The person's role there: a district administrator is a manager everywhere."""
    if person.district_admin and person.practice == library.practice:
        return "manager"
    return next((m.role for m in memberships(person) if m.library_id == library.id), None)


def memberships(person: Person) -> list[Membership]:
    return list(person.memberships)


def may(person: Person, action: str, library: Library) -> bool:
    if action == DISTRICT:
        return person.district_admin and person.practice == library.practice
    role = role_in(person, library)
    return role is not None and ROLES.index(role) >= ROLES.index(LEAST[action])
