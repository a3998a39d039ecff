"""account add|list|check|pause|resume"""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

import click

from outreach import clock
from outreach.access import OUTREACH
from outreach.channels import CHANNELS, about, channel_class, is_local
from outreach.channels.about import Where
from outreach.channels.base import ChannelError
from outreach.cli.base import account_called, library_called, opened, show_json
from outreach.words import NotDone, Sentence

if TYPE_CHECKING:
    from outreach.models import Account, Library
    from outreach.shop import Shop


@click.group()
def account() -> None:
    """Accounts and other places to post to."""


@account.command()
@click.argument("network")
@click.option("--library", "slug", required=True)
@click.option("--name", required=True)
@click.option("--server", default="", help="https://… of the server, or the preset of a place posted to by hand")
def add(network: str, slug: str, name: str, server: str) -> None:
    """Add one. A token comes from OUTREACH_TOKEN or standard input; prints its name."""
    from outreach.accounts import connect
    from outreach.accounts.own import add_own

    with opened() as shop:
        library = library_called(slug)
        if network in CHANNELS and about(network).stays:
            made = add_own(library, network, OUTREACH, clock.now(), name)
        elif network not in CHANNELS or is_local(network):
            made = connect.add(library, network, name, OUTREACH, clock.now(), server=server, vault=shop.vault)
        else:
            made = _connected(library, network, name, server, shop)
        click.echo(made.name)


def _connected(library: Library, network: str, name: str, server: str, shop: Shop) -> Account:
    """Asks the server whose token it is; the same identity again is the same account."""
    from outreach.accounts.connect import add_or_renew
    from outreach.accounts.setup import setup_of

    asked = about(network)
    secret = next((ask.name for ask in (*asked.asks, *asked.other_way) if ask.secret), "")
    if not secret:
        raise NotDone(Sentence("Connect it on its page: Places > Add a place."))
    typed = {"server": server, "identifier": name, secret: _token()}
    where = Where(shop.reach, setup_of(network, shop.vault), "", shop.config.public_url)
    try:
        found = channel_class(network).connect(typed, where)
    except ChannelError as error:
        raise NotDone(error.sentence) from error
    made, _said = add_or_renew(
        library, network, name, OUTREACH, clock.now(),
        server=found[0].server, secrets=found[0].secrets, identity=found[0].identity, vault=shop.vault,
    )  # fmt: skip
    return made


def _token() -> str:
    token = os.environ.get("OUTREACH_TOKEN", "").strip() or ("" if sys.stdin.isatty() else sys.stdin.readline().strip())
    if not token:
        raise NotDone(Sentence("Give the access token in OUTREACH_TOKEN or on standard input."))
    return token


@account.command("list")
@click.option("--library", "slug", required=True)
@click.option("--json", "as_json", is_flag=True)
def list_accounts(slug: str, as_json: bool) -> None:
    from outreach.db import db
    from outreach.posts.queries import accounts_of

    with opened():
        rows = [
            {
                "name": a.name,
                "network": a.network,
                "server": a.server,
                "handle": a.handle,
                "paused": a.paused_at is not None,
                "why": a.paused_because,
                "checked": a.checked_at,
            }
            for a in accounts_of(db.session(), library_called(slug).id)
        ]
        if as_json:
            show_json(rows)
        else:
            for row in rows:
                click.echo(
                    f"{row['name']:30} {row['network']:10} {row['server']} {'paused' if row['paused'] else ''}".rstrip()
                )


@account.command()
@click.argument("name")
@click.option("--library", "slug", required=True)
def check(name: str, slug: str) -> None:
    """Ask the server whether it still knows us."""
    from outreach.accounts.connect import check as ask

    with opened() as shop:
        row = account_called(library_called(slug), name)
        try:
            identity = ask(row.id, shop.opener.open(row), OUTREACH, clock.now())
        except ChannelError as error:
            raise NotDone(error.sentence) from error
        click.echo(f"{name}: {identity.handle or identity.name}")


@account.command()
@click.argument("name")
@click.option("--library", "slug", required=True)
def pause(name: str, slug: str) -> None:
    from outreach.accounts import pause as pausing

    with opened():
        pausing.pause(account_called(library_called(slug), name).id, OUTREACH, clock.now())


@account.command()
@click.argument("name")
@click.option("--library", "slug", required=True)
def resume(name: str, slug: str) -> None:
    from outreach.accounts import pause as pausing

    with opened():
        pausing.resume(account_called(library_called(slug), name).id, OUTREACH, clock.now())
