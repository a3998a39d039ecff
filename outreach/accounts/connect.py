"""Connect an account: check it against its server, seal its secrets, keep its limits."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from outreach.access import Actor
from outreach.accounts.limits import dump
from outreach.accounts.pause import came_loose
from outreach.channels import CHANNELS, about, is_local
from outreach.channels.base import Channel, ChannelError, Identity, Unauthorized
from outreach.channels.by_hand import PRESETS
from outreach.db import db, writing
from outreach.history import record
from outreach.models import Account, Library
from outreach.vault import Unsealable, Vault
from outreach.words import NotDone, Sentence

FIRST_BUDGET = 5_000  # thousandths of a US dollar a month

log = logging.getLogger(__name__)


def add(
    library: Library,
    network: str,
    name: str,
    by: Actor,
    now: datetime,
    *,
    server: str = "",
    url: str | None = None,
    handle: str = "",
    secrets: Mapping[str, str] | None = None,
    identity: Identity | None = None,
    picture: str = "",
    vault: Vault,
) -> Account:
    """Add a place. `identity` is what the server said when it was asked (None for practice and by hand)."""
    if network not in CHANNELS:
        raise NotDone(Sentence("There is no network called %(network)s.", network=network))
    if network == "by_hand" and server not in PRESETS:
        raise NotDone(Sentence("Choose one of: %(presets)s.", presets=", ".join(PRESETS)))
    with writing() as session:
        account = add_in(session, library, network, name, by, now, server=server)
        account.sealed = vault.seal(secrets) if secrets else None
        account.url, account.handle = url, handle
        if identity:
            take(account, identity, now, picture)
    return account


def add_in(
    session: Session, library: Library, network: str, name: str, by: Actor, now: datetime, server: str = ""
) -> Account:
    """The same inside a transaction of the caller."""
    name = " ".join(name.split())
    if not name:
        raise NotDone(Sentence("Give the place a name, so that you know it again."))
    taken = select(Account.id).where(Account.library_id == library.id, Account.name == name)
    if session.scalar(taken):
        raise NotDone(Sentence("There already is a place called %(name)s.", name=name))
    account = Account(library_id=library.id, network=network, name=name[:100], server=server, created_at=now)
    account.answers, account.budget = first_answers(library, network), first_budget(network)
    session.add(account)
    session.flush()
    record(session, "account", account.id, "connected", by, now, library_id=library.id)
    return account


def first_answers(library: Library, network: str) -> str:
    """Who may answer, where the network can be told: nobody in an elementary library, until a manager says more."""
    can = () if is_local(network) else about(network).answers
    wished = "nobody" if library.grades == "k5" else "everyone"
    return wished if wished in can else ""


def first_budget(network: str) -> int:
    """Where messages cost money, until a manager says another amount."""
    return FIRST_BUDGET if about(network).price else 0


def add_or_renew(
    library: Library,
    network: str,
    name: str,
    by: Actor,
    now: datetime,
    *,
    server: str,
    secrets: Mapping[str, str],
    identity: Identity,
    picture: str = "",
    vault: Vault,
) -> tuple[Account, Sentence]:
    """The account that the server calls `identity`: new secrets if the library has it, else added. Says which.

    Without a name it is called by its handle.
    """
    same = select(Account).where(
        Account.library_id == library.id,
        Account.network == network,
        Account.server == server,
        Account.remote_id == identity.remote_id,
        Account.retired_at.is_(None),
    )
    known = db.session.scalar(same)
    if known:
        reconnect(known.id, secrets, identity, vault, by, now, picture)
        return known, Sentence("%(name)s is connected again.", name=known.name)
    name = name.strip() or identity.handle
    made = add(
        library, network, name, by, now, server=server, secrets=secrets, identity=identity, picture=picture, vault=vault
    )
    return made, Sentence("Connected as %(handle)s.", handle=identity.handle)


def take(account: Account, identity: Identity, now: datetime, picture: str = "") -> None:
    """Keep what the server said of the account; what it says now is never in doubt of a pause by it."""
    account.remote_id, account.handle, account.url = identity.remote_id, identity.handle, identity.url
    account.limits = dump(identity.limits)
    account.checked_at, account.ends_at = now, identity.ends_at
    account.picture = picture or account.picture
    if account.paused_because is not None:
        account.paused_at = account.paused_because = None


def reconnect(
    account_id: int,
    secrets: Mapping[str, str],
    identity: Identity,
    vault: Vault,
    by: Actor,
    now: datetime,
    picture: str = "",
) -> None:
    """New secrets for an account that had come loose. It must be the same identity."""
    with writing() as session:
        account = session.get_one(Account, account_id)
        if account.remote_id and account.remote_id != identity.remote_id:
            raise NotDone(
                Sentence(
                    "That is another account (%(handle)s). Sign in as %(known)s and try again.",
                    handle=identity.handle,
                    known=account.handle,
                )
            )
        account.sealed = vault.seal(secrets)
        take(account, identity, now, picture)
        record(session, "account", account.id, "reconnected", by, now, library_id=account.library_id)


def recheck(account_id: int, open_channel: Callable[[Account], Channel], by: Actor, now: datetime) -> None:
    """The nightly look at one account: its limits may have changed, its token may be dead. Other trouble can wait."""
    account = db.session.get_one(Account, account_id)
    try:
        channel = open_channel(account)
        db.session.rollback()
        channel.renew()
        check(account_id, channel, by, now)
    except (Unauthorized, Unsealable) as dead:
        with writing() as session:
            came_loose(session, session.get_one(Account, account_id), dead.sentence, by, now)
    except ChannelError as trouble:
        log.info("account %s could not be checked: %s", account_id, trouble.diagnosis)


def check(account_id: int, channel: Channel, by: Actor, now: datetime) -> Identity:
    """Ask the server again; raises the channel's ChannelError."""
    identity = channel.check()
    with writing() as session:
        take(session.get_one(Account, account_id), identity, now)
    return identity
