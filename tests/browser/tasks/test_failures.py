"""Task 10: refused, signed out, too late, not sure, a dead feed: each says whether it went out, and what to press."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta

import pytest
from playwright.sync_api import expect
from sqlalchemy import select

from browser import states
from browser.visitor import PHONE_TOO, Visitor
from outreach import clock
from outreach.access import OUTREACH
from outreach.accounts.pause import came_loose
from outreach.channels.phrases import SAID, fill
from outreach.db import db, writing
from outreach.models import Account, Delivery, Feed, Library, Post
from outreach.posts.dispatch import missed_sentence
from outreach.posts.reconcile import ask
from outreach.posts.written import Written
from outreach.words import Sentence

HOST = "lost.example"
NOT_SURE = (
    "We are not sure whether this went out. Look on the account for the words below. "
    "Until you answer, nothing is sent again."
)
GONE = "The catalog has no feed at this address (any more). Check the address."


@pytest.fixture
def place(practice) -> Iterator[int]:
    """An account of another server, for one test."""
    now = clock.now()
    with practice.inside(), writing() as session:
        library = session.scalars(select(Library.id)).one()
        account = Account(library_id=library, network="mastodon", name=f"@maple@{HOST}", server=f"https://{HOST}",
                          handle="@maple", url=f"https://{HOST}/@maple", created_at=now)  # fmt: skip
        session.add(account)
        session.flush()
        number = account.id
    yield number
    with practice.inside(), writing() as session:
        for post in session.scalars(select(Post).where(Post.placements.any(account_id=number))):
            session.delete(post)
        session.flush()
        session.delete(session.get_one(Account, number))


def one(up, place: int, words: str, state: str) -> None:
    """A post to this place that came to this."""
    now = clock.now()
    with up.inside():
        at = {"timing": "at", "wished_at": now + timedelta(days=1)}
        post_id = states.approved(Written("news", words, accounts={place: ""}, **at), now)
        with writing() as session:
            row = session.scalars(select(Delivery).where(Delivery.post_id == post_id)).one()
            said = {
                "refused": fill(SAID["not accepted"], HOST, said="too long"),
                "unclear": None,
                "missed": missed_sentence(session, row),
            }
            if state in said:
                row.state, row.sentence, row.asked_at = state, said[state], now
                if state == "unclear":
                    ask(session, row, now)
            else:
                came_loose(session, row.account, fill(SAID["loose"], HOST), OUTREACH, now)


def state_of(up, words: str) -> str:
    with up.inside():
        found = select(Delivery.state).join(Post, Post.id == Delivery.post_id).where(Post.words == words)
        return db.session.scalars(found.order_by(Delivery.id.desc())).first()


def looks_at_what_went_wrong(she: Visitor, words: str) -> None:
    she.hands.press(she.page.locator(".went-wrong").get_by_role("link"))
    expect(she.page).to_have_url(re.compile("/list/|/posts/"))
    if "/list/" in she.page.url:  # there is more than one
        she.opens(words)


def test_refused_says_that_it_has_not_gone_out_and_how_to_change_it(practice, place, visit, way):
    words = f"The lamps are new ({way})"
    one(practice, place, words, "refused")
    she = visit("contributor")
    looks_at_what_went_wrong(she, words)
    she.sees(SAID["not accepted"].pattern, place=HOST, said="too long")
    expect(she.thing("Do not send it")).to_be_visible()
    she.press("Change it", exact=True)
    expect(she.labelled("Your words")).to_have_value(words)
    she.needed_no_settings()


def test_too_late_says_that_nothing_was_published_and_sends_it_now(practice, place, visit, way):
    words = f"Stories at noon ({way})"
    one(practice, place, words, "missed")
    she = visit("approver")
    looks_at_what_went_wrong(she, words)
    expect(she.page.locator(".delivery").first).to_contain_text(she.say("too late, not sent"))
    expect(she.thing("Send it now")).to_be_visible()
    she.press("Do not send it")
    expect(she.thing("Send it now")).to_have_count(0)
    she.needed_no_settings()


def test_not_sure_says_so_and_asks_her_to_look(practice, place, visit, way):
    words = f"The maker space opens ({way})"
    one(practice, place, words, "unclear")
    she = visit("approver", "/list/")
    she.opens(words)
    she.press("Look and answer")
    she.sees(NOT_SURE)
    expect(she.thing("I don't see it – send it again")).to_be_visible()
    she.press("I see it")
    expect(she.thing("I see it")).to_have_count(0)
    assert state_of(practice, words) == "published"
    she.needed_no_settings()


@pytest.mark.parametrize("way", PHONE_TOO, ids=str)
def test_signed_out_says_that_it_waits_and_leads_to_connecting_again(practice, place, visit, way):
    words = f"Chairs by the window ({way})"
    one(practice, place, words, "loose")
    she = visit("librarian")
    she.hands.press(
        she.page.locator(".needs-line").get_by_role("link", name=f"@maple@{HOST}: {she.say('connect again')}")
    )
    she.sees(SAID["loose"].pattern, place=HOST)
    she.press("Connect again")
    expect(she.labelled("Your server, or the address of your profile")).to_have_value(f"https://{HOST}")
    she.page.goto("/list/")
    she.opens(words)
    she.sees("%(place)s is paused, so this waits.", place=f"@maple@{HOST}")


@pytest.fixture
def dead_feed(practice) -> Iterator[None]:
    now = clock.now()
    with practice.inside(), writing() as session:
        library = session.scalars(select(Library.id)).one()
        told = Sentence(GONE)
        feed = Feed(library_id=library, name="Picture books", url=f"https://{HOST}/{now.timestamp()}", host=HOST,
                    next_check_at=now, created_at=now, checked_at=now, failures=9, failing_since=now,
                    stopped_at=now, sentence=told)  # fmt: skip
        session.add(feed)
        session.flush()
        number = feed.id
    yield
    with practice.inside(), writing() as session:
        session.delete(session.get_one(Feed, number))


def test_a_dead_feed_says_why_and_is_started_again(dead_feed, visit):
    she = visit("librarian")
    she.press("a feed of the catalog asks for you")
    she.sees(GONE)
    feed = she.page.locator("li", has_text="Picture books")
    expect(she.thing("Start again", within=feed)).to_be_visible()
    she.press("Start again", within=feed)
    expect(she.thing("Start again", within=feed)).to_have_count(0)
    she.needed_no_settings()
