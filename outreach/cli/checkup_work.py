"""Does anybody work: Redis, the clock that ticks, the workers? By what they leave behind; nothing is rung."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, cast

from redis import Redis
from redis.exceptions import RedisError
from sqlalchemy import func, select

from outreach.cli.finding import Finding, hint, ok, wrong
from outreach.db import db
from outreach.models import Heartbeat, Library
from outreach.posts.watch import SILENT, health
from outreach.shop import Shop
from outreach.up.lock import redis_at, running_at

QUEUE = "celery"  # where Celery keeps what nobody has taken yet
WAITED = 2.0  # seconds for an answer
MANY = 200  # messages that wait
NIGHTLY = timedelta(hours=27)
START = "Start Outreach: outreach up (or make up). If it runs, look at the log of `worker` and `beat`, and restart it."


def redis(shop: Shop) -> list[Finding]:
    """Whether it answers; if so, who listens there and how much waits."""
    config = shop.config
    url = config.redis_url or redis_at(config.home)
    if not url:
        return [hint("redis", "`outreach up` starts its own, and does not run here now")]
    try:
        line = Redis.from_url(url, socket_timeout=WAITED, socket_connect_timeout=WAITED)
        line.ping()
        waiting, listeners = cast(int, line.llen(QUEUE)), _listeners(line)
    except (RedisError, ValueError, OSError) as trouble:
        do = "Start it, or empty REDIS_URL." if config.redis_url else "Restart Outreach: Ctrl-C, then outreach up"
        return [wrong("redis", f"does not answer ({trouble})", do)]
    return [ok("redis", "answers"), _workers(listeners, waiting)]


def _listeners(line: Any) -> int:
    """Workers wait in a blocking call, each on a connection of its own."""
    return sum(1 for client in line.client_list() if client.get("cmd", "").lower() in ("brpop", "bzmpop", "blmove"))


def _workers(listeners: int, waiting: int) -> Finding:
    if not listeners:
        return wrong("workers", f"nobody listens, and {waiting} messages wait", START)
    if waiting > MANY:
        do = "If this number grows, add a worker process, or look whether one hangs (its log)."
        return hint("workers", f"{listeners} listen, and {waiting} messages wait", do)
    return ok("workers", f"{listeners} listening")


def publishing(shop: Shop, now: datetime) -> list[Finding]:
    """The tick goes from beat through Redis to a worker and into the database: it says of all four that they live."""
    state = health(now)
    night = db.session.scalar(select(Heartbeat.at).where(Heartbeat.name == "housekeeping"))
    paused = db.session.scalar(select(func.count()).where(Library.paused_at.is_not(None))) or 0
    db.session.rollback()
    found = [_tick(shop, state.tick, now)]
    if state.late:
        do = "See the lines on accounts and workers: one of them holds it up. The page of the post says why it waits."
        found.append(wrong("late", f"{state.late} messages are more than five minutes late", do))
    if paused:
        found.append(hint("paused", f"everything is paused in {paused} libraries", "Press Resume on their pages."))
    if night and now - night > NIGHTLY:
        found.append(hint("nightly work", f"last done {night:%Y-%m-%d %H:%M} UTC", "It is done while Outreach runs."))
    return found


def _tick(shop: Shop, tick: datetime | None, now: datetime) -> Finding:
    if tick is None:
        return wrong("publishing", "has never begun: nothing goes out", START)
    seconds = (now - tick).total_seconds()
    if now - tick > SILENT:
        runs = " Something of it runs here." if running_at(shop.config.home) else ""
        return wrong("publishing", f"stopped at {tick:%Y-%m-%d %H:%M:%S} UTC: nothing goes out.{runs}", START)
    return ok("publishing", f"the last tick was {max(seconds, 0):.0f} seconds ago")
