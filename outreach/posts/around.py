"""What stands around a post, for its checks: closed days, the same words at the same place, the district's rules.

For any number of posts of a library at once: three questions, none of which grows with what the database holds.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from outreach import clock
from outreach.holidays import closed_because, is_closed
from outreach.models import Delivery, District, Library, Post
from outreach.posts.check_plan import links
from outreach.posts.consents import consent_problems
from outreach.posts.district import district_of
from outreach.posts.drafts import Draft
from outreach.posts.findings import Around, Dear, Problem, Rendered, Said
from outreach.posts.policy import findings
from outreach.posts.reading import draft_of, rendered
from outreach.posts.spending import by_month, too_dear

SOON = timedelta(days=14)  # in which the same words at the same place are told
FEWEST = 12  # characters; shorter words ("Good morning!") come again and nobody minds


Dead = Callable[[Sequence[str]], frozenset[str]]


def nobody_knows(links: Sequence[str]) -> frozenset[str]:
    return frozenset()


@dataclass(frozen=True)
class Look:
    """One post, saved or not, as it would read."""

    draft: Draft
    made: Rendered
    post_id: int | None = None
    repeats: bool = False  # meant to say the same again

    def texts(self) -> set[str]:
        """The first words at each place; what is too short is none."""
        firsts = (messages[0].text for messages in self.made.values() if messages)
        return set() if self.repeats else {text for text in firsts if len(text) >= FEWEST}


def look_at(post: Post, at: datetime | None = None) -> Look:
    return Look(draft_of(post, at), rendered(post, at), post.id, post.series_id is not None)


def findings_of(
    session: Session, posts: Sequence[Post], now: datetime, *, at: datetime | None = None, dead: Dead = nobody_knows
) -> list[list[Problem]]:
    """Of posts of one library, in their order. `at`: when they go out, if it is decided."""
    return [found for _, found in seen_of(session, posts, now, at=at, dead=dead)]


def seen_of(
    session: Session, posts: Sequence[Post], now: datetime, *, at: datetime | None = None, dead: Dead = nobody_knows
) -> list[tuple[Rendered, list[Problem]]]:
    """The same, with how each of them will look."""
    looks = [look_at(post, at) for post in posts]
    found = arounds(session, posts[0].library, looks, now, dead) if posts else []
    told = [findings(look.draft, look.made, around) for look, around in zip(looks, found, strict=True)]
    return [
        (look.made, [*_consented(post, at or post.wished_at or now), *mine])
        for post, look, mine in zip(posts, looks, told, strict=True)
    ]


def _consented(post: Post, at: datetime) -> list[Problem]:
    return [Problem(sentence) for sentence in consent_problems(post, at)]


def arounds(
    session: Session, library: Library, looks: Sequence[Look], now: datetime, dead: Dead = nobody_knows
) -> list[Around]:
    """1. the district's rules; 2. the closed days; 3. what goes out, or went, with the same words; 4. what it costs.

    `dead`: those of some links that lead nowhere, see `dead_links`; where the district wants that, nobody is asked.
    """
    district = district_of(session)
    asked = district is None or district.levels.get("dead") != "off"
    gone = dead([link for look in looks for link in links(look.draft)]) if asked else frozenset()
    again = _said(session, library, looks, now)
    costs = [by_month(look.made, look.draft.at or now, library.timezone) for look in looks]
    dear = too_dear(session, costs, [look.post_id for look in looks if look.post_id])
    known = zip(looks, dear, strict=True)
    return [_around(library, look, now, district, gone, again, too) for look, too in known]


def _around(
    library: Library,
    look: Look,
    now: datetime,
    district: District | None,
    dead: frozenset[str],
    again: list[_Again],
    dear: tuple[Dear, ...],
) -> Around:
    at = look.draft.at
    closed, opens = _closed(library, at) if at else ("", None)
    return Around(
        closed=closed,
        next_open=opens if at and at > now else None,  # of what goes out at once the hour is no wish of hers
        said=tuple(_of(look, at or now, again)),
        dear=dear,
        dead=dead,
        grades=library.grades,
        language=library.language,
        guidelines=library.guidelines,
        words=tuple(district.words) if district else (),
        levels=district.levels if district else {},
    )


def _closed(library: Library, at: datetime) -> tuple[str, datetime | None]:
    """Why it is closed, and the same wall time on the next school day."""
    local = clock.to_local(at, library.timezone)
    why = closed_because(library, local.date())
    if why is None:
        return "", None

    def closed(day: date) -> bool:
        return is_closed(library, day)

    day = clock.school_days_after(local.date(), 1, closed)
    return why, datetime.combine(day, local.time().replace(second=0, microsecond=0, tzinfo=None))


@dataclass(frozen=True)
class _Again:
    account_id: int
    post_id: int
    text: str
    at: datetime


def _said(session: Session, library: Library, looks: Sequence[Look], now: datetime) -> list[_Again]:
    """Messages of these weeks that read the same. By the day they are due, which is indexed; then by their words."""
    wanted = {text for look in looks for text in look.texts()}
    if not wanted:
        return []
    times = [look.draft.at or now for look in looks]
    text = Delivery.payload["text"].as_string()
    same = select(Delivery.account_id, Delivery.post_id, text, Delivery.due_at).where(
        Delivery.library_id == library.id,
        Delivery.due_at >= min(times) - SOON,
        Delivery.due_at <= max(times) + SOON,
        Delivery.state != "cancelled",
        Delivery.part == 0,
        text.in_(sorted(wanted)),
    )
    return [_Again(*row) for row in session.execute(same.order_by(Delivery.due_at))]


def _of(look: Look, at: datetime, again: Iterable[_Again]) -> Iterable[Said]:
    """At each place once, the nearest one."""
    wanted = look.texts()
    for place, messages in look.made.items():
        text = messages[0].text if messages else ""
        near = [
            one.at
            for one in again
            if one.account_id == place.id
            and one.text == text
            and text in wanted
            and one.post_id != look.post_id
            and abs(one.at - at) <= SOON
        ]
        if near:
            yield Said(place.name, min(near, key=lambda moment: abs(moment - at)))
