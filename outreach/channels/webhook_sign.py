"""How a receiver of one's own knows that a message is ours: a header with every message.

    X-Outreach-Signature: t=1795521600,v1=5257a8…

`t` is when it was sent (seconds since 1970). `v1` is the HMAC-SHA256, in hexadecimal, of `t`, a full stop and the body
as it came, with the signing key as it was shown. A receiver should take nothing that is older than five minutes, and
compare in constant time.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets

HEADER = "X-Outreach-Signature"


def new_key() -> str:
    return secrets.token_hex(32)


def signature(key: str, body: bytes, seconds: int) -> str:
    """
    >>> signature("key", b"{}", 1)
    't=1,v1=1ba6b8171186efc613e8bcc0cbdab2748f24984d7c5a84faa2637afa0e40d224'
    """
    made = hmac.new(key.encode(), f"{seconds}.".encode() + body, hashlib.sha256)
    return f"t={seconds},v1={made.hexdigest()}"
