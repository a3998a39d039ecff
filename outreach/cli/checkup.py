"""The doctor's checks: each says what to do."""

from __future__ import annotations

import shutil
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from redis import Redis
from redis.exceptions import RedisError
from sqlalchemy import text

from outreach.db import db
from outreach.migrate import head
from outreach.posts.watch import health
from outreach.shop import Shop


def checks(shop: Shop, now: datetime) -> list[dict[str, Any]]:
    return [_database(), _redis(shop), _publishing(now), _mail(shop), _disk(shop)]


def _told(name: str, ok: bool, told: str) -> dict[str, Any]:
    return {"name": name, "ok": ok, "told": told}


def _database() -> dict[str, Any]:
    db.session.execute(text("SELECT 1"))
    return _told("database", True, f"{db.engine.dialect.name}, shape {head()}")


def _redis(shop: Shop) -> dict[str, Any]:
    url = shop.config.redis_url
    if not url:
        return _told("redis", True, "`outreach up` starts its own")
    try:
        Redis.from_url(url, socket_timeout=3).ping()
    except RedisError as error:
        return _told("redis", False, f"does not answer ({error}). Start it, or empty REDIS_URL.")
    return _told("redis", True, "answers")


def _publishing(now: datetime) -> dict[str, Any]:
    state = health(now)
    return _told("publishing", state.well, state.sentence or f"the last tick was at {state.tick:%H:%M:%S} UTC")


def _mail(shop: Shop) -> dict[str, Any]:
    if not shop.config.smtp_url:
        return _told("e-mail", True, "none: everything stands on the pages")
    if not shop.config.public_url:
        return _told("e-mail", False, "letters have no links: set OUTREACH_PUBLIC_URL to the address people open")
    return _told("e-mail", True, f"by {urlsplit(shop.config.smtp_url).hostname}")


def _disk(shop: Shop) -> dict[str, Any]:
    free = shutil.disk_usage(shop.config.home).free
    told = f"{free // 1_000_000} MB free in {shop.config.home}"
    return _told("disk", free > 200_000_000, told if free > 200_000_000 else f"{told}: make room")
