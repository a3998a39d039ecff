"""A term from a table: looked at, taken in once, by several workers; the plan as a table that comes in elsewhere."""

from __future__ import annotations

import csv
import io
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date, datetime, timedelta
from threading import Barrier

import pytest
from factories import write
from sqlalchemy import func, select

from outreach import clock
from outreach.db import db, writing
from outreach.models import Account, Library, Mail, Medium, Post, Question, Sheet
from outreach.posts import approve, compose, sheet_back, sheet_done, sheet_out, sheet_take, sheets
from outreach.posts.kinds import KINDS
from outreach.posts.series_trivia import begin_trivia
from outreach.posts.sheet_columns import bare, neutral
from outreach.posts.sheet_look import looked_at, with_problems
from outreach.posts.versions import written_of
from outreach.posts.written import Written
from outreach.titles.files.rows_child import rows_in
from outreach.words import NotDone
from tests.titles.made_workbooks import xlsx

ZONE = "America/Chicago"
TERM = """Date,Time,Kind,Words,Places
12/15/2026,9:00 AM,News,Winter fair,Fake
12/16/2026,,News,Half day,Fake
soon,,News,Never,Fake
12/17/2026,10:00,Trivia,No choices?,Fake
"""


def bring(
    cast, now, text: str | bytes = TERM, name: str = "spring.csv", kind: str = sheets.POSTS, library=None
) -> Sheet:
    body = text.encode() if isinstance(text, str) else text
    return sheets.bring((library or cast.library).id, kind, name, body, rows_in, cast.author, now)


def take(sheet: Sheet, now: datetime, then: str = sheets.DRAFT) -> Sheet:
    sheets.answer(sheet.id, then, None, now)
    sheet_take.take(sheet.id, now)
    db.session.expire_all()
    return db.session.get_one(Sheet, sheet.id)


def posts(library) -> list[Post]:
    db.session.expire_all()
    mine = select(Post).where(Post.library_id == library.id, Post.state != "cancelled")
    return list(db.session.scalars(mine.order_by(Post.wished_at, Post.id)))


def test_a_table_comes_in_as_drafts_and_says_what_it_left_out(cast, now):
    sheet = bring(cast, now)
    rows = with_problems(db.session(), cast.library, list(looked_at(db.session(), sheet, now, None).rows), now)
    assert [bool(row.stops) for row in rows] == [False, False, True, False]
    assert [str(hint) for hint in rows[3].hints] == [
        "Give at least two choices.", "Say which choice is the right one.",
    ]  # fmt: skip
    assert db.session.scalar(select(func.count(Post.id))) == 0
    sheet = take(sheet, now)
    assert (sheet.state, sheet.total, sheet.done, sheet.made) == ("done", 4, 4, 3)
    assert [(r.number, r.words, list(map(str, r.reasons))) for r in sheet_done.left_out(sheet)] == [
        (4, "Never", ["“soon” is no day that we understand."])
    ]
    assert [p.words for p in sheet_done.drafts_of(db.session(), sheet)] == ["Winter fair", "Half day", "No choices?"]
    made = posts(cast.library)
    assert [(p.words, p.state, p.author_id) for p in made] == [
        (words, "draft", cast.contributor.id) for words in ("Winter fair", "Half day", "No choices?")
    ]
    assert [f"{clock.to_local(p.wished_at, ZONE):%d %H:%M}" for p in made] == ["15 09:00", "16 09:00", "17 10:00"]


def test_for_review_what_lacks_something_stays_a_draft_and_nobody_gets_a_letter_for_each(cast, now):
    term = TERM.replace("Places\n", "Places,Picture\n").replace("Half day,Fake", "Half day,Fake,gone.png")
    sheet = take(bring(cast, now, term), now, sheets.REVIEW)
    assert (sheet.made, sheet.waits) == (3, 2)
    assert [p.state for p in posts(cast.library)] == ["submitted", "draft", "draft"]
    assert db.session.scalar(select(func.count(Mail.id))) == 0


def test_what_lacks_its_picture_is_for_nobodys_review(cast, now):
    text = TERM.replace("Places", "Places,Picture").replace("Winter fair,Fake", "Winter fair,Fake,foto.png")
    sheet = take(bring(cast, now, text), now, sheets.REVIEW)
    assert (sheet.made, sheet.waits) == (3, 2)
    assert [p.words for p in sheet_done.drafts_of(db.session(), sheet)] == ["Winter fair", "No choices?"]


