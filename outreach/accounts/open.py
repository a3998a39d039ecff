"""An account -> a channel that is ready to speak, with its secrets opened for this one use."""

from __future__ import annotations

from outreach.channels import channel_class
from outreach.channels.base import Channel
from outreach.channels.guard import Reach
from outreach.models import Account
from outreach.vault import Vault


def open_channel(account: Account, vault: Vault, reach: Reach) -> Channel:
    """Raises vault.Unsealable where the key file is not the one it was sealed with."""
    return make_channel(account.network, account.server, vault.open(account.sealed), reach, account.remote_id)


def make_channel(
    network: str, server: str, secrets: dict[str, str], reach: Reach, remote_id: str | None = None
) -> Channel:
    made: Channel
    cls = channel_class(network)
    if network == "practice":
        made = cls()
    elif network == "by_hand":
        made = cls(server)
    else:
        made = cls(server, secrets, reach, remote_id)
    return made
