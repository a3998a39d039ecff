"""An archive for a public-records request: what went out, to whom, by whom, and what became of it."""

import csv
import io
import resource
from dataclasses import replace
from datetime import date, timedelta
from zipfile import ZipFile

import pytest
from factories import approved, deliveries, delivery, queue, submitted, write
from fakes import FakeNetwork, door
from pictures_made import jpeg

from outreach.access import actor
from outreach.channels.base import Refused, Unclear
from outreach.db import db, writing
from outreach.media.store import upload
from outreach.models import Event, Library
from outreach.posts import approve, archive, change, compose, correction_state, corrections, hand, send, take_down
from outreach.posts.archive_read import Asked
from outreach.posts.publish import publish
from outreach.posts.remove import due, remove
from outreach.posts.versions import written_of
from outreach.words import NotDone, Sentence

DAY = timedelta(days=1)
TODAY = date(2026, 11, 24)


@pytest.fixture
def store(app):
    return app.extensions["shop"].store


@pytest.fixture
def made(cast, store, tmp_path, now):
    """Of today at every real place, unless said; as page, rows and names of files."""

    def make(first=TODAY, last=TODAY, places=None):
        library = db.session.get_one(Library, cast.library.id)
        usual = archive.usual(library, archive.places_of(db.session(), library))
        asked = Asked(first, last, tuple(places or usual))
        file = archive.make(cast.library.id, asked, store, tmp_path, actor(cast.librarian), now + DAY)
        with file, ZipFile(file) as opened:
            assert opened.testzip() is None
            table = opened.read("posts.csv").decode()
            names = [name for name in opened.namelist() if name.startswith("images/")]
            page = opened.read("index.html").decode()
        assert table.startswith("\ufeff"), "by which Excel knows UTF-8"
        return page, list(csv.DictReader(io.StringIO(table.removeprefix("\ufeff")))), names

    return make


def out(cast, now, network=None, post=None, **more):
    post = post or approved(cast, now, **more)
    queue(post, now)
    for one in deliveries(post):
        publish(one.id, door(network or FakeNetwork(), now))
    return post


def work(network, now):
    while ids := due(now):
        for one in ids:
            remove(one, door(network, now))


def test_what_went_out_is_there_with_who_wrote_and_approved_it_and_its_address(cast, made, now):
    post = out(cast, now, words="Open at lunch.")
    page, (row,), _ = made()
    assert (row["Words"], row["Written by"], row["Place"]) == ("Open at lunch.", "Contributor", "Fake")
    assert (row["Time"], row["Time zone"]) == ("2026-11-24 12:00:00", "UTC-06:00 America/Chicago")
    assert row["Approved by"] == "Approver, 2026-11-24 12:00:00"
    assert row["Address"] == delivery(post).remote_url
    assert "November 24, 2026" in page
    assert "12:00:00 PM CST" in page.replace("\xa0", " ")
    assert f'<a href="{delivery(post).remote_url}"' in page
    assert "<script" not in page


def test_whole_days_of_the_library_and_no_moment_more(cast, made, now):
    midnight = now + timedelta(hours=12)
    for at, words in ((midnight - timedelta(seconds=1), "last of the day"), (midnight, "first of the next")):
        out(cast, at, words=words)
    assert [row["Words"] for row in made()[1]] == ["last of the day"]
    assert [row["Words"] for row in made(TODAY + DAY, TODAY + DAY)[1]] == ["first of the next"]
    assert len(made(TODAY, TODAY + DAY)[1]) == 2


def test_what_did_not_go_out_is_none_of_it(cast, made, now):
    network = FakeNetwork()
    network.refuses(Refused(Sentence("No."), "422"))
    out(cast, now, network, words="refused")
    approved(cast, now, words="waits")
    write(cast, now, words="draft")
    with pytest.raises(NotDone, match="Nothing went out"):
        made()
    assert db.session.query(Event).filter_by(thing="archive").count() == 0


def test_two_who_approved_are_both_named(cast, made, now):
    with writing() as session:
        session.get_one(Library, cast.library.id).two_approvals = ["news"]
    post = submitted(cast, now)
    approve.approve(post.id, post.revision, cast.decider, now)
    approve.approve(post.id, post.revision, actor(cast.librarian), now + timedelta(minutes=1))
    out(cast, now + timedelta(minutes=1), post=post)
    page, (row,), _ = made()
    assert [line.partition(",")[0] for line in row["Approved by"].splitlines()] == ["Approver", "Librarian"]
    assert "approved by Approver + Librarian" in page


