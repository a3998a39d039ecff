r"""A message -> the JSON that each kind of receiver takes. Pure.

plain    our own; whoever writes a receiver finds it described at `plain`, and the signature at `webhook_sign`
discord  discord.com/developers/docs/resources/webhook#execute-webhook: content of 2,000 characters, up to 10 embeds of
         6,000 together; nobody is called (`allowed_mentions`), whatever the words say
slack    docs.slack.dev, incoming webhooks and formatting: & < > are escaped; pictures are blocks of an attachment,
         since blocks beside the text would replace it
teams    learn.microsoft.com, "When a Teams webhook request is received": adaptive cards, 28 KB all in all. A line of
         ours is a TextBlock of its own: in one, line ends are lost
"""

from __future__ import annotations

import base64
from collections.abc import Callable, Mapping
from datetime import UTC
from typing import Any
from urllib.parse import urlsplit

from outreach import clock
from outreach.channels.base import Outgoing, Picture
from outreach.channels.counting import LINK

CARD = "application/vnd.microsoft.card.adaptive"


def plain(message: Outgoing) -> dict[str, Any]:
    """What a receiver of one's own gets, as JSON:

    version   1
    id        the same however often one message is tried: a receiver that keeps them never has one twice
    text      up to 5,000 letters, as JavaScript counts them
    link      the first address in the text, or null
    pictures  up to 4 of {alt, type, name} and either url (where to fetch it) or data (base64)
    language  BCP 47, or null
    time      when it was first tried: 2026-11-24T12:00:00Z

    test      true with a test, and else not there: nobody is to be shown it

    Any answer of 200 to 299 that is no HTML page means that it has arrived.
    """
    moment = (message.begun_at or clock.now()).astimezone(UTC)
    found = LINK.search(message.text)
    return {
        "version": 1,
        "id": message.key,
        "text": message.text,
        "link": found[0] if found else None,
        "pictures": [_picture(picture) for picture in message.pictures],
        "language": message.language or None,
        "time": moment.strftime("%Y-%m-%dT%H:%M:%SZ"),
    }


def _picture(picture: Picture) -> dict[str, str]:
    told = {"alt": picture.alt, "type": picture.mime, "name": picture.name}
    where = {"url": picture.url} if picture.url else {"data": base64.b64encode(picture.data).decode()}
    return told | where


def discord(message: Outgoing) -> dict[str, Any]:
    embeds = [
        {"image": {"url": picture.url}, **({"description": picture.alt} if picture.alt else {})}
        for picture in message.pictures
    ]
    made: dict[str, Any] = {"allowed_mentions": {"parse": []}}
    made |= {"content": message.text} if message.text else {}
    return made | ({"embeds": embeds} if embeds else {})


def slack(message: Outgoing) -> dict[str, Any]:
    text = message.text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    images = [
        {"type": "image", "image_url": picture.url, "alt_text": picture.alt or picture.name}
        for picture in message.pictures
    ]
    shown = [{"fallback": message.pictures[0].alt or message.pictures[0].name, "blocks": images}] if images else []
    return {"text": text or " "} | ({"attachments": shown} if shown else {})


def teams(message: Outgoing) -> dict[str, Any]:
    body: list[dict[str, Any]] = [{"type": "TextBlock", "text": line, "wrap": True} for line in _lines(message.text)]
    body += [{"type": "Image", "url": picture.url, "altText": picture.alt} for picture in message.pictures]
    card: dict[str, Any] = {"type": "AdaptiveCard", "version": "1.4", "body": body}
    card["$schema"] = "http://adaptivecards.io/schemas/adaptive-card.json"
    if found := LINK.search(message.text):
        host = urlsplit(found[0]).netloc
        card["actions"] = [{"type": "Action.OpenUrl", "title": host, "url": found[0]}]
    return {"type": "message", "attachments": [{"contentType": CARD, "contentUrl": None, "content": card}]}


def _lines(text: str) -> list[str]:
    """Without empty ones: each is a paragraph there."""
    return [line for line in text.split("\n") if line.strip()]


BODIES: Mapping[str, Callable[[Outgoing], dict[str, Any]]] = {
    "plain": plain,
    "discord": discord,
    "slack": slack,
    "teams": teams,
}
