"""What came instead of a feed, and a sentence that says what to do about it."""

from __future__ import annotations

import re
from html import unescape

from outreach.titles.links import web_link
from outreach.titles.text import cap, plain, tidy
from outreach.words import Sentence

_READ = 300_000  # bytes looked at
_LINK = re.compile(r"<link\b([^<>]*)>", re.IGNORECASE)
_ATTRIBUTE = re.compile(r"""([a-z]+)\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))""", re.IGNORECASE)
_TITLE = re.compile(r"<title\b[^<>]*>([^<]*)", re.IGNORECASE)
_HTML = re.compile(r"\s*(?:<!--[^>]*-->\s*)?(?:<\?xml[^>]*>\s*)?<(?:!doctype\s+html|html|head|body)\b", re.IGNORECASE)
CHALLENGE = re.compile(
    r"cf-chl|challenge-platform|just a moment\.\.\.|attention required!|g-recaptcha|h-captcha|hcaptcha|_incapsula_"
    r"|ddos protection|are (?:a|not a|you a) (?:human|robot|bot)|making sure you(?:&#39;|'|’)re not a bot"
    r"|/\.within\.website/|perimeterx|verify you are human|checking your browser|aws-waf|awswaf|datadome",
    re.IGNORECASE,
)
_LOGIN = re.compile(
    r"<input\b[^<>]*\btype\s*=\s*[\"']?password|samlrequest|name=[\"']?shib_idp|/idp/profile/", re.IGNORECASE
)
_LOGIN_TITLE = re.compile(r"\b(?:log|sign)[ -]?(?:in|on)\b|\blogin\b|authenti", re.IGNORECASE)
_ROOT = re.compile(rb"<(?![?!])(?:[\w.-]+:)?([\w.-]+)")


class NotAFeed(Exception):
    """The body is no feed. `feed_link` is the absolute address of one, if the page names it."""

    def __init__(self, sentence: Sentence, feed_link: str | None = None) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.feed_link = feed_link


def not_a_feed(body: bytes, url: str) -> NotAFeed:
    """Look at the body and say what it is; to be called when it is no feed, or looks like a page or like data."""
    head = body[:_READ].lstrip()
    if not head:
        return NotAFeed(Sentence("The catalog answered with an empty page. Open the address in a browser to see why."))
    if is_page(head):
        return _page(head.decode("utf-8", "replace"), url)
    return NotAFeed(_data(head))


def is_page(body: bytes) -> bool:
    return bool(_HTML.match(body[:2_000].decode("utf-8", "replace")))


def _page(html: str, url: str) -> NotAFeed:
    # The link first: a page of results has a sign-in form in its corner as well.
    if link := feed_link(html, url):
        return NotAFeed(Sentence("This is the address of a page, not of a feed, but the page names its feed."), link)
    found = _TITLE.search(html)
    title = tidy(unescape(found[1])) if found else ""
    if CHALLENGE.search(html):
        return NotAFeed(
            Sentence(
                "The catalog asks visitors to prove that they are human, and we cannot. "
                "Ask whoever runs it to let us read the feed."
            )
        )
    if _LOGIN.search(html) or _LOGIN_TITLE.search(title):
        return NotAFeed(
            Sentence("The catalog answered with a log-in page. Use a feed that can be read without signing in.")
        )
    return NotAFeed(
        Sentence(
            "The catalog answered with a web page (“%(page)s”), not a feed. "
            "Open the address in a browser: if the page says that something is wrong, try again later.",
            page=cap(title or tidy(plain(html[:4_000])) or "…", 80),
        )
    )


def _data(head: bytes) -> Sentence:
    if head[:1] in b"{[":
        return Sentence("The catalog answered with data (JSON), not a feed. Look for the address of its RSS feed.")
    if head.startswith((b"%PDF", b"PK\x03\x04", b"\x1f\x8b", b"\x89PNG", b"\xff\xd8\xff", b"\xd0\xcf\x11\xe0")):
        return Sentence("This is the address of a file, not of a feed. Save the file and import it instead.")
    if re.match(rb"\d{5}[a-z][a-z]", head):
        return Sentence("This is a file of MARC records, not a feed. Save the file and import it instead.")
    if head.startswith(b"<") and (root := _ROOT.search(head)):
        name = cap(root[1].decode("ascii", "replace"), 40)
        return Sentence("The catalog answered with XML of another kind (“%(name)s”), not a feed.", name=name)
    return Sentence("The catalog answered with something that is not a feed. Check the address.")


def feed_link(html: str, url: str) -> str | None:
    """The page's own feed, absolute; RSS before Atom, since catalogs say more in it."""
    found: dict[str, str] = {}
    for attributes in _LINK.findall(html):
        values = {name.lower(): unescape(a or b or c) for name, a, b, c in _ATTRIBUTE.findall(attributes)}
        kind = values.get("type", "").lower()
        if "alternate" in values.get("rel", "").lower() and (link := web_link(url, values.get("href", ""))):
            found.setdefault(kind, link)
    return found.get("application/rss+xml") or found.get("application/atom+xml") or found.get("application/rdf+xml")
