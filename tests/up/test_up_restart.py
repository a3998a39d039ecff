from __future__ import annotations

from itertools import accumulate, repeat

from outreach.up import restart


def test_the_pause_doubles_up_to_half_a_minute():
    assert [restart.pause(ends) for ends in range(1, 8)] == [1, 2, 4, 8, 16, 30, 30]
    assert restart.pause(10_000) == 30


def test_who_lived_a_minute_has_a_clean_record():
    assert list(accumulate(repeat(3.0, 4), restart.ends_in_a_row, initial=0)) == [0, 1, 2, 3, 4]
    assert restart.ends_in_a_row(4, 60.0) == 1


def test_a_person_is_told_where_to_look_once():
    said = [restart.sentence("web", 3, ends) for ends in range(1, 8)]
    assert [text for text in said if "outreach doctor" in text] == [said[4]]
    assert said[0] == "web ended with code 3; it is started again in 1 s."
