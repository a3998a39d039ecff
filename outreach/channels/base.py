"""What every network's module speaks: plain frozen values in, one of three answers out.

A channel never sees a row of the database and never decides what to do next. It says what happened:
``Sent`` or ``Handed`` (it is out, or a person has it), or raises one of

=============== =========================================== =======================
raised          did it go out?                              what the caller may do
=============== =========================================== =======================
``Refused``     certainly not, and trying again is useless  tell a person
``TryLater``    certainly not                               send again later
``Unauthorized`` certainly not; the account has come loose  pause the account
``Unclear``     nobody knows                                look first (``find``)
=============== =========================================== =======================

Any other exception that leaves ``send`` counts as ``Unclear``.

``take_down`` raises the same four. There they say whether it is gone: ``Refused`` and ``Unauthorized`` that it
still stands, ``TryLater`` and ``Unclear`` that it may; asking a second time does no harm.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

from outreach.channels.guard import Reach
from outreach.words import Sentence

Secrets = Mapping[str, str]


@dataclass(frozen=True)
class Limits:
    """What one account can carry. Characters are counted in graphemes, as Mastodon does, unless said."""

    characters: int = 500
    counting: str = "graphemes"  # see counting.py
    text_bytes: int | None = None  # and no more than this many in UTF-8
    link_cost: int | None = None  # every http(s) link counts as this many; None: as long as it is
    mention_without_server: bool = False  # @user@host counts as @user
    links: int | None = None  # different ones in one message; None: as many as fit
    tags: int | None = None  # and #hashtags
    names: int | None = None  # and @names
    words: int | None = None  # morning announcements are read aloud: 60 words
    images: int = 4
    image_bytes: int = 16_000_000
    image_pixels: int = 33_177_600
    image_types: tuple[str, ...] = ("image/jpeg", "image/png", "image/gif", "image/webp")
    image_fitted: bool = False  # a larger one is made smaller by us
    image_required: bool = False
    shape: str = "square"  # of a picture that we draw: wide (16:9), square, tall (4:5)
    alt_characters: int = 1500
    poll_options: int = 0  # 0: the network has no polls
    poll_option_characters: int = 50
    poll_minutes: tuple[int, int] = (5, 43_829)
    thread: bool = False  # parts can answer each other
    visibilities: tuple[str, ...] = ()  # empty: no choice
    content_warning: bool = False
    language: bool = False
    hashtags: bool = True  # False: they mean nothing there, and are left out
    manner: str = ""  # how words look there: "heading" (one stands above them), "whatsapp" (*bold*, _slanted_)
    # how it can be tried: "message" (only the account itself sees it), "ping" (nothing is posted), "marked" (the
    # receiver is told that it is a test); empty: not at all
    trial: str = ""
    checks: bool = True  # it can be asked whether it knows us, without posting


@dataclass(frozen=True)
class Picture:
    data: bytes = field(repr=False)
    mime: str
    alt: str
    name: str = "image"
    url: str = ""  # where the network finds it by itself; empty: it cannot reach us


@dataclass(frozen=True)
class Poll:
    options: tuple[str, ...]
    minutes: int


@dataclass(frozen=True)
class Outgoing:
    """One message, final: what is here is what the network gets."""

    key: str  # stable per delivery and per definite failure: the idempotency key
    text: str
    pictures: tuple[Picture, ...] = ()
    poll: Poll | None = None
    reply_to: str | None = None  # the network's id of the message this one answers
    visibility: str | None = None
    warning: str | None = None
    language: str | None = None
    others: frozenset[str] = frozenset()  # ids there of other messages of ours: `find` never takes one for this
    begun_at: datetime | None = None  # UTC; when it was first tried with this key: never another moment for one key
    answers: str = ""  # who may answer it, of about.ANSWERS; empty: as the network has it


@dataclass(frozen=True)
class Sent:
    remote_id: str
    url: str | None


@dataclass(frozen=True)
class Tally:
    """What a poll came to."""

    votes: tuple[int, ...]  # of each of its options, in their order; empty: the network does not say
    open_until: datetime | None = None  # UTC; None: it is over


@dataclass(frozen=True)
class Handed:
    """It now lies with a person."""


@dataclass(frozen=True)
class Identity:
    """Who the account is, as its server says."""

    remote_id: str
    handle: str
    name: str
    url: str | None
    limits: Limits
    picture: str = ""  # its address
    ends_at: datetime | None = None  # UTC; from then on we are not let in unless a person connects it again


@dataclass(frozen=True)
class Login:
    """All that a channel is made of: an account with its secrets opened, and how far we may go."""

    server: str
    secrets: Secrets = field(repr=False)
    reach: Reach
    remote_id: str | None = None
    setup: Secrets = field(default_factory=dict, repr=False)  # of the district, see about.About.setup_asks
    public_url: str = ""  # where the network finds our pictures; empty: it cannot
    renew: Renew | None = field(default=None, repr=False)

    def renewed(self, make: Callable[[Secrets], Secrets]) -> Secrets:
        return self.renew(make) if self.renew else make(self.secrets)


# Secrets that a network gives anew: `renew(make)` calls `make` with the newest ones, once at a time whatever number of
# workers there are, keeps what it returns, and returns that. `make` may return what it was given: somebody was faster.
Renew = Callable[[Callable[[Secrets], Secrets]], Secrets]
Prepared = Mapping[str, Any]  # what `prepare` made (ids of uploads); kept with the delivery


class ChannelError(Exception):
    """``sentence`` is for people, ``diagnosis`` for the log (no secrets in either)."""

    def __init__(self, sentence: Sentence, diagnosis: str = "") -> None:
        super().__init__(f"{sentence} [{diagnosis}]")
        self.sentence = sentence
        self.diagnosis = diagnosis


class Refused(ChannelError):
    """It did not go out and will not however often it is sent."""


class TryLater(ChannelError):
    """It certainly did not go out; ``until`` is the time the server gave, if any."""

    def __init__(self, sentence: Sentence, diagnosis: str = "", until: datetime | None = None) -> None:
        super().__init__(sentence, diagnosis)
        self.until = until


class Unauthorized(ChannelError):
    """The account's token is dead or lacks a right: a person has to connect it again."""


