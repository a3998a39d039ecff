"""Publishing in two steps, as Threads and Instagram do: a container is made, and then published.

    POST /{account}/threads           -> id of a container: the words, and where its picture is fetched from
    GET  /{container}                 -> IN_PROGRESS … FINISHED                               (`prepare` ends here)
    POST /{account}/threads_publish   -> id of the message                                    (`send`)
    GET  /{container}                 -> PUBLISHED: the witness                               (`find`)

A container is published at most once, so that its status tells for a day whether the message is out:

PUBLISHED          it is out
FINISHED           it is not: ready, and nobody published it
EXPIRED, ERROR     it is not, and never will be: the next `prepare` makes another
IN_PROGRESS        nobody knows yet

Sources: developers.facebook.com/documentation/threads/troubleshooting and instagram-platform ig-container, 2026.
"""

from __future__ import annotations

import time
import unicodedata
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from outreach import clock
from outreach.channels.api import Api, Judge
from outreach.channels.base import ChannelError, Login, Outgoing, Refused, Sent, TryLater, Unauthorized, Unclear
from outreach.channels.meta_errors import META, NOT_FETCHED, SENTENCES, timed
from outreach.channels.phrases import SAID, UNSURE, fill
from outreach.words import Sentence

PREPARE_SECONDS = 45.0  # all of one message; the lease of a delivery is 60
PAUSES = (0.5, 1.0, 2.0, 3.0)  # between two looks; the last one is repeated
CLOCK_SKEW = timedelta(minutes=2)
PAGE = 50
AN_HOUR = timedelta(hours=1)  # the limit is of any 24 hours: it does not say when the next place is free
KNOWN_BY_CONTAINER = "container:"

FULL = Sentence("It has not gone out: %(place)s takes no more posts from us today. We try again by ourselves.")
NO_ADDRESS = Sentence(
    "It has not gone out: %(place)s fetches pictures by itself, and this Outreach has no public address. "
    "Send it without the picture, or post it by hand."
)
NOT_MADE = Sentence(
    "It has not gone out: %(place)s could not work with the picture (“%(said)s”). Use another and send it again."
)


@dataclass(frozen=True)
class Ways:
    """What the two call the same things."""

    place: str
    make: str  # edges of the account
    publish: str
    quota: str
    status: str  # fields of a container
    why: str
    words: str  # field of a message


