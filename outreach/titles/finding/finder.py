"""Whatever address a librarian has, the feed of new titles behind it.

    what was pasted | with a scheme | ask | a feed? | else the candidates of the page, one after the other | Found

Asks through the guard like every fetch, and not much: a person waits for the answer, and it is somebody else's server.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from time import monotonic
from urllib.parse import urlsplit

from outreach.channels.guard import Reach
from outreach.channels.http import Answer, Unreachable, get
from outreach.titles.finding import words as words
from outreach.titles.finding.feed_look import Found as Found
from outreach.titles.finding.feed_look import Look, Read, name_in, seen
from outreach.titles.finding.feed_rules import candidates, no_feed_system, without_sign_in
from outreach.titles.finding.feed_systems import system_of
from outreach.titles.finding.pasted import addresses
from outreach.titles.rss.parse_child import parse_safely
from outreach.words import Sentence

MOST_REQUESTS = 6
SECONDS = 25.0  # for all of it
SECONDS_EACH = 12.0
_HEADERS = {"Accept": "text/html, application/rss+xml, application/atom+xml, application/xml;q=0.9, */*;q=0.5"}
_LOG_IN = re.compile(r"\b(?:log|sign)[ -]?(?:in|on)\b|\blogin\b", re.IGNORECASE)


class NotFound(Exception):
    """No feed. `sentence` says why and what to do; `system` names a catalog that we recognised."""

    def __init__(self, sentence: Sentence, system: str | None = None) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.system = system


Ask = Callable[..., Answer]


def find(
    url: str,
    reach: Reach,
    now: datetime,
    ask: Ask = get,
    read: Read = parse_safely,
    clock: Callable[[], float] = monotonic,
) -> Found:
    """The feed at `url`, or of the page at `url`. Raises NotFound.

    1. The pasted address: a feed with titles is the answer.
    2. A page: what it names and what its system's rule says, at most MOST_REQUESTS and SECONDS in all.
    3. The first with titles that look like a library's; else any titles, with a warning; else a feed without titles.
    4. Nothing: said by its cause.
    """
    starts = addresses(url)
    if not starts:
        raise NotFound(words.NO_ADDRESS)
    return _Search(reach, now, ask, read, clock).run(starts)


class _Search:
    def __init__(self, reach: Reach, now: datetime, ask: Ask, read: Read, clock: Callable[[], float]) -> None:
        self.reach, self.now, self.ask, self.read, self.clock = reach, now, ask, read, clock
        self.ends_at = clock() + SECONDS
        self.asked: list[str] = []
        self.page_name = ""

    def run(self, starts: list[str]) -> Found:
        first = self.first(starts)
        if first.found:
            return first.found
        tries = candidates(_with_sign_in(first), first.html) if first.html else []
        if not first.html or (first.cause and not tries):
            raise self.no_page(first)
        self.page_name = name_in(first.html)
        return self.among(tries, first)

    def first(self, starts: list[str]) -> Look:
        look = self.look(starts[0])
        has_port = ":" in without_sign_in(starts[0])[0].partition("//")[2].partition("/")[0]
        # A catalog on a port of its own often speaks no TLS there, which looks like a broken connection.
        if len(starts) > 1 and look.cause in ({"refused", "insecure", "cut"} if has_port else {"refused"}):
            return self.look(starts[1])
        return look

    def among(self, tries: list[str], first: Look) -> Found:
        unsure: list[Found] = []
        stopped = first.sentence if first.cause else None
        for link in tries:
            if len(self.asked) >= MOST_REQUESTS or self.left() <= 0:
                break
            if link in self.asked:
                continue
            look = self.look(link)
            if look.found:
                unsure.append(replace(look.found, name=look.found.name or self.page_name))
            if look.books:
                return unsure[-1]
            if look.cause in ("challenge", "timeout"):
                stopped = stopped or look.sentence
            if look.cause == "challenge":
                break
        if unsure and not no_feed_system(first.final, first.html):
            return max(unsure, key=lambda found: found.count > 0)
        raise self.nothing(first, stopped)

    def no_page(self, first: Look) -> NotFound:
        """No feed and no page to look for one in."""
        without = no_feed_system(first.url, first.html)
        if without and first.cause in ("challenge", "status"):
            return NotFound(words.without_feeds(without), without)
        return NotFound(first.sentence or words.NO_FEED_NAMED, without)

    def nothing(self, first: Look, stopped: Sentence | None) -> NotFound:
        if without := no_feed_system(first.final, first.html) or no_feed_system(first.url):
            return NotFound(words.without_feeds(without), without)
        system = system_of(first.final, first.html)
        if stopped or self.left() <= 0:
            return NotFound(stopped or words.TOOK_TOO_LONG, system.name if system else None)
        known = system.name if system and (system.sure or system.marks.search(first.html)) else None
        log_in = first.sentence if first.sentence and "log-in" in first.sentence.pattern else None
        if log_in and (known is None or _LOG_IN.search(self.page_name)):  # many pages have the form in a corner
            return NotFound(log_in, known)
        return NotFound(words.gave_none(known) if known else words.NO_FEED_NAMED, known)

    def left(self) -> float:
        return self.ends_at - self.clock()

    def look(self, url: str) -> Look:
        self.asked.append(url)
        deadline = max(0.1, min(SECONDS_EACH, self.left()))
        try:
            answer = self.ask(self.reach, url, headers=_HEADERS, deadline=deadline)
        except Unreachable as error:
            return Look(url, url, sentence=words.unreached(error, url), cause=error.cause)
        return seen(url, answer, self.read, self.now)


def _with_sign_in(look: Look) -> str:
    """Where the page is, with the user name and password for it only if that is the server they were given for."""
    bare, sign_in = without_sign_in(look.url)
    final = without_sign_in(look.final)[0]
    same = urlsplit(bare)[:2] == urlsplit(final)[:2]
    return final.replace("//", f"//{sign_in}", 1) if sign_in and same else final