def test_what_an_earlier_approval_said_does_not_count_for_what_went_out(cast, made, now):
    post = approved(cast, now + DAY / 48, timing="at", wished_at=now + timedelta(hours=3))
    compose.withdraw(post.id, cast.author, now + timedelta(hours=1))
    send.for_review(post.id, cast.author, now + timedelta(hours=1))
    approve.approve(post.id, post.revision, actor(cast.librarian), now + timedelta(hours=1))
    out(cast, now + timedelta(hours=3), post=post)
    assert [row["Approved by"].partition(",")[0] for row in made()[1]] == ["Librarian"]


def test_each_change_is_told_by_the_word(cast, made, now):
    post = write(cast, now, words="The library opens at noon.")
    again = replace(written_of(post), words="The library opens at ten.")
    compose.save(post.id, again, post.revision, actor(cast.librarian), now + timedelta(minutes=30))
    send.for_review(post.id, cast.author, now + timedelta(hours=1))
    approve.approve(post.id, post.revision, cast.decider, now + timedelta(hours=1))
    out(cast, now + timedelta(hours=1), post=post)
    page, (row,), _ = made()
    assert row["Changes"] == "2026-11-24 12:30:00 Librarian: Words"
    assert "<del>noon.</del><ins>ten.</ins>" in page
    assert "sent it for review" in row["History"]


def test_a_correction_says_what_it_was_before_and_who_let_it_out(cast, made, now):
    network = FakeNetwork()
    post = out(cast, now, network, words="Poetry on Firday")
    stands = correction_state.stands(db.session(), post)
    pieces = [replace(one, after="Poetry on Friday") for one in stands.texts]
    later = now + timedelta(minutes=5)
    written = corrections.write(post.id, pieces, stands.seal, cast.author, later)
    corrections.approve(written, actor(cast.librarian), later)
    assert [change.change(one, door(network, later)) for one in change.due(later)] == ["changed"]
    page, (row,), _ = made()
    assert row["Words"] == "Poetry on Friday"
    assert "Before: “Poetry on Firday”" in row["History"]
    assert [line.split(",")[0] for line in row["Approved by"].splitlines()] == ["Approver", "Librarian"]
    assert "Firday" in page


def test_what_was_taken_down_says_by_whom_and_whether_it_is_certain(cast, made, now):
    network = FakeNetwork()
    gone, stands = out(cast, now, network, words="gone"), out(cast, now, network, words="stands")
    by_hand = out(cast, now, network, words="by hand", accounts=[cast.by_hand])
    hand.posted(delivery(by_hand).id, "", cast.author, now)
    for post in (gone, stands, by_hand):
        take_down.take_down(post.id, actor(cast.approver), now + timedelta(minutes=5))
    network.keeps(Refused(Sentence("Fake did not let us."), "422"))
    work(network, now + timedelta(minutes=6))
    kept, taken = (stands, gone) if delivery(stands).state == "published" else (gone, stands)
    take_down.gone(delivery(by_hand).id, cast.author, now + timedelta(minutes=9))
    page, rows, _ = made()
    told = {row["Words"]: row for row in rows}
    assert len(told) == 3, "what was deleted later belongs in it"
    assert all("Approver asked to take it down" in row["What became of it"] for row in rows)
    assert "its network confirmed it" in told[taken.words]["What became of it"]
    assert told[taken.words]["Taken down at"] == "2026-11-24 12:06:00"
    assert "nobody has confirmed that it is gone" in told[kept.words]["What became of it"]
    assert told[kept.words]["Taken down at"] == ""
    assert "Deleted: Contributor said so" in told["by hand"]["What became of it"]
    assert told["by hand"]["Said to be posted by"] == "Contributor"
    assert "Contributor said that it was posted." in page


def test_what_stays_after_all_says_so(cast, made, now):
    post = out(cast, now, accounts=[cast.by_hand])
    hand.posted(delivery(post).id, "", cast.author, now)
    take_down.take_down(post.id, cast.author, now)
    work(FakeNetwork(), now)
    take_down.leave_up(delivery(post).id, actor(cast.approver), now)
    (row,) = made()[1]
    assert "It stays there: Approver said so" in row["What became of it"]


def test_what_nobody_knows_is_there_and_says_so(cast, made, now):
    network = FakeNetwork()
    network.refuses(Unclear(Sentence("Cut."), "cut"))
    out(cast, now, network, words="perhaps")
    page, (row,), _ = made()
    assert row["What became of it"].startswith("We are not sure that it went out")
    assert "We are not sure that it went out" in page


def test_a_picture_is_there_once_with_its_description_wherever_it_was_shown(cast, made, store, now):
    medium = upload(store, cast.library.id, jpeg(60, 40), "Book fair (1).jpg", now)
    for words, alt in (("one", "A table of books"), ("two", "Books, seen from above")):
        out(cast, now, words=words, media=[(medium.id, alt)])
    page, rows, names = made()
    assert len(names) == 1
    assert names[0].startswith("images/Book-fair-1-")
    assert [(row["Pictures"], row["Picture descriptions"]) for row in rows] == [
        (names[0], "A table of books"),
        (names[0], "Books, seen from above"),
    ]
    assert f'src="{names[0]}" alt="A table of books"' in page


