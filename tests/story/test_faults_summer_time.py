"""The clocks change: a usual time stays at its wall time, also where that is missing or comes twice."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import islice, pairwise

import pytest

from outreach import clock
from outreach.models import Library, Slot
from outreach.posts.schedule import usual_times

CHICAGO, BERLIN, LORD_HOWE = "America/Chicago", "Europe/Berlin", "Australia/Lord_Howe"
SUNDAY, MONDAY = 6, 0


def three(zone: str, weekday: int, at: str, after: datetime) -> list[datetime]:
    library = Library(timezone=zone, country="")
    return list(islice(usual_times(library, [Slot(weekday=weekday, clock=at)], after.replace(tzinfo=UTC)), 3))


@pytest.mark.parametrize(
    ("zone", "after", "steps"),
    [
        pytest.param(CHICAGO, datetime(2026, 3, 1), (167, 168), id="spring in Chicago"),
        pytest.param(CHICAGO, datetime(2026, 10, 25), (169, 168), id="autumn in Chicago"),
        pytest.param(BERLIN, datetime(2026, 3, 22), (167, 168), id="spring in Berlin"),
        pytest.param(BERLIN, datetime(2026, 10, 18), (169, 168), id="autumn in Berlin"),
        pytest.param(LORD_HOWE, datetime(2026, 9, 27), (167.5, 168), id="spring by half an hour"),
        pytest.param(LORD_HOWE, datetime(2026, 3, 29), (168.5, 168), id="autumn by half an hour"),
    ],
)
def test_monday_at_nine_stays_monday_at_nine(zone: str, after: datetime, steps: tuple[float, float]):
    moments = three(zone, MONDAY, "09:00", after)
    assert [clock.to_local(m, zone).strftime("%a %H:%M") for m in moments] == ["Mon 09:00"] * 3
    hours = tuple((later - sooner) / timedelta(hours=1) for sooner, later in pairwise(moments))
    assert hours == steps


@pytest.mark.parametrize(
    ("zone", "at", "after", "shown"),
    [
        (CHICAGO, "02:30", datetime(2026, 3, 1, 12), ["03:30", "02:30", "02:30"]),
        (BERLIN, "02:30", datetime(2026, 3, 22, 12), ["03:30", "02:30", "02:30"]),
        (LORD_HOWE, "02:15", datetime(2026, 9, 27, 0), ["02:45", "02:15", "02:15"]),
    ],
)
def test_a_time_that_the_clocks_jump_over_moves_by_the_jump_that_day_only(
    zone: str, at: str, after: datetime, shown: list[str]
):
    assert [clock.to_local(m, zone).strftime("%H:%M") for m in three(zone, SUNDAY, at, after)] == shown


@pytest.mark.parametrize(
    ("zone", "at", "after", "first"),
    [
        (CHICAGO, "01:30", datetime(2026, 10, 25, 12), datetime(2026, 11, 1, 6, 30)),
        (BERLIN, "02:30", datetime(2026, 10, 18, 12), datetime(2026, 10, 25, 0, 30)),
        (LORD_HOWE, "01:45", datetime(2026, 3, 29, 0), datetime(2026, 4, 4, 14, 45)),
    ],
)
def test_a_time_that_comes_twice_is_taken_once_the_first_time(zone: str, at: str, after: datetime, first: datetime):
    moments = three(zone, SUNDAY, at, after)
    assert moments[0] == first.replace(tzinfo=UTC)
    assert [clock.to_local(m, zone).strftime("%a %H:%M") for m in moments] == [f"Sun {at}"] * 3


def test_between_the_two_the_next_one_is_a_week_away():
    between = datetime(2026, 11, 1, 7, 0)  # the first 01:30 in Chicago has passed, the second comes
    assert three(CHICAGO, SUNDAY, "01:30", between)[0] == datetime(2026, 11, 8, 7, 30, tzinfo=UTC)


@pytest.mark.parametrize("weekday", range(7))
def test_a_year_of_usual_times_has_fifty_two_weeks_none_twice(weekday: int):
    moments = list(islice(clock.weekly(weekday, "02:30", CHICAGO, datetime(2026, 1, 1, tzinfo=UTC)), 52))
    days = [clock.today(m, CHICAGO) for m in moments]
    assert {later - sooner for sooner, later in pairwise(days)} == {timedelta(days=7)}
    assert len(set(moments)) == 52
