"""What the doors lend to the verbs, made once per process from the configuration."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from outreach import clock
from outreach.accounts.open import Opener
from outreach.channels.guard import Reach
from outreach.config import Config
from outreach.media.public import mark_of
from outreach.media.store import Store
from outreach.pacing import NoPace, Pace, RedisPace
from outreach.posts.dead_links import DeadLinks
from outreach.posts.job import Door
from outreach.vault import Vault


@dataclass(frozen=True)
class Shop:
    config: Config
    vault: Vault
    store: Store
    reach: Reach
    links: DeadLinks
    pace: Pace = field(default_factory=NoPace)

    def door(self, now: Callable[[], datetime] = clock.now) -> Door:
        return Door(
            self.opener.open, self.store.read, now, lambda digest: self.picture_address(digest, now()), self.pace
        )

    def picture_address(self, digest: str, now: datetime) -> str:
        """Where a network fetches a picture by itself, for a day; empty where nobody outside reaches us."""
        if not self.config.public_url:
            return ""
        return f"{self.config.public_url}/pictures/{digest}/{mark_of(self.config.secret_key, digest, now)}.jpg"

    @property
    def opener(self) -> Opener:
        return Opener(self.vault, self.reach, self.config.public_url)

    def door_at(self, moment: datetime) -> Door:
        """Where it always is the same moment."""
        return self.door(lambda: moment)


def make_shop(config: Config) -> Shop:
    reach = Reach.from_config(config)
    pace = RedisPace(config.redis_url)
    return Shop(config, Vault(config.vault_keys), Store(config.media_dir), reach, DeadLinks(reach), pace)
