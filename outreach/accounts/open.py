"""An account -> a channel that is ready to speak, with its secrets opened for this one use."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

from outreach.accounts.renew import renew
from outreach.accounts.setup import setup_of
from outreach.channels import channel_class
from outreach.channels.base import Channel, Login, Secrets
from outreach.channels.exchange import hide
from outreach.channels.guard import Reach
from outreach.models import Account
from outreach.vault import Vault


@dataclass(frozen=True)
class Opener:
    vault: Vault
    reach: Reach
    public_url: str = ""

    def open(self, account: Account) -> Channel:
        """Raises vault.Unsealable where the key file is not the one it was sealed with."""
        secrets = self.vault.open(account.sealed)
        login = Login(
            account.server,
            secrets,
            self.reach,
            account.remote_id,
            setup_of(account.network, self.vault),
            self.public_url,
            partial(renew, account.id, self.vault),
        )
        return make_channel(account.network, login)


def make_channel(network: str, login: Login) -> Channel:
    hide(_strings(login.secrets) + _strings(login.setup))
    made: Channel = channel_class(network)(login)
    return made


def _strings(secrets: Secrets) -> list[str]:
    return [value for value in secrets.values() if isinstance(value, str)]
