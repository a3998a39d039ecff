"""Account secrets, sealed. Keys can be rotated: the first one seals, every one opens."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence

from cryptography.fernet import Fernet, InvalidToken, MultiFernet

from outreach.words import NotDone, Sentence


def fingerprint(token: str) -> str:
    """Of a one-time link: all that is kept of it."""
    return hashlib.sha256(token.encode()).hexdigest()


class Unsealable(NotDone):
    """No key opens this: the key file is not the one it was sealed with."""

    def __init__(self) -> None:
        super().__init__(Sentence("The key that seals this account's password is missing. Connect the account again."))


class Vault:
    def __init__(self, keys: Sequence[str]) -> None:
        self._fernet = MultiFernet([Fernet(key) for key in keys])

    def seal(self, secrets: Mapping[str, str]) -> str:
        return self._fernet.encrypt(json.dumps(dict(secrets)).encode()).decode()

    def open(self, sealed: str | None) -> dict[str, str]:
        if not sealed:
            return {}
        try:
            opened: dict[str, str] = json.loads(self._fernet.decrypt(sealed.encode()))
        except InvalidToken as error:
            raise Unsealable from error
        return opened

    def reseal(self, sealed: str) -> str:
        """The same secrets under the newest key."""
        return self._fernet.rotate(sealed.encode()).decode()

    def __repr__(self) -> str:
        return "<Vault>"
