"""What a person brings back from a network's sign-in page: the code alone, or the whole address she ended on."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

from outreach.channels.base import Refused
from outreach.words import Sentence

NOT_ALLOWED = Sentence(
    "%(place)s says that it was not allowed. Begin again, and leave everything turned on that it asks for."
)


def code_in(text: str, place: str) -> str:
    """RFC 6749, 4.1.2: `code`, or `error` where the person said no. Raises Refused for that.

    >>> code_in("https://www.facebook.com/connect/login_success.html?code=AQB1&state=x#_=_", "Facebook")
    'AQB1'
    """
    typed = "".join(text.split())
    if "=" not in typed:
        return typed
    parts = urlsplit(typed)
    told = parse_qs(parts.query or parts.path)
    if told.get("error"):
        raise Refused(NOT_ALLOWED.filled(place=place), told["error"][0][:60])
    return told["code"][0] if told.get("code") else typed
