"""What connecting a Bluesky account asks for."""

from __future__ import annotations

import re
from collections.abc import Mapping

from outreach.channels.about import ANSWERS, About, Asked
from outreach.channels.base import Refused
from outreach.channels.phrases import LOOKED, fill
from outreach.words import Sentence

HOME = "https://bsky.social"
APP_PASSWORD = re.compile(r"[a-z0-9]{4}(?:-[a-z0-9]{4}){3}", re.IGNORECASE)
HANDLE = re.compile(r"[a-z0-9-]+(?:\.[a-z0-9-]+)+|did:[a-z]+:[\w.:%-]+|[^\s@]+@[^\s@]+\.[^\s@]+", re.IGNORECASE)

ABOUT = About(
    name="Bluesky",
    steps=(
        Sentence("Sign in at bsky.app as the library."),
        Sentence("Open Settings > Privacy and security > App passwords, and press Add App Password."),
        Sentence("Call it Outreach. It shows a password of four groups of four letters: copy it into the form."),
    ),
    asks=(
        Asked("identifier", Sentence("Handle of the library"), "maplelibrary.bsky.social"),
        Asked("password", Sentence("App password"), "abcd-efgh-ijkl-mnop", secret=True),
    ),
    other_way=(
        Asked(
            "server",
            Sentence("Its server, if it is not Bluesky's own"),
            "pds.school.example",
            optional=True,
        ),
    ),
    cannot=(
        Sentence("Polls: their choices are written as lines, and people answer in words."),
        Sentence("Changing a post that is out: take it down and post it anew."),
    ),
    answers=ANSWERS,
    keyed=True,
    rate=(1_600, 3_600.0),  # 5,000 points an hour, a record costs 3: docs.bsky.app, rate limits
    prepares=True,
    libraries=("atproto_client", "outreach.channels.http"),
)


def read(typed: Mapping[str, str]) -> tuple[str, str, str]:
    """(server, identifier, password) as they are meant. Raises Refused with what to type instead."""
    identifier = typed.get("identifier", "").strip().rpartition("/profile/")[2].strip("/").removeprefix("@")
    identifier = re.sub(r"[\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]", "", identifier)  # copied with its marks
    if identifier and "." not in identifier and "@" not in identifier:
        identifier += ".bsky.social"
    if not HANDLE.fullmatch(identifier):
        raise Refused(Sentence("Write the handle of the library as Bluesky shows it, like maplelibrary.bsky.social."))
    password = "".join(typed.get("password", "").split())
    if not APP_PASSWORD.fullmatch(password):
        raise Refused(
            Sentence(
                "That is no app password: one looks like abcd-efgh-ijkl-mnop. Never give us the password that you "
                "sign in with; make an app password in Settings > Privacy and security > App passwords."
            )
        )
    return server_of(typed.get("server", "")), identifier, password


def server_of(text: str) -> str:
    typed = text.strip().rstrip("/")
    if not typed:
        return HOME
    scheme, found, rest = typed.partition("://")
    scheme, rest = (scheme.lower(), rest) if found else ("https", typed)
    host = rest.partition("/")[0].lower()
    if scheme not in ("http", "https") or not re.fullmatch(r"[\w.-]+(?::\d{1,5})?|\[[0-9a-f:.]+\](?::\d{1,5})?", host):
        raise Refused(fill(LOOKED["no address"], typed[:100]))
    return f"{scheme}://{host}"
