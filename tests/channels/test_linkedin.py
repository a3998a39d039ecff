"""What only LinkedIn has: its little text, duplicates that name their twin, versions, tokens of sixty days."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from channels.kits.base import LOOPBACK
from channels.kits.linkedin import SETUP, LinkedInKit
from channels.kits.linkedin_fake import CODE, FRESH, PAGE, RENEW, TOKEN, LinkedInFake, said
from channels.kits.linkedin_little import Little
from hypothesis import example, given
from hypothesis import strategies as st
from pictures_made import jpeg

from outreach import clock
from outreach.channels import linkedin_media
from outreach.channels.about import Connected, Errand, Where
from outreach.channels.base import (
    ChannelError,
    Login,
    Outgoing,
    Picture,
    Poll,
    Refused,
    Secrets,
    Tally,
    TryLater,
    Unauthorized,
    Unclear,
)
from outreach.channels.exchange import overheard
from outreach.channels.linkedin import LinkedIn
from outreach.channels.linkedin_poll import QUESTION, question
from outreach.channels.linkedin_text import little, plain
from outreach.channels.linkedin_wire import version_of

POSTS = "/rest/posts$"
WHERE = Where(LOOPBACK, SETUP, "https://outreach.school.example/networks/linkedin/back")
NOTHING: dict[str, Any] = {"images": []}


@pytest.fixture(scope="module")
def kit() -> Iterator[LinkedInKit]:
    with LinkedInKit() as started:
        yield started


@pytest.fixture
def fake(kit: LinkedInKit) -> Iterator[LinkedInFake]:
    kit.fresh()
    yield kit.fake
    assert kit.wrong() == []


@pytest.fixture
def page(kit: LinkedInKit, fake: LinkedInFake) -> LinkedIn:
    return LinkedIn(kit.login(fake.server.url))


@pytest.fixture
def naps(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    slept: list[float] = []
    monkeypatch.setattr(linkedin_media, "pause", slept.append)
    return slept


def out(text: str = "New books!", **more: Any) -> Outgoing:
    return Outgoing(key="a" * 32, text=text, begun_at=clock.now(), **more)


def publish(page: LinkedIn, message: Outgoing) -> Any:
    return page.send(message, page.prepare(message))


def picture(alt: str = "A shelf") -> Picture:
    return Picture(jpeg(64, 48), "image/jpeg", alt, "shelf.jpg")


# Little text

SIGNS = st.text(alphabet=st.one_of(st.sampled_from("\\|{}@[]()<>#*_~ a1é\n/:."), st.characters(codec="utf-8")))


@given(SIGNS)
@example("#NewBooks and # alone, #1, #a_b, a#b, ##two, #é")
@example("{hashtag|#|NewBooks} @[Eddy](urn:li:person:1) \\#x \\\\")
@example("https://x.example/a_b(c)#d?e=~f #Tag")
def test_whatever_goes_in_comes_out_whole(text: str) -> None:
    reader = Little(little(text))
    assert (reader.read(), reader.rest) == (text, "")


@given(SIGNS)
def test_what_comes_back_is_read_as_it_was_written(text: str) -> None:
    assert plain(little(text)) == text


def test_the_reader_of_the_tests_cuts_off_as_linkedin_does() -> None:
    assert Little("Come (now)").read() == "Come "
    assert Little("A_b").read() == "A"
    assert Little("@[Eddy](urn:li:person:1) \\#no #yes {hashtag|\\#|Tag}!").read() == "Eddy #no #yes #Tag!"


@pytest.mark.parametrize(
    ("text", "made"),
    [
        ("#NewBooks!", r"{hashtag|\#|NewBooks}!"),
        ("(#Été2026)", r"\({hashtag|\#|Été2026}\)"),
        ("#1 of 3", r"\#1 of 3"),
        ("C# and a#b", r"C\# and a\#b"),
        ("https://x.example/#Top", r"https://x.example/\#Top"),
        ("@maple", r"\@maple"),
    ],
)
def test_a_hashtag_can_be_pressed_and_nothing_else_becomes_one(text: str, made: str) -> None:
    assert little(text) == made


def test_a_commentary_with_a_mention_is_read_as_people_see_it() -> None:
    assert plain("With @[Oak Library](urn:li:organization:7) today") == "With Oak Library today"


# Duplicates


def test_a_duplicate_whose_twin_is_this_message_is_out(page: LinkedIn, fake: LinkedInFake) -> None:
    message = out()
    fake.silent = True
    with pytest.raises(Unclear):
        page.send(message, NOTHING)
    assert page.send(message, NOTHING).remote_id == fake.posts[0]["id"]
    assert len(fake.posts) == 1


def test_a_duplicate_of_an_older_post_is_for_a_person(page: LinkedIn, fake: LinkedInFake) -> None:
    old = publish(page, out()).remote_id
    fake.posts[0]["createdAt"] -= 180_000
    with pytest.raises(Unclear) as caught:
        publish(page, out())
    assert caught.value.found == {"twin": old}
    assert "stands there already" in caught.value.sentence
    assert page.find(out(), NOTHING | caught.value.found, clock.now()) is None


def test_a_duplicate_of_another_post_of_ours_is_not_taken_for_it(page: LinkedIn, fake: LinkedInFake) -> None:
    old = publish(page, out()).remote_id
    with pytest.raises(Unclear):
        publish(page, out(others=frozenset({old})))


def test_a_ghost_goes_to_a_person(page: LinkedIn, fake: LinkedInFake) -> None:
    """A twin that LinkedIn names and does not show: "not found" would send it again and again."""
    fake.ghost = "urn:li:share:7431329065766260736"
    with pytest.raises(Unclear) as caught:
        publish(page, out())
    assert caught.value.found == {"twin": "urn:li:share:7431329065766260736"}
    with pytest.raises(Unclear) as looked:
        page.find(out(), NOTHING | caught.value.found, clock.now())
    assert "Look at the page yourself" in looked.value.sentence
    assert caught.value.sentence == looked.value.sentence


def test_a_ghost_beside_the_message_itself_is_settled(page: LinkedIn, fake: LinkedInFake) -> None:
    message = out()
    sent = publish(page, message)
    found = page.find(message, NOTHING | {"twin": "urn:li:share:1"}, clock.now())
    assert found == sent


# Finding


def test_it_is_found_below_many_others(page: LinkedIn, fake: LinkedInFake) -> None:
    began = clock.now()
    sent = publish(page, out())
    for number in range(60):
        publish(page, out(f"Another, {number}"))
    assert page.find(out(), NOTHING, began) == sent


def test_more_than_we_can_look_through_is_not_called_absent(page: LinkedIn, fake: LinkedInFake) -> None:
    publish(page, out("Another"))
    fake.posts *= 501
    with pytest.raises(Unclear):
        page.find(out(), NOTHING, clock.now() - timedelta(minutes=1))


def test_the_same_words_with_other_pictures_are_another_message(page: LinkedIn, fake: LinkedInFake) -> None:
    message = out(pictures=(picture(),))
    first = page.prepare(message)
    second = page.prepare(message)
    sent = page.send(message, first)
    assert page.find(message, first, clock.now()) == sent
    assert page.find(message, second, clock.now()) is None


def test_links_that_linkedin_made_short_are_no_difference(page: LinkedIn, fake: LinkedInFake) -> None:
    message = out("Look: https://library.example/new/books?from=outreach today")
    sent = publish(page, message)
    fake.posts[0]["commentary"] = "Look: https://lnkd.in/eXaMple today"
    assert page.find(message, NOTHING, clock.now()) == sent


# Pictures


def test_a_picture_is_waited_for(page: LinkedIn, fake: LinkedInFake, naps: list[float]) -> None:
    fake.slow = 3
    publish(page, out(pictures=(picture(), picture("Another"))))
    assert naps == [0.5, 1.0, 2.0] * 2


def test_a_picture_is_not_waited_for_for_ever(
    page: LinkedIn, fake: LinkedInFake, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = [0.0]
    monkeypatch.setattr(linkedin_media.time, "monotonic", lambda: now[0])
    monkeypatch.setattr(linkedin_media, "pause", lambda seconds: now.__setitem__(0, now[0] + max(seconds, 0.1)))
    fake.slow = 1_000
    with pytest.raises(TryLater) as caught:
        page.prepare(out(pictures=(picture(),)))
    assert "still working on the picture" in caught.value.sentence
    assert now[0] < 60


def test_a_picture_that_linkedin_cannot_use(page: LinkedIn, fake: LinkedInFake) -> None:
    fake.spoils = True
    with pytest.raises(Refused) as caught:
        page.prepare(out(pictures=(picture(),)))
    assert "could not use a picture" in caught.value.sentence


def test_a_poll_with_pictures_is_refused_and_not_halved(page: LinkedIn, fake: LinkedInFake) -> None:
    with pytest.raises(Refused):
        page.prepare(out(pictures=(picture(),), poll=Poll(("Yes", "No"), 1_440)))


# Polls


@pytest.mark.parametrize(
    ("minutes", "lasts"),
    [(60, "ONE_DAY"), (1_440, "ONE_DAY"), (2_880, "THREE_DAYS"), (10_080, "SEVEN_DAYS"), (99_999, "FOURTEEN_DAYS")],
)
def test_a_poll_lasts_no_shorter_than_was_wished(page: LinkedIn, fake: LinkedInFake, minutes: int, lasts: str) -> None:
    publish(page, out(poll=Poll(("Yes", "No"), minutes)))
    assert fake.posts[0]["content"]["poll"]["settings"] == {"duration": lasts}


@given(st.text(min_size=1))
def test_the_question_of_a_poll_always_fits(text: str) -> None:
    assert len(question(text).encode("utf-16-le", "surrogatepass")) // 2 <= QUESTION


def test_a_poll_is_counted(page: LinkedIn, fake: LinkedInFake) -> None:
    sent = publish(page, out(poll=Poll(("Yes", "No"), 1_440)))
    post = fake.posts[0]
    post["content"]["poll"]["options"][1]["voteCount"] = 4
    told = page.tally(sent.remote_id)
    assert told is not None
    assert (told.votes, told.open_until) == ((0, 4), _moment(post["publishedAt"]) + timedelta(days=1))
    post["publishedAt"] -= 2 * 86_400_000
    assert page.tally(sent.remote_id) == Tally((0, 4), None)


def test_what_has_no_poll_is_not_counted(page: LinkedIn, fake: LinkedInFake) -> None:
    assert page.tally(publish(page, out()).remote_id) is None


def _moment(milliseconds: int) -> datetime:
    return datetime.fromtimestamp(milliseconds / 1_000, clock.now().tzinfo)


# What an answer means

DAY = "Resource level throttle APPLICATION DAY limit for calls to this resource is reached"
MEANS: dict[str, tuple[Any, type[ChannelError]]] = {
    "the token has ended": (said(401, "EXPIRED_ACCESS_TOKEN", "The token has expired"), Unauthorized),
    "a right is missing": (said(403, "ACCESS_DENIED", "Not enough permissions to access: posts.CREATE"), Unauthorized),
    "too many today": (said(429, "TOO_MANY_REQUESTS", DAY), TryLater),
    "a field is wrong": (said(422, "INVALID_VALUE", "ERROR :: /commentary :: not allowed"), Refused),
    "a dead version": (said(426, "NONEXISTENT_VERSION", "Requested version 20240101 is not active"), Refused),
    "trouble of its own": (said(500, "INTERNAL_SERVER_ERROR", "Internal server error"), Unclear),
    "two at once": (said(409, "CONFLICT", "Conflict"), Unclear),
    "no id": (said(201, "", ""), Unclear),
}


@pytest.mark.parametrize("case", MEANS)
def test_what_it_means(page: LinkedIn, fake: LinkedInFake, case: str) -> None:
    reply, kind = MEANS[case]
    fake.refuses = (POSTS, reply)
    with pytest.raises(ChannelError) as caught:
        publish(page, out())
    assert type(caught.value) is kind
    assert fake.posts == []


def test_a_daily_limit_ends_at_midnight_utc(page: LinkedIn, fake: LinkedInFake) -> None:
    fake.refuses = (POSTS, MEANS["too many today"][0])
    with pytest.raises(TryLater) as caught:
        publish(page, out())
    ends = caught.value.until
    assert ends is not None
    assert (ends.hour, ends.minute, ends.second) == (0, 0, 0)
    assert timedelta() < ends - clock.now() <= timedelta(days=1)


def test_a_dead_version_is_told_to_whoever_set_it_up(page: LinkedIn, fake: LinkedInFake) -> None:
    fake.version = "202712"
    for call in (lambda: publish(page, out()), page.check):
        with pytest.raises(Refused) as caught:
            call()
        assert "set it up for the district" in caught.value.sentence


def test_the_version_can_be_chosen(kit: LinkedInKit, fake: LinkedInFake) -> None:
    fake.version = "202701"
    LinkedIn(replace(kit.login(fake.server.url), setup={**SETUP, "version": "2027-01"})).check()
    assert [version_of({"version": typed}) for typed in ("202713", "soon", "")] == ["202608"] * 3


def test_the_words_can_be_changed(page: LinkedIn, fake: LinkedInFake) -> None:
    sent = publish(page, out("New boks (3)!"))
    for _ in range(2):
        page.edit(sent.remote_id, out("New books (3)! #NewBooks"))
    assert [post["seen"] for post in fake.posts] == ["New books (3)! #NewBooks"]


def test_the_log_of_the_calls_holds_no_secret(page: LinkedIn, fake: LinkedInFake) -> None:
    with overheard() as heard:
        publish(page, out(pictures=(picture(),)))
    assert TOKEN not in str(heard.told())


# Connecting, and staying connected


def errand(where: Where = WHERE) -> Errand:
    found = LinkedIn.connect({}, where)
    assert isinstance(found, Errand)
    return found


def finish(fake: LinkedInFake, code: str = CODE, **setup: str) -> list[Connected]:
    kept = {**errand().kept, "server": fake.server.url}
    return list(LinkedIn.finish(kept, code, replace(WHERE, setup=SETUP | setup)))


def test_the_consent_is_asked_for_what_we_use_and_nothing_else() -> None:
    found = errand()
    asked = {key: values[0] for key, values in parse_qs(urlsplit(found.address).query).items()}
    assert urlsplit(found.address)[:3] == ("https", "www.linkedin.com", "/oauth/v2/authorization")
    assert asked == {
        "response_type": "code",
        "client_id": SETUP["client_id"],
        "redirect_uri": WHERE.back,
        "state": found.state,
        "scope": "w_organization_social r_organization_social rw_organization_admin",
    }
    assert not found.copies


def test_without_an_address_of_ours_the_person_copies(fake: LinkedInFake) -> None:
    assert errand(replace(WHERE, back="")).copies
    assert finish(fake, f"http://localhost/outreach?code={CODE}&state=x")


def test_each_page_that_the_person_administers_is_an_account(fake: LinkedInFake) -> None:
    fake.pages = (PAGE, "urn:li:organization:7")
    first, second = finish(fake)
    assert (first.identity.remote_id, second.identity.remote_id) == (PAGE, "urn:li:organization:7")
    assert (second.identity.name, second.identity.url) == ("Library 7", "https://www.linkedin.com/company/library-7")
    assert (first.secrets["token"], first.identity.picture[:8]) == (FRESH, "https://")
    assert _days(first.identity.ends_at) == 59


def test_with_a_token_that_renews_a_person_is_asked_after_months(fake: LinkedInFake) -> None:
    fake.gives_renewal = True
    (found,) = finish(fake)
    assert found.secrets["renew"] == RENEW
    assert _days(found.identity.ends_at) == 305


@pytest.mark.parametrize(
    ("code", "setup", "told"),
    [
        ("old", {}, "does not take the code"),
        (CODE, {"client_secret": "wrong"}, "does not know the app"),
        ("https://o.example/back?error=user_cancelled_authorize", {}, "not allowed"),
    ],
)
def test_what_is_wrong_while_connecting(fake: LinkedInFake, code: str, setup: dict[str, str], told: str) -> None:
    with pytest.raises(Refused) as caught:
        finish(fake, code, **setup)
    assert told in caught.value.sentence


def test_who_administers_no_page_is_told_what_to_do(fake: LinkedInFake) -> None:
    fake.pages = ()
    with pytest.raises(Refused) as caught:
        finish(fake)
    assert "administrator" in caught.value.sentence


def test_it_has_to_be_set_up_first() -> None:
    with pytest.raises(Refused) as caught:
        LinkedIn.connect({}, Where(LOOPBACK))
    assert "not set up" in caught.value.sentence


def aging(kit: LinkedInKit, fake: LinkedInFake, days: float, **more: str) -> tuple[LinkedIn, list[Secrets]]:
    """A page whose token ends in so many days, and what is kept when it renews it."""
    kept: list[Secrets] = []
    old = {"token": TOKEN, "ends": (clock.now() + timedelta(days=days)).isoformat(), **more}

    def renew(make: Any) -> Secrets:
        kept.append(make(old))
        return kept[-1]

    login: Login = kit.login(fake.server.url)
    return LinkedIn(replace(login, secrets=old, renew=renew)), kept


def test_a_token_that_ends_soon_is_renewed(kit: LinkedInKit, fake: LinkedInFake) -> None:
    page, kept = aging(kit, fake, 10, renew=RENEW)
    page.renew()
    fake.tokens = (FRESH,)
    page.check()
    assert (kept[0]["token"], kept[0]["renew"]) == (FRESH, RENEW)


def test_one_that_is_good_for_long_is_left_alone(kit: LinkedInKit, fake: LinkedInFake) -> None:
    page, kept = aging(kit, fake, 20, renew=RENEW)
    page.renew()
    assert kept == []


def test_without_a_token_that_renews_nothing_is_lost_until_it_ends(kit: LinkedInKit, fake: LinkedInFake) -> None:
    page, kept = aging(kit, fake, 3)
    page.renew()
    assert _days(page.check().ends_at) == 2
    page, _ = aging(kit, fake, -0.1)
    with pytest.raises(Unauthorized):
        page.renew()
    assert kept == []


def test_a_renewal_that_is_refused_costs_nothing_while_the_token_is_good(kit: LinkedInKit, fake: LinkedInFake) -> None:
    page, kept = aging(kit, fake, 3, renew="revoked")
    page.renew()
    assert kept[0]["token"] == TOKEN
    page, _ = aging(kit, fake, -0.1, renew="revoked")
    with pytest.raises(Unauthorized):
        page.renew()


def _days(moment: datetime | None) -> int:
    assert moment is not None
    return (moment - clock.now()).days
