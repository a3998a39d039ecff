"""Why no feed was found, in words. Pure."""

from __future__ import annotations

from types import MappingProxyType
from urllib.parse import urlsplit

from outreach.channels.trouble import Unreachable
from outreach.words import Sentence

NO_ADDRESS = Sentence("This does not look like a web address. Copy it from the address bar of your browser.")
NOTHING_IN_IT = Sentence(
    "This is a feed, and there are no titles in it at the moment. Look whether it is the list that you meant."
)
NOT_SURE = Sentence("We cannot tell whether these are titles of a library. Look at them before you add the feed.")
TOOK_TOO_LONG = Sentence("The catalog took too long to answer while we looked for its feed. Try again later.")
NO_FEED_NAMED = Sentence(
    "This is a web page, and we found no feed for it. Search the catalog for the titles you want, "
    "and paste the address of the page of results."
)

# By `Unreachable.cause`, where somebody else can help than for an account's server; the others as they are.
_UNREACHED = MappingProxyType(
    {
        "name": Sentence("We found no server called %(place)s. Look for a typing mistake in the address."),
        "unknown": Sentence(
            "We do not know who issued the certificate of %(place)s, so we did not connect. Whoever runs the catalog "
            "can mend that. If your school issues its own certificates, whoever runs Outreach can add the school's "
            "with OUTREACH_CA_FILE."
        ),
        "other name": Sentence(
            "The certificate of %(place)s belongs to another name, so we did not connect. Look for a typing mistake "
            "in the address, or ask whoever runs the catalog to renew the certificate."
        ),
        "insecure": Sentence(
            "We could not make a secure connection to %(place)s. Ask whoever runs the catalog to look at its "
            "certificate and its TLS settings."
        ),
        "large": Sentence(
            "What %(place)s sent is larger than we accept. Search for fewer titles, and paste the address of that page."
        ),
    }
)
_OF_SYSTEM = MappingProxyType(
    {
        "Koha": Sentence(
            "This is a Koha catalog, and it gave us no feed. Ask whoever runs it whether the catalog can be read "
            "without signing in (OpacPublic), and whether its protection against robots lets through addresses "
            "with format=rss."
        ),
        "Goodreads": Sentence(
            "This is a page of Goodreads without a shelf that we can read. Paste the address of one of your shelves, "
            "and set your profile to be seen by anyone."
        ),
    }
)
_OTHER_SYSTEM = Sentence(
    "This is a catalog of %(system)s, and it gave us no feed for this page. Paste the address of a page of search "
    "results, or ask whoever runs the catalog whether RSS feeds are switched on and can be read without signing in."
)
_WITHOUT = Sentence(
    "%(system)s gives no feed of new titles. Export a list of them from it, and import that list instead."
)


def without_feeds(system: str) -> Sentence:
    return _WITHOUT.filled(system=system)


def gave_none(system: str) -> Sentence:
    """A system that has feeds gave none."""
    return _OF_SYSTEM.get(system) or _OTHER_SYSTEM.filled(system=system)


def unreached(error: Unreachable, url: str) -> Sentence:
    """No answer. Blocked included: its sentence says who can allow the address."""
    told = _UNREACHED.get(error.cause)
    return told.filled(place=urlsplit(url).hostname or "") if told else error.sentence


def refused(status: int) -> Sentence:
    """An answer with a status that is not 200."""
    if status in (404, 410):
        return Sentence("The catalog has no page at this address. Copy it once more from your browser.")
    if status in (401, 407):
        return Sentence("The catalog shows this page only after a sign-in. Ask whoever runs it for an open address.")
    if status == 403:
        return Sentence(
            "The catalog does not let us read this page: it may want a sign-in, or no programs. "
            "Ask whoever runs it to let Outreach in, or bring a list instead."
        )
    if status in (429, 503):
        return Sentence("The catalog is busy. Try again in a few minutes.")
    return Sentence("The catalog answered with a fault of its own (%(status)s). Try again later.", status=status)
