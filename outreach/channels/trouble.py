"""A failed call, in words: what a person reads, and what the log keeps (never a URL: it may hold a key)."""

from __future__ import annotations

import errno
import socket
import ssl
from collections.abc import Iterator
from types import MappingProxyType

import requests
from urllib3.exceptions import DecodeError, LocationParseError

from outreach.words import Sentence

# OpenSSL's X509_V_ERR_…, as in SSLCertVerificationError.verify_code
CERTIFICATE = MappingProxyType(
    {9: "not yet", 10: "expired", 18: "unknown", 19: "unknown", 20: "unknown", 21: "unknown", 62: "name", 64: "name"}
)

SENTENCES = MappingProxyType(
    {
        "name": Sentence(
            "We found no server called %(place)s. Check the spelling, and whether this computer is online."
        ),
        "refused": Sentence("Nothing answers at %(place)s at the moment. Try again later."),
        "network": Sentence("We could not reach %(place)s. Check whether this computer is online, then try again."),
        "timeout": Sentence("%(place)s took too long to answer. Try again later."),
        "cut": Sentence("The connection to %(place)s broke off. Try again later."),
        "expired": Sentence(
            "The certificate of %(place)s has expired, so we did not connect. Whoever runs that server must renew it."
        ),
        "not yet": Sentence(
            "The certificate of %(place)s is not valid yet. Check the date and time of the computer Outreach runs on."
        ),
        "unknown": Sentence(
            "We do not know who issued the certificate of %(place)s. If your school re-signs secure connections, "
            "whoever runs Outreach can add the school's certificate with OUTREACH_CA_FILE."
        ),
        "other name": Sentence(
            "The certificate of %(place)s belongs to another name, so we did not connect. Check the spelling."
        ),
        "insecure": Sentence("We could not make a secure connection to %(place)s. Ask whoever runs it."),
        "proxy": Sentence(
            "The school's web proxy did not let us through to %(place)s. "
            "Ask whoever runs Outreach to check HTTPS_PROXY."
        ),
        "redirects": Sentence("%(place)s sends us in circles. Check the address."),
        "large": Sentence("What %(place)s sent is larger than we accept. Choose a smaller selection."),
        "unreadable": Sentence("What %(place)s sent cannot be unpacked. Try again later, or check the address."),
        "address": Sentence("%(place)s is not an address we can open. It begins with https:// (or http://)."),
    }
)


class Unreachable(Exception):
    """No usable answer. `sent`: the request had begun to leave, so it may have had its effect."""

    def __init__(self, sentence: Sentence, diagnosis: str = "", *, sent: bool = False, cause: str = "network") -> None:
        super().__init__(f"{sentence} [{diagnosis}]")
        self.sentence = sentence
        self.diagnosis = diagnosis
        self.sent = sent
        self.cause = cause


class Blocked(Unreachable):
    """We refused to call this address. `sentence` says what to do."""

    def __init__(self, sentence: Sentence, diagnosis: str = "") -> None:
        super().__init__(sentence, diagnosis, sent=False, cause="blocked")


class TooLarge(Exception):
    """The body passed the cap, after decompression."""


def unreachable(cause: str, place: str, diagnosis: str = "", *, sent: bool = False) -> Unreachable:
    return Unreachable(Sentence(SENTENCES[cause], place=place), diagnosis, sent=sent, cause=cause)


def explain(error: BaseException, place: str, *, sent: bool) -> Unreachable:
    """Any exception of `requests`, urllib3 or the sockets below -> the Unreachable to raise."""
    if isinstance(error, Unreachable):
        return error
    chain = list(_chain(error))
    root = chain[-1]
    # Only the innermost text: those around it quote the URL.
    return unreachable(_cause(chain), place, f"{type(error).__name__}: {type(root).__name__}: {root}"[:300], sent=sent)


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    """The exception and what it wraps, outermost first."""
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        yield error
        inside = [getattr(error, "reason", None), error.__cause__, *error.args, error.__context__]
        error = next((e for e in inside if isinstance(e, BaseException) and id(e) not in seen), None)


def _cause(chain: list[BaseException]) -> str:
    for kinds, cause in _KINDS:
        found = next((error for error in chain if isinstance(error, kinds)), None)
        if found is not None:
            return cause or _of_certificate(found)
    codes = {error.errno for error in chain if isinstance(error, OSError)}
    if codes & {errno.ENETUNREACH, errno.EHOSTUNREACH}:
        return "network"
    return "cut" if isinstance(chain[0], requests.ConnectionError) else "network"


def _of_certificate(error: BaseException) -> str:
    known = CERTIFICATE.get(getattr(error, "verify_code", 0), "insecure")
    return "other name" if known == "name" else known


_KINDS: tuple[tuple[type[BaseException] | tuple[type[BaseException], ...], str], ...] = (
    (requests.TooManyRedirects, "redirects"),
    (TooLarge, "large"),
    ((socket.gaierror, UnicodeError), "name"),
    (ssl.SSLCertVerificationError, ""),
    (requests.exceptions.ProxyError, "proxy"),
    ((TimeoutError, requests.Timeout), "timeout"),
    (ConnectionRefusedError, "refused"),
    ((ConnectionResetError, BrokenPipeError), "cut"),
    (ssl.SSLError, "insecure"),
    ((DecodeError, requests.exceptions.ContentDecodingError), "unreadable"),
    ((requests.exceptions.InvalidSchema, requests.exceptions.MissingSchema), "address"),
    ((requests.exceptions.InvalidURL, LocationParseError), "address"),
)
