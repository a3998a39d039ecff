"""What a network is, and how an account on it is connected: plain values, that the pages are made of.

    About.steps -> About.asks (a form) -> connect() -> Connected, Connected, …      what was typed is enough
                                                    \\-> Errand: sign in there -> finish() -> Connected, …

Adding a network is one module with a class that has an ``about``, and one line in ``CHANNELS``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Protocol

from outreach.channels.base import Identity, Refused
from outreach.channels.guard import Reach
from outreach.words import Sentence

ANSWERS = ("nobody", "followed", "everyone")  # who may answer what an account posts


@dataclass(frozen=True)
class Asked:
    """One field of a form."""

    name: str
    label: Sentence
    example: str = ""
    secret: bool = False
    optional: bool = False
    help: Sentence | None = None
    choices: tuple[tuple[str, str], ...] = ()  # (key, what people read); empty: typed
    default: str = ""


@dataclass(frozen=True)
class Stays:
    """What stands on a page of ours: only the newest, so that nobody has to tidy up."""

    most: int
    days: int | None = None  # None: however old
    unlisted: bool = False  # its address cannot be guessed


@dataclass(frozen=True)
class Price:
    """Of one message, in US dollars, and how people read it: "about", since networks round and change their prices."""

    dollars: Decimal
    told: Sentence


PriceOf = Callable[[str, Sequence[str]], Price]  # (its words, the descriptions of its pictures)


@dataclass(frozen=True)
class About:
    name: str
    steps: tuple[Sentence, ...] = ()  # of connecting, numbered on the page
    asks: tuple[Asked, ...] = ()
    cannot: tuple[Sentence, ...] = ()  # what will not work there
    other_way: tuple[Asked, ...] = ()  # asked for only where a person opens "another way"
    setup_steps: tuple[Sentence, ...] = ()  # for whoever sets it up for the whole district, once
    setup_asks: tuple[Asked, ...] = ()
    more: bool = False  # under "More places": turned on by a district administrator
    by_hand: str = ""  # the preset for as long as it is not set up
    keyed: bool = False  # the key of a message keeps a second copy out, however late
    looks: bool = True  # `find` can tell whether a message is there
    prepares: bool = False  # has something to make before each send, also without pictures
    fetches: bool = False  # fetches pictures from our public address by itself
    answers: tuple[str, ...] = ()  # of ANSWERS, what it can be told
    answers_told: Sentence | None = None  # where it cannot: what is so there
    edits: str = ""  # of a message that is out: "words"; "all": the descriptions of its pictures, too
    boosts: bool = False  # and shown to its readers once more
    rate: tuple[int, float] = (120, 300.0)  # calls that publish, of one account, in so many seconds
    server_rate: tuple[int, float] = (3_000, 300.0)  # of all accounts on one server
    stays: Stays | None = None  # it is a page of our own: nothing to connect, one button adds it
    price: PriceOf | None = None  # it charges for each message; None: it does not
    charges: Sentence | None = None  # where it does: how much, told where the place is chosen
    libraries: tuple[str, ...] = ()  # to import while there is time: heavy, and not needed by pages


@dataclass(frozen=True)
class Where:
    """What connecting has at hand."""

    reach: Reach
    setup: Mapping[str, str] = field(default_factory=dict, repr=False)  # of the district: see About.setup_asks
    back: str = ""  # our page that the network sends the person back to; empty: nobody outside reaches us
    public_url: str = ""


@dataclass(frozen=True)
class Connected:
    """An account that a network told us of."""

    identity: Identity
    secrets: Mapping[str, str] = field(repr=False)
    server: str = ""


@dataclass(frozen=True)
class Errand:
    """A person has to sign in on a page of the network, and comes back with a code."""

    address: str
    place: str
    state: str  # comes back with the code: it shows that it is our own errand
    kept: Mapping[str, str] = field(repr=False)  # for `finish`
    copies: bool = False  # the page shows the code, the person copies it


class ByHandInstead(Refused):
    """What was typed names a place that is posted to by hand."""

    def __init__(self, sentence: Sentence, preset: str, name: str) -> None:
        super().__init__(sentence)
        self.preset, self.name = preset, name


class Connects(Protocol):
    """What a class of CHANNELS can do before there is an account. Both raise ChannelError with a sentence."""

    about: About

    @staticmethod
    def connect(typed: Mapping[str, str], where: Where) -> Sequence[Connected] | Errand: ...

    @staticmethod
    def finish(kept: Mapping[str, str], code: str, where: Where) -> Sequence[Connected]: ...
