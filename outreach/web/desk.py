"""The desk of whoever reviews: what waits, in which order, and each post with all that decides on it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from flask import g
from flask_security import current_user
from sqlalchemy.orm import Session

from outreach import clock
from outreach.access import Actor, actor
from outreach.models import Approval, Post
from outreach.posts import deciding
from outreach.posts.changes import Change
from outreach.posts.deciding import Deciders, Laid, Waiting
from outreach.posts.findings import Rendered
from outreach.posts.hand import is_by_hand
from outreach.posts.policy import Problem, advice, of_sort, stops
from outreach.posts.schedule import goes_at_once, next_free
from outreach.posts.what_changed import what_changed
from outreach.web import checks
from outreach.web.preview import Preview, previews_of
from outreach.web.shown import know_media, may_here
from outreach.words import Sentence


@dataclass(frozen=True)
class Look:
    """One post, with all that decides on it."""

    post: Post
    at: datetime | None  # when it goes out if it is approved now
    previews: list[Preview]
    problems: list[Problem]  # those of the post itself
    blocked: bool  # something must be mended first
    asks: list[Sentence]  # what goes out with an explicit word only
    checks: list[Problem]  # these, and the most useful hints
    at_once: bool
    late: bool
    words: list[Approval]  # the first of two
    two: bool
    mine: bool  # may who looks at it decide?
    by_hand: bool  # nothing of it goes out by itself
    changes: Sequence[Change] = ()
    next_at: datetime | None = None  # of a late one: the next usual time


@dataclass(frozen=True)
class Stack:
    """All that waits, by number: first what this person decides on."""

    ids: list[int]
    mine: int

    def at(self, asked: int | None) -> int:
        return self.ids.index(asked) if asked in self.ids else 0

    def beside(self, position: int, by: int) -> int | None:
        """The one before or after; round at the ends."""
        return self.ids[(position + by) % len(self.ids)] if len(self.ids) > 1 else None


@dataclass(frozen=True)
class Desk:
    """Who looks at review now, and what they need for it: read once for all posts of a page."""

    session: Session
    who: Deciders
    by: Actor
    now: datetime
    given: list[Approval]
    stack: Stack

    def _rows(self, first: int, most: int, before: bool = False) -> list[Laid]:
        rows = deciding.to_look_at(self.session, self.stack.ids[first : first + most], before)
        know_media(row.medium for laid in rows for row in laid.post.media)
        return rows

    def look(self, position: int) -> Look | None:
        """The whole post; None where there is none."""
        return next(map(self._look, self._rows(position, 1, before=True)), None)

    def _look(self, laid: Laid) -> Look:
        post, session = laid.post, self.session
        at = deciding.goes_out(session, post, self.now, laid.taken)
        look = self._shown(post, at, *checks.seen([post], at)[0])
        free = next_free(session, post.library, post.kind, self.now, post.id, False) if look.late else None
        return replace(look, changes=what_changed(session, post, laid.version), next_at=free)

    def glances(self, first: int, most: int) -> list[Look]:
        """As the list shows them."""
        posts = [laid.post for laid in self._rows(first, most)]
        return [self._shown(post, post.wished_at, *seen) for post, seen in zip(posts, checks.seen(posts), strict=True)]

    def _shown(self, post: Post, at: datetime | None, made: Rendered, found: list[Problem]) -> Look:
        words = deciding.that_count(self.given, post)
        return Look(
            post,
            at,
            previews_of(made, found),
            [problem for problem in stops(found) if problem.place is None],
            blocked=bool(stops(found)),
            asks=of_sort("ask", found),
            checks=advice(found),
            at_once=goes_at_once(post, self.now),
            late=deciding.is_late(post, self.now),
            words=words,
            two=deciding.needs_two(post),
            by_hand=is_by_hand(post),
            mine=may_here("decide") and self.who.let(post, self.by) and _not_among(words, self.by),
        )


def desk_of(session: Session) -> Desk:
    who, by = deciding.deciders(session, g.library), actor(current_user)
    given = deciding.words_given(session, g.library)
    return Desk(session, who, by, clock.now(), given, _stack(deciding.waiting(session, g.library.id), who, by, given))


def _stack(all_of_it: Sequence[Waiting], who: Deciders, by: Actor, given: Sequence[Approval]) -> Stack:
    """What this person decides on comes first; what they gave a word on already waits at the end."""
    done = {word.post_id for word in given if word.person_id == by.person_id}
    decides = may_here("decide")
    mine = [w.id for w in all_of_it if decides and w.id not in done and who.lets(w.kind, w.author_id, by)]
    known = set(mine)
    return Stack([*mine, *(w.id for w in all_of_it if w.id not in known)], len(mine))


def _not_among(words: Sequence[Approval], by: Actor) -> bool:
    return all(word.person_id != by.person_id for word in words)
