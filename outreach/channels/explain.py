"""Any exception of `requests`, urllib3 and the sockets below -> the Unreachable to raise."""

from __future__ import annotations

import errno
import socket
import ssl
from collections.abc import Iterator
from types import MappingProxyType

import requests
from urllib3.exceptions import DecodeError, LocationParseError

from outreach.channels.trouble import TooLarge, Unreachable, unreachable

# OpenSSL's X509_V_ERR_…, as in SSLCertVerificationError.verify_code
CERTIFICATE = MappingProxyType(
    {9: "not yet", 10: "expired", 18: "unknown", 19: "unknown", 20: "unknown", 21: "unknown", 62: "name", 64: "name"}
)


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
