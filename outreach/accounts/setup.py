"""What a district administrator does once: keys of our application on a network, and "More places" turned on."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import select

from outreach.access import Actor
from outreach.channels import CHANNELS, about
from outreach.channels.about import About
from outreach.db import db, writing
from outreach.history import record
from outreach.models import NetworkSetup
from outreach.vault import Vault
from outreach.words import NotDone, Sentence


def setup_of(network: str, vault: Vault) -> Mapping[str, str]:
    """The district's keys for a network; no connection is held afterwards. Raises Unsealable."""
    if not about(network).setup_asks:
        return {}
    sealed = db.session.scalar(select(NetworkSetup.sealed).where(NetworkSetup.network == network))
    db.session.rollback()
    return vault.open(sealed)


def set_up(network: str, typed: Mapping[str, str], vault: Vault, by: Actor, now: datetime) -> None:
    """Keep the keys; with the first ones libraries can connect it. What was left empty stays. Raises NotDone."""
    asked = about(network)
    with writing() as session:
        row = session.get(NetworkSetup, network) or NetworkSetup(network=network, who="", at=now)
        fresh = {a.name: typed[a.name].strip() for a in asked.setup_asks if typed.get(a.name, "").strip()}
        kept = vault.open(row.sealed) | fresh
        missing = [a.label for a in asked.setup_asks if not a.optional and not kept.get(a.name)]
        if missing:
            raise NotDone(Sentence("Fill in: %(what)s", what=missing[0]))
        row.is_on = row.is_on or not row.sealed
        row.sealed, row.who, row.at = vault.seal(kept), by.name, now
        session.add(row)
        record(
            session,
            "network",
            0,
            "connected",
            by,
            now,
            library_id=None,
            note=Sentence("%(network)s", network=asked.name),
        )


def turn(network: str, on: bool, by: Actor, now: datetime) -> None:
    """Under "More places": may libraries connect it? What is connected stays."""
    with writing() as session:
        row = session.get(NetworkSetup, network) or NetworkSetup(network=network, who="", at=now)
        row.is_on, row.who, row.at = on, by.name, now
        session.add(row)
        verb = "resumed" if on else "paused"
        record(
            session,
            "network",
            0,
            verb,
            by,
            now,
            library_id=None,
            note=Sentence("%(network)s", network=about(network).name),
        )


def offered() -> dict[str, tuple[About, NetworkSetup | None]]:
    """Every network that an account can be connected on, in the order of CHANNELS."""
    rows = {row.network: row for row in db.session.scalars(select(NetworkSetup))}
    known = {name: about(name) for name in CHANNELS}
    to_connect = {name: asked for name, asked in known.items() if asked.asks or asked.setup_asks or asked.stays}
    return {name: (asked, rows.get(name)) for name, asked in to_connect.items()}


def is_open(asked: About, row: NetworkSetup | None) -> bool:
    """May a library connect it now?"""
    return (not asked.more or bool(row and row.is_on)) and (not asked.setup_asks or bool(row and row.sealed))


def _named(network: str) -> Sentence:
    return Sentence("%(network)s", network=about(network).name)
