"""Addresses in a feed: only http and https, whole or not at all, never into somebody's own network.

A library's own catalog may stand on a private address (many schools' do); then its feed does too, and the same host is
allowed. This looks at the spelling alone, it resolves nothing: whoever fetches checks the address once more.
"""

from __future__ import annotations

import re
from ipaddress import IPv6Address, IPv6Network, ip_address
from urllib.parse import quote, urljoin, urlsplit

MOST = 2_048  # characters; a longer link is refused, since a cut one leads nowhere

# The usual case, told by one pattern: nothing to resolve, to quote or to doubt.
_USUAL = re.compile(r"https?://([a-z0-9-]+(?:\.[a-z0-9-]+)*\.[a-z]{2,})(?:[/?][!#-;=?-\[\]_a-z~]*)?\Z")
_NAT64 = IPv6Network("64:ff9b::/96")
_OWN_NAMES = (".localhost", ".local", ".internal", ".lan", ".home.arpa", ".intranet")
_UNSAFE = re.compile('[\x00-\x20\x7f-\xa0\u200b-\u200f\u2028-\u202e\u2060-\u206f\ud800-\udfff"<>\\\\^`{|}]')


def web_link(base: str, href: str) -> str | None:
    """`href` as an absolute http(s) address, or None if it is none that we would show or fetch."""
    if (usual := _USUAL.match(href)) and len(href) <= MOST and not _is_own(usual[1]):
        return href
    if not href or len(href) > MOST:
        return None
    try:
        link = urljoin(base, href.strip())
        parts = urlsplit(link)
        host, own_host, _ = parts.hostname or "", urlsplit(base).hostname, parts.port
    except ValueError:
        return None
    if parts.scheme not in ("http", "https") or not host or parts.username is not None:
        return None
    if _UNSAFE.search(host) or "%" in host or (_is_own(host) and host != own_host):
        return None
    link = _UNSAFE.sub(lambda bad: quote(bad[0], errors="ignore"), link)
    return link if len(link) <= MOST else None


def host_of(link: str) -> str:
    """`opac.x.org`, with the port if it is an unusual one."""
    if usual := _USUAL.match(link):
        return usual[1]
    try:
        parts = urlsplit(link)
        port = f":{parts.port}" if parts.port not in (None, 80, 443) else ""
    except ValueError:
        return ""
    return (parts.hostname or "") + port


def _is_own(host: str) -> bool:
    """A name or number that means this machine or this network, in any spelling browsers understand."""
    host = host.rstrip(".")
    if ":" in host:
        return not _is_global(host)
    last = host.rpartition(".")[2]
    if last[:1].isdecimal():  # such a host is a number to a browser: 127.1, 2130706433, 0x7f.0.0.1
        return not _is_global(host)
    return not last or "." not in host or host.endswith(_OWN_NAMES)


def _is_global(host: str) -> bool:
    try:
        address = ip_address(host)
    except ValueError:
        return False
    if isinstance(address, IPv6Address):
        if address in _NAT64:
            return False
        address = address.ipv4_mapped or address.sixtofour or address
    return address.is_global and not address.is_multicast
