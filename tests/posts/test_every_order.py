"""Both state tables, in whatever order things happen: workers that die, stand still or answer late, answers that are
lost, people who edit, correct, cancel, pause, take down, a clock that jumps.

The real verbs run on a real database; only the network is made up, and forgetful: what is sent twice stands there
twice. After each step no message stands there twice. At the end, when everything works again, each one is out once,
or is not out and has asked a person; nothing is left that nobody looks at again.
"""

from __future__ import annotations

import itertools
import os
import zlib
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from factories import Cast, an_account, approved, deliveries
from fakes import FakeNetwork, door
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from outreach import clock
from outreach.accounts import pause
from outreach.channels import leave
from outreach.channels.base import Outgoing, Prepared, Refused, Sent, TryLater, Unauthorized, Unclear
from outreach.db import db, writing
from outreach.models import Account, Delivery, Library, Post
from outreach.posts import change, compose, correction_state, corrections, reconcile, remove, schedule, take_down
from outreach.posts import publish as publishing
from outreach.posts.dispatch import dispatch_due
from outreach.posts.versions import written_of
from outreach.words import NotDone, Sentence

pytestmark = [pytest.mark.parametrize("database_url", ["sqlite"], indirect=True), pytest.mark.timeout(600)]
number = itertools.count(1)
NO = Sentence("No.")
FATES = (
    "fine", "stored and silent", "lost and silent", "arrives late",
    "refused", "later", "loose", "dies before", "dies after",
)  # fmt: skip
MEANWHILE = ("time", "reconcile", "back", "pause", "twin")
JUMPS = (timedelta(seconds=2), timedelta(seconds=25), timedelta(seconds=61), timedelta(minutes=16), timedelta(hours=3))


class Killed(BaseException):
    """The process is gone: nothing after this line ran."""


class Network(FakeNetwork):
    """Forgetful, and what happens to the next call is said beforehand; `meanwhile` runs while a message is sent."""

    fate = "fine"
    meanwhile: Callable[[], None] | None = None
    clock: Callable[[], Any]
    under_way: list[tuple[Any, Outgoing]]

    def send(self, message: Outgoing, prepared: Prepared) -> Sent:
        fate, self.fate = self.fate, "fine"
        during, self.meanwhile = self.meanwhile, None
        if during:
            during()
        try:
            leave.check("POST")  # as the real wire does, before the first byte
        except leave.Late as late:
            raise TryLater(late.sentence) from late
        if fate == "dies before":
            raise Killed
        errors = {"refused": Refused(NO), "later": TryLater(NO), "loose": Unauthorized(NO)}
        if fate in errors:
            raise errors[fate]
        if fate == "arrives late":  # the server was still working on it when the first look came
            self.under_way.append((self.clock() + timedelta(seconds=45), message))
        elif fate != "lost and silent":
            self.posts.append(message)
        if fate == "dies after":
            raise Killed
        if fate.endswith(("silent", "late")):
            raise Unclear(NO)
        return self._sent(message)

    def find(self, message: Outgoing, prepared: Prepared, since: Any) -> Sent | None:
        if self.unreadable:
            raise Unclear(NO)
        self.arrive()
        return super().find(message, prepared, since)

    def arrive(self) -> None:
        self.posts += [message for at, message in self.under_way if at <= self.clock()]
        self.under_way = [(at, message) for at, message in self.under_way if at > self.clock()]

    def _sent(self, message: Outgoing) -> Sent:
        return Sent(f"id-{message.key}-{first(message.text)}", "https://fake.example/1")


MENDED = " Mended."


def first(text: str) -> str:
    """What a message said before it was corrected: by that it is known."""
    return text.split(MENDED)[0]


