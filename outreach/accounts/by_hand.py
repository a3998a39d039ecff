"""A place that a person posts to: added with the address only the library knows, which may be another one later."""

from __future__ import annotations

from datetime import datetime

from outreach.access import Actor
from outreach.accounts.connect import add
from outreach.channels.by_hand import PRESETS
from outreach.channels.by_hand_open import EMAIL, web_address
from outreach.db import writing
from outreach.history import record
from outreach.models import Account, Library
from outreach.vault import Vault
from outreach.words import NotDone, Sentence


def add_by_hand(
    library: Library, preset: str, name: str, address: str, by: Actor, now: datetime, *, vault: Vault
) -> Account:
    """Raises NotDone, also for an address that is none."""
    url, email = opened_at(preset, address)
    return add(library, "by_hand", name, by, now, server=preset, url=url, handle=email, vault=vault)


def change_address(account_id: int, address: str, by: Actor, now: datetime) -> Account:
    """Where it is opened from now on. Raises NotDone."""
    with writing() as session:
        account = session.get_one(Account, account_id)
        if account.network != "by_hand":
            raise NotDone(Sentence("This place has its address from its network."))
        account.url, account.handle = opened_at(account.server, address)
        record(session, "account", account.id, "edited", by, now, library_id=account.library_id)
    return account


def opened_at(preset: str, address: str) -> tuple[str | None, str]:
    """What was typed as (web address, e-mail): a place has one of them, or none yet."""
    address = address.strip()
    if not address:
        return None, ""
    if preset in PRESETS and PRESETS[preset].share.startswith("mailto:"):
        if not EMAIL.fullmatch(address):
            raise NotDone(Sentence("That is no e-mail address. Check it, or leave it empty."))
        return None, address
    url = web_address(address)
    if url is None:
        raise NotDone(Sentence("The address begins with https:// – copy it from the browser's address line."))
    return url, ""
