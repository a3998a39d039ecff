"""What the kits of Threads and Instagram share: one fake of Meta each, and a place it fetches pictures from."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import replace
from typing import ClassVar, Self

from channels.kits.base import LOOPBACK, Standing
from channels.kits.meta_fake import MetaFake
from channels.kits.meta_parts import Post

from outreach.channels.base import Login, Picture
from outreach.channels.fit import fitted


class MetaKit(ABC):
    counts_as_we_do: ClassVar = True

    def __init__(self, fake: MetaFake) -> None:
        self.fake = fake
        self.port = fake.server.port

    def __enter__(self) -> Self:
        self.fake.server.__enter__()
        self.fake.pictures.server.__enter__()
        return self

    def __exit__(self, *_: object) -> None:
        self.fake.pictures.server.__exit__(None, None, None)
        self.fake.server.__exit__(None, None, None)

    @abstractmethod
    def stands(self, post: Post) -> Standing: ...

    def fresh(self) -> None:
        self.fake.fresh()

    def login(self, root: str) -> Login:
        keep = {"token": self.fake.token}
        return Login(root, keep, LOOPBACK, self.fake.account, public_url=self.fake.pictures.server.url)

    def standing(self) -> list[Standing]:
        return [self.stands(post) for post in self.fake.posts.values()]

    def hidden(self) -> list[str]:
        return []

    def served(self, picture: Picture) -> Picture:
        """As our public address gives it (see web/media.py)."""
        small = fitted(picture, 8_000_000, ("image/jpeg",))
        return replace(picture, url=self.fake.pictures.serve(small, f"{next(self.fake.ids)}.jpg"))

    def wrong(self) -> list[str]:
        return list(self.fake.wrong)
