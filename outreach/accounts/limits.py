"""The limits of an account, from what its server said or from its preset."""

from __future__ import annotations

from dataclasses import asdict, fields
from typing import Any

from outreach.channels import channel_class, is_local
from outreach.channels.base import Limits
from outreach.models import Account


def limits_of(account: Account) -> Limits:
    if is_local(account.network):
        limits: Limits = channel_class(account.network).limits_at(account.server)
        return limits
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
