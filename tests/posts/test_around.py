"""What is known around a post: closed days, the same words at the same place, the district's rules."""

from datetime import date, timedelta

import pytest
from factories import approved, submitted, write
from sqlalchemy import Engine, insert
from sqlalchemy.event import listen, remove

from outreach.access import COMMAND_LINE
from outreach.db import db, writing
from outreach.models import Closure, Delivery, Library, Post, Series
from outreach.posts import approve, send
from outreach.posts.around import arounds, findings_of, look_at
from outreach.posts.district import change_district, district_of
from outreach.posts.policy import advice
from outreach.words import NotDone

WORDS = "The library is open at lunch again."


def around(cast, post, now, **more):
    fresh = db.session.get(Post, post.id)
    (found,) = arounds(db.session(), db.session.get(Library, cast.library.id), [look_at(fresh)], now, **more)
    return found


def told(post, now, **more):
    (found,) = findings_of(db.session(), [db.session.get(Post, post.id)], now, **more)
    return [str(one.sentence) for one in advice(found)]


def test_a_closed_day_has_its_name_and_the_next_school_day_at_the_same_time(cast, now):
    thanksgiving = now + timedelta(days=2)
    post = write(cast, now, timing="at", wished_at=thanksgiving)
    with writing() as session:
        day = date(2026, 11, 27)
        session.add(Closure(library_id=cast.library.id, first_day=day, last_day=day, name="Day after"))
    found = around(cast, post, now)
    assert "Thanksgiving" in found.closed
    assert found.next_open.isoformat() == "2026-11-30T12:00:00"


def test_an_open_day_and_a_post_without_a_time_are_told_nothing(cast, now):
    assert around(cast, write(cast, now, timing="at", wished_at=now), now).closed == ""
    assert around(cast, write(cast, now, timing="at"), now).closed == ""


def test_the_same_words_at_the_same_place_are_told_with_their_time(cast, now):
    approved(cast, now, words=WORDS)
    again = write(cast, now, words=WORDS, timing="at", wished_at=now + timedelta(days=13))
    (said,) = around(cast, again, now).said
    assert (said.place, said.at) == ("Fake", now)
    assert told(again, now) == ["The same words go to Fake within two weeks."]


def test_the_same_words_at_several_places_are_one_hint(cast, now):
    for place, at in ((cast.practice, now), (cast.account, now + timedelta(days=1))):
        approved(cast, now, words=WORDS, accounts=[place], timing="at", wished_at=at)
    places = [cast.account, cast.practice, cast.by_hand]
    again = write(cast, now, words=WORDS, accounts=places, timing="at", wished_at=now + timedelta(days=7))
    assert told(again, now) == ["The same words go to Fake, Practice within two weeks."]


@pytest.mark.parametrize(
    "other",
    [
        {"words": "Other words than those."},
        {"wished_at_days": 15},
        {"accounts": "practice"},
        {"words": "Hello!"},
    ],
)
def test_other_words_another_place_later_or_a_greeting_are_not_the_same(cast, now, other):
    first = {"words": other["words"]} if other.get("words") == "Hello!" else {"words": WORDS}
    approved(cast, now, **first)
    places = [cast.practice] if other.get("accounts") else [cast.account]
    wished = now + timedelta(days=other.get("wished_at_days", 1))
    again = write(cast, now, words=other.get("words", WORDS), accounts=places, timing="at", wished_at=wished)
    assert around(cast, again, now).said == ()


def test_a_post_is_not_its_own_double_and_what_was_taken_back_is_none(cast, now):
    post = approved(cast, now, words=WORDS)
    assert around(cast, post, now).said == ()


def test_a_post_that_repeats_is_meant_to(cast, now):
    approved(cast, now, words=WORDS)
    again = write(cast, now, words=WORDS)
    assert around(cast, again, now).said
    with writing() as session:
        series = Series(
            library_id=cast.library.id,
            kind="news",
            rule="FREQ=WEEKLY",
            first_day=now.date(),
            clock="12:00",
            written={},
            created_at=now,
        )
        session.add(series)
        session.flush()
        session.get_one(Post, again.id).series_id = series.id
    assert around(cast, again, now).said == ()