def test_the_same_file_is_taken_in_once_but_again_after_its_posts_were_cancelled(cast, now):
    take(bring(cast, now), now)
    again = bring(cast, now, TERM + "12/18/2026,9:00,News,One more,Fake\n")
    said = [[str(stop) for stop in row.stops] for row in looked_at(db.session(), again, now, None).rows]
    assert said[0] == said[1] == ["This post is there already."]
    assert take(again, now).made == 1
    with pytest.raises(NotDone, match="No row can be taken in"):
        sheets.answer(bring(cast, now).id, sheets.DRAFT, None, now)
    for post in posts(cast.library):
        compose.cancel(post.id, cast.author, now)
    assert take(bring(cast, now), now).made == 3


def test_a_table_is_taken_back_once_without_what_somebody_touched(cast, now):
    whole = TERM + "12/18/2026,9:00,News,One more,Fake\n12/19/2026,9:00,News,And one,Fake\n"
    with writing() as session:
        session.get_one(Library, cast.library.id).two_approvals = ["news"]
    sheet = take(bring(cast, now, whole), now, sheets.REVIEW)
    fair, half, trivia, more, last = posts(cast.library)
    compose.save(fair.id, replace(written_of(fair), words="Fair!"), fair.revision, cast.author, now)
    approve.approve(half.id, half.revision, cast.decider, now)  # one of two
    approve.send_back(more.id, "Why?", cast.decider, now)
    other = write(cast, now, words="Mine.")
    assert sheet_back.parts(db.session(), sheet) == sheet_back.Parts(free=2, changed=1, decided=2)
    assert sheet_back.take_back(sheet.id, cast.author, now) == (2, sheet_back.Parts(free=0, changed=1, decided=2))
    assert {p.id for p in posts(cast.library)} == {fair.id, half.id, more.id, other.id}
    assert (trivia.state, last.state) == ("cancelled", "cancelled")
    with pytest.raises(NotDone, match="taken back before"):
        sheet_back.take_back(sheet.id, cast.author, now)
    assert take(bring(cast, now, whole), now).made == 2


def test_a_table_that_is_still_taken_in_is_taken_back_once_that_is_done(cast, now, monkeypatch):
    monkeypatch.setattr(sheet_take, "AT_ONCE", 1)
    sheet = bring(cast, now)
    sheets.answer(sheet.id, sheets.DRAFT, None, now)
    rows = looked_at(db.session(), db.session.get_one(Sheet, sheet.id), now, None).rows
    assert sheet_take.take_some(sheet.id, rows, now)
    with pytest.raises(NotDone, match="still being taken in"):
        sheet_back.take_back(sheet.id, cast.author, now)
    sheet_take.take(sheet.id, now)
    assert sheet_back.take_back(sheet.id, cast.author, now)[0] == 3
    assert posts(cast.library) == []


def test_a_worker_that_dies_while_a_table_is_taken_back_leaves_a_button_for_the_rest(cast, now, monkeypatch):
    sheet = take(bring(cast, now), now)
    monkeypatch.setattr(sheet_back, "AT_ONCE", 1)
    take_some, times = sheet_back._take_some, iter([True])

    def dies(ids, by, at):
        if next(times, None):
            return take_some(ids, by, at)
        raise MemoryError

    with monkeypatch.context() as broken:
        broken.setattr(sheet_back, "_take_some", dies)
        with pytest.raises(MemoryError):
            sheet_back.take_back(sheet.id, cast.author, now)
    db.session.rollback()
    assert sheet_back.parts(db.session(), sheet).free == 2
    assert sheet_back.take_back(sheet.id, cast.author, now) == (2, sheet_back.Parts(0, 0, 0))


def test_a_row_whose_post_was_changed_since_is_not_taken_in_again(cast, now):
    take(bring(cast, now), now)
    post = posts(cast.library)[0]
    written = written_of(post)
    compose.save(post.id, replace(written, words="Fair!"), post.revision, cast.author, now)
    again = looked_at(db.session(), bring(cast, now), now, None)
    assert [str(stop) for stop in again.rows[0].stops] == ["This post is there already."]


@pytest.mark.parametrize("_round", range(2))
def test_several_workers_take_each_row_once(app, cast, now, _round):
    lines = "".join(f"2027-01-{n % 28 + 1:02},{n % 24:02}:00,Post {n}\n" for n in range(120))
    sheet = bring(cast, now, "Date,Time,Words\n" + lines)
    sheets.answer(sheet.id, sheets.REVIEW, None, now)
    sheet_id, start = sheet.id, Barrier(3)

    def work(_n: int) -> None:
        with app.app_context():
            start.wait(10)
            sheet_take.take(sheet_id, now)

    assert sheet_take.to_take(db.session(), now) == [sheet_id]
    db.session.rollback()
    with ThreadPoolExecutor(3) as pool:
        list(pool.map(work, range(3)))
    db.session.expire_all()
    sheet = db.session.get_one(Sheet, sheet_id)
    assert (sheet.state, sheet.made, sheet.waits) == ("done", 120, 0)
    assert len({p.words for p in posts(cast.library)}) == len(posts(cast.library)) == 120


