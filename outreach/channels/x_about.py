"""What connecting an X account asks for: four strings that its developer console shows.

OAuth 1.0a: they do not end until somebody revokes them (docs.x.com, authentication FAQ), so nothing is to be renewed.
An access token keeps the rights that the app had when it was made.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from outreach.channels.about import ANSWERS, About, Asked
from outreach.channels.base import Refused, Secrets
from outreach.channels.x_price import price
from outreach.words import Sentence

HOME = "https://api.x.com"
KEYS = ("api_key", "api_secret", "token", "token_secret")
KEY = re.compile(r"[A-Za-z0-9_-]{10,120}")

ABOUT = About(
    name="X",
    steps=(
        Sentence(
            "Sign in at console.x.com as the library. Buy credits (5 dollars last a long time), and set a spending "
            "limit."
        ),
        Sentence(
            "Make an app. Open its User authentication settings, choose “Read and write” and “Web App, Automated App "
            "or Bot”, type the address of your website in both fields, and save."
        ),
        Sentence(
            "Only then open Keys and tokens. Generate the API key and secret, and below them the access token and "
            "secret: copy the four into the form."
        ),
    ),
    asks=(
        Asked("api_key", Sentence("API key (also called consumer key)"), secret=True),
        Asked("api_secret", Sentence("API key secret"), secret=True),
        Asked("token", Sentence("Access token"), "1234567890-AbCdEfGh", secret=True),
        Asked("token_secret", Sentence("Access token secret"), secret=True),
    ),
    cannot=(
        Sentence("The same words a second time: X takes no message that says just what an earlier one said."),
        Sentence("Several messages that answer each other: X lets programs answer almost nobody."),
        Sentence("Changing a post that is out: take it down and post it anew."),
    ),
    price=price,
    charges=Sentence(
        "X charges for each message: about 2 cents, with a link 20 cents, and half a cent more for each described "
        "picture (US dollars, April 2026). Posting there by hand costs nothing, and is what we recommend."
    ),
    more=True,
    rate=(100, 900.0),  # POST /2/tweets for one user: docs.x.com, rate limits
    by_hand="x",
    answers=ANSWERS,
    libraries=("requests_oauthlib", "outreach.channels.http"),
)


def read(typed: Mapping[str, str]) -> Secrets:
    """The four, without what copying brought along. Raises Refused with what to copy instead."""
    keys = {name: "".join(typed.get(name, "").split()) for name in KEYS}
    for asked in ABOUT.asks:
        if not KEY.fullmatch(keys[asked.name]):
            raise Refused(
                Sentence("“%(what)s” does not look like what console.x.com shows. Copy it again.", what=asked.label)
            )
    if len(set(keys.values())) < len(keys):
        raise Refused(Sentence("Two of the four are the same. Copy each from its own line of Keys and tokens."))
    if not re.match(r"\d+-", keys["token"]):
        raise Refused(
            Sentence("The access token begins with a number and a dash, like 1234567890-AbCd. Copy that one.")
        )
    return keys
