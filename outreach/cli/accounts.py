"""account add|list|check|pause|resume"""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

import click

from outreach import clock
from outreach.access import OUTREACH
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

    with opened() as shop:
        library = library_called(slug)
        if network == "mastodon":
            made = _mastodon(library, name, server, shop)
        else:
            made = connect.add(library, network, name, OUTREACH, clock.now(), server=server, vault=shop.vault)
        click.echo(made.name)


def _mastodon(library: Library, name: str, server: str, shop: Shop) -> Account:
    """Asks the server whose token it is; the same identity again is the same account."""
    from outreach.accounts.connect import add_or_renew
    from outreach.accounts.open import make_channel
    from outreach.channels.mastodon_connect import normal_server

    secrets = {"token": _token()}
    try:
        server = normal_server(server)
        identity = make_channel("mastodon", server, secrets, shop.reach).check()
    except ChannelError as error:
        raise NotDone(error.sentence) from error
    made, _said = add_or_renew(
        library, "mastodon", name, OUTREACH, clock.now(),
        server=server, secrets=secrets, identity=identity, vault=shop.vault,
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
    from outreach.accounts.open import open_channel

    with opened() as shop:
        row = account_called(library_called(slug), name)
        try:
            identity = ask(row.id, open_channel(row, shop.vault, shop.reach), OUTREACH, clock.now())
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
