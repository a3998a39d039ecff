"""What only Facebook has: codes that speak instead of the status, tokens of pages, duplicates as evidence."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from channels.kits.base import LOOPBACK
from channels.kits.facebook import SETUP, FacebookKit
from channels.kits.facebook_fake import CODE, PAGE, TOKEN, FacebookFake, Post, _page, said
from hypothesis import given
from hypothesis import strategies as st
from pictures_made import jpeg

from outreach import clock
from outreach.channels.about import Connected, Errand, Where
from outreach.channels.base import ChannelError, Outgoing, Picture, Refused, TryLater, Unauthorized, Unclear
from outreach.channels.exchange import overheard
from outreach.channels.facebook import Facebook
from outreach.channels.graph import version_of
from outreach.channels.pasted import code_in

FEED = f"/{PAGE}/feed$"
WHERE = Where(LOOPBACK, SETUP, "https://outreach.school.example/networks/facebook/back")


@pytest.fixture(scope="module")
def kit() -> Iterator[FacebookKit]:
    with FacebookKit() as started:
        yield started


@pytest.fixture
def fake(kit: FacebookKit) -> Iterator[FacebookFake]:
    kit.fresh()
    yield kit.fake
    assert kit.wrong() == []


@pytest.fixture
def page(kit: FacebookKit, fake: FacebookFake) -> Facebook:
    return Facebook(kit.login(fake.server.url))


def out(text: str = "New books!", **more: Any) -> Outgoing:
    return Outgoing(key="a" * 32, text=text, begun_at=clock.now(), **more)


def publish(page: Facebook, message: Outgoing) -> Any:
    return page.send(message, page.prepare(message))


def picture(alt: str = "A shelf") -> Picture:
    return Picture(jpeg(64, 48), "image/jpeg", alt, "shelf.jpg")


# What an error means

MEANS: dict[str, tuple[Any, type[ChannelError]]] = {
    "the token has expired": (said(190, "Session has expired", subcode=463), Unauthorized),
    "the session is gone": (said(102, "Session key invalid"), Unauthorized),
    "a permission was taken away": (said(10, "(#10) Application does not have permission"), Unauthorized),
    "another permission": (said(200, "(#200) Requires pages_manage_posts", status=403), Unauthorized),
    "too many calls of the app": (said(4, "(#4) Application request limit reached"), TryLater),
    "too many calls of the page": (said(32, "(#32) Page request limit reached"), TryLater),
    "too many calls of this kind": (said(80001, "(#80001) There have been too many calls"), TryLater),
    "too fast": (said(100, "Too fast", subcode=1390008), TryLater),
    "blocked for a while": (said(368, "The action attempted has been deemed abusive"), TryLater),
    "unknown": (said(1, "An unknown error occurred", status=500), Unclear),
    "unknown, with 400": (said(1, "An unknown error occurred"), Unclear),
    "a service is down": (said(2, "Service temporarily unavailable", status=503), Unclear),
    "passing, it says": (said(100, "Try again", is_transient=True), Unclear),
    "an error with 200": (said(190, "Session has expired", status=200), Unauthorized),
    "content policy": (said(100, "Invalid", subcode=1404102, error_user_msg="We limit this."), Refused),
    "the link cannot be read": (said(1609005, "Error posting link"), Refused),
    "no such page": (said(100, "Unsupported post request.", subcode=33), Refused),
}


@pytest.mark.parametrize("case", MEANS)
def test_the_code_says_what_it_is_and_not_the_status(page: Facebook, fake: FacebookFake, case: str) -> None:
    reply, kind = MEANS[case]
    fake.refuses = (FEED, reply)
    with pytest.raises(ChannelError) as caught:
        publish(page, out())
    assert type(caught.value) is kind
    assert fake.posts == []


def test_its_own_words_for_people_are_shown(page: Facebook, fake: FacebookFake) -> None:
    fake.refuses = (FEED, MEANS["content policy"][0])
    with pytest.raises(Refused) as caught:
        publish(page, out())
    assert "We limit this." in caught.value.sentence


def test_it_waits_as_long_as_the_header_says(page: Facebook, fake: FacebookFake) -> None:
    use = '{"1029384756": [{"type": "pages", "call_count": 100, "estimated_time_to_regain_access": 28}]}'
    fake.refuses = (FEED, said(32, "(#32) Page request limit", headers={"X-Business-Use-Case-Usage": use}))
    with pytest.raises(TryLater) as caught:
        publish(page, out())
    assert caught.value.until is not None
    assert timedelta(minutes=27) < caught.value.until - clock.now() < timedelta(minutes=29)


@pytest.mark.parametrize("header", ["", "{", "[]", '{"1": 2}', '{"1": [3]}', '{"1": [{"type": "pages"}]}'])
def test_a_header_that_makes_no_sense_is_no_wait(page: Facebook, fake: FacebookFake, header: str) -> None:
    fake.refuses = (FEED, said(32, "(#32)", headers={"X-Business-Use-Case-Usage": header}))
    with pytest.raises(TryLater) as caught:
        publish(page, out())
    assert caught.value.until is None


def test_who_is_blocked_waits_for_hours(page: Facebook, fake: FacebookFake) -> None:
    fake.refuses = (FEED, MEANS["blocked for a while"][0])
    with pytest.raises(TryLater) as caught:
        publish(page, out())
    assert caught.value.until is not None
    assert caught.value.until > clock.now() + timedelta(hours=2)
    assert "%(" not in caught.value.sentence


def test_a_dead_version_is_told_to_whoever_set_it_up(page: Facebook, fake: FacebookFake) -> None:
    fake.version = "v31.0"
    for call in (lambda: publish(page, out()), page.check):
        with pytest.raises(Refused) as caught:
            call()
        assert "set it up for the district" in caught.value.sentence


def test_the_version_can_be_chosen(kit: FacebookKit, fake: FacebookFake) -> None:
    fake.version = "v27.0"
    login = kit.login(fake.server.url)
    Facebook(replace(login, setup={**SETUP, "version": "27"})).check()
    assert [version_of({"version": typed}) for typed in ("V27.1", "27", " v9.0 ", "new")] == [
        "v27.1",
        "v27.0",
        "v9.0",
        "v26.0",
    ]


# Duplicates


def test_a_duplicate_that_was_posted_since_we_began_is_ours(page: Facebook, fake: FacebookFake) -> None:
    message, prepared = out(), {"photos": []}
    fake.silent = True
    with pytest.raises(Unclear):
        page.send(message, prepared)
    assert page.send(message, prepared).remote_id == fake.posts[0].id
    assert len(fake.posts) == 1


def test_a_duplicate_of_what_stood_there_before_is_for_a_person(page: Facebook, fake: FacebookFake) -> None:
    fake.posts.append(Post(f"{PAGE}_1", "New books!", [], datetime.now(UTC) - timedelta(minutes=3)))
    with pytest.raises(Unclear) as caught:
        publish(page, out())
    assert "stands there already" in caught.value.sentence
    assert page.find(out(), {"photos": []}, clock.now()) is None
    assert len(fake.posts) == 1


def test_a_picture_without_words_is_known_by_its_upload(page: Facebook, fake: FacebookFake) -> None:
    first, second = out("", pictures=(picture(),)), out("", pictures=(picture(),))
    one, two = page.prepare(first), page.prepare(second)
    sent = page.send(first, one)
    assert page.find(second, two, clock.now()) is None
    found = page.find(first, one, clock.now())
    assert found is not None
    assert found.remote_id == sent.remote_id


def test_the_same_words_without_the_picture_are_another_message(page: Facebook, fake: FacebookFake) -> None:
    publish(page, out())
    message = out(pictures=(picture(),))
    assert page.find(message, page.prepare(message), clock.now()) is None


def test_a_message_is_found_also_where_its_pictures_got_other_names(page: Facebook, fake: FacebookFake) -> None:
    message = out(pictures=(picture(),))
    sent = publish(page, message)
    found = page.find(message, {"photos": ["9999"]}, clock.now())
    assert found is not None
    assert found.remote_id == sent.remote_id


def test_it_is_found_below_many_others(page: Facebook, fake: FacebookFake) -> None:
    began = clock.now()
    sent = publish(page, out())
    for number in range(120):
        publish(page, out(f"Another, {number}"))
    found = page.find(out(), {"photos": []}, began)
    assert found is not None
    assert found.remote_id == sent.remote_id


def test_more_than_we_can_look_through_is_not_called_absent(page: Facebook, fake: FacebookFake) -> None:
    now = datetime.now(UTC)
    fake.posts = [Post(f"{PAGE}_{n}", f"Another, {n}", [], now) for n in range(501)]
    with pytest.raises(Unclear):
        page.find(out(), {"photos": []}, clock.now())


# What is sent


def test_a_link_makes_a_card_only_without_pictures(page: Facebook, fake: FacebookFake) -> None:
    publish(page, out("Look: https://library.example/new."))
    publish(page, out("Look here: https://library.example/new", pictures=(picture(),)))
    assert [post.link for post in fake.posts] == ["https://library.example/new", ""]


def test_the_words_can_be_changed(page: Facebook, fake: FacebookFake) -> None:
    sent = publish(page, out("New boks!"))
    page.edit(sent.remote_id, out("New books!"))
    page.edit(sent.remote_id, out("New books!"))
    assert [post.message for post in fake.posts] == ["New books!"]


def test_what_we_may_not_see_is_not_called_gone(page: Facebook, fake: FacebookFake) -> None:
    """That it does not exist is also said by a token that has lost its rights: then the page cannot be read either."""
    sent = publish(page, out())
    fake.pages = [_page(PAGE, "another token")]
    page.api.session.headers["Authorization"] = "Bearer dead"
    with pytest.raises(Unauthorized):
        page.take_down(sent.remote_id)
    assert len(fake.posts) == 1


def test_the_log_of_the_calls_holds_no_secret(page: Facebook, fake: FacebookFake) -> None:
    with overheard() as heard:
        publish(page, out(pictures=(picture(),)))
        page.check()
    told = str(heard.told())
    assert not [secret for secret in (TOKEN, SETUP["app_secret"]) if secret in told]


# Connecting


def errand(where: Where = WHERE) -> Errand:
    found = Facebook.connect({}, where)
    assert isinstance(found, Errand)
    return found


def finish(fake: FacebookFake, code: str = CODE, **setup: str) -> list[Connected]:
    kept = {**errand().kept, "server": fake.server.url}
    return list(Facebook.finish(kept, code, replace(WHERE, setup=SETUP | setup)))


def test_the_dialog_is_asked_for_what_we_use_and_nothing_else() -> None:
    found = errand()
    asked = {key: values[0] for key, values in parse_qs(urlsplit(found.address).query).items()}
    assert urlsplit(found.address)[:3] == ("https", "www.facebook.com", "/v26.0/dialog/oauth")
    assert asked == {
        "client_id": SETUP["app_id"],
        "redirect_uri": WHERE.back,
        "state": found.state,
        "response_type": "code",
        "scope": "pages_show_list,pages_read_engagement,pages_manage_posts",
    }
    assert (len(found.state) > 20, found.copies) == (True, False)


def test_with_login_for_business_its_configuration_says_the_scopes() -> None:
    asked = parse_qs(urlsplit(errand(replace(WHERE, setup=SETUP | {"config_id": "55"})).address).query)
    assert (asked["config_id"], "scope" in asked) == (["55"], False)


def test_without_an_address_of_ours_the_person_copies() -> None:
    found = errand(replace(WHERE, back=""))
    assert found.copies
    assert found.kept["back"] == "https://www.facebook.com/connect/login_success.html"


def test_each_page_that_may_be_posted_to_is_an_account(fake: FacebookFake) -> None:
    fake.pages += [_page("222", "EAAsecond", name="Oak Library"), _page("333", "EAAthird", tasks=["ANALYZE"])]
    found = finish(fake)
    assert [(one.identity.remote_id, one.secrets) for one in found] == [
        (PAGE, {"token": TOKEN}),
        ("222", {"token": "EAAsecond"}),
    ]
    assert (found[1].identity.name, found[1].identity.ends_at) == ("Oak Library", None)
    assert found[0].identity.picture == "https://scontent.example/maple.jpg"


def test_the_whole_address_may_be_pasted(fake: FacebookFake) -> None:
    pasted = f"https://www.facebook.com/connect/login_success.html?code={CODE}&state=x#_=_"
    assert finish(fake, pasted)


def test_who_said_no_is_told_so(fake: FacebookFake) -> None:
    with pytest.raises(Refused) as caught:
        finish(fake, "https://o.example/back?error=access_denied&error_reason=user_denied")
    assert "not allowed" in caught.value.sentence


@pytest.mark.parametrize(
    ("code", "setup", "told"),
    [
        ("old", {}, "does not take the code"),
        (CODE, {"app_secret": "wrong"}, "does not know the app"),
        (CODE, {"app_id": "1"}, "does not know the app"),
    ],
)
def test_what_is_wrong_while_connecting(fake: FacebookFake, code: str, setup: dict[str, str], told: str) -> None:
    with pytest.raises(Refused) as caught:
        finish(fake, code, **setup)
    assert told in caught.value.sentence


def test_who_shows_us_no_page_is_told_what_to_do(fake: FacebookFake) -> None:
    fake.pages = []
    with pytest.raises(Refused) as caught:
        finish(fake)
    assert "choose the library's page" in caught.value.sentence


def test_it_has_to_be_set_up_first() -> None:
    with pytest.raises(Refused) as caught:
        Facebook.connect({}, Where(LOOPBACK))
    assert "not set up" in caught.value.sentence


@given(st.text(alphabet=st.characters(codec="ascii", categories=["L", "N"]), min_size=1))
def test_a_code_comes_out_of_an_address_as_it_went_in(code: str) -> None:
    assert code_in(f"https://x.example/back?code={code}&state=y#_=_", "X") == code_in(code, "X") == code
