"""The web address in what somebody pasted. Pure."""

from __future__ import annotations

import re
from urllib.parse import quote

from outreach.titles.finding.feed_rules import without_sign_in
from outreach.titles.links import web_link


def addresses(text: str) -> list[str]:
    """What somebody pasted, as one address, or two to try in turn where no scheme was given."""
    text = re.sub(r"[\r\n\t]+", "", text[:4_000]).strip("<>\"'“”‘’«» ")
    text = re.sub(r"^(?:url:\s*)?(?:feed:(?=https?:))?(?:feed://)?", "", text, flags=re.IGNORECASE)
    text = text.rstrip(".,;").replace("&amp;", "&")
    schemed = re.match(r"(https?)://", text, re.IGNORECASE)
    if not schemed and re.match(r"[a-z][a-z0-9+.-]*:(?!\d)", text, re.IGNORECASE):
        return []  # mailto:, ftp:, javascript:
    rest = text[schemed.end() :] if schemed else text.lstrip("/")
    tries = [f"{scheme}://{rest}" for scheme in ([schemed[1].lower()] if schemed else ["https", "http"])]
    return [whole for each in tries if (whole := _whole(each))]


def _whole(url: str) -> str | None:
    bare, sign_in = without_sign_in(url.partition("#")[0].replace(" ", "%20"))
    link = web_link(bare, bare)
    return link.replace("//", f"//{quote(sign_in, safe='%:@', errors='ignore')}", 1) if link else None