class Containers:
    """Calls of one account."""

    def __init__(self, login: Login, ways: Ways, default_version: str) -> None:
        version = login.setup.get("version", "").strip() or default_version
        self.ways, self.token = ways, login.secrets.get("token", "")
        self.api = Api(f"{login.server.rstrip('/')}/{version}", login.reach, META, ways.place)
        self.account = login.remote_id or "me"
        self.ends_at, self.patience = 0.0, self.api.session.deadline_seconds

    def get(self, path: str, judge: Judge = META.on_look, **params: str) -> Mapping[str, Any]:
        return self.api.json("GET", f"/{path}", timed(judge), params={**params, "access_token": self.token})

    def post(self, path: str, judge: Judge, **fields: str) -> Mapping[str, Any]:
        return self.api.json("POST", f"/{path}", timed(judge), data={**fields, "access_token": self.token})

    def begin(self) -> None:
        """From now on, all that `prepare` does has to be done within PREPARE_SECONDS."""
        self.ends_at, self.patience = time.monotonic() + PREPARE_SECONDS, self.api.session.deadline_seconds

    def end(self) -> None:
        self.api.session.deadline_seconds = self.patience

    def refuse_when_full(self, start: str = "") -> None:
        """Raises TryLater where the account has used up its posts of 24 hours. `start`: of the names of the fields."""
        self._in_time()
        usage, config, told = f"{start}quota_usage", f"{start}config", {}
        with suppress(Refused, TryLater):  # it only saves us a container
            path = f"{self.account}/{self.ways.quota}"
            told = dict(self.get(path, META.before_send, fields=f"{usage},{config}"))
        for now in told.get("data") or ():
            if int(now.get(usage, 0)) >= int((now.get(config) or {}).get("quota_total", 1_000)):
                raise TryLater(fill(FULL, self.ways.place), str(now), clock.now() + AN_HOUR)

    def make(self, **fields: str) -> str:
        """A container that is ready to be published. Raises Refused, TryLater, Unauthorized."""
        self._in_time()
        made = self.post(f"{self.account}/{self.ways.make}", META.before_send, **fields)
        if not made.get("id"):
            raise META.before_send(self.ways.place, self.api.last(), None)
        self._wait(str(made["id"]))
        return str(made["id"])

    def publish(self, container: str) -> str:
        """Raises Refused, TryLater, Unauthorized, Unclear."""
        path = f"{self.account}/{self.ways.publish}"
        made = self.post(path, _after_publish, creation_id=container)
        if not made.get("id"):
            raise META.after_send(self.ways.place, self.api.last(), None)
        return str(made["id"])

    def state(self, container: str, judge: Judge = META.on_look) -> tuple[str, str]:
        """(status, why it is in ERROR). Raises Refused, TryLater, Unauthorized."""
        told = self.get(container, judge, fields=f"{self.ways.status},{self.ways.why}")
        return str(told.get(self.ways.status) or ""), str(told.get(self.ways.why) or "")

    def is_out(self, container: str) -> bool:
        """Raises Unclear where that cannot be told."""
        try:
            status, _ = self.state(container)
        except (Refused, TryLater, Unauthorized) as error:
            raise Unclear(fill(UNSURE["cannot look"], self.ways.place), error.diagnosis) from error
        if status == "PUBLISHED":
            return True
        if status in ("FINISHED", "EXPIRED", "ERROR"):
            return False
        raise Unclear(fill(UNSURE["cannot look"], self.ways.place), f"container is {status or 'of no status'}")

    def sent(self, media: str) -> Sent:
        """With its address, if it can be had."""
        with suppress(ChannelError):
            return Sent(media, str(self.get(media, fields="permalink").get("permalink") or "") or None)
        return Sent(media, None)

    def newest(self, edge: str, message: Outgoing, since: datetime, fields: str) -> Iterator[Mapping[str, Any]]:
        """Those of the account's newest that have the words of `message`. Raises Refused, TryLater, Unauthorized."""
        told = self.get(f"{self.account}/{edge}", fields=f"id,permalink,timestamp,{fields}", limit=str(PAGE))
        for one in told.get("data") or ():
            mine = str(one.get("id")) not in message.others and _moment(one) >= since - CLOCK_SKEW
            if mine and bare(str(one.get(self.ways.words) or "")) == bare(message.text):
                yield one

    def is_gone(self, media: str) -> bool:
        """Asked twice: it has said of messages that stood there that they do not (postiz-app#1562)."""
        return self._says_gone(media) and self._says_gone(media)

    def _says_gone(self, media: str) -> bool:
        try:
            self.get(media, fields="id")
        except ChannelError:
            return META.is_gone(self.api.last())
        return False

    def _wait(self, container: str) -> None:
        """Until it is FINISHED. Raises Refused (it never will be), TryLater (not in time)."""
        for pause in (*PAUSES, *([PAUSES[-1]] * 60)):
            self._in_time()
            status, why = self._state_if_there(container)
            if status == "FINISHED":
                return
            if any(str(number) in why for number in NOT_FETCHED):
                raise TryLater(fill(SENTENCES["not fetched"], self.ways.place), f"container is {status}: {why}")
            if status in ("ERROR", "EXPIRED"):
                raise Refused(fill(NOT_MADE, self.ways.place, said=why or status), f"container is {status}: {why}")
            time.sleep(pause)

    def _state_if_there(self, container: str) -> tuple[str, str]:
        try:
            return self.state(container, META.before_send)
        except (Refused, TryLater):  # just made, and not there yet everywhere
            return "", ""

    def _in_time(self) -> None:
        left = self.ends_at - time.monotonic()
        if left <= 0:
            raise TryLater(fill(SAID["picture in work"], self.ways.place), f"not ready in {PREPARE_SECONDS:.0f} s")
        self.api.session.deadline_seconds = min(self.patience, left)


def _after_publish(place: str, answer: Any, trouble: Any) -> ChannelError:
    """A container that it does not know (yet) was not published: wait and make another."""
    if META.is_gone(answer):
        return TryLater(fill(SAID["picture in work"], place), META.diagnosis(answer))
    return META.after_send(place, answer, trouble)


def bare(text: str) -> str:
    """What both sides of a comparison have left: Instagram takes the @ out of what it tells (ig-media, Limitations)."""
    return unicodedata.normalize("NFC", "".join(text.replace("@", "").split()))


def _moment(one: Mapping[str, Any]) -> datetime:
    """Its time; one that cannot be read counts as new: it is compared and not overlooked."""
    try:
        moment = datetime.fromisoformat(str(one.get("timestamp")))
    except ValueError:
        return datetime.max.replace(tzinfo=UTC)
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment
