"""What only Threads has, against the fake that was written from its documentation."""

from __future__ import annotations

import itertools
import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from channels.kits.base import LOOPBACK
from channels.kits.meta_parts import Wrong, usage
from channels.kits.threads import ThreadsKit, characters
from hypothesis import given
from hypothesis import strategies as st
from pictures_made import jpeg

from outreach import clock
from outreach.channels import about, container, container_login, threads
from outreach.channels.about import Errand, Where
from outreach.channels.base import (
    Handed,
    Limits,
    Login,
    Outgoing,
    Picture,
    Poll,
    Refused,
    Secrets,
    Sent,
    TryLater,
    Unauthorized,
    Unclear,
)
from outreach.channels.container_login import code_in
from outreach.channels.counting import count
from outreach.channels.exchange import overheard
from outreach.channels.threads import LIMITS, Threads

PIECES = "aé図#1©♥☀👋👍🏽👩👧🇺🇾क्षि\ufe0f\u200d\u20e3\u0301"
number = itertools.count(1)
SETUP = {"app_id": "990602627938098", "app_secret": "app-secret-app-secret"}
BACK = "https://outreach.example/back"


@pytest.fixture(scope="module")
def started() -> Iterator[ThreadsKit]:
    with ThreadsKit() as kit:
        yield kit


@pytest.fixture
def kit(started: ThreadsKit) -> Iterator[ThreadsKit]:
    started.fresh()
    yield started
    assert started.wrong() == []


@pytest.fixture
def channel(kit: ThreadsKit) -> Threads:
    return Threads(kit.login(kit.fake.url))


def out(text: str = "", **more: Any) -> Outgoing:
    return Outgoing(f"{next(number):032x}", text or f"New books, {next(number)}", begun_at=clock.now(), **more)


def made(channel: Threads, message: Outgoing) -> Sent:
    sent = channel.send(message, channel.prepare(message))
    assert isinstance(sent, Sent)
    return sent


def shelf(kit: ThreadsKit, **more: Any) -> Picture:
    return kit.served(Picture(more.pop("data", jpeg(640, 480)), "image/jpeg", "A shelf", **more))


# Connecting


@pytest.fixture
def at_fake(kit: ThreadsKit, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Threads, "door", replace(Threads.door, codes=kit.fake.url, home=kit.fake.url))


def where(**more: Any) -> Where:
    return Where(LOOPBACK, SETUP, **{"back": BACK, "public_url": "https://outreach.example", **more})


def test_signing_in_leads_to_an_account_for_sixty_days(kit: ThreadsKit, at_fake: None) -> None:
    errand = Threads.connect({}, where())
    assert isinstance(errand, Errand)
    asked = parse_qs(urlsplit(errand.address).query)
    assert errand.address.startswith("https://threads.net/oauth/authorize?")
    assert asked["redirect_uri"] == [BACK]
    assert asked["state"] == [errand.state]
    assert "threads_delete" in asked["scope"][0].split(",")
    assert not errand.copies
    (found,) = Threads.finish(errand.kept, "AQBx-code#_", where())
    assert (found.identity.handle, found.identity.name) == ("@maplelibrary", "Maple Street Library")
    assert found.identity.remote_id == kit.fake.account
    ends_at = found.identity.ends_at
    assert ends_at is not None
    assert timedelta(days=59) < ends_at - clock.now() < timedelta(days=60)
    assert found.secrets["ends_at"] == ends_at.isoformat()
    assert found.server == kit.fake.url


def test_without_a_public_address_the_person_copies_the_address_she_ended_on(kit: ThreadsKit, at_fake: None) -> None:
    alone = where(back="", public_url="")
    errand = Threads.connect({}, alone)
    assert isinstance(errand, Errand)
    assert errand.copies
    assert parse_qs(urlsplit(errand.address).query)["redirect_uri"] == ["https://localhost/"]
    (found,) = Threads.finish(errand.kept, "https://localhost/?code=AQBx-code&state=x#_", alone)
    assert found.identity.limits.images == 0


def test_it_cannot_be_connected_before_it_is_set_up() -> None:
    with pytest.raises(Refused, match="set up for the district"):
        Threads.connect({}, Where(LOOPBACK))


@pytest.mark.parametrize("code", ["used-before", "https://localhost/?code=used-before#_"])
def test_a_code_of_yesterday_says_begin_again(kit: ThreadsKit, at_fake: None, code: str) -> None:
    with pytest.raises(Refused, match="Begin again"):
        Threads.finish({"back": BACK}, code, where())