def test_a_workbook_keeps_its_days_and_times(cast, now):
    cells = [
        ["Fecha", "Hora", "Texto"],
        ["15/12/2026", "9:30", "Hola"],
        ["2026-12-16 14:30:00", "", "Ya"],
    ]
    take(bring(cast, now, xlsx(Plan=cells), "term.xlsx"), now)
    assert [f"{clock.to_local(p.wished_at, ZONE):%d %H:%M} {p.words}" for p in posts(cast.library)] == [
        "15 09:30 Hola", "16 14:30 Ya",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (b"", "not empty"),
        (b"Name,Street\nAna,Main\n", "called Words"),
        (b"Date,Words\n", "no rows"),
        (b"%PDF-1.7", "PDF"),
        (b"Words\n" + b"x\n" * 2_100, "more than 2000 rows"),
    ],
)
def test_what_is_no_table_of_posts_says_what_to_do(cast, now, body, said):
    with pytest.raises(NotDone, match=said):
        bring(cast, now, body)
    assert db.session.scalar(select(func.count(Sheet.id))) == 0


def test_questions_come_from_a_table_and_those_with_a_problem_stay_out(cast, now):
    text = "Question;A;B;Answer\n¿Cuál?;Uno;Dos;B\nNo answer?;Yes;No;\n¿Cuál?;Uno;Dos;B\n"
    sheet = bring(cast, now, text, kind=sheets.QUESTIONS)
    assert sheets.take_questions(sheet.id, cast.author, now) == 1
    assert sheets.take_questions(sheet.id, cast.author, now) == 1
    assert [(q.words, q.right) for q in db.session.scalars(select(Question))] == [("¿Cuál?", 1)]


def test_trivia_over_weeks_draws_from_the_first_on(cast, now):
    text = "Question,A,B,Answer\n" + "".join(f"Question {n}?,Yes,No,A\n" for n in range(20))
    sheets.take_questions(bring(cast, now, text, kind=sheets.QUESTIONS).id, cast.author, now)
    made = begin_trivia(cast.library.id, [1, 3], "10:00", [cast.account.id], cast.author, now)
    found = posts(cast.library)
    assert [p.words for p in found] == [f"Question {n}?" for n in range(7)]
    assert [f"{clock.to_local(p.wished_at, ZONE):%a %d}" for p in found[:3]] == ["Tue 01", "Thu 03", "Tue 08"]
    assert {(p.state, p.series_id) for p in found} == {("submitted", made.id)}


def test_trivia_over_weeks_says_what_it_lacks(cast, now):
    with pytest.raises(NotDone, match="no question in the bank"):
        begin_trivia(cast.library.id, [1], "10:00", [cast.account.id], cast.author, now)
    with pytest.raises(NotDone, match="at least one day"):
        begin_trivia(cast.library.id, [], "10:00", [cast.account.id], cast.author, now)


def same(post: Post) -> tuple:
    places = sorted((p.account.name, p.words) for p in post.placements)
    media = [(m.medium.digest, m.alt) for m in post.media]
    kept = post.kind, post.words, post.link, dict(post.fields), post.visibility, post.warning, post.language
    return *kept, dict(post.second), post.wished_at, places, media


@pytest.fixture
def plan(cast, now) -> list[Post]:
    """Posts with everything that a post may have; the other library has the same places and pictures."""
    with writing() as session:
        session.add(Account(library_id=cast.other.id, network="mastodon", name="Fake", created_at=now))
        more = {"mime": "image/png", "width": 9, "height": 9, "size": 9, "created_at": now}
        for library in (cast.library, cast.other):
            session.add(Medium(library_id=library.id, digest="1" * 64, name="tent.png", **more))
            session.add(Medium(library_id=library.id, digest="2" * 64, **more))
    media = list(db.session.scalars(select(Medium.id).where(Medium.library_id == cast.library.id).order_by(Medium.id)))
    at = {"timing": "at", "wished_at": now + timedelta(days=9)}
    answer = {"answer_at": (now + timedelta(days=12)).isoformat()}
    fields = {"choices": ["Uno", "B", "A"], "right": 2, "explanation": "Since, …", "how": "-5 or +5"}
    write(cast, now, words='=SUM("A1")\n\n"quoted", and; more', link="https://school.org/?a=1,2", **at)
    write(cast, now, words="'-x", media=[(media[0], "A tent; green"), (media[1], "@home")], language="es", **at)
    write(cast, now, kind="trivia", words="¿Cuál? 漢字", fields=fields | answer, warning="Loud", **at)
    event = {"day": "2026-12-20", "clock": "15:30", "name": "=Chess", "place": "Library", "remind": ["day", "hour"]}
    write(cast, now, kind="event", words="Come", fields=event | {"hashtags": "#Chess"}, **at)
    write(cast, now, kind="event", words="", fields={"name": "Bare", "day": "2026-12-21", "clock": "09:00"}, **at)
    talk = {"name": "Holes", "prompts": [{"day": "2026-12-20", "words": "Who?"}], "closing_day": "2026-12-23"}
    write(cast, now, kind="discussion", words="Read", fields=talk, **at)
    chat = {"questions": ["Why?", "[Who?]"], "day": "2026-12-20", "clock": "10:00"}
    write(cast, now, kind="chat", words="Talk", fields=chat, **at)
    post = write(cast, now, words="Two", accounts=[cast.account, cast.by_hand], visibility="unlisted", **at)
    written = written_of(post)
    own = {cast.account.id: "+ own words", cast.by_hand.id: ""}
    compose.save(post.id, replace(written, accounts=own), 1, cast.author, now)
    return posts(cast.library)


@pytest.mark.parametrize("language", ["en", "es"])
def test_the_plan_as_a_table_makes_the_same_posts_in_another_library(cast, now, plan, language):
    first = clock.today(now, ZONE)
    found = sheet_out.planned(db.session(), cast.library, first, first + timedelta(days=30))
    text = sheet_out.table_of(db.session(), cast.library, found, language)
    assert text.startswith("\ufeff")
    with writing() as session:
        session.get_one(type(cast.other), cast.other.id).timezone = ZONE
    take(bring(cast, now, text, library=cast.other), now)
    assert [same(post) for post in posts(cast.other)] == [same(post) for post in plan]
    here = looked_at(db.session(), bring(cast, now, text), now, None)
    assert all("This post is there already." in row.stops for row in here.rows)


def test_no_cell_of_the_table_is_calculated(cast, now, plan):
    first = clock.today(now, ZONE)
    found = sheet_out.planned(db.session(), cast.library, first, first + timedelta(days=30))
    text = sheet_out.table_of(db.session(), cast.library, found, "en")
    cells = [cell for row in csv.reader(io.StringIO(text)) for cell in row]
    assert not [cell for cell in cells if cell.startswith(("=", "+", "-", "@"))]
    assert '\'=SUM("A1")' in "".join(cells)


def test_the_example_can_be_brought_as_it_is(cast, now):
    text = sheet_out.example([date(2026, 12, day) for day in (14, 15, 16)], "es")
    assert "Library" not in text
    assert {"Imagen", "Descripción de la imagen"} <= set(text.splitlines()[0].lstrip(sheet_out.MARK).split(","))
    rows = looked_at(db.session(), bring(cast, now, text), now, None).rows
    assert [(row.written.kind, list(row.stops)) for row in with_problems(db.session(), cast.library, list(rows), now)
            if not row.hints] == [("news", []), ("trivia", []), ("event", [])]  # fmt: skip


def test_a_table_that_nobody_answered_is_forgotten(cast, now):
    sheet = bring(cast, now)
    sheets.forget(now + timedelta(days=31))
    assert db.session.scalar(select(Sheet.id)) is None
    del sheet
    other = bring(cast, now)
    sheets.drop(other.id)
    assert db.session.scalar(select(Sheet.id)) is None


@pytest.mark.parametrize(
    ("head", "cell", "stops"),
    [
        ("Answer at", "next Friday", ["is no time for an answer"]),
        ("Answer at", "0001-01-01", ["is no time for an answer"]),
        ("Second language", '{""language"":""es"",""words"":""Hola"",""fields"":""abc""}', []),
        ("Second language", "[" * 5_000, []),
    ],
)
def test_a_strange_cell_leaves_every_page_as_it_was(cast, now, head, cell, stops):
    text = f'Date,Kind,Words,A,B,Right,{head}\n2026-12-15,Trivia,Which?,One,Two,A,"{cell}"\n'
    (row,) = looked_at(db.session(), bring(cast, now, text), now, None).rows
    assert [said in str(stop) for said, stop in zip(stops, row.stops, strict=True)] == [True] * len(stops)
    assert row.written.second == {}
    assert "answer_at" not in row.written.fields


