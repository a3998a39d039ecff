"""What came of a question that was put to people: the votes of all its places, written into "you said, we did".

a post with a poll | over? | what each of its places counted | -> a new post: the question, what people said
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from babel.numbers import format_decimal

from outreach.channels.base import Channel, ChannelError, Tally
from outreach.db import db
from outreach.models import Account, Delivery, Post
from outreach.posts.spoken import locale, say
from outreach.posts.versions import still_there, written_of
from outreach.posts.written import Written
from outreach.vault import Unsealable
from outreach.words import Sentence

AT_ONCE = 8  # places that are asked: whoever waits for the page waits for the slowest, not for their sum
Open = Callable[[Account], Channel]


@dataclass(frozen=True)
class Result:
    """What the places of one post counted together."""

    votes: tuple[tuple[str, int], ...] = ()  # of each choice; empty: nobody could say
    open_until: datetime | None = None  # people may still vote
    unread: tuple[str, ...] = ()  # places with a poll that we could not read
    elsewhere: tuple[str, ...] = ()  # places without one, where people may have answered
    places: tuple[tuple[str, tuple[tuple[str, int], ...]], ...] = ()  # each that was counted, with its votes

    @property
    def told(self) -> bool:
        """Is there a result to tell of?"""
        return any(count for _choice, count in self.votes)


@dataclass(frozen=True)
class _Poll:
    """One message with a poll, and the way to it."""

    place: str
    remote_id: str
    choices: tuple[str, ...]
    channel: Channel | None


def has_result(post: Post) -> bool:
    """Is it a question that is out?"""
    asks = post.kind == "feedback" and post.fields.get("way") != "done"
    return asks and post.state == "approved" and bool(_out(post))


def has_votes(post: Post) -> bool:
    """Is a poll out, at a place where people vote?"""
    return any(d.payload["poll"] and d.account.network != "practice" for d in _out(post))


def right_of(post: Post, result: Result) -> int | None:
    """How many were right; None: nobody could say, or there is no right choice."""
    right = post.fields.get("right")
    if post.kind != "trivia" or not isinstance(right, int) or not 0 <= right < len(result.votes):
        return None
    return result.votes[right][1]


def open_until(post: Post, now: datetime) -> datetime | None:
    """As it was sent; None: nobody votes (any more)."""
    polls = [d for d in _out(post) if d.payload["poll"]]
    ends = [d.published_at + timedelta(minutes=d.payload["poll_minutes"]) for d in polls if d.published_at]
    last = max(ends, default=now)
    return last if last > now else None


def _out(post: Post) -> list[Delivery]:
    return [d for d in post.deliveries if d.edition == post.edition and d.state == "published"]


def count(post: Post, open_channel: Open, now: datetime) -> Result:
    """Ask all places at once. One that does not answer is one that nobody counted. No connection is held meanwhile."""
    real = [d for d in _out(post) if d.account.network != "practice"]
    polls = [_poll(delivery, open_channel) for delivery in real if delivery.payload["poll"]]
    elsewhere = [d.account.name for d in real if not d.payload["poll"]]
    db.session.rollback()
    with ThreadPoolExecutor(max_workers=AT_ONCE) as pool:
        found = list(zip(polls, pool.map(_tally, polls), strict=True))
    counted = [(poll.choices, tally.votes) for poll, tally in found if tally and tally.votes]
    ends = [tally.open_until for _, tally in found if tally and tally.open_until and tally.open_until > now]
    unread = [poll.place for poll, tally in found if not tally or not tally.votes]
    each = [(poll.place, _named(poll.choices, tally.votes)) for poll, tally in found if tally and tally.votes]
    return Result(_added(counted), max(ends, default=None), _once(unread), _once(elsewhere), tuple(each))


def _poll(delivery: Delivery, open_channel: Open) -> _Poll:
    try:
        channel = None if delivery.account.retired_at else open_channel(delivery.account)
    except Unsealable:
        channel = None
    return _Poll(delivery.account.name, delivery.remote_id or "", tuple(delivery.payload["poll"]), channel)


def _tally(poll: _Poll) -> Tally | None:
    """None: nobody can say; what counts other choices than ours is none of ours."""
    try:
        tally = poll.channel.tally(poll.remote_id) if poll.channel else None
    except ChannelError:
        return None
    return tally if tally and len(tally.votes) in (0, len(poll.choices)) else None


def _once(names: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(names))


def _added(counted: Sequence[tuple[tuple[str, ...], tuple[int, ...]]]) -> tuple[tuple[str, int], ...]:
    """By their places in the poll: in two languages they have two names."""
    if not counted:
        return ()
    sums = [sum(of_one) for of_one in zip(*(votes for _choices, votes in counted), strict=True)]
    return _named(counted[0][0], sums)


def _named(choices: Iterable[str], votes: Iterable[int]) -> tuple[tuple[str, int], ...]:
    return tuple(zip(choices, votes, strict=True))


def in_words(votes: Iterable[tuple[str, int]], language: str) -> str:
    """The most wanted first.

    >>> in_words([("Audio books", 5), ("Graphic novels", 12)], "en")
    'Graphic novels: 12, Audio books: 5 (17 votes)'
    """
    told = sorted(votes, key=lambda one: -one[1])
    named = ", ".join(f"{choice}: {format_decimal(count, locale=locale(language))}" for choice, count in told)
    total = sum(count for _choice, count in told)
    return say(
        Sentence("%(votes)s (%(count)s vote)", "%(votes)s (%(count)s votes)", votes=named, count=total), language
    )


def said(post: Post, result: Result) -> Written:
    """The post that tells of it: the same question at the same places, and what people said. What was done is asked."""
    old = written_of(post)
    kept = {name: old.fields[name] for name in ("hashtags",) if old.fields.get(name)}
    second = {name: old.second[name] for name in ("language", "words") if old.second.get(name)}
    if result.told:
        kept["result"] = in_words(result.votes, old.language or post.library.language)
        if second:
            second["fields"] = {"result": in_words(result.votes, str(second.get("language")))}
    anew = replace(
        old,
        link="",
        fields={"way": "done", **kept},
        second=second,
        timing="slot",
        wished_at=None,
        accounts=dict.fromkeys(old.accounts, ""),
        media=(),
    )
    return still_there(db.session(), post.library_id, anew)


def what_to_do(result: Result) -> Sentence:
    """Above the form that begins with the result."""
    places = ", ".join(result.unread + result.elsewhere)
    if result.told and places:
        return Sentence(
            "The votes are filled in. Add what people answered at %(places)s, and write what you did.", places=places
        )
    if result.told:
        return Sentence("The votes are filled in. Now write what you did.")
    if result.unread:
        return Sentence(
            "We could not read the votes at %(places)s. Look there, and write the result by hand.", places=places
        )
    if result.votes:
        return Sentence("Nobody voted. Write what people told you otherwise, and what you did.")
    return Sentence("Write what people answered, and what you did.")