class Orders(RuleBasedStateMachine):
    """One library, one account, up to three posts; one of them a thread."""

    cast: Cast  # set by the test
    rung: list[int]

    @initialize(threads=st.lists(st.booleans(), min_size=1, max_size=2))
    def begin(self, threads: list[bool]) -> None:
        self.now = clock.now()
        self.network = Network(alone=False)
        self.network.clock = lambda: self.now
        self.network.under_way = []
        leave.now = lambda: self.now
        with writing() as session:
            library = session.get_one(Library, self.cast.library.id)
            library.paused_at = None
            account = an_account(library, f"Fake {next(number)}", "https://fake.example", self.now)
            session.add(account)
            session.flush()
            self.account_id = account.id
        self.posts: list[int] = []
        self.bells: list[int] = []
        self.posts = [self._approved(thread).id for thread in threads]
        self.dispatch(heard=True)

    # What people do

    @precondition(lambda self: len(self.posts) < 3)
    @rule(thread=st.booleans())
    def somebody_plans_a_post(self, thread: bool) -> None:
        self.posts.append(self._approved(thread).id)

    @precondition(lambda self: self.posts)
    @rule(n=st.integers(0, 2))
    def somebody_edits(self, n: int) -> None:
        post = self._post(n)
        with suppress(NotDone):
            compose.save(post.id, written_of(post), post.revision, self.cast.author, self.now)

    @precondition(lambda self: self.posts)
    @rule(n=st.integers(0, 2))
    def somebody_corrects(self, n: int) -> None:
        """What is out, and what of it still waits."""
        post = self._post(n)
        stands = correction_state.stands(db.session(), post)
        pieces = [replace(piece, after=piece.before + MENDED) for piece in stands.texts]
        with suppress(NotDone):
            made = corrections.write(post.id, pieces, stands.seal, self.cast.author, self.now)
            corrections.approve(made, self.cast.decider, self.now)

    @precondition(lambda self: self.posts)
    @rule(n=st.integers(0, 2), what=st.sampled_from(("withdraw", "cancel", "take down")))
    def somebody_takes_it_back(self, n: int, what: str) -> None:
        verbs = {"withdraw": compose.withdraw, "cancel": compose.cancel, "take down": take_down.take_down}
        with suppress(NotDone):
            verbs[what](self._post(n).id, self.cast.decider, self.now)

    @rule(what=st.sampled_from(("pause", "resume", "pause all", "resume all")))
    def somebody_pauses(self, what: str) -> None:
        verbs = {"pause": pause.pause, "resume": pause.resume}
        if what in verbs:
            verbs[what](self.account_id, self.cast.decider, self.now)
        else:
            every = pause.pause_everything if what == "pause all" else pause.resume_everything
            every(self.cast.library.id, self.cast.decider, self.now)

    @rule()
    def somebody_answers_what_was_asked(self) -> None:
        """Truthfully: who looks sees what stands there."""
        for delivery in self._deliveries():
            with suppress(NotDone):
                self._answer(delivery)

    @rule()
    def somebody_sends_again_what_was_missed_or_refused(self) -> None:
        for delivery in self._deliveries():
            with suppress(NotDone):
                schedule.send_again(delivery.id, self.cast.decider, self.now)

    # What the machine does

    @rule(jump=st.sampled_from(JUMPS))
    def time_passes(self, jump: timedelta) -> None:
        self.now += jump
        self.network.arrive()

    @rule(heard=st.booleans())
    def dispatch(self, heard: bool) -> None:
        """A bell may be lost with the broker, or come twice."""
        dispatch_due(self.now, lambda ids, _at: self.bells.extend(ids) if heard else None)

    @precondition(lambda self: self.bells)
    @rule(fate=st.sampled_from(FATES), n=st.integers(0, 5), again=st.booleans())
    def a_worker_sends(self, fate: str, n: int, again: bool) -> None:
        self._send(self._bell(n, again), fate, None)

    @precondition(lambda self: self.bells)
    @rule(
        fate=st.sampled_from(FATES),
        n=st.integers(0, 5),
        meanwhile=st.sampled_from(("time", "reconcile", "back", "pause", "twin")),
    )
    def something_happens_while_a_worker_sends(self, fate: str, n: int, meanwhile: str) -> None:
        bell = self._bell(n, again=False)
        self._send(bell, fate, lambda: self._meanwhile(meanwhile, bell))

    @rule(readable=st.booleans())
    def reconcile(self, readable: bool) -> None:
        self.network.unreadable = None if readable else Unclear(NO)
        ids: list[int] = []
        reconcile.settle(self.now, ids.append)
        for delivery_id in ids:
            reconcile.look_at(delivery_id, door(self.network, self.now))
        self.network.unreadable = None

    @rule(stays=st.sampled_from((None, TryLater(NO), Unclear(NO), Refused(NO))))
    def a_worker_takes_down(self, stays: Exception | None) -> None:
        for delivery_id in remove.due(self.now):
            if stays:
                self.network.keeps(stays)
            remove.remove(delivery_id, door(self.network, self.now))
            self.network.stays.clear()

    @rule(stays=st.sampled_from((None, TryLater(NO), Unclear(NO), Refused(NO), Unauthorized(NO), Killed())))
    def a_worker_changes(self, stays: BaseException | None) -> None:
        for change_id in change.due(self.now):
            if stays:
                self.network.keeps(stays)
            with suppress(Killed):
                change.change(change_id, door(self.network, self.now))
            self.network.stays.clear()
            db.session.rollback()

    # What is always true

    @invariant()
    def nothing_stands_there_twice(self) -> None:
        if hasattr(self, "network"):
            twice = [text for text, n in Counter(first(post.text) for post in self.network.posts).items() if n > 1]
            assert twice == []

    def teardown(self) -> None:
        """Everything works again, and people answer: each message is out once, or somebody knows that it is not."""
        if not hasattr(self, "network"):
            return
        pause.resume(self.account_id, self.cast.decider, self.now)
        pause.resume_everything(self.cast.library.id, self.cast.decider, self.now)
        for _ in range(2):
            self._until_quiet()
            self.now += timedelta(hours=25)  # the answer of a question
        self._until_quiet()
        self._all_is_told()

    def _until_quiet(self) -> None:
        quiet = 0
        while quiet < 3:
            before = [(d.id, d.state, d.absent_at, d.attempts) for d in self._deliveries()]
            self.now += timedelta(seconds=61)
            self.dispatch(heard=True)
            bells, self.bells = self.bells, []
            for bell in bells:
                self._send(bell, "fine", None)
            self.reconcile(readable=True)
            self.a_worker_takes_down(stays=None)
            self.a_worker_changes(stays=None)
            self.somebody_answers_what_was_asked()
            self.nothing_stands_there_twice()
            after = [(d.id, d.state, d.absent_at, d.attempts) for d in self._deliveries()]
            quiet = quiet + 1 if after == before else 0

    def _all_is_told(self) -> None:
        standing = Counter(first(post.text) for post in self.network.posts)
        for delivery in self._deliveries():
            copies, words = standing[first(delivery.payload["text"])], delivery.payload["text"]
            assert delivery.state not in ("queued", "sending", "unclear", "removing"), (delivery.state, words)
            if delivery.state == "waiting":  # only behind what a person has to decide on first
                assert delivery.after is not None
                assert delivery.after.state in ("refused", "missed", "waiting", "cancelled", "removed", "published")
            if delivery.state in ("refused", "missed", "cancelled", "removed", "waiting"):
                assert copies == 0, (delivery.state, words)
            if delivery.state == "published":
                assert copies == 1, words
                assert words in {post.text for post in self.network.posts}, "it says what we say it says"
            assert delivery.state not in ("refused", "missed") or delivery.sentence

    # Helpers

    def _approved(self, thread: bool) -> Post:
        n = next(number)
        account = db.session.get_one(Account, self.account_id)
        if not thread:
            return approved(self.cast, self.now, words=f"Number {n}.", accounts=[account])
        fields = {"choices": ["Red", "Blue"], "right": 0, "explanation": f"Since {n}.", "answer_after": "1"}
        return approved(self.cast, self.now, words=f"Which, {n}?", kind="trivia", fields=fields, accounts=[account])

    def _send(self, delivery_id: int, fate: str, meanwhile: Callable[[], None] | None) -> None:
        self.network.fate, self.network.meanwhile = fate, meanwhile
        try:
            publishing.publish(delivery_id, door(self.network, lambda: self.now))
        except Killed:
            db.session.rollback()
        self.network.fate, self.network.meanwhile = "fine", None

    def _meanwhile(self, what: str, bell: int) -> None:
        if what == "time":
            self.now += timedelta(seconds=70)
        elif what == "reconcile":  # it stood still for so long that another one takes over
            self.now += timedelta(seconds=70)
            for _ in range(4):
                self.reconcile(readable=True)
                self.now += timedelta(seconds=62)
            self.dispatch(heard=True)
        elif what == "back":
            self.somebody_takes_it_back(0, "take down")
        elif what == "pause":
            self.somebody_pauses("pause")
        else:
            self._send(bell, "fine", None)  # its bell rang twice

    def _answer(self, delivery: Delivery) -> None:
        there = any(first(post.text) == first(delivery.payload["text"]) for post in self.network.posts)
        if delivery.state == "unclear" and delivery.asked_at:
            if there:
                reconcile.it_is_there(delivery.id, "", self.cast.decider, self.now)
            else:
                reconcile.it_is_not_there(delivery.id, self.cast.decider, self.now)
        elif delivery.unwanted_at and delivery.state in ("published", "removing"):
            self.network.posts = [p for p in self.network.posts if first(p.text) != first(delivery.payload["text"])]
            take_down.gone(delivery.id, self.cast.decider, self.now)

    def _bell(self, n: int, again: bool) -> int:
        bell = self.bells[n % len(self.bells)]
        if not again:
            self.bells.remove(bell)
        return bell

    def _post(self, n: int) -> Post:
        db.session.rollback()
        return db.session.get_one(Post, self.posts[n % len(self.posts)])

    def _deliveries(self) -> list[Delivery]:
        db.session.rollback()
        posts = [db.session.get_one(Post, post_id) for post_id in self.posts]
        return [delivery for post in posts for delivery in deliveries(post)]


