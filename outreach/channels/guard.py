"""Which addresses we call: public ones, and private ones that whoever runs Outreach allowed.

A librarian types the address of a server or a feed, so without this anybody who may add a feed could read
what else answers inside the school's network. A name is resolved once and the connection goes to the very
address that was checked (see `wire`): a name cannot answer twice, first harmless and then private.
Imports no HTTP library: processes that only carry a `Reach` about stay small.
"""

from __future__ import annotations

import ipaddress
import socket
from dataclasses import dataclass, field
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network

from outreach.channels.trouble import Blocked
from outreach.config import Config
from outreach.words import Sentence

Address = IPv4Address | IPv6Address

NAT64 = IPv6Network("64:ff9b::/96")  # RFC 6052: the last 32 bits are an IPv4 address
IPV4_COMPATIBLE = IPv6Network("::/96")  # RFC 4291, obsolete, and still routed by some
# Not public, though `ipaddress` of some Python versions calls them global.
NOT_PUBLIC: tuple[IPv4Network | IPv6Network, ...] = (
    *map(IPv6Network, ("64:ff9b:1::/48", "fec0::/10", "3fff::/20", "5f00::/16")),
    IPv4Network("192.0.0.0/24"),  # RFC 6890, of protocols
    IPv4Network("168.63.129.16/32"),  # answers inside Azure alone: keys and settings of the machine
)


@dataclass(frozen=True)
class Reach:
    """How far we may go: what `OUTREACH_ALLOW_HOSTS`, `OUTREACH_CA_FILE` and `HTTPS_PROXY` say."""

    allow_hosts: tuple[str, ...] = ()  # host names, addresses or networks
    ca_file: str = ""
    https_proxy: str = field(default="", repr=False)  # may hold a password

    @classmethod
    def from_config(cls, config: Config) -> Reach:
        return cls(config.allow_hosts, config.ca_file, config.https_proxy)

    def allows_name(self, host: str) -> bool:
        return plain(host) in {plain(entry) for entry in self.allow_hosts}

    def allows(self, address: Address) -> bool:
        """Is `address`, or the IPv4 address inside it, in an allowed network?"""
        return any(inner in network for network in self._networks() for inner in {address, inmost(address)})

    def _networks(self) -> list[ipaddress.IPv4Network | IPv6Network]:
        found = []
        for entry in self.allow_hosts:
            try:
                found.append(ipaddress.ip_network(entry.strip("[]"), strict=False))
            except ValueError:
                continue  # a host name
        return found


def plain(host: str) -> str:
    return host.strip("[]").rstrip(".").lower()


def inmost(address: Address) -> Address:
    """The IPv4 address that an IPv6 address is another spelling of, or `address` itself."""
    if isinstance(address, IPv4Address):
        return address
    if address.ipv4_mapped:
        return address.ipv4_mapped
    if address.sixtofour:
        return address.sixtofour
    if address in NAT64 or (address in IPV4_COMPATIBLE and int(address) > 1):
        return IPv4Address(int(address) & 0xFFFFFFFF)
    return address


def is_public(address: Address) -> bool:
    address = inmost(address)
    if address.is_multicast or not address.is_global:
        return False
    return not any(address in network for network in NOT_PUBLIC)


def resolve(host: str, port: int) -> list[str]:
    """The one place where a name becomes addresses; tests replace it. Raises socket.gaierror."""
    found = socket.getaddrinfo(plain(host), port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


def permitted(host: str, addresses: list[str], reach: Reach) -> list[Address]:
    """Those of the addresses of `host` that we may connect to, in their order; raises Blocked if none is."""
    parsed = [ipaddress.ip_address(address.partition("%")[0]) for address in addresses]
    if reach.allows_name(host):
        return parsed
    fine = [address for address in parsed if is_public(address) or reach.allows(address)]
    if not fine:
        raise private(host, addresses)
    return fine


def check_for_proxy(host: str, port: int, reach: Reach) -> None:
    """A proxy connects for us, so the address cannot be pinned: refuse a host with any private address.

    Raises Blocked. A name that only the proxy can resolve passes.
    """
    try:
        addresses = resolve(host, port)
    except (socket.gaierror, UnicodeError):
        return
    if len(permitted(host, addresses, reach)) < len(addresses):
        raise private(host, addresses)


def check(host: str, port: int, reach: Reach) -> bool:
    """Before anything is sent there: may we, and is it of the own network? Raises Blocked.

    A name that nobody here knows passes: a proxy may know it.
    """
    try:
        addresses = resolve(host, port)
    except (socket.gaierror, UnicodeError):
        return reach.allows_name(host)
    return reach.allows_name(host) or all(reach.allows(address) for address in permitted(host, addresses, reach))


def goes_direct(host: str, reach: Reach) -> bool:
    """Is this an allowed host of the own network, which the school's proxy has no business with?"""
    if reach.allows_name(host):
        return True
    try:
        return reach.allows(ipaddress.ip_address(plain(host)))
    except ValueError:
        return False


def private(host: str, addresses: list[str]) -> Blocked:
    return Blocked(
        Sentence(
            "%(place)s is on a private network. Whoever runs Outreach can allow it with OUTREACH_ALLOW_HOSTS.",
            place=plain(host),
        ),
        f"not public: {', '.join(addresses)}",
    )
