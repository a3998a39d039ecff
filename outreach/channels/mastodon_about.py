"""What connecting a Mastodon account asks for, and the way through it.

a token that was pasted -> who is it? -> Connected
a server                -> register our application there -> the person signs in -> code -> token -> Connected
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from outreach.channels.about import About, Asked, ByHandInstead, Connected, Errand, Where
from outreach.channels.base import Login
from outreach.channels.by_hand import by_hand_at
from outreach.channels.mastodon_connect import (
    CODE_ON_SCREEN,
    AppSecrets,
    authorize_url,
    exchange_code,
    normal_server,
    register_app,
)
from outreach.words import Sentence

ABOUT = About(
    name="Mastodon",
    steps=(
        Sentence("Say on which server your account is. Also GoToSocial, Pleroma, Akkoma and Pixelfed."),
        Sentence("Sign in there as the library, and press Authorize."),
    ),
    asks=(Asked("server", Sentence("Your server, or the address of your profile"), "mastodon.social"),),
    other_way=(
        Asked(
            "token",
            Sentence("Access token, from Preferences > Development on your server"),
            secret=True,
            optional=True,
        ),
    ),
    cannot=(Sentence("Who may answer cannot be chosen there: everybody can. You are shown every answer."),),
    answers_told=Sentence("Mastodon lets everybody answer. Block or report there who misbehaves."),
    edits="all",
    boosts=True,
    rate=(300, 300.0),  # docs.joinmastodon.org/api/rate-limits
    libraries=("mastodon", "outreach.channels.http"),
)


def begin(channel: Any, typed: Mapping[str, str], where: Where) -> Sequence[Connected] | Errand:
    """Raises Refused, TryLater, Unauthorized."""
    if by_hand := by_hand_at(typed.get("server", "")):
        preset, name = by_hand
        told = Sentence(
            "%(place)s is posted by hand: at its time we ask you, and the words are there to copy.", place=name
        )
        raise ByHandInstead(told, preset, name)
    server = normal_server(typed.get("server", ""))
    if token := typed.get("token", "").strip():
        return [_connected(channel, server, token, where)]
    app = register_app(server, where.reach, where.back or CODE_ON_SCREEN)
    state = secrets.token_urlsafe(16)
    kept = {"app": json.dumps(asdict(app))}
    address = authorize_url(app, state)
    return Errand(address, server.rpartition("://")[2], state, kept, copies=app.redirect_uri == CODE_ON_SCREEN)


def go_on(channel: Any, kept: Mapping[str, str], code: str, where: Where) -> Sequence[Connected]:
    app = AppSecrets(**json.loads(kept["app"]))
    return [_connected(channel, app.server, exchange_code(app, where.reach, code), where)]


def _connected(channel: Any, server: str, token: str, where: Where) -> Connected:
    keep = {"token": token}
    return Connected(channel(Login(server, keep, where.reach)).check(), keep, server)
