"""What the contract suite needs of a network: a server behind a faulty proxy, an account, and what stands there."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar, Protocol, Self

from outreach.channels.base import Login, Picture
from outreach.channels.guard import Reach

LOOPBACK = Reach(allow_hosts=("127.0.0.0/8", "localhost"))


@dataclass(frozen=True)
class Standing:
    """One message as it stands on the server, read past our own code."""

    remote_id: str
    text: str
    alts: tuple[str, ...] = ()  # of its pictures
    poll: tuple[str, ...] = ()
    reply_to: str | None = None  # a remote_id


class Kit(Protocol):
    """Made once a run; `fresh` gives each test an account on which nothing stands."""

    network: ClassVar[str]
    publishes: ClassVar[tuple[str, str]]  # method and path (a regular expression) of the call that publishes
    counts_as_we_do: ClassVar[bool]  # does the server refuse what is one character too long?
    knows_what_is_gone: ClassVar[bool]  # does it refuse an answer to what was deleted?
    port: int

    def __enter__(self) -> Kit: ...

    def __exit__(self, *_: object) -> None: ...

    def fresh(self) -> None: ...

    def login(self, root: str) -> Login:
        """Of the fresh account; its calls go to `root`, where the proxy is."""

    def standing(self) -> list[Standing]:
        """Oldest first."""

    def hidden(self) -> list[str]:
        """The words of what only the account itself sees, where that does not stand among the others."""

    def served(self, picture: Picture) -> Picture:
        """With an address that the network can fetch it from, where it does that."""

    def wrong(self) -> list[str]:
        """What a fake did not understand of our requests, field by field; a real server answers for itself."""


class OfFake:
    """What the kits of our own fakes share: a strict server in this process, emptied for each test."""

    counts_as_we_do: ClassVar = True
    knows_what_is_gone: ClassVar = True

    def __init__(self, fake: Any) -> None:
        self.fake = fake
        self.port = int(fake.server.port)

    def __enter__(self) -> Self:
        self.fake.server.__enter__()
        return self

    def __exit__(self, *_: object) -> None:
        self.fake.server.__exit__(None, None, None)

    def fresh(self) -> None:
        self.fake.reset()

    def hidden(self) -> list[str]:
        return []

    def served(self, picture: Picture) -> Picture:
        return picture

    def wrong(self) -> list[str]:
        return list(self.fake.wrong)