def test_whoever_pressed_cancel_reads_what_to_press(kit: ThreadsKit, at_fake: None) -> None:
    with pytest.raises(Refused, match="press Allow"):
        Threads.finish({"back": BACK}, "https://localhost/?error=access_denied&error_reason=user_denied", where())


@given(st.text(alphabet=st.characters(codec="ascii", categories=["L", "N"], include_characters="-_"), min_size=1))
def test_a_code_comes_out_of_whatever_was_copied(code: str) -> None:
    copied = (code, f"{code}#_", f" {code}\n", f"https://localhost/?code={code}#_", f"localhost/?code={code}&state=1#_")
    assert {code_in(text, "Threads") for text in copied} == {code}


# Tokens


def secrets_ending_in(days: float, age_hours: float = 100) -> dict[str, str]:
    ends, since = clock.now() + timedelta(days=days), clock.now() - timedelta(hours=age_hours)
    return {"token": "TOKEN-of-sixty-days", "ends_at": ends.isoformat(), "since": since.isoformat()}


@pytest.mark.parametrize(("days", "age", "asked"), [(40, 100, 0), (13, 100, 1), (13, 5, 0), (0.1, 100, 1)])
def test_a_token_is_renewed_in_its_last_two_weeks(kit: ThreadsKit, days: float, age: float, asked: int) -> None:
    kept: list[Secrets] = []

    def renew(make: Any) -> Secrets:
        kept.append(make(old))
        return kept[-1]

    old = secrets_ending_in(days, age)
    channel = Threads(replace(kit.login(kit.fake.url), secrets=old, renew=renew))
    channel.renew()
    assert [one["token"] for one in kept] == ["TOKEN-renewed"] * asked
    ends_at = channel.check().ends_at
    assert ends_at is not None
    assert (ends_at > clock.now() + timedelta(days=50)) == bool(asked)


def test_a_token_that_somebody_else_renewed_is_not_renewed_again(kit: ThreadsKit) -> None:
    newest = {**secrets_ending_in(60, 1), "token": kit.fake.token}
    login = replace(kit.login(kit.fake.url), secrets=secrets_ending_in(3), renew=lambda make: make(newest))
    seen = len(kit.fake.server.seen)
    Threads(login).renew()
    assert len(kit.fake.server.seen) == seen


def test_a_token_that_has_ended_needs_a_person(kit: ThreadsKit) -> None:
    kit.fake.expired = True
    with pytest.raises(Unauthorized):
        Threads(replace(kit.login(kit.fake.url), secrets=secrets_ending_in(-1))).renew()


def test_no_token_in_the_log_of_an_attempt(channel: Threads, kit: ThreadsKit) -> None:
    with overheard() as heard:
        made(channel, out())
    assert heard.calls
    assert kit.fake.token not in json.dumps(heard.told())


# Preparing


def test_a_picture_that_takes_its_time_is_waited_for(channel: Threads, kit: ThreadsKit) -> None:
    kit.fake.slow = 2
    made(channel, out(pictures=(shelf(kit),)))
    assert len(kit.standing()) == 1


