"""How fast we go, shared by all workers: a token bucket for each account and each server, in Redis.

    the server's own word (its headers) first -> else the network's documented rate -> a token, or when there is one

Redis only makes us polite: without it (or where it does not answer at once) everybody goes, and the servers' own
answers are heard, as before.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from time import monotonic
from typing import Any, Protocol

from outreach.channels.pace import Left

log = logging.getLogger(__name__)

ANSWERS_WITHIN = 0.25  # seconds that Redis has; a send never waits for it longer
REST = 5.0  # seconds in which it is not asked again, after it did not answer
HASTE = 1  # a soak sends in minutes what a school sends in years
Rate = tuple[int, float]  # so many calls in so many seconds

# KEYS: a bucket each. ARGV: now, then for each bucket its size and the seconds in which it fills.
# A bucket holds: left, at; or what the server said: told (how many are left), ends (until when that holds).
# Takes one from each, or none at all; returns 0, or the moment from which there is one again.
TAKE = """
local now, latest = tonumber(ARGV[1]), 0
local found = {}
for n, key in ipairs(KEYS) do
  local size, seconds = tonumber(ARGV[2 * n]), tonumber(ARGV[2 * n + 1])
  local kept = redis.call('HMGET', key, 'left', 'at', 'told', 'ends')
  local told, ends = tonumber(kept[3]), tonumber(kept[4])
  if told and ends > now then
    if told < 1 then latest = math.max(latest, ends) end
    found[n] = {told = told}
  else
    local left = tonumber(kept[1]) or size
    left = math.min(size, left + (now - (tonumber(kept[2]) or now)) * size / seconds)
    if left < 1 then latest = math.max(latest, now + (1 - left) * seconds / size) end
    found[n] = {left = left, seconds = seconds}
  end
end
if latest > 0 then return tostring(latest) end
for n, key in ipairs(KEYS) do
  if found[n].told then
    redis.call('HSET', key, 'told', found[n].told - 1)
  else
    redis.call('DEL', key)
    redis.call('HSET', key, 'left', found[n].left - 1, 'at', now)
    redis.call('EXPIRE', key, math.ceil(found[n].seconds) + 1)
  end
end
return '0'
"""


class Pace(Protocol):
    def take(self, buckets: dict[str, Rate], now: datetime) -> datetime | None:
        """One token from each bucket. None: go; else the moment from which one may try again."""

    def hear(self, bucket: str, left: Left) -> None:
        """What the server said of this bucket."""

    def told(self, bucket: str, now: datetime) -> Left | None:
        """What the server said last, as far as it still holds."""


class NoPace:
    """Everybody goes."""

    def take(self, buckets: dict[str, Rate], now: datetime) -> datetime | None:
        return None

    def hear(self, bucket: str, left: Left) -> None:
        return None

    def told(self, bucket: str, now: datetime) -> Left | None:
        return None


class RedisPace:
    def __init__(self, url: str) -> None:
        self.url = url
        self._client: Any = None
        self._take: Any = None
        self._rests_until = 0.0

    def take(self, buckets: dict[str, Rate], now: datetime) -> datetime | None:
        sizes = [number for size, seconds in buckets.values() for number in (size * HASTE, seconds)]
        answer = self._ask(lambda: self._take(keys=[_key(b) for b in buckets], args=[now.timestamp(), *sizes]))
        moment = float(answer or 0)
        return datetime.fromtimestamp(moment, UTC) if moment else None

    def hear(self, bucket: str, left: Left) -> None:
        key, ends = _key(bucket), left.resets_at.timestamp()

        def keep() -> None:
            pipe = self._client.pipeline(transaction=False)
            pipe.hset(key, mapping={"told": left.remaining, "ends": ends, "limit": left.limit})
            pipe.expireat(key, left.resets_at + timedelta(seconds=1))
            pipe.execute()

        self._ask(keep)

    def told(self, bucket: str, now: datetime) -> Left | None:
        kept = self._ask(lambda: self._client.hgetall(_key(bucket))) or {}
        found = {key.decode(): float(value) for key, value in kept.items()}
        if found.get("ends", 0) <= now.timestamp():
            return None
        return Left(int(found["told"]), int(found.get("limit", 0)), datetime.fromtimestamp(found["ends"], UTC))

    def _ask(self, call: Callable[[], Any]) -> Any:
        """None where Redis is not there, which is no reason to send nothing."""
        if not self.url or monotonic() < self._rests_until:
            return None
        from redis import Redis
        from redis.exceptions import RedisError

        try:
            if self._client is None:
                self._client = Redis.from_url(
                    self.url, socket_timeout=ANSWERS_WITHIN, socket_connect_timeout=ANSWERS_WITHIN
                )
                self._take = self._client.register_script(TAKE)
            return call()
        except (RedisError, OSError) as error:
            self._rests_until = monotonic() + REST
            log.info("no pace from Redis: %s", type(error).__name__)
            return None


def _key(bucket: str) -> str:
    return f"outreach:pace:{bucket}"
