"""How a post repeats: as chosen, as a rule, as a sentence; and the moments of a rule on the library's wall."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from itertools import islice

import pytest
from hypothesis import given
from hypothesis import strategies as st

from outreach import clock
from outreach.posts.series_rule import EVERY, Choice, changed, choice_of, choices_for, rule_of, said, said_end
from outreach.words import NotDone

ZONE = "America/Chicago"
DAYS = st.dates(date(2024, 1, 1), date(2030, 12, 31))


def days_of(choice: Choice, first: date, most: int = 6, closed=lambda _: False, at: str = "09:00") -> list[date]:
    before = clock.at_wall(first, "00:00", ZONE) - timedelta(seconds=1)
    moments = islice(clock.occurrences(rule_of(choice, first), first, at, ZONE, before, closed), most)
    return [clock.today(moment, ZONE) for moment in moments]


@given(
    every=st.sampled_from(EVERY),
    first=DAYS,
    end=st.one_of(st.none(), st.integers(1, 500), st.timedeltas(timedelta(0), timedelta(days=900))),
    days=st.sets(st.integers(0, 6)),
)
def test_a_rule_says_what_was_chosen(every, first, end, days):
    count = end if isinstance(end, int) else None
    until = first + end if isinstance(end, timedelta) else None
    chosen = Choice(every, tuple(sorted(days)) if every == "week" else (), until, count)
    read = choice_of(rule_of(chosen, first))
    named = chosen.days or ((first.weekday(),) if every == "week" else ())
    assert read == Choice(every, named, until, count)
    assert "%(" not in said(rule_of(chosen, first), "09:00")
    assert (said_end(rule_of(chosen, first)) is None) == (end is None)


@given(every=st.sampled_from([e for e in EVERY if e != "school_day"]), first=DAYS)
def test_the_first_day_is_the_first_of_its_rule_and_no_month_is_left_out(every, first):
    found = days_of(Choice(every), first, 14)
    assert found[0] == first
    assert found == sorted(set(found))
    if every in ("weekday_of_month", "day_of_month"):
        months = [day.year * 12 + day.month for day in found]
        assert months == list(range(months[0], months[0] + 14))
    if every != "day_of_month":
        assert {day.weekday() for day in found} == {first.weekday()}


@given(
    first=DAYS, at=st.sampled_from(["00:00", "02:30", "09:00", "23:59"]), zone=st.sampled_from([ZONE, "Europe/Berlin"])
)
def test_wall_time_is_kept_over_every_change_of_the_clock(first, at, zone):
    before = clock.at_wall(first, "00:00", zone) - timedelta(seconds=1)
    moments = list(islice(clock.occurrences(rule_of(Choice("week"), first), first, at, zone, before), 60))
    for moment, day in zip(moments, (first + timedelta(weeks=n) for n in range(60)), strict=True):
        assert moment == clock.at_wall(day, at, zone)
        gap = clock.in_gap(datetime.combine(day, datetime.strptime(at, "%H:%M").time()), zone)
        assert gap or f"{clock.to_local(moment, zone):%H:%M}" == at


def test_the_fifth_monday_is_the_last_one():
    found = days_of(Choice("weekday_of_month"), date(2026, 11, 30), 4)
    assert found == [date(2026, 11, 30), date(2026, 12, 28), date(2027, 1, 25), date(2027, 2, 22)]


def test_the_last_day_of_a_month_is_that_of_february_too():
    found = days_of(Choice("day_of_month"), date(2027, 12, 31), 4)
    assert found == [date(2027, 12, 31), date(2028, 1, 31), date(2028, 2, 29), date(2028, 3, 31)]
    assert days_of(Choice("day_of_month"), date(2026, 12, 30), 4)[2:] == [date(2027, 2, 28), date(2027, 3, 30)]


def test_until_and_count_include_what_they_name():
    first = date(2026, 11, 24)
    assert days_of(Choice("week", until=date(2026, 12, 8)), first)[-1] == date(2026, 12, 8)
    assert len(days_of(Choice("week", until=date(2026, 12, 8)), first)) == 3
    assert len(days_of(Choice("two_weeks", count=4), first, 10)) == 4


def test_every_school_day_counts_no_closed_one():
    thanksgiving = {date(2026, 11, 26), date(2026, 11, 27)}
    found = days_of(Choice("school_day", count=4), date(2026, 11, 24), 9, thanksgiving.__contains__)
    assert found == [date(2026, 11, 24), date(2026, 11, 25), date(2026, 11, 30), date(2026, 12, 1)]


def test_a_rule_all_of_whose_days_are_left_out_ends():
    assert days_of(Choice("school_day"), date(2026, 11, 24), 3, lambda _: True) == []


def test_a_gap_and_a_fold_are_as_the_clock_decides():
    gap, fold = date(2026, 3, 1), date(2026, 10, 25)
    cases = (
        (gap, "02:30", datetime(2026, 3, 8, 8, 30, tzinfo=UTC)),
        (fold, "01:30", datetime(2026, 11, 1, 6, 30, tzinfo=UTC)),
    )
    for first, at, utc in cases:
        after = clock.at_wall(first, "12:00", ZONE)
        assert next(clock.occurrences(rule_of(Choice("week"), first), first, at, ZONE, after)) == utc


@pytest.mark.parametrize(
    ("choice", "words"),
    [
        (Choice("week"), "Every Tuesday, at 09:00"),
        (Choice("week", (1, 3)), "Every week on Tuesday, Thursday, at 09:00"),
        (Choice("two_weeks"), "Every second Tuesday, at 09:00"),
        (Choice("weekday_of_month"), "Every month on the fourth Tuesday, at 09:00"),
        (Choice("day_of_month"), "Every month on day 24, at 09:00"),
        (Choice("school_day"), "Every school day, at 09:00"),
    ],
)
def test_it_is_said_as_people_say_it(choice, words):
    assert said(rule_of(choice, date(2026, 11, 24)), "09:00") == words


@pytest.mark.parametrize(
    ("choice", "words"),
    [
        (Choice("now and then"), "how often"),
        (Choice("week", until=date(2026, 11, 1)), "before the first"),
        (Choice("week", count=0), "between 1 and 500"),
    ],
)
def test_what_is_no_choice_is_told(choice, words):
    with pytest.raises(NotDone, match=words):
        rule_of(choice, date(2026, 11, 24))


def test_another_end_keeps_the_days_that_a_rule_says():
    last_of_month = rule_of(Choice("day_of_month"), date(2026, 10, 31))
    assert changed(last_of_month, Choice("day_of_month", count=2), date(2027, 2, 28)) == f"{last_of_month};COUNT=2"
    two_days = rule_of(Choice("week", (1, 3), count=9), date(2026, 11, 24))
    assert changed(two_days, Choice("week"), date(2026, 11, 26)) == "FREQ=WEEKLY;BYDAY=TU,TH"
    assert changed(two_days, Choice("two_weeks"), date(2026, 11, 26)) == "FREQ=WEEKLY;INTERVAL=2;BYDAY=TH"


def test_every_school_day_is_offered_on_one():
    assert "school_day" in choices_for(date(2026, 11, 24), lambda _: False)
    assert "school_day" not in choices_for(date(2026, 11, 28), lambda _: False)
    assert "school_day" not in choices_for(date(2026, 11, 24), lambda _: True)
