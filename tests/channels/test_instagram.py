"""What only Instagram has, against the fake that was written from its documentation."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from channels.kits.base import LOOPBACK
from channels.kits.instagram import InstagramKit
from channels.kits.meta_parts import Wrong
from hypothesis import given
from hypothesis import strategies as st
from pictures_made import jpeg

from outreach import clock
from outreach.channels import about
from outreach.channels.about import ByHandInstead, Errand, Where
from outreach.channels.base import Handed, Outgoing, Picture, Refused, Sent, TryLater, Unclear
from outreach.channels.container import bare
from outreach.channels.instagram import Instagram

number = itertools.count(1)
SETUP = {"app_id": "990602627938098", "app_secret": "app-secret-app-secret"}
PUBLIC = "https://outreach.example"


@pytest.fixture(scope="module")
def started() -> Iterator[InstagramKit]:
    with InstagramKit() as kit:
        yield kit


@pytest.fixture
def kit(started: InstagramKit) -> Iterator[InstagramKit]:
    started.fresh()
    yield started
    assert started.wrong() == []


@pytest.fixture
def channel(kit: InstagramKit) -> Instagram:
    return Instagram(kit.login(kit.fake.url))


def shelf(kit: InstagramKit, data: bytes = b"", mime: str = "image/jpeg") -> Picture:
    return kit.served(Picture(data or jpeg(640, 480), mime, "A shelf"))


def out(kit: InstagramKit, text: str = "", **more: Any) -> Outgoing:
    pictures = more.pop("pictures", None) or (shelf(kit),)
    return Outgoing(
        f"{next(number):032x}", text or f"New books, {next(number)}", pictures, begun_at=clock.now(), **more
    )


def made(channel: Instagram, message: Outgoing) -> Sent:
    sent = channel.send(message, channel.prepare(message))
    assert isinstance(sent, Sent)
    return sent


# Connecting


@pytest.mark.parametrize(
    ("setup", "public_url", "said"),
    [(SETUP, "", "no public address"), ({}, PUBLIC, "posted by hand here")],
    ids=["nobody reaches us", "not set up"],
)
def test_where_it_cannot_be_it_is_offered_by_hand(setup: dict[str, str], public_url: str, said: str) -> None:
    with pytest.raises(ByHandInstead, match=said) as caught:
        Instagram.connect({}, Where(LOOPBACK, setup, public_url=public_url))
    assert (caught.value.preset, about("instagram").by_hand) == ("instagram", "instagram")


def test_signing_in_leads_to_an_account_for_sixty_days(kit: InstagramKit, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Instagram, "door", replace(Instagram.door, codes=kit.fake.url, home=kit.fake.url))
    where = Where(LOOPBACK, SETUP, f"{PUBLIC}/back", PUBLIC)
    errand = Instagram.connect({}, where)
    assert isinstance(errand, Errand)
    assert errand.address.startswith("https://www.instagram.com/oauth/authorize?")
    assert "instagram_business_content_publish" in parse_qs(urlsplit(errand.address).query)["scope"][0]
    (found,) = Instagram.finish(errand.kept, "AQBx-code#_", where)
    assert (found.identity.handle, found.identity.remote_id) == ("@maplelibrary", kit.fake.account)
    assert found.identity.ends_at is not None
    assert found.identity.ends_at > clock.now() + timedelta(days=59)


# Pictures are a must


def test_a_post_without_a_picture_is_refused(channel: Instagram) -> None:
    with pytest.raises(Refused, match="without a picture"):
        channel.prepare(Outgoing("1" * 32, "Words only"))


def test_ten_pictures_in_one_post(channel: Instagram, kit: InstagramKit) -> None:
    made(channel, out(kit, pictures=tuple(shelf(kit) for _ in range(10))))
    assert kit.standing()[0].alts == ("A shelf",) * 10


@pytest.mark.parametrize("size", [(300, 900), (900, 300)], ids=["too tall", "too wide"])
def test_a_picture_of_another_shape_is_refused(channel: Instagram, kit: InstagramKit, size: tuple[int, int]) -> None:
    with pytest.raises(Refused, match="too tall or too wide for Instagram"):
        channel.prepare(out(kit, pictures=(shelf(kit, jpeg(*size)),)))


def test_a_picture_that_cannot_be_fetched_is_tried_later(channel: Instagram, kit: InstagramKit) -> None:
    lost = replace(shelf(kit), url=f"{kit.fake.pictures.server.url}/nowhere.jpg")
    with pytest.raises(TryLater, match="OUTREACH_PUBLIC_URL"):
        channel.prepare(out(kit, pictures=(lost,)))


def test_thirty_one_hashtags_are_refused(channel: Instagram, kit: InstagramKit) -> None:
    with pytest.raises(Refused, match="30 hashtags"):
        channel.prepare(out(kit, " ".join(f"#book{n}" for n in range(31))))
    made(channel, out(kit, " ".join(f"#book{n}" for n in range(30))))


def test_the_hundredth_post_of_a_day_waits(channel: Instagram, kit: InstagramKit) -> None:
    kit.fake.used = 100
    with pytest.raises(TryLater, match="no more posts from us today"):
        channel.prepare(out(kit))


def test_the_limit_that_was_reached_meanwhile_waits(channel: Instagram, kit: InstagramKit) -> None:
    message = out(kit)
    prepared = channel.prepare(message)
    kit.fake.used = 100
    with pytest.raises(TryLater):
        channel.send(message, prepared)
    assert kit.standing() == []


# Whether it is out


def test_a_name_in_the_words_is_found_without_its_sign(channel: Instagram, kit: InstagramKit) -> None:
    kit.fake.failing, kit.fake.accepts = [Wrong(-1, 2207001, "Instagram server error. Try again.")], True
    sent = made(channel, out(kit, "With @mapleschool in the garden"))
    assert [one.remote_id for one in kit.standing()] == [sent.remote_id]


def test_a_picture_that_is_not_ready_after_all_is_tried_later(channel: Instagram, kit: InstagramKit) -> None:
    kit.fake.failing = [Wrong(9007, 2207027, "The media is not ready for publishing, please wait for a moment")]
    with pytest.raises(TryLater, match="Instagram is still working on the picture"):
        made(channel, out(kit))
    assert kit.standing() == []


def test_a_restricted_account_is_told_to_its_people(channel: Instagram, kit: InstagramKit) -> None:
    kit.fake.failing = [Wrong(25, 2207050, "The Instagram account is restricted.")]
    with pytest.raises(Refused, match="Instagram has restricted the account"):
        made(channel, out(kit))


# Comments


def test_nobody_may_answer_means_that_comments_are_off(channel: Instagram, kit: InstagramKit) -> None:
    sent = made(channel, out(kit, answers="nobody"))
    other = made(channel, out(kit, answers="everyone"))
    assert not kit.fake.posts[sent.remote_id].comments
    assert kit.fake.posts[other.remote_id].comments


def test_comments_that_stayed_on_are_not_passed_over(channel: Instagram, kit: InstagramKit) -> None:
    """It is out, so it must not be sent again; and it is asked about until they are off."""
    kit.fake.keeps_comments = True
    message = out(kit, answers="nobody")
    prepared = channel.prepare(message)
    with pytest.raises(Unclear, match="It is out on Instagram") as caught:
        channel.send(message, prepared)
    later = {**prepared, **caught.value.found}
    with pytest.raises(Unclear, match="It is out on Instagram"):
        channel.find(message, later, clock.now())
    kit.fake.keeps_comments = False
    found = channel.find(message, later, clock.now())
    assert found is not None
    assert not kit.fake.posts[found.remote_id].comments
    assert len(kit.standing()) == 1


def test_a_person_takes_it_down(channel: Instagram, kit: InstagramKit) -> None:
    assert channel.take_down(made(channel, out(kit)).remote_id) == Handed()
    assert len(kit.standing()) == 1


@given(st.text())
def test_a_caption_is_known_again_when_its_signs_were_taken_out(text: str) -> None:
    assert bare(text) == bare(f" {text.replace('@', '')}\n")