class Unclear(ChannelError):
    """It may have gone out. Never send again before `find` has looked.

    `found` is what helps it to look; it is kept with what was prepared.
    """

    def __init__(self, sentence: Sentence, diagnosis: str = "", found: Mapping[str, str] | None = None) -> None:
        super().__init__(sentence, diagnosis)
        self.found = dict(found or {})


class Channel(Protocol):
    """One account on one network. Made for one use, from secrets that were just opened."""

    def check(self) -> Identity:
        """Ask the server who we are and what it allows. Raises Unauthorized, TryLater, Refused."""

    def prepare(self, message: Outgoing) -> Prepared:
        """Upload what must be there before the send. May be repeated; publishes nothing."""

    def send(self, message: Outgoing, prepared: Prepared) -> Sent | Handed:
        """Publish. Called at most once per attempt, after `prepare`."""

    def find(self, message: Outgoing, prepared: Prepared, since: datetime) -> Sent | None:
        """Look on the account itself for `message`, sent at or after `since` (UTC).

        None: we looked, and it is not there. Raises only Unclear: we could not look (`__cause__` says why, and
        is an Unauthorized where the account has to be connected again).
        """

    def take_down(self, remote_id: str) -> Handed | None:
        """Delete the message with the network's id. None: it is not there (any more). May be repeated."""

    def edit(self, remote_id: str, message: Outgoing) -> Sent:
        """Let the message with the network's id say this instead: see `About.edits`. May be repeated.

        Raises Refused, TryLater, Unauthorized (it stands as it was), Unclear.
        """

    def renew(self) -> None:
        """Once a day, before `check`: new secrets (by `Login.renewed`) where the old ones end within two weeks.

        Raises Unauthorized where only a person can. A network whose secrets do not end has nothing to do.
        """

    def test(self) -> None:
        """Where `Limits.trial` says how: try it out, so that no reader sees anything, and nothing stays.

        A person waits for it, and it is not tried again. Raises Unauthorized, TryLater, Refused, Unclear.
        """

    def boost(self, remote_id: str) -> None:
        """Where `About.boosts`: show the message with the network's id once more. Repeated, it changes nothing.

        A person waits for it. Raises Unauthorized, TryLater, Refused, Unclear.
        """

    def tally(self, remote_id: str) -> Tally | None:
        """Count the poll of the message with the network's id; a person waits for it. None: it has no poll.

        Raises Unauthorized, TryLater, Refused.
        """