def test_a_picture_whose_file_is_lost_is_said(cast, made, store, now):
    medium = upload(store, cast.library.id, jpeg(60, 40), "Fair.jpg", now)
    out(cast, now, media=[(medium.id, "A table")])
    store.path(medium.digest).unlink()
    page, (row,), names = made()
    assert (names, row["Pictures"]) == ([], "the file of the picture is no longer there")
    assert "<img" not in page
    assert "A table" in page


def test_every_message_of_a_thread_and_the_choices_of_a_poll(cast, made, now):
    fields = {"choices": ["A whale", "A carp"], "right": 1, "how": "poll", "answer_at": (now + DAY / 8).isoformat()}
    post = approved(cast, now, kind="trivia", words="Which is a fish?", fields=fields)
    out(cast, now, post=post)
    with writing():
        for one in deliveries(post)[1:]:
            one.try_at = now
    queue(post, now + DAY / 8)
    for one in deliveries(post):
        publish(one.id, door(FakeNetwork(), now + DAY / 8))
    page, rows, _ = made()
    assert [row["Message"] for row in rows] == ["1/2", "2/2"]
    assert rows[0]["Choices"] == "A whale\nA carp"
    assert "<li>A carp</li>" in page
    assert "message 2 of 2" in page


def test_the_same_words_at_two_places_are_read_once(cast, made, now):
    out(cast, now, words="Once only", accounts=[cast.account, cast.by_hand])
    hand.posted(db.session.query(Event).filter_by(verb="in_hand").one().thing_id, "", cast.author, now)
    page, rows, _ = made()
    assert len(rows) == 2
    assert page.count("Once only") == 1


def test_practice_is_left_out_unless_it_is_asked_for(cast, made, now):
    out(cast, now, words="practice", accounts=[cast.practice])
    out(cast, now, words="real")
    assert [row["Words"] for row in made()[1]] == ["real"]
    assert [row["Words"] for row in made(places=[cast.practice.id])[1]] == ["practice"]


def test_another_library_is_none_of_it(cast, store, tmp_path, now):
    out(cast, now)
    asked = Asked(TODAY, TODAY, archive.usual(cast.other, archive.places_of(db.session(), cast.other)))
    with pytest.raises(NotDone, match="Nothing went out"):
        archive.make(cast.other.id, asked, store, tmp_path, actor(cast.outsider), now)


def test_hostile_words_are_neither_script_nor_a_formula(cast, made, now):
    out(cast, now, words='=HYPERLINK("https://x")\n<script>alert(1)</script>')
    page, (row,), _ = made()
    assert row["Words"].startswith("'=HYPERLINK")
    assert "<script" not in page
    assert "&lt;script&gt;" in page


def test_it_speaks_the_language_of_the_library(cast, made, now):
    with writing() as session:
        session.get_one(Library, cast.library.id).language = "es"
    out(cast, now)
    page, _, _ = made()
    assert '<html lang="es">' in page
    assert "24 de noviembre de 2026" in page
    assert "la aprobó" in page


def test_who_made_one_of_which_days_stands_in_the_history(cast, made, now):
    out(cast, now)
    made(TODAY - DAY, TODAY)
    (line,) = archive.made_before(db.session(), cast.library.id)
    assert (line.who, line.verb, line.note) == ("Librarian", "made", "2026-11-23 to 2026-11-24")


@pytest.mark.parametrize(
    ("first", "last", "said"),
    [
        (TODAY, TODAY - DAY, "The first day is after the last one"),
        (date(1, 1, 1), TODAY, "Check the year"),
        (TODAY, date(9999, 12, 31), "Check the year"),
    ],
)
def test_days_that_make_no_sense_are_said(cast, made, first, last, said):
    with pytest.raises(NotDone, match=said):
        made(first, last)


def test_a_full_disk_is_said_and_nothing_of_it_is_left(cast, made, store, tmp_path, now):
    """What a process may write has an end here, as a quota has."""
    out(cast, now, media=[(upload(store, cast.library.id, jpeg(600, 400, 90_000), "Fair.jpg", now).id, "A table")])
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (3_000, before[1]))
    try:
        with pytest.raises(NotDone, match="There is no room for it on the disk"):
            made()
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert [path.name for path in tmp_path.iterdir() if path.name not in ("home", "media")] == []
    assert archive.made_before(db.session(), cast.library.id) == []