def test_a_picture_that_takes_too_long_is_tried_later(
    channel: Threads, kit: ThreadsKit, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(container, "PREPARE_SECONDS", 1.0)
    kit.fake.slow = 1_000
    with pytest.raises(TryLater, match="still working on the picture"):
        channel.prepare(out(pictures=(shelf(kit),)))
    assert kit.standing() == []


def test_a_container_that_went_wrong_is_refused_with_its_reason(channel: Threads, kit: ThreadsKit) -> None:
    ready = kit.fake._make

    def spoilt(asked: dict[str, str]) -> Any:
        one = ready(asked)
        one.status, one.why = "ERROR", "INVALID_ASPEC_RATIO"
        return one

    kit.fake._make = spoilt  # type: ignore[method-assign]
    try:
        with pytest.raises(Refused, match="INVALID_ASPEC_RATIO"):
            channel.prepare(out())
    finally:
        kit.fake._make = ready  # type: ignore[method-assign]


def test_a_picture_without_an_address_is_refused(channel: Threads) -> None:
    with pytest.raises(Refused, match="no public address"):
        channel.prepare(out(pictures=(Picture(jpeg(64, 48), "image/jpeg", "A shelf"),)))


def test_a_picture_that_threads_cannot_fetch_is_tried_later(channel: Threads, kit: ThreadsKit) -> None:
    gone = replace(shelf(kit), url=f"{kit.fake.pictures.server.url}/nowhere.jpg")
    with pytest.raises(TryLater, match="could not fetch the picture") as caught:
        channel.prepare(out(pictures=(gone,)))
    assert "%(" not in caught.value.sentence


def test_a_picture_much_too_wide_is_refused(channel: Threads, kit: ThreadsKit) -> None:
    with pytest.raises(Refused, match="too tall or too wide for Threads"):
        channel.prepare(out(pictures=(shelf(kit, data=jpeg(640, 20)),)))


def test_six_links_are_refused_before_anything_is_asked(channel: Threads, kit: ThreadsKit) -> None:
    links = " ".join(f"https://library.example/{n}" for n in range(6))
    seen = len(kit.fake.server.seen)
    with pytest.raises(Refused, match="no more than 5"):
        channel.prepare(out(links))
    assert len(kit.fake.server.seen) == seen
    made(channel, out(links.rpartition(" ")[0]))


@pytest.mark.parametrize(
    ("answers", "control"),
    [
        ("nobody", "mentioned_only"),
        ("followed", "accounts_you_follow"),
        ("everyone", "everyone"),
        ("", None),
    ],
)
def test_who_may_answer(channel: Threads, kit: ThreadsKit, answers: str, control: str | None) -> None:
    made(channel, out(answers=answers))
    (post,) = kit.fake.posts.values()
    assert post.container.fields.get("reply_control") == control


def test_the_250th_post_of_a_day_waits(channel: Threads, kit: ThreadsKit) -> None:
    kit.fake.used = 250
    with pytest.raises(TryLater, match="no more posts from us today") as caught:
        channel.prepare(out())
    assert caught.value.until is not None
    assert clock.now() < caught.value.until < clock.now() + timedelta(hours=24)


# Publishing


def test_throttled_with_the_minutes_that_meta_says(channel: Threads, kit: ThreadsKit) -> None:
    kit.fake.failing = [Wrong(80002, 0, "There have been too many calls", headers=usage(19))]
    with pytest.raises(TryLater) as caught:
        made(channel, out())
    assert caught.value.until is not None
    assert timedelta(minutes=18) < caught.value.until - clock.now() < timedelta(minutes=20)
    assert kit.standing() == []


def test_a_token_that_ended_between_two_steps_pauses_the_account(channel: Threads, kit: ThreadsKit) -> None:
    message = out()
    prepared = channel.prepare(message)
    kit.fake.expired = True
    with pytest.raises(Unauthorized, match="It has not gone out"):
        channel.send(message, prepared)


@pytest.mark.parametrize(
    "answer",
    [Wrong(4, 2207051, "We restrict certain activity"), Wrong(100, 0, "Invalid parameter"), Wrong(1, 0, "Unknown")],
    ids=["suspected", "a refusal", "unknown"],
)
def test_an_answer_that_is_wrong_about_a_post_that_is_out(channel: Threads, kit: ThreadsKit, answer: Wrong) -> None:
    kit.fake.failing, kit.fake.accepts = [answer], True
    sent = made(channel, out())
    assert [one.remote_id for one in kit.standing()] == [sent.remote_id]


def test_suspected_of_spam_and_not_out_is_looked_at_again(channel: Threads, kit: ThreadsKit) -> None:
    kit.fake.failing = [Wrong(4, 2207051, "We restrict certain activity")]
    message = out()
    prepared = channel.prepare(message)
    with pytest.raises(Unclear):
        channel.send(message, prepared)
    assert channel.find(message, prepared, clock.now()) is None


def test_a_container_that_is_not_known_yet_is_tried_later(channel: Threads, kit: ThreadsKit) -> None:
    kit.fake.failing = [Wrong(24, 4279009, "The requested resource does not exist")]
    with pytest.raises(TryLater):
        made(channel, out())
    assert kit.standing() == []


def test_out_and_not_yet_listed_is_out_all_the_same(channel: Threads, kit: ThreadsKit) -> None:
    kit.fake.failing, kit.fake.accepts, kit.fake.unlisted = [Wrong(2, 0, "Service", 500)], True, True
    message = out()
    prepared = channel.prepare(message)
    with pytest.raises(Unclear):  # half a minute later the list will show it
        channel.send(message, prepared)
    found = channel.find(message, prepared, clock.now())
    assert found == Sent(f"container:{prepared['container']}", None)
    assert channel.take_down(found.remote_id) == Handed()
    with pytest.raises(Refused, match="has not told us the number"):
        channel.prepare(out(reply_to=found.remote_id))
    kit.fake.unlisted = False
    (one,) = kit.standing()
    listed = channel.find(message, prepared, clock.now())
    assert listed is not None
    assert listed.remote_id == one.remote_id


@pytest.mark.parametrize("status", ["EXPIRED", "ERROR", "FINISHED"])
def test_what_was_never_published_is_not_there(channel: Threads, kit: ThreadsKit, status: str) -> None:
    message = out()
    prepared = channel.prepare(message)
    kit.fake.containers[prepared["container"]].status = status
    assert channel.find(message, prepared, clock.now()) is None


def test_in_progress_says_nothing(channel: Threads, kit: ThreadsKit) -> None:
    message = out()
    prepared = channel.prepare(message)
    kit.fake.containers[prepared["container"]].looks = 5
    with pytest.raises(Unclear):
        channel.find(message, prepared, clock.now())


def test_an_equal_message_of_an_hour_ago_is_not_taken_for_this_one(channel: Threads, kit: ThreadsKit) -> None:
    first = made(channel, out("The same words"))
    kit.fake.posts[first.remote_id].made_at -= timedelta(hours=1)
    kit.fake.failing, kit.fake.accepts = [Wrong(2, 0, "Service", 500)], True
    second = made(channel, out("The same words"))
    assert second.remote_id != first.remote_id


def test_an_answer_is_found_among_the_answers(channel: Threads, kit: ThreadsKit) -> None:
    parents = [made(channel, out()), made(channel, out())]
    made(channel, out("Yes", reply_to=parents[0].remote_id))
    kit.fake.failing, kit.fake.accepts = [Wrong(2, 0, "Service", 500)], True
    found = made(channel, out("Yes", reply_to=parents[1].remote_id))
    assert kit.standing()[-1].remote_id == found.remote_id


# Taking down, and polls


def test_without_the_right_to_delete_a_person_does_it(channel: Threads, kit: ThreadsKit) -> None:
    sent = made(channel, out())
    kit.fake.may_delete = False
    assert channel.take_down(sent.remote_id) == Handed()
    assert len(kit.standing()) == 1


def test_what_a_poll_came_to(channel: Threads, kit: ThreadsKit) -> None:
    sent = made(channel, out("Which next?", poll=Poll(("Red", "Blue", "Both"), 1_440)))
    kit.fake.percent = [0.255, 0.5, 0.245]
    tally = channel.tally(sent.remote_id)
    assert tally is not None
    assert tally.votes == (51, 100, 49)
    assert tally.open_until == datetime(2099, 1, 1, 10, tzinfo=UTC)
    kit.fake.closes = "2020-01-01T10:00:00+0000"
    over = channel.tally(sent.remote_id)
    assert over is not None
    assert over.open_until is None


def test_a_message_without_a_poll_has_no_tally(channel: Threads) -> None:
    assert channel.tally(made(channel, out()).remote_id) is None


# What goes in comes out whole


@given(st.text(st.sampled_from(PIECES) | st.characters(codec="utf-8"), max_size=80))
def test_what_we_count_is_never_less_than_threads_counts(text: str) -> None:
    assert count(text, LIMITS) >= characters(text)


def test_without_a_public_address_there_are_words_only(kit: ThreadsKit) -> None:
    limits = Threads(replace(kit.login(kit.fake.url), public_url="")).check().limits
    assert (limits.images, limits.characters) == (0, 500)


def test_the_version_of_the_district_is_used(kit: ThreadsKit) -> None:
    login = kit.login(kit.fake.url)
    channel = Threads(Login(login.server, login.secrets, LOOPBACK, login.remote_id, {"version": "v2.0"}))
    kit.fake.version = "v2.0"
    try:
        assert channel.check().handle == "@maplelibrary"
    finally:
        del kit.fake.version


def test_what_people_read_about_it_is_complete() -> None:
    told = about("threads")
    assert told.more
    assert told.prepares
    assert [asked.name for asked in told.setup_asks] == ["app_id", "app_secret", "version"]
    assert isinstance(threads.LIMITS, Limits)
    assert timedelta(days=14) == container_login.LAST_DAYS