@pytest.fixture(autouse=True)
def time_is_made_up(monkeypatch: pytest.MonkeyPatch) -> None:
    """`begin` sets it to the time of the machine at hand; here it is put back afterwards."""
    monkeypatch.setattr(leave, "now", leave.now)


@pytest.mark.parametrize("steps", [12, 40])
def test_in_whatever_order(cast: Cast, steps: int) -> None:
    """What nobody thought of."""
    Orders.cast = cast
    chosen = settings(
        max_examples=15,
        stateful_step_count=steps,
        deadline=None,
        derandomize=True,
        phases=(Phase.explicit, Phase.generate, Phase.shrink),
        suppress_health_check=list(HealthCheck),
    )
    run_state_machine_as_test(Orders, settings=chosen)


def look_soon(one: Orders) -> None:
    """The first look, and all that follows from it."""
    one.now += timedelta(seconds=25)
    one.network.arrive()
    one.reconcile(readable=True)
    one.dispatch(heard=True)
    ring(one, "fine")


def look_later(one: Orders) -> None:
    one.now += timedelta(seconds=61)
    look_soon(one)


def look_in_vain(one: Orders) -> None:
    one.now += timedelta(seconds=70)
    one.reconcile(readable=False)


def wait_long(one: Orders) -> None:
    one.now += timedelta(hours=3)