def test_the_words_of_the_district_need_a_word_and_its_levels_hold_everywhere(cast, now):
    change_district("Contest\n\n  Field   trip \nContest", {"phone": "stop", "emoji": "off"}, COMMAND_LINE, now)
    post = write(cast, now, words="A field trip! 🎉🎉🎉 Call 555-0142.")
    assert told(post, now) == ["“Field trip” is a word that your district wants looked at."]
    with pytest.raises(NotDone, match="555-0142"):
        send.for_review(post.id, cast.author, now)


def test_what_a_district_adds_to_the_stops_also_stops_an_approval(cast, now):
    post = submitted(cast, now, words="Call 555-0142.")
    change_district("", {"phone": "stop"}, COMMAND_LINE, now)
    with pytest.raises(NotDone, match="555-0142"):
        approve.approve(post.id, post.revision, cast.decider, now)


def test_our_own_level_is_not_kept_and_none_that_is_not_offered(cast, now):
    levels = {"phone": "ask", "described": "off", "emoji": "stop", "unknown": "off", "alt": "loud"}
    change_district("", levels, COMMAND_LINE, now)
    assert district_of(db.session()).levels == {"emoji": "stop"}
    change_district("", {"emoji": "hint"}, COMMAND_LINE, now)
    assert district_of(db.session()).levels == {}


def test_too_many_words_or_one_that_is_too_long_are_refused(cast, now):
    with pytest.raises(NotDone, match="1000 words"):
        change_district("\n".join(f"word {n}" for n in range(1_001)), {}, COMMAND_LINE, now)
    with pytest.raises(NotDone, match="100 characters"):
        change_district("x" * 101, {}, COMMAND_LINE, now)


def test_a_closed_day_as_a_stop_looks_at_the_day_of_the_post_and_not_at_today(cast, now):
    change_district("", {"closed": "stop"}, COMMAND_LINE, now)
    with writing() as session:
        session.add(Closure(library_id=cast.library.id, first_day=now.date(), last_day=now.date(), name="Snow"))
    post = write(cast, now, timing="at", wished_at=now + timedelta(days=1))
    send.for_review(post.id, cast.author, now)
    with pytest.raises(NotDone, match="closed on that day: Snow"):
        send.for_review(write(cast, now, timing="now").id, cast.author, now)


def test_dead_links_are_told_and_where_the_district_wants_that_nobody_is_asked(cast, now):
    post, asked = write(cast, now, words="See https://x.org/a."), []

    def dead(links):
        asked.append(list(links))
        return frozenset(links)

    assert told(post, now, dead=dead) == ["https://x.org/a leads nowhere. Open it, and copy its address once more."]
    change_district("", {"dead": "off"}, COMMAND_LINE, now)
    assert told(post, now, dead=dead) == []
    assert asked == [["https://x.org/a"]]


def asked(work):
    heard = []
    listen(Engine, "before_cursor_execute", listener := lambda *args: heard.append(args[2]))
    try:
        work()
    finally:
        remove(Engine, "before_cursor_execute", listener)
    return heard


def test_any_number_of_posts_needs_three_questions(cast, now):
    posts = [write(cast, now, words=f"{WORDS} {n}", timing="at", wished_at=now) for n in range(6)]
    looks = [look_at(db.session.get(Post, post.id)) for post in posts]
    library = db.session.get(Library, cast.library.id)
    db.session.expire(library, ["closures"])
    for some in (looks[:1], looks):
        db.session.expire(library, ["closures"])
        assert len(asked(lambda some=some: arounds(db.session(), library, some, now))) == 3


def test_the_question_for_the_same_words_reads_the_weeks_and_not_the_years(cast, now):
    post = write(cast, now, words=WORDS, timing="at", wished_at=now)
    old = {"library_id": cast.library.id, "account_id": cast.account.id, "post_id": post.id, "edition": 1, "parts": 1}
    old |= {"state": "published", "payload": {"text": WORDS}, "digest": ""}
    times = [now - timedelta(days=n) for n in range(20, 2_020)]
    rows = [old | {"part": n, "due_at": at, "try_at": at} for n, at in enumerate(times)]
    with writing() as session:
        session.execute(insert(Delivery), rows)
    heard = asked(lambda: around(cast, post, now))
    (question,) = [statement for statement in heard if "delivery" in statement and "payload" in statement]
    if db.engine.dialect.name == "sqlite":
        values = ("x",) * question.count("?")
        plan = str(db.session.connection().exec_driver_sql(f"EXPLAIN QUERY PLAN {question}", values).all())
        assert "ix_delivery_library_due" in plan