def test_news_has_no_answer(cast, now):
    text = "Date,Words,Answer at\n2026-12-15,Open,next Friday\n"
    (row,) = looked_at(db.session(), bring(cast, now, text), now, None).rows
    assert (row.stops, dict(row.written.fields)) == ([], {})


@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31"])
def test_a_day_of_another_age_is_none(cast, now, day):
    (row,) = looked_at(db.session(), bring(cast, now, f"Date,Words\n{day},Open\n"), now, None).rows
    assert "no day that we understand" in str(row.stops[0])


@pytest.mark.parametrize(
    ("kind", "head", "cell"),
    [
        ("Event", "Event: Remind people", "1"),
        ("Book discussion", "Book discussion: Questions", '""Who?""'),
        ("Book discussion", "Book discussion: Questions", "[1,2]"),
        ("Live chat", "Live chat: Questions", "[1,{}]"),
        ("Event", "Event: Where it is", "{}"),
        ("Event", "Event: What is it?", '""\\ud800\\u0000""'),
    ],
)
def test_a_cell_of_another_sort_is_nothing(cast, now, kind, head, cell):
    text = f'Date,Kind,Words,{head}\n2026-12-15,{kind},Come,"{cell}"\n'
    (row,) = looked_at(db.session(), bring(cast, now, text), now, None).rows
    assert not any(value for name, value in row.written.fields.items() if name not in ("tag", "name"))


def test_of_many_rows_and_lines_some_are_kept():
    assert len(KINDS["chat"].fields[4].meaning("x\n" * 99)) == 20
    assert len(KINDS["discussion"].fields[3].meaning([{"words": "x"}] * 99)) == 20


def test_one_row_that_cannot_be_written_leaves_the_others_in(cast, now, monkeypatch):
    whole = sheet_take.create_many

    def one_is_bad(session, library_id, some, by, now):
        if any(written.words == "Half day" for _, written in some):
            raise ValueError("a row that nobody thought of")
        return whole(session, library_id, some, by, now)

    monkeypatch.setattr(sheet_take, "create_many", one_is_bad)
    sheet = take(bring(cast, now), now)
    assert (sheet.state, sheet.made) == ("done", 2)
    assert [(row.number, str(row.reasons[-1])) for row in sheet_done.left_out(sheet) if row.number == 3] == [
        (3, "This row could not be taken in. Write it by hand.")
    ]


def test_a_worker_that_died_has_its_lease_and_another_goes_on(cast, now, monkeypatch):
    sheet = bring(cast, now)
    sheets.answer(sheet.id, sheets.DRAFT, None, now)
    with writing() as session:
        session.get_one(Sheet, sheet.id).leased_until = now + sheet_take.LEASE
    assert sheet_take.to_take(db.session(), now) == []
    later = now + sheet_take.LEASE + timedelta(seconds=1)
    assert sheet_take.to_take(db.session(), later) == [sheet.id]
    sheet = db.session.get_one(Sheet, sheet.id)
    monkeypatch.setattr(sheet_take, "AT_ONCE", 1)
    assert sheet_take.take_some(sheet.id, list(looked_at(db.session(), sheet, later, None).rows), later)
    sheet_take.take(sheet.id, later)
    db.session.expire_all()
    sheet = db.session.get_one(Sheet, sheet.id)
    assert (sheet.made, [row.number for row in sheet_done.left_out(sheet)]) == (3, [4])


def test_many_posts_for_review_are_one_letter(cast, now):
    lines = "".join(f"2026-11-25,{n}:00,Post {n}\n" for n in range(10, 20))
    take(bring(cast, now, "Date,Time,Words\n" + lines), now, sheets.REVIEW)
    told = [(mail.to, str(mail.subject)) for mail in db.session.scalars(select(Mail)) if "review" in str(mail.subject)]
    assert sorted(told) == [
        (f"{who}@school.example", "Posts wait for your review") for who in ("approver", "librarian")
    ]


def test_a_library_does_not_see_the_form_keys_of_another(cast, now):
    made = [
        compose.create(n, Written("news", "Open"), cast.author, now, form_key="same")
        for n in (cast.library.id, cast.other.id)
    ]
    assert made[0].id != made[1].id
    assert compose.create(cast.library.id, Written("news", "Shut"), cast.author, now, form_key="row-1").form_key is None


def test_what_a_spreadsheet_would_calculate_is_words_in_every_cell():
    assert neutral("hola;=1+1") == "hola;'=1+1"
    assert neutral("hola\n=1+1") == "hola\n'=1+1"
    for text in ("hola;=1+1", "a\n=1", "a\n- b\n'-c", "=1;+2", "a; -b", "a;b", "';=1"):
        assert bare(neutral(text)) == text or text == "';=1"
