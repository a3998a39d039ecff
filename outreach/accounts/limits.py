"""The limits of an account, from what its server said or from its preset."""

from __future__ import annotations

from dataclasses import asdict, fields
from typing import Any

from outreach.channels.base import Limits
from outreach.channels.by_hand import PRESETS
from outreach.channels.practice import LIMITS as PRACTICE
from outreach.models import Account


def limits_of(account: Account) -> Limits:
    if account.network == "by_hand":
        return PRESETS.get(account.server, PRESETS["other"]).limits
    if account.network == "practice":
        return PRACTICE
    return load(account.limits)


def stands_apart(account: Account) -> bool:
    """Chosen by a person and never for her: what takes nothing without a picture, and practice beside real places."""
    return limits_of(account).image_required or (account.network == "practice" and not account.library.practice)


def dump(limits: Limits) -> dict[str, Any]:
    return asdict(limits)


def load(stored: dict[str, Any]) -> Limits:
    """JSON has no tuples; a field that a newer version added takes its default."""
    known = {f.name for f in fields(Limits)}
    values: dict[str, Any] = {k: tuple(v) if isinstance(v, list) else v for k, v in stored.items() if k in known}
    return Limits(**values)
