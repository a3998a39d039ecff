"""Tasks 5, 7 and 8, and the book club: what is stopped, what repeats, what goes out in several messages."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from playwright.sync_api import expect
from sqlalchemy import select

from browser import states
from browser.visitor import PHONE_TOO, Visitor
from outreach import clock
from outreach.db import db
from outreach.holidays import is_closed
from outreach.models import Library, Post
from outreach.posts.written import Written

REPEATS = "It repeats. The posts of the next four weeks stand in the week, each to be changed or cancelled by itself."


def school_day(up, weekday: int, least: int = 5) -> date:
    """The next such day of the week, some days from now, on which the library is open."""
    with up.inside():
        library = db.session.scalars(select(Library)).one()
        day = clock.today(clock.now(), library.timezone) + timedelta(days=least)
        while day.weekday() != weekday or is_closed(library, day):
            day += timedelta(days=1)
    return day


def planned(up, words: str) -> None:
    """Approved, in some days."""
    with up.inside():
        now = clock.now()
        at = {"timing": "at", "wished_at": now + timedelta(days=4, minutes=now.microsecond % 50)}
        states.approved(Written("news", words, accounts={states.places()["Practice"]: ""}, **at), now)


def state_of(up, words: str) -> str:
    with up.inside():
        return db.session.scalars(select(Post.state).where(Post.words == words).order_by(Post.id.desc())).first()


@pytest.mark.parametrize("way", PHONE_TOO, ids=str)
def test_a_waiting_post_is_stopped_and_nobody_is_asked(practice, visit, way):
    words = f"The author cannot come ({way})"
    planned(practice, words)
    she = visit("contributor")
    she.press("List", exact=True)
    she.opens(words)
    she.press("Do not send it", exact=True)
    she.press("Yes: %(deed)s", deed=she.say("Do not send it"))
    she.sees("Cancelled. What was not out yet will not go out.")
    assert state_of(practice, words) == "cancelled"
    she.needed_no_settings()


def on_a_day(she: Visitor, day: date, hour: int, minute: int) -> None:
    she.ticks("On a day I choose")
    she.writes_day("Day", day, exact=True)
    she.writes_clock("Time", hour, minute, exact=True)


def test_a_post_is_made_weekly_and_the_next_days_are_shown(practice, visit, way):
    tuesday = school_day(practice, 1)
    she = visit("contributor")
    she.goes("New post")
    she.press("News")
    she.writes("Your words", f"Chess at lunch ({way})")
    she.posts_to("Practice")
    on_a_day(she, tuesday, 12, 5)
    she.press("Repeat it")
    she.chooses("How often", "every week on its day")
    next_dates = she.page.locator("#next-dates")
    expect(next_dates).to_contain_text("…")
    she.ticks("a number of times")
    she.writes("How many times, this one too", "2")
    expect(next_dates).not_to_contain_text("…")
    expect(next_dates).to_contain_text(str(tuesday.day))
    she.press("Send for review")
    she.sees(REPEATS)

    she.goes("New post")
    she.press("Repeats")
    repeat = she.page.locator("main li", has_text=f"({way})")
    expect(repeat).to_contain_text("12:05")
    expect(repeat).to_contain_text(str((tuesday + timedelta(days=7)).day))
    she.press("Stop repeating", within=repeat)
    she.press("Yes: %(deed)s", within=repeat, deed=she.say("Stop repeating"))
    expect(repeat).to_have_count(0)
    she.needed_no_settings()


def test_trivia_gets_its_answer_on_friday(practice, visit, way):
    wednesday = school_day(practice, 2)
    friday = wednesday + timedelta(days=2)
    question = f"Which of these is a whale? ({way})"
    she = visit("contributor")
    she.goes("New post")
    she.press("Trivia")
    she.writes("Your question", question)
    for letter, choice in zip("ABC", ("Black Beauty", "Moby Dick", "White Fang"), strict=True):
        she.writes("Choice %(letter)s", choice, letter=letter)
    she.ticks("%(letter)s is right", letter="B")
    she.writes("Explanation", "Ishmael tells it all.")
    she.ticks("at another time")
    she.writes_day("Day of the answer", friday)
    she.writes_clock("Time of the answer", 14, 10)
    she.posts_to("Practice")
    on_a_day(she, wednesday, 9, 20)
    previews = she.page.locator("#previews")
    expect(previews).to_contain_text("Moby Dick")
    expect(previews).to_contain_text(str(friday.day))
    she.press("Send for review")
    she.sees("Sent for review.")
    assert answer_of(practice, question) == datetime(friday.year, friday.month, friday.day, 14, 10)
    she.needed_no_settings()


def answer_of(up, question: str) -> datetime:
    """On the library's clock."""
    with up.inside():
        post = db.session.scalars(select(Post).where(Post.words == question)).one()
        at = datetime.fromisoformat(str(post.fields["answer_at"]))
        return clock.to_local(at, post.library.timezone).replace(tzinfo=None)


def test_a_book_club_is_written_in_one_form(practice, visit, way):
    monday = school_day(practice, 0)
    she = visit("contributor")
    she.goes("New post")
    she.press("More…")
    she.press("Book discussion")
    she.writes("The book", "Treasure Island", exact=False)
    she.writes("The invitation", f"We read together ({way})")
    for number, ahead in enumerate((2, 9), 1):
        she.writes_day("Day of question %(number)s", monday + timedelta(days=ahead), number=number)
        she.writes("Question %(number)s", f"What would you do, {number}?", number=number, exact=True)
    she.posts_to("Practice")
    on_a_day(she, monday, 8, 40)
    expect(she.page.locator("#previews")).to_contain_text("What would you do, 2?")
    she.press("Send for review")
    she.sees("Sent for review.")

    colleague = visit("approver", "/list/")
    colleague.opens(f"We read together ({way})")
    colleague.press("Approve")
    colleague.sees("message %(n)s of %(all)s", n=3, all=3)
    she.needed_no_settings()
