"""A failed call, in words: what a person reads, and what the log keeps (never a URL: it may hold a key)."""

from __future__ import annotations

from types import MappingProxyType

from outreach.words import Sentence

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
    return Unreachable(SENTENCES[cause].filled(place=place), diagnosis, sent=sent, cause=cause)
