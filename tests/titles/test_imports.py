"""Lists that people bring: asked about, answered, dropped, undone; what is on its way and what arrived."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from factories import write
from local_server import LocalServer, Reply
from sqlalchemy import func, select
from titles_desk import LOOPBACK, csv

from outreach.access import OUTREACH
from outreach.db import db, writing
from outreach.models import DigestRule, Event, Feed, FeedTitle, Import, ImportTitle, Library, Title, TitleId
from outreach.posts import compose
from outreach.titles import correct, feeds, imports, list_deeds
from outreach.titles.covers import studio_of
from outreach.titles.ingest import ingest_feed
from outreach.titles.list_queries import lists_of, problems_of
from outreach.titles.list_sample import sample_of
from outreach.titles.queries import news
from outreach.titles.shelve import OTHER_EDITION
from outreach.titles.write import about_list
from outreach.words import NotDone
from tests.titles.brought import by_feed, parsed

LISTS = Path(__file__).parents[1] / "data" / "lists"
TABLE, MARC = (LISTS / "titles.csv").read_bytes(), (LISTS / "titles.mrc").read_bytes()
LIGHT, KID, GAMES = "9780061020704", "9780062225733", "9780439023481"
THREE = csv(
    f'The light fantastic,"Pratchett, Terry",{LIGHT}', f'New kid,"Craft, Jerry",{KID}', 'Holes,"Sachar, Louis",'
)


def announceable(desk) -> list[str]:
    db.session.rollback()
    rule = db.session.scalars(select(DigestRule).where(DigestRule.library_id == desk.library.id)).one()
    return sorted(title.title for title in news(db.session(), rule, desk.now))


def rss(*books: tuple[str, str]) -> bytes:
    items = "".join(
        f"<item><title>{title}</title><link>https://c.example/opac-detail.pl?biblionumber={n}</link>"
        f'<dc:identifier xmlns:dc="http://purl.org/dc/elements/1.1/">ISBN:{isbn}</dc:identifier></item>'
        for n, (title, isbn) in enumerate(books, 1)
    )
    return f'<rss version="2.0"><channel><title>Catalog</title>{items}</channel></rss>'.encode()


class Catalog:
    """A feed of the library, looked at once when it was empty, so that what comes is new."""

    def __init__(self, desk) -> None:
        self.desk, self.body = desk, rss()
        self.server = LocalServer(lambda request: Reply(200, self.body, {"Content-Type": "application/rss+xml"}))

    def has(self, *books: tuple[str, str]) -> None:
        self.body = rss(*books)
        self.desk.passes(hours=1)
        feeds.check_now(self.feed_id, self.desk.now)
        ingest_feed(self.feed_id, LOOPBACK, self.desk.now, None)

    def __enter__(self):
        self.server.__enter__()
        made = feeds.add(self.desk.library, f"{self.server.url}/feed?format=rss", "New", OUTREACH, self.desk.now)
        self.feed_id = made.id
        ingest_feed(self.feed_id, LOOPBACK, self.desk.now, None)
        return self

    def __exit__(self, *exit_):
        self.server.__exit__(*exit_)


@pytest.fixture
def catalog(desk):
    with Catalog(desk) as made:
        yield made


# Brought and asked


def test_a_file_is_looked_at_and_nothing_of_it_comes_in_before_an_answer(desk):
    made = desk.file(TABLE, "November.csv")
    assert (made.state, made.kind, made.name, made.total, made.who) == (
        "asked",
        "table",
        "November.csv",
        4,
        "Contributor",
    )
    assert made.columns["title"] == 0
    assert [title.title for title in sample_of(made).titles] == [
        "The light fantastic",
        "New kid",
        "Les Misérables; abridged",
        "No ISBN here",
    ]
    assert desk.work() == []
    assert desk.titles() == []


def test_of_marc_the_first_titles_are_shown(desk):
    made = desk.file(MARC, "titles.mrc")
    assert (made.kind, made.total) == ("marc", 4)
    assert [title.title for title in sample_of(made).titles][:2] == ["The light fantastic", "New kid"]


def test_of_isbns_there_is_nothing_to_show_yet(desk):
    made = desk.isbns(LIGHT, KID)
    assert (made.kind, made.total, sample_of(made)) == ("isbns", 2, None)


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (b"", "This file is empty"),
        (b" \r\n", "This file is empty"),
        (b"x" * (imports.MOST_BYTES + 1), "larger than 20 MB"),
        (b"%PDF-1.7 ...", "PDF"),
    ],
    ids=["nothing", "blanks", "21 MB", "pdf"],
)
def test_what_is_no_list_is_refused_with_a_sentence_and_not_kept(desk, body, said):
    with pytest.raises(NotDone, match=said):
        desk.file(body)
    assert db.session.scalar(select(func.count(Import.id))) == 0


@pytest.mark.parametrize("text", ["", "\n\n", "New books for Monday:"])
def test_no_isbn_at_all_is_asked_for_again(desk, text):
    with pytest.raises(NotDone, match="Paste or scan one ISBN on each line"):
        desk.isbns(text)


def test_lines_that_are_all_wrong_are_refused_with_the_first_reason(desk):
    with pytest.raises(NotDone, match="its last digit does not fit"):
        desk.isbns("9780439023482", "31234567890123")


def test_the_name_of_a_file_may_hold_anything(desk):
    made = desk.file(TABLE, "Nov\0ember\u202e\ud800.csv" + "x" * 300)
    assert desk.row(made.id).name.endswith("x" * 190)
    assert desk.file(TABLE, "Nov\0ember.csv").name == "November.csv"


GIVER = "Given by the parents of the third grade"  # more words than any title here
ODD = csv(f"{GIVER},The light fantastic,{LIGHT}", f"{GIVER},New kid,{KID}", header="Name,What,ISBN")


def test_its_columns_are_asked_for_once_for_files_of_one_shape(desk):
    first = desk.file(ODD)
    chosen = {"title": 1, "isbn": 2}
    assert dict(first.columns) != chosen
    desk.answer(first, columns=chosen)
    assert desk.file(ODD).columns != chosen, "it is not read yet"
    desk.work()
    assert desk.names() == ["The light fantastic", "New kid"]
    next_month = desk.file(csv(f"{GIVER},The hunger games,{GAMES}", header="Name,What,ISBN"))
    assert next_month.columns == chosen
    assert [title.title for title in sample_of(next_month).titles] == ["The hunger games"]


def test_the_columns_of_another_library_are_not_taken(desk):
    usual = dict(desk.file(ODD).columns)
    desk.answer(desk.file(ODD), columns={"title": 1})
    desk.work()
    desk.library = desk.cast.other
    assert desk.file(ODD).columns == usual


@pytest.mark.parametrize("columns", [{}, {"author": 1}, {"title": 99}, {"title": -1}, {"barcode": 0}])
def test_without_titles_or_isbns_there_is_nothing_to_read(desk, columns):
    made = desk.file(THREE)
    with pytest.raises(NotDone, match="which column has the titles"):
        desk.answer(made, columns=columns)
    assert desk.row(made.id).state == "asked"


def test_whether_they_are_there_must_be_said(desk):
    made = desk.file(THREE)
    with pytest.raises(NotDone, match="Say whether the books are on your shelves now"):
        desk.answer(made, "perhaps")


def test_answered_twice_the_first_answer_counts(desk):
    made = desk.file(THREE)
    desk.answer(made, "coming")
    desk.answer(made, "new")
    assert desk.row(made.id).purpose == "coming"


def test_the_wrong_file_is_dropped_and_nothing_of_it_kept(desk):
    made = desk.file(THREE)
    imports.drop(made.id, desk.cast.author, desk.now)
    assert db.session.scalar(select(func.count(Import.id))) == 0


def test_what_is_being_read_is_undone_and_not_dropped(desk):
    list_id = desk.answer(desk.file(THREE))
    imports.drop(list_id, desk.cast.author, desk.now)
    assert desk.row(list_id).state == "reading"


def test_a_list_that_nobody_answers_is_forgotten_after_a_month(desk):
    desk.file(THREE)
    desk.passes(days=29)
    kept, read = desk.file(THREE).id, desk.bring(MARC)
    desk.passes(days=2)
    imports.forget(desk.now)
    assert [row.id for row in lists_of(db.session(), desk.library.id)] == [read, kept]
    desk.passes(days=60)
    imports.forget(desk.now)
    assert [row.id for row in lists_of(db.session(), desk.library.id)] == [read]


# Read


@pytest.mark.parametrize(
    "name", ["titles.csv", "titles.mrc", "titles.xlsx", "made-titles.xls", "titles-report-preamble.tsv"]
)
def test_a_list_of_what_is_new_is_offered_for_posts(desk, name):
    list_id = desk.bring((LISTS / name).read_bytes(), name=name)
    row, came = desk.row(list_id), desk.came(list_id)
    count = len(desk.titles())
    assert count >= 3
    assert (row.state, row.done, row.total, row.new) == ("done", count, count, count)
    assert (came.new, came.known, came.offered, came.coming) == (count, 0, count, 0)
    assert announceable(desk) == sorted(desk.names())
    assert row.finished_at == desk.now


def test_the_file_is_kept_until_it_is_read_and_no_longer(desk):
    made = desk.file(THREE)
    assert desk.row(made.id).body == THREE
    desk.answer(made)
    desk.work()
    assert desk.row(made.id).body is None


def test_a_list_of_what_we_have_is_known_and_never_announced(desk):
    list_id = desk.bring(THREE, "old")
    assert desk.came(list_id).offered == 0
    assert announceable(desk) == []
    assert desk.came(desk.bring(THREE, "new")).silent == 3


def test_who_brought_what_and_took_it_out_is_in_the_history(desk):
    list_id = desk.bring(THREE)
    desk.undo(list_id)
    events = db.session.scalars(select(Event).where(Event.thing == "import").order_by(Event.id))
    assert [(event.verb, event.who, event.thing_id) for event in events] == [
        ("brought", "Contributor", list_id),
        ("undone", "Contributor", list_id),
    ]


def test_what_people_do_with_lists_is_in_the_history(desk, open_library):
    open_library.is_busy()
    first = desk.bring([LIGHT])
    list_deeds.give_up(first, desk.cast.author, desk.now)
    list_deeds.type_missing(first, [(LIGHT, "The light fantastic", "")], desk.cast.author, desk.now)
    second = desk.file(THREE).id
    imports.drop(second, desk.cast.author, desk.now)
    rule_id = db.session.scalar(select(DigestRule.id))
    events = db.session.scalars(select(Event).where(Event.thing.in_(("import", "digest"))).order_by(Event.id))
    assert [(event.thing, event.thing_id, event.verb, event.who) for event in events] == [
        ("digest", rule_id, "connected", "Contributor"),
        ("import", first, "brought", "Contributor"),
        ("import", first, "not waited for", "Contributor"),
        ("import", first, "missing typed", "Contributor"),
        ("import", second, "dropped", "Contributor"),
    ]


def test_a_library_with_its_first_list_has_a_weekly_post(desk):
    desk.bring(THREE)
    desk.bring(MARC)
    assert db.session.scalar(select(func.count(DigestRule.id)).where(DigestRule.library_id == desk.library.id)) == 1


def test_the_lists_of_a_library_are_its_own_the_newest_first(desk):
    ids = [desk.bring(THREE), desk.bring(MARC)]
    assert [row.id for row in lists_of(db.session(), desk.library.id)] == ids[::-1]
    assert lists_of(db.session(), desk.cast.other.id) == []


# One title


def test_the_same_book_from_a_feed_a_file_and_a_scanner_is_one_title(desk, catalog, open_library):
    catalog.has(("The light fantastic", LIGHT))
    assert desk.came(desk.bring(THREE)).known == 1
    assert desk.came(desk.bring(csv('The Light Fantastic.,"Pratchett, Terry",0061020702'))).known == 1
    assert desk.came(desk.bring(["0061020702"])).known == 1
    assert desk.names().count("The light fantastic") == 1
    assert len(desk.titles()) == 3
    assert open_library.asked == []


def test_a_list_and_then_a_feed_is_one_title_in_six_months_as_well(desk, catalog):
    desk.bring(csv('The light fantastic,"Pratchett, Terry",0061020702'))
    desk.passes(days=180)
    catalog.has(("The light fantastic /", LIGHT))
    assert desk.names() == ["The light fantastic"]
    linked = db.session.scalars(select(FeedTitle.title_id)).all()
    assert linked == [desk.titles()[0].id]


def test_a_book_that_is_twice_in_a_list_is_one_title(desk):
    row = f'The light fantastic,"Pratchett, Terry",{LIGHT}'
    list_id = desk.bring(csv(row, row, row.replace(LIGHT, "0061020702")))
    assert (desk.names(), desk.row(list_id).new) == (["The light fantastic"], 1)


def test_a_second_edition_is_a_title_of_its_own_and_warns(desk):
    desk.bring(csv(f'Holes,"Sachar, Louis",{LIGHT}'))
    desk.bring(csv(f'Holes,"Sachar, Louis",{KID}'))
    assert [title.warning for title in desk.titles()] == [None, OTHER_EDITION]


def test_a_list_fills_what_an_earlier_one_did_not_say(desk):
    desk.bring(csv("Holes,,"))
    desk.bring(csv(f"Holes,,{LIGHT},F SAC", header="Title,Author,ISBN,Call number"))
    (title,) = desk.titles()
    assert (title.call_number, [known.value for known in title.ids]) == ("F SAC", [LIGHT])


# Coming


def test_what_is_coming_is_not_announced_until_somebody_says_that_it_is_there(desk):
    list_id = desk.bring(THREE, "coming")
    assert (desk.came(list_id).coming, announceable(desk)) == (3, [])
    desk.passes(days=20)
    assert list_deeds.arrived(list_id, desk.cast.author, desk.now) == 3
    assert (desk.came(list_id).coming, len(announceable(desk))) == (0, 3)
    assert {title.first_seen_at for title in desk.titles()} == {desk.now}, "they are new now"


def test_arrived_twice_is_once(desk):
    list_id = desk.bring(THREE, "coming")
    list_deeds.arrived(list_id, desk.cast.author, desk.now)
    with writing() as session:
        session.scalars(select(Title)).first().announced_at = desk.now
    desk.passes(days=1)
    assert list_deeds.arrived(list_id, desk.cast.author, desk.now) == 0
    assert {title.first_seen_at for title in desk.titles()} == {desk.now - timedelta(days=1)}


def test_a_feed_that_brings_what_was_coming_lets_it_in(desk, catalog):
    desk.bring(THREE, "coming")
    desk.passes(days=20)
    catalog.has(("The light fantastic", LIGHT))
    assert announceable(desk) == ["The light fantastic"]
    assert [title.first_seen_at for title in desk.titles() if not title.left_out] == [desk.now], "it is new now"


@pytest.mark.parametrize("what", [csv(f"New kid,,{KID}"), [KID]], ids=["file", "scanner"])
def test_a_list_of_what_is_there_lets_in_what_was_coming(desk, what):
    coming = desk.bring(THREE, "coming")
    desk.passes(days=20)
    desk.bring(what)
    assert announceable(desk) == ["New kid"]
    assert desk.came(coming).coming == 2
    assert [title.first_seen_at for title in desk.titles() if not title.left_out] == [desk.now], "it is new now"


@pytest.mark.parametrize("what", [csv(f"New kid,,{KID}"), [KID]], ids=["file", "scanner"])
def test_what_was_coming_and_is_old_by_now_is_not_announced(desk, what):
    desk.bring(THREE, "coming")
    desk.bring(what, "old")
    assert announceable(desk) == []
    assert [title.left_out for title in desk.titles()].count("coming") == 2


@pytest.mark.parametrize("what", [csv(f"New kid,,{KID}"), [KID]], ids=["file", "scanner"])
def test_what_a_filter_of_a_feed_dropped_comes_in_when_a_person_brings_it(desk, catalog, what):
    with writing() as session:
        session.get_one(Feed, catalog.feed_id).without = ["kid"]
    catalog.has(("New kid", KID))
    assert announceable(desk) == []
    desk.bring(what)
    assert announceable(desk) == ["New kid"]


def test_a_list_that_is_coming_takes_back_nothing_that_is_there(desk):
    desk.bring(THREE)
    list_id = desk.bring(THREE, "coming")
    assert desk.came(list_id).coming == 0
    assert len(announceable(desk)) == 3


# For whom


@pytest.fixture
def elementary(desk):
    with writing() as session:
        session.get_one(Library, desk.library.id).grades = "k5"


MARKED = csv("Frog and Toad,Ages 4-8", "The hunger games,Young adult", "Holes,", header="Title,Audience")


def test_in_an_elementary_library_unmarked_titles_wait_and_those_for_older_readers_stay_out(desk, elementary):
    list_id = desk.bring(MARKED)
    came = desk.came(list_id)
    assert (came.offered, came.older, came.unmarked) == (1, 1, 1)
    assert announceable(desk) == ["Frog and Toad"]
    list_deeds.are_ours(list_id, desk.cast.author, desk.now)
    assert announceable(desk) == ["Frog and Toad", "Holes"]
    assert desk.came(list_id).older == 1


def test_are_ours_is_said_of_one_list_and_no_other(desk, elementary):
    first, second = desk.bring(csv("Holes,,")), desk.bring(csv("Wonder,,"))
    list_deeds.are_ours(second, desk.cast.author, desk.now)
    assert (desk.came(first).unmarked, announceable(desk)) == (1, ["Wonder"])


def test_what_was_coming_and_arrived_is_still_asked_for_whom_it_is(desk, elementary):
    list_id = desk.bring(MARKED, "coming")
    assert desk.came(list_id).coming == 3
    list_deeds.arrived(list_id, desk.cast.author, desk.now)
    came = desk.came(list_id)
    assert (came.offered, came.older, came.unmarked) == (1, 1, 1)


@pytest.mark.parametrize("what", [csv(f"New kid,,{KID}"), [KID]], ids=["file", "scanner"])
def test_of_what_was_coming_and_is_there_the_first_list_said_for_whom_it_is(desk, elementary, what):
    desk.bring(csv(f"New kid,Ages 6-8,{KID}", header="Title,Audience,ISBN"), "coming")
    desk.bring(what)
    assert announceable(desk) == ["New kid"]


@pytest.mark.parametrize("what", [csv(f"New kid,,{KID}"), [KID]], ids=["file", "scanner"])
def test_what_was_coming_and_is_old_by_now_is_not_asked_for_whom_it_is(desk, elementary, what):
    desk.bring(THREE, "coming")
    assert desk.came(desk.bring(what, "old")).unmarked == 0


# Known before


def test_known_titles_are_announced_on_request_and_those_that_were_are_not_again(desk):
    desk.bring(THREE, "old")
    with writing() as session:
        session.scalars(select(Title).where(Title.title == "Holes")).one().announced_at = desk.now
    list_id = desk.bring(THREE)
    assert (desk.came(list_id).known, desk.came(list_id).silent, announceable(desk)) == (3, 2, [])
    list_deeds.announce_known(list_id, desk.cast.author, desk.now)
    assert announceable(desk) == ["New kid", "The light fantastic"]


# Undone


def test_undo_takes_out_what_came_with_the_list_and_all_that_belongs_to_it(desk):
    list_id = desk.bring(THREE)
    assert desk.undo(list_id) == 3
    assert (desk.titles(), desk.row(list_id).state) == ([], "undone")
    for left in (TitleId, ImportTitle):
        assert db.session.scalar(select(func.count()).select_from(left)) == 0
    assert announceable(desk) == []
    assert desk.came(desk.bring(THREE)).new == 3, "brought again it is new again"


def test_what_was_there_before_stays(desk, catalog):
    catalog.has(("New kid", KID))
    assert desk.came(list_id := desk.bring(THREE)).new == 2
    assert desk.undo(list_id) == 2
    assert desk.names() == ["New kid"]


def test_what_a_feed_has_as_well_stays(desk, catalog):
    list_id = desk.bring(THREE)
    catalog.has(("New kid", KID))
    assert desk.undo(list_id) == 2
    assert desk.names() == ["New kid"]


def test_what_another_list_has_as_well_stays_until_that_is_undone(desk):
    first, second = desk.bring(THREE), desk.bring(csv(f"New kid,,{KID}", "Wonder,,"))
    assert desk.undo(first) == 2
    assert desk.names() == ["New kid", "Wonder"]
    assert desk.undo(second) == 2
    assert desk.titles() == []


def test_a_list_that_was_brought_twice_is_undone_twice(desk):
    first, second = desk.bring(THREE), desk.bring(THREE)
    assert desk.undo(second) == 0
    assert len(desk.titles()) == 3
    assert desk.undo(first) == 3


def test_what_is_in_a_post_stays_unless_the_post_was_cancelled(desk):
    list_id = desk.bring(THREE)
    light, kid, _ = desk.titles()
    kept = {"words": "New: {titles}", "kind": "titles", "timing": "slot"}
    write(desk.cast, desk.now, titles=[light.id], **kept)
    gone = write(desk.cast, desk.now, titles=[kid.id], **kept)
    compose.cancel(gone.id, desk.cast.author, desk.now)
    assert desk.undo(list_id) == 2
    assert desk.names() == ["The light fantastic"]


def test_titles_of_another_library_stay(desk):
    desk.bring(THREE)
    desk.library = desk.cast.other
    assert desk.undo(desk.bring(THREE)) == 3
    assert len(desk.titles(desk.cast.library)) == 3


def test_a_post_about_a_list_takes_only_what_is_news_of_it(app, desk, cast):
    desk.bring(csv("Of another list,,"))
    list_id = desk.bring(csv(*(f"{name},," for name in "ABCDEFGH")))
    in_post = {title.title: title.id for title in desk.titles()}
    states = {
        "B": {"hidden_at": desk.now},
        "C": {"struck_at": desk.now},
        "D": {"baseline": True},
        "E": {"announced_at": desk.now},
        "F": {"left_out": "older"},
    }
    with writing() as session:
        for name, values in states.items():
            for key, value in values.items():
                setattr(session.get_one(Title, in_post[name]), key, value)
    write(cast, desk.now, kind="titles", titles=[in_post["G"]])
    assert desk.came(list_id).offered == 2
    studio = studio_of(app.extensions["shop"])
    post = about_list(list_id, studio, cast.author, desk.now)
    assert [row.title.title for row in post.titles] == ["A", "H"]
    came = desk.came(list_id)
    assert (came.offered, came.posts[0].id) == (0, post.id)
    with pytest.raises(NotDone, match="at least one title"):
        about_list(list_id, studio, cast.author, desk.now)


def test_undone_twice_there_is_nothing_to_undo(desk):
    list_id = desk.bring(THREE)
    desk.undo(list_id)
    with pytest.raises(NotDone, match="nothing to undo"):
        desk.undo(list_id)


def test_an_undone_list_asks_for_no_titles_any_more(desk):
    list_id = desk.bring([LIGHT])
    desk.undo(list_id)
    list_deeds.type_missing(list_id, [(LIGHT, "The light fantastic", "")], desk.cast.author, desk.now)
    assert desk.titles() == []


def test_of_thousands_of_titles_all_are_taken_out(desk):
    list_id = desk.bring(csv(*(f"Title {n},," for n in range(3_000))))
    assert len(desk.titles()) == 3_000
    assert desk.undo(list_id) == 3_000
    assert desk.titles() == []


# What is wrong with a list


def test_what_excel_destroyed_is_mended_where_its_check_digit_proves_it_and_named_where_not(desk):
    list_id = desk.bring((LISTS / "titles.xlsx").read_bytes())
    assert LIGHT in {known.value for title in desk.titles() for known in title.ids}
    problems = problems_of(desk.row(list_id))
    assert any(problem.kept and "Excel" in problem.sentence for problem in problems), problems


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_a_file_of_isbns_is_a_list_of_isbns(desk, encoding):
    made = desk.file(f"Cart of Monday\n{LIGHT}\r\n{KID}\n".encode(encoding), "scanner.txt")
    assert (made.kind, made.name, made.total) == ("isbns", "scanner.txt", 2)


def test_a_table_with_titles_is_no_list_of_isbns(desk):
    assert desk.file(csv(f"The light fantastic,{LIGHT}", f"New kid,{KID}", header="Title,ISBN")).kind == "table"


def test_an_undo_asks_again_for_whom_a_title_is_and_keeps_what_people_spoke_of(desk):
    with writing() as session:
        session.get_one(Library, desk.library.id).grades = "k5"
    by_feed(desk.library, desk.now, parsed("Holes", "9780141321066"))
    wrong = desk.bring(csv("Holes,9780141321066,Grade 3", "Wonder,,Grade 3", header="Title,ISBN,Audience"))
    holes, wonder = desk.titles()
    assert (holes.left_out, wonder.left_out) == ("", "")
    correct.hide(wonder.id, desk.cast.author, desk.now)
    assert desk.undo(wrong) == 0
    holes, wonder = desk.titles()
    assert (holes.left_out, wonder.hidden_at) == ("unmarked", desk.now)  # brought again, it is not offered again
