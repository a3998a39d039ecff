"""Who decides on a post, what it still needs, and what waits for a decision. Nothing here writes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, ScalarSelect, Select, false, func, or_, select
from sqlalchemy.orm import Session, aliased, joinedload, selectinload
from sqlalchemy.sql.base import ExecutableOption

from outreach.access import Actor
from outreach.models import (
    Approval,
    Library,
    Membership,
    Person,
    Placement,
    Post,
    PostMedium,
    PostTitle,
    PostVersion,
    Series,
    Title,
)
from outreach.posts.lifecycle import not_held
from outreach.posts.queries import taken_times
from outreach.posts.reading import rendered
from outreach.posts.schedule import goes_at_once, next_free
from outreach.posts.wording import digest

LATE = timedelta(minutes=5)  # who presses a button at the very minute is not told that it is too late


@dataclass(frozen=True)
class Deciders:
    """Who may approve in a library: read once for all posts of a page."""

    people: Sequence[Person]  # of the library
    district: Sequence[Person]
    own: bool  # what they wrote themselves, too
    two: Sequence[str]  # kinds that two people approve

    def let(self, post: Post, by: Actor) -> bool:
        """Nobody approves their own post once the library has two people who may (or as the library says)."""
        return self.lets(post.kind, post.author_id, by)

    def lets(self, kind: str, author_id: int | None, by: Actor) -> bool:
        own = self.own and kind not in self.two
        return own or by.person_id is None or author_id != by.person_id

    def names(self, post: Post) -> list[str]:
        """Of those who may approve it; the district is named where nobody of the library may."""
        may = ([p.shown for p in self._may(post, some)] for some in (self.people, self.district))
        return next(may) or next(may)

    def asked(self, post: Post) -> list[Person]:
        """Who gets a letter about it: those of the library who may approve it, and did not write it."""
        return [person for person in self._may(post, self.people) if person.id != post.author_id]

    def _may(self, post: Post, some: Sequence[Person]) -> list[Person]:
        return [p for p in some if self.lets(post.kind, post.author_id, Actor(p.id, p.shown))]


def deciders(session: Session, library: Library) -> Deciders:
    decides = (Membership.library_id == library.id) & Membership.role.in_(("approver", "manager"))
    role = select(Membership.id).where(decides, Membership.person_id == Person.id).exists()
    district = Person.district_admin & (Person.practice == library.practice)
    found = select(Person, role.label("role")).where(Person.active, or_(role, district)).order_by(Person.name)
    rows = session.execute(found).all()
    people = [person for person, has_role in rows if has_role]
    own = may_own(library, len(people))
    heads = [person for person, _ in rows if person.district_admin and person.practice == library.practice]
    return Deciders(people, heads, own, library.two_approvals)


def may_approve(session: Session, post: Post, by: Actor) -> bool:
    return deciders(session, post.library).let(post, by)


def may_own(library: Library, deciding: int) -> bool:
    """May approvers decide on what they wrote? While nobody else can, or as the library says."""
    return deciding < 2 if library.own_approval is None else library.own_approval


def deciding(library_id: int) -> ScalarSelect[int]:
    """How many people of a library may decide."""
    may = Membership.library_id == library_id, Membership.role.in_(("approver", "manager"))
    return select(func.count(Person.id)).join(Membership).where(Person.active, *may).scalar_subquery()


def may_approve_own(session: Session, library: Library, kind: str = "") -> bool:
    return deciders(session, library).own and kind not in library.two_approvals


def needs_two(post: Post) -> bool:
    return post.kind in post.library.two_approvals


def content(post: Post) -> str:
    """The digest of what an approver sees: every word, picture and place, and how it comes again.

    Another time alone is the same content.
    """
    return digest({place.id: messages for place, messages in rendered(post).items()}, comes_again(post))


def comes_again(post: Post) -> str:
    """Whoever approves one of a repeat approves what follows: of that, too, they read."""
    row = post.series
    if row is None or row.stopped_at is not None or post.series_at is None:
        return ""
    return how_it_comes(row)


def how_it_comes(series: Series) -> str:
    return f"{series.rule} {series.clock} {series.draws}"


def first_words(session: Session, post: Post, seal: str | None = None) -> list[Approval]:
    """Who approved what it is now, while it needs two; what it was before counts no more."""
    if not needs_two(post):
        return []
    mine = select(Approval).where(Approval.post_id == post.id, Approval.digest == (seal or content(post)))
    return list(session.scalars(mine.order_by(Approval.id)))


def words_given(session: Session, library: Library) -> list[Approval]:
    """All first words on posts in review, of whatever content."""
    if not library.two_approvals:
        return []
    waits = (Post.id == Approval.post_id) & (Post.library_id == library.id) & (Post.state == "submitted")
    return list(session.scalars(select(Approval).join(Post, waits).order_by(Approval.id)))


def that_count(given: Sequence[Approval], post: Post) -> list[Approval]:
    """Of some first words those on this post as it is now."""
    mine = [word for word in given if word.post_id == post.id]
    seal = content(post) if mine else ""
    return [word for word in mine if word.digest == seal and needs_two(post)]


def is_late(post: Post, now: datetime) -> bool:
    """Was its time over before anybody decided? The weekly post is as good later, until it lapses."""
    passed = post.wished_at is not None and post.wished_at < now - LATE
    return post.state == "submitted" and passed and post.held_at is None and not goes_at_once(post, now)


def too_late(library_id: int, now: datetime) -> ColumnElement[bool]:
    """The same as a condition, for a select of posts."""
    waits = (Post.library_id == library_id) & (Post.state == "submitted") & Post.timing.in_(("at", "slot")) & not_held()
    return waits & (Post.wished_at < now - LATE) & Post.digest_rule_id.is_(None)


def goes_out(session: Session, post: Post, now: datetime, taken: bool | None = None) -> datetime | None:
    """When it would go out if it were approved now; None where a person must choose. As `decide_time`, with no lock.

    `taken`: has another post that moment? None: not known yet.
    """
    if goes_at_once(post, now):
        return now
    wished = post.wished_at if post.wished_at and post.wished_at > now and post.held_at is None else None
    if post.timing != "slot":
        return wished
    if taken is None:
        taken = wished in taken_times(session, post.library_id, now, post.id, in_review=False)
    if wished and not taken:
        return wished
    return next_free(session, post.library, post.kind, now, post.id, in_review=False)


@dataclass(frozen=True)
class Waiting:
    """One post in review, without what a page shows of it."""

    id: int
    kind: str
    author_id: int | None


def waiting(session: Session, library_id: int) -> list[Waiting]:
    """All that lies in review, the most urgent first."""
    mine = select(Post.id, Post.kind, Post.author_id).where(Post.library_id == library_id, Post.state == "submitted")
    return [Waiting(*row) for row in session.execute(_urgent_first(mine))]


def _urgent_first(chosen: Select[int, str, int | None]) -> Select[int, str, int | None]:
    return chosen.order_by(Post.timing != "now", Post.wished_at.is_(None), Post.wished_at, Post.id)


@dataclass(frozen=True)
class Laid:
    """A post on the desk of an approver."""

    post: Post
    version: PostVersion | None  # as it was when somebody decided on it, where that is asked for
    taken: bool  # its moment belongs to another post by now


def to_look_at(session: Session, ids: Sequence[int], before: bool = False) -> list[Laid]:
    """These posts in this order, with all that a preview shows of them. `before`: also what they were."""
    # a list does without: a version is large, and comes with each of the rows that a post is read from
    known = PostVersion.id == _decided() if before else false()
    chosen = select(Post, PostVersion, _taken()).outerjoin(PostVersion, known)
    rows = session.execute(chosen.where(Post.id.in_(ids)).options(*_shown())).unique()
    found = {row[0].id: Laid(*row) for row in rows}
    return [found[n] for n in ids if n in found]


def _taken() -> ColumnElement[bool]:
    other = aliased(Post)
    same = (other.library_id == Post.library_id) & (other.state == "approved") & (other.wished_at == Post.wished_at)
    same &= other.held_at.is_(None)
    return select(other.id).where(same).correlate(Post).exists()


def _shown() -> tuple[ExecutableOption, ...]:
    """Few posts, so that one question is quicker than three; titles apart, since each of a list would repeat it all."""
    return (
        joinedload(Post.series),
        joinedload(Post.placements).joinedload(Placement.account),
        joinedload(Post.media).joinedload(PostMedium.medium),
        selectinload(Post.titles).joinedload(PostTitle.title).joinedload(Title.ids),
    )


def _decided() -> ScalarSelect[int]:
    """The version that was last approved or sent back; none the first time."""
    mine = (PostVersion.post_id == Post.id) & (PostVersion.revision <= Post.decided_revision)
    return select(func.max(PostVersion.id)).where(mine).correlate(Post).scalar_subquery()


def decided_version(session: Session, post: Post) -> PostVersion | None:
    return session.scalar(select(PostVersion).join(Post, PostVersion.id == _decided()).where(Post.id == post.id))