def die_again(one: Orders) -> None:
    look_later(one)
    one.now += timedelta(seconds=16)
    one.dispatch(heard=True)
    ring(one, "dies after")


def lose_it_again(one: Orders) -> None:
    look_later(one)
    one.now += timedelta(seconds=61)
    one.reconcile(readable=True)
    one.dispatch(heard=True)
    ring(one, "stored and silent")


def ring(one: Orders, fate: str) -> None:
    bells, one.bells = one.bells, []
    for bell in bells:
        one._send(bell, fate, None)


THEN: dict[str, Callable[[Orders], None]] = {
    "a look soon": look_soon,
    "a look later": look_later,
    "a look in vain": look_in_vain,
    "nothing for hours": wait_long,
    "a worker dies again": die_again,
    "an answer is lost again": lose_it_again,
    "an edit": lambda one: one.somebody_edits(0),
    "corrected": lambda one: one.somebody_corrects(0),
    "taken down": lambda one: one.somebody_takes_it_back(0, "take down"),
    "cancelled": lambda one: one.somebody_takes_it_back(0, "cancel"),
    "paused": lambda one: one.somebody_pauses("pause"),
    "its bell again": lambda one: (one.bells.extend(one.rung), ring(one, "fine"))[1],
}


@pytest.mark.parametrize("fate", FATES)
def test_each_order_of_three(cast: Cast, fate: str) -> None:
    """Every way a send can go, whatever happens meanwhile, and every pair of things that can follow."""
    for meanwhile, first, second in itertools.product((*MEANWHILE, None), THEN, (None, *THEN)):
        if second and hash_of(fate, meanwhile, first, second) % PART:
            continue
        try:
            play(cast, fate, meanwhile, (first, second))
        except AssertionError as error:
            raise AssertionError(f"{fate}; meanwhile {meanwhile}; then {first}, {second}") from error


PART = int(os.environ.get("OUTREACH_ORDERS", "96"))  # of the pairs each 96th; 1: all of them, which takes ten minutes


def hash_of(*words: object) -> int:
    return zlib.crc32(repr(words).encode())


def play(cast: Cast, fate: str, meanwhile: str | None, then: tuple[str | None, ...]) -> None:
    one = Orders()
    one.cast = cast
    one.begin([False])
    one.rung = list(one.bells)
    bell = one._bell(0, again=False)
    one._send(bell, fate, partial(one._meanwhile, meanwhile, bell) if meanwhile else None)
    one.nothing_stands_there_twice()
    for name in then:
        if name:
            THEN[name](one)
            one.nothing_stands_there_twice()
    one.teardown()
