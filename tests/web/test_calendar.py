"""The week, the month and the list as pages: what stands there, what is asked, what a form does."""

import gzip
import re
from datetime import timedelta

import pytest
from clients import nobody, signed_in
from factories import approved, deliveries, submitted, write
from form_pages import fields_of
from icalendar import Calendar
from sqlalchemy import event, select, update

from outreach import clock
from outreach.access import OUTREACH, actor
from outreach.db import db, writing
from outreach.models import Closure, Consent, Delivery, DigestRule, Library, Person, Post, Question, Series, Slot
from outreach.people import members
from outreach.posts import compose
from outreach.posts.series import begin
from outreach.posts.series_rule import Choice
from outreach.posts.written import Written

HOUR = timedelta(hours=1)
BOARD = ("/", "/month", "/list/")


@pytest.fixture
def now():
    return clock.now().replace(second=0, microsecond=0)


@pytest.fixture
def client(app, cast):
    return signed_in(app, cast.librarian)


@pytest.fixture
def coming(cast, now):
    """Next week's Tuesday, 12:00."""
    day = clock.week_of(clock.today(now, cast.library.timezone))[0] + timedelta(days=8)
    return clock.at_wall(day, "12:00", cast.library.timezone)


def page(client, path, **options):
    return client.get(path, **options).get_data(as_text=True)


def text(markup):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", markup))


def week_of(at):
    return f"/?week={at.date()}"


def timed(cast, now, at, words="It is on.", **more):
    return approved(cast, now, words=words, timing="at", wished_at=at, **more)


def test_a_tile_has_its_time_its_words_its_kind_its_state_and_its_places(client, cast, now, coming):
    timed(cast, now, coming, words="Chess at lunch")
    shown = text(page(client, week_of(coming)))
    for told in ("12:00 PM", "News", "Chess at lunch", "goes out", "Fake"):
        assert told in shown
    month = text(page(client, f"/month?month={coming:%Y-%m}"))
    assert "12:00 PM Chess at lunch goes out" in month


def test_what_was_taken_down_says_so_and_what_a_person_posts_does_not_go_out(app, client, cast, now, coming):
    gone = timed(cast, now, coming, words="Chess at lunch")
    by_hand = timed(cast, now, coming, words="Poetry at lunch", accounts=[cast.by_hand])
    assert "you post it to" not in text(page(client, "/"))
    with writing() as session:
        values = {"state": "removed", "unwanted_at": coming, "published_at": coming}
        session.execute(update(Delivery).where(Delivery.post_id == gone.id).values(**values))
        session.execute(update(Post).where(Post.id == gone.id).values(state="cancelled"))
    for shown in (page(client, week_of(coming)), page(client, f"/month?month={coming:%Y-%m}")):
        assert ("taken down" in shown, "cancelled" in shown) == (True, False)
        assert ("to post by hand" in shown, "goes out" in shown) == (True, False)
    author = signed_in(app, cast.contributor)
    assert "you post it to" in text(page(author, "/"))
    assert "You are asked to post it" in text(page(author, f"/posts/{by_hand.id}"))
    assert "a colleague posts it to" in text(page(client, "/"))
    assert "Contributor is asked to post it" in text(page(client, f"/posts/{by_hand.id}"))


def test_what_nobody_looks_after_any_more_the_managers_post(app, cast, now):
    post = timed(cast, now, now + HOUR, accounts=[cast.by_hand])
    with writing() as session:
        session.merge(deliveries(post)[0]).state = "in_hand"
    who = [signed_in(app, person) for person in (cast.contributor, cast.approver, cast.librarian)]
    assert ["1 to post by hand" in page(one, "/") for one in who] == [True, False, False]
    assert ['class="placed"' in page(one, "/list/?show=hand") for one in who] == [True, False, False]
    members.take_out(cast.contributor.id, cast.library.id, OUTREACH, now)
    assert ["1 to post by hand" in page(one, "/") for one in who[1:]] == [False, True]


def test_what_a_colleague_kept_who_has_left_is_its_authors_again(app, cast, now):
    post = timed(cast, now, now + HOUR, accounts=[cast.by_hand])
    with writing() as session:
        session.get_one(Post, post.id).keeper_id = cast.approver.id
        session.merge(deliveries(post)[0]).state = "in_hand"
        session.get_one(Person, cast.approver.id).active = False
    who = [signed_in(app, person) for person in (cast.contributor, cast.librarian)]
    assert ["1 to post by hand" in page(one, "/") for one in who] == [True, False]


def test_what_she_began_to_write_is_not_forgotten(app, client, cast, now):
    mine = write(cast, now, timing="at", wished_at=now + 200 * HOUR)
    begin(submitted(cast, now, timing="at", wished_at=now + 300 * HOUR).id, Choice("week"), cast.author, now)
    author = signed_in(app, cast.contributor)
    assert "1 draft to finish" in page(author, "/")
    assert f'href="/posts/{mine.id}/edit"' in page(author, "/")
    assert "to finish" not in page(client, "/")
    write(cast, now)
    assert 'href="/list/?show=draft"' in page(author, "/")
    compose.create(cast.library.id, Written("news", "Hers"), actor(cast.librarian), now)
    assert page(author, "/list/?show=draft").count('class="placed"') == 2
    with writing() as session:
        session.execute(update(Post).values(updated_at=now - 400 * HOUR))
    assert "to finish" not in page(author, "/")


def test_what_follows_a_post_is_seen_and_told_before_anybody_has_approved_it(client, cast, now, coming):
    event = coming + timedelta(days=7)
    fields = {"name": "Poetry evening", "day": f"{event:%Y-%m-%d}", "clock": "18:00", "remind": ["week", "day", "hour"]}
    post = write(cast, now, words="Come.", kind="event", timing="at", wished_at=coming, fields=fields)
    days = [event - timedelta(days=1), event]
    said = text(client.post(f"/posts/{post.id}/submit", follow_redirects=True).get_data(as_text=True))
    assert "3 more messages of it follow, the last" in said
    shown = page(client, week_of(event))
    assert shown.count(f'/posts/{post.id}"') == len(days)
    assert "in review" in text(shown)
    elsewhere = page(client, f"{week_of(event)}&place={cast.by_hand.id}")
    assert f'/posts/{post.id}"' not in elsewhere


def test_the_month_says_how_many_more_there_are_and_leads_to_the_day(client, cast, now, coming):
    for n in range(5):
        timed(cast, now, coming + n * HOUR, words=f"Number {n}")
    month = page(client, f"/month?month={coming:%Y-%m}")
    assert "Number 2" in month
    assert "Number 3" not in month
    link = re.search(r'class="day-more" href="([^"]+)">and 2 more', month)
    assert link
    assert "Number 4" in page(client, link[1])


def test_a_post_on_a_closed_day_says_so(client, cast, now, coming):
    with writing() as session:
        day = coming.date()
        session.add(Closure(library_id=cast.library.id, first_day=day, last_day=day, name="Teachers' day"))
    timed(cast, now, coming)
    for path in (week_of(coming), f"/month?month={coming:%Y-%m}", "/list/"):
        assert "closed that day" in page(client, path)


def test_filters_choose_by_place_and_kind_and_are_kept(client, cast, now, coming):
    timed(cast, now, coming, words="On Fake")
    timed(cast, now, coming + HOUR, words="By hand", accounts=[cast.by_hand])
    fields = {"choices": ["Yes", "No"], "right": 0, "how": "Ask us."}
    timed(cast, now, coming + 2 * HOUR, words="A question?", kind="trivia", fields=fields)
    for path in (week_of(coming), f"/month?month={coming:%Y-%m}", "/list/"):
        mark = "&" if "?" in path else "?"
        shown = page(client, f"{path}{mark}place={cast.account.id}&kind=news")
        assert "On Fake" in shown
        assert "By hand" not in shown
        assert "A question?" not in shown
        assert f'href="/month?place={cast.account.id}&amp;kind=news"' in shown or "month=" in shown
        assert "Show all" in shown
    assert "Show all" not in page(client, week_of(coming))


def test_filters_that_mean_nothing_are_none(client, cast, now, coming):
    timed(cast, now, coming)
    for nonsense in ("place=x&kind=y", "place=-1", "place=99999999999999999999", "after=9_x_y", "after=0__3&q=%25"):
        for path in BOARD:
            assert client.get(f"{path}?{nonsense}").status_code == 200


def test_the_list_has_coming_posts_first_and_is_paged_without_gaps(client, cast, now):
    with writing() as session:
        for n in range(120):
            at = None if n < 10 else now + (n - 60) * HOUR
            session.add(Post(library_id=cast.library.id, kind="news", state="draft", words=f"No. {n:03}", wished_at=at,
                             author_name="x", timing="at", created_at=now, updated_at=now))  # fmt: skip
    path, seen = "/list/", []
    while path:
        shown = page(client, path)
        seen += re.findall(r"No\. (\d{3})", re.sub(r'aria-label="[^"]*"', "", shown))
        link = re.search(r'href="(/list/\?[^"]*after=[^"]+)"', shown)
        path = link and link[1].replace("&amp;", "&")
    ahead = [n for n in range(10, 120) if n > 60]
    behind = [n for n in range(119, 9, -1) if n <= 60]
    assert [int(n) for n in seen] == [*ahead, *range(9, -1, -1), *behind]


def test_the_list_finds_words_and_takes_signs_as_they_are(client, cast, now):
    write(cast, now, words="100% of the Kettle club")
    write(cast, now, words="Nothing of the kind")
    for typed in ("kettle", "KETTLE club", "100%25"):
        shown = page(client, f"/list/?q={typed}")
        assert "100% of the Kettle club" in shown
        assert "Nothing of the kind" not in shown
    assert "No post is like that." in page(client, "/list/?q=kettle+nowhere")


def test_what_needs_her_and_what_went_wrong_are_said_apart_and_lead_there(client, cast, now):
    posts = [timed(cast, now, now + HOUR, words=f"Number {n}") for n in range(6)]
    states = ("missed", "refused", "unclear", "in_hand", "in_hand", "waiting")
    with writing() as session:
        for post, state in zip(posts, states, strict=True):
            session.merge(deliveries(post)[0]).state = state
        session.get_one(Post, posts[5].id).held_at = now
        session.execute(update(Post).values(author_id=cast.librarian.id))
    shown = page(client, "/")
    line = text(re.search(r'<div class="needs-line".*?</div>', shown, re.DOTALL)[0])
    assert "Went wrong: 2 posts did not go out" in line
    for told in ("2 to post by hand", "1 we are not sure about", "1 post waits for a new time"):
        assert told in line
    for show, count in (("failed", 2), ("hand", 2), ("unsure", 1), ("held", 1), ("returned", 0)):
        assert page(client, f"/list/?show={show}").count('class="placed"') == count
    assert f'/deliveries/{deliveries(posts[2])[0].id}"' in shown  # one of its sort: at once


def test_who_may_not_say_whether_it_is_there_is_not_asked(app, cast, now):
    post = timed(cast, now, now + HOUR)
    with writing() as session:
        session.merge(deliveries(post)[0]).state = "unclear"
    asked, not_asked = (signed_in(app, person) for person in (cast.approver, cast.contributor))
    assert "1 we are not sure about" in page(asked, "/")
    assert "we are not sure about" not in page(not_asked, "/")
    assert "Look and answer" in page(asked, f"/posts/{post.id}")
    assert "Look and answer" not in page(not_asked, f"/posts/{post.id}")


def test_an_empty_week_says_so_once_and_a_week_of_another_year_has_its_year(client, cast, now):
    assert text(page(client, "/")).count("Nothing is planned") == 1
    assert "Week of Jan 6, 2020" in text(page(client, "/?week=2020-01-08"))


def test_weekly_posts_and_repeats_that_will_be_written_stand_in_the_week(client, cast, now, coming):
    with writing() as session:
        session.add(DigestRule(library_id=cast.library.id, next_at=coming))
        session.add(DigestRule(library_id=cast.library.id, next_at=coming, stopped_at=now))
        rule = {"rule": "FREQ=WEEKLY", "first_day": coming.date(), "clock": "12:00", "next_at": coming}
        words = {"words": "Chess again"}
        session.add(Series(library_id=cast.library.id, kind="news", written=words, created_at=now, **rule))
    shown = text(page(client, week_of(coming)))
    assert shown.count("Weekly new titles") == 1
    assert "written by itself on" in shown
    assert "Chess again" in shown
    assert "Chess again" not in page(client, f"{week_of(coming)}&kind=trivia")


def move(client, post, **form):
    return client.post(f"/posts/{post.id}/when", data=form)


def test_a_post_moved_by_its_day_keeps_its_wall_time_over_the_change_of_the_clocks(app, client, cast, now):
    post = write(
        cast, now, timing="at", wished_at=clock.at_wall(now.date() + timedelta(days=9), "12:00", "America/Chicago")
    )
    for day in (now.date() + timedelta(days=n) for n in (30, 150, 260)):
        assert move(client, post, day=str(day), back="/list/").headers["Location"] == "/list/"
        db.session.rollback()
        local = clock.to_local(db.session.get_one(Post, post.id).wished_at, "America/Chicago")
        assert (local.date(), f"{local:%H:%M}") == (day, "12:00")


def test_a_move_leads_back_to_one_of_our_views_and_nowhere_else(client, cast, now, coming):
    post = timed(cast, now, coming)
    for back in ("https://evil.example/", "//evil.example/", "/\\evil.example", "javascript:x", "/posts/new", ""):
        assert move(client, post, at=(coming + HOUR).isoformat(), back=back).headers["Location"] == "/"
    kept = f"/month?month={coming:%Y-%m}&kind=news"
    assert move(client, post, at=coming.isoformat(), back=kept).headers["Location"] == kept


def test_a_move_is_told_with_an_undo_that_moves_it_back_once(client, cast, now, coming):
    post = timed(cast, now, coming)
    move(client, post, at=(coming + 24 * HOUR).isoformat(), back="/list/")
    shown = page(client, "/list/")
    assert "Moved to" in shown
    before = re.search(r'name="at" value="([^"]+)"', shown)[1]
    assert "Moved to" not in page(client, "/list/")
    assert "Back at its time" in text(page(client, move(client, post, at=before, undo="1").headers["Location"]))
    assert deliveries(post)[0].due_at == coming


def test_a_page_from_before_somebody_else_moved_it_moves_nothing_and_shows_where_it_is(app, client, cast, now, coming):
    post = timed(cast, now, coming)
    seen = re.search(r'data-revision="(\d+)"', page(client, week_of(coming)))[1]
    form = fields_of(page(client, f"/posts/{post.id}/when"), f"/posts/{post.id}/when")
    theirs = signed_in(app, cast.approver)
    move(theirs, post, at=(coming + HOUR).isoformat(), revision=seen)
    undo = fields_of(page(theirs, "/"), f"/posts/{post.id}/when")
    for stale in ({"revision": seen, "at": coming.isoformat()}, form | {"back": week_of(coming)}):
        answer = move(client, post, **stale)
        assert answer.status_code == 302
        assert "so it was not moved." in page(client, answer.headers["Location"])
    move(client, post, at=(coming + 2 * HOUR).isoformat(), back=f"/posts/{post.id}")
    move(theirs, post, **undo)
    assert deliveries(post)[0].due_at == coming + 2 * HOUR


def test_the_next_usual_time_and_refusals_are_said(app, client, cast, now, coming):
    post = timed(cast, now, coming)
    assert move(client, post, usual="1").status_code == 302
    usual = {s.weekday for s in cast.library.slots}
    assert clock.to_local(deliveries(post)[0].due_at, cast.library.timezone).weekday() in usual
    refused = move(client, post, day="2020-01-01", clock="09:00")
    assert refused.status_code == 422
    assert "That time has passed" in refused.get_data(as_text=True)
    assert 'value="2020-01-01"' in refused.get_data(as_text=True)
    drafts_only = signed_in(app, cast.contributor)
    answer = move(drafts_only, post, at=(coming + HOUR).isoformat())
    assert "Ask somebody who approves posts" in answer.get_data(as_text=True)
    with writing() as session:
        session.merge(deliveries(post)[0]).state = "published"
    assert "has begun to go out" in move(client, post, at=coming.isoformat()).get_data(as_text=True)
    assert "data-move" not in page(client, week_of(deliveries(post)[0].due_at))


def test_one_suggestion_the_most_useful_first_and_none_for_the_week_when_dismissed(client, cast, now):
    with writing() as session:
        library = session.get_one(Library, cast.library.id)
        library.country = ""
        for slot in library.slots:
            session.delete(slot)
        session.add_all(Slot(library_id=library.id, weekday=d, clock="23:58") for d in range(7))
    write(cast, now)  # a week with nothing in it at all says something else
    assert re.search(r"Nothing is planned for \w+day, \w{3} \d+, ", page(client, "/"))
    with writing() as session:
        session.add(Question(library_id=cast.library.id, words="Q?", choices=["a", "b"], right=0, created_at=now))
    shown = page(client, "/")
    assert "No trivia this week." in shown
    assert "&amp;from=bank" in shown
    assert shown.count('class="suggestion"') == 1
    client.post("/week/no-suggestion")
    assert 'class="suggestion"' not in page(client, "/")


def test_the_printed_week_has_place_time_words_and_who_approves(client, cast, now, coming):
    timed(
        cast,
        now,
        coming,
        words="All of its words, to the end of a sentence longer by far than a tile has room for.",
    )
    submitted(cast, now, words="Waits for a word.", timing="at", wished_at=coming + HOUR)
    shown = text(page(client, f"/week/print?week={coming.date()}"))
    for told in (
        "12:00 PM",
        "Fake",
        "than a tile has room for.",
        "approved by Approver",
        "Waits for a word.",
        "not approved yet: waits for Approver, Librarian",
        "9:00 AM Trivia free",
    ):
        assert told in shown
    assert shown.count("How it stands") == 1


@pytest.fixture
def public(app):
    app.extensions["shop"].config.__dict__["public_url"] = "https://outreach.school.example"
    yield
    app.extensions["shop"].config.__dict__["public_url"] = ""


def test_without_a_public_address_there_is_no_plan_to_subscribe_to(client, cast):
    assert "in your own calendar" not in page(client, "/list/")
    assert client.post("/plan/address").status_code == 404


def test_the_plan_is_read_by_its_address_until_it_is_turned_off(app, client, cast, now, coming, public):
    kept = timed(cast, now, coming, words="Chess at lunch, 12:00; bring a friend")
    write(cast, now, words="No time yet")
    gone = timed(cast, now, coming + HOUR, words="Called off")
    client.post(f"/posts/{gone.id}/cancel")
    client.post("/plan/address")
    address = re.search(r"https://outreach.school.example(/plan/[\w-]+\.ics)", page(client, "/list/"))[1]
    kept_of_it = str(db.session.execute(select(Library.__table__)).all())
    assert address[len("/plan/") : -len(".ics")] not in kept_of_it, "who reads the database does not read the plan"
    answer = nobody(app).get(address)
    assert answer.mimetype == "text/calendar"
    (entry,) = Calendar.from_ical(answer.data).walk("VEVENT")
    assert entry["uid"] == f"post-{kept.id}-0@outreach.school.example"
    assert entry.decoded("dtstart") == coming
    assert entry["summary"] == "Chess at lunch, 12:00; bring a friend"
    assert b"@school.example" not in answer.data
    client.post("/plan/address")
    assert nobody(app).get(address).status_code == 404
    newer = re.search(r"/plan/[\w-]+\.ics", page(client, "/list/"))[0]
    client.post("/plan/off")
    assert nobody(app).get(newer).status_code == 404


def test_the_plan_holds_nothing_that_is_not_for_all_eyes(app, client, cast, now, coming, public):
    timed(cast, now, coming, words="Approved")
    write(cast, now, words="A draft", timing="at", wished_at=coming)
    submitted(cast, now, words="In review", timing="at", wished_at=coming)
    timed(cast, now, coming, words="For followers", visibility="private")
    held = timed(cast, now, coming, words="Waits for another time")
    with writing() as session:
        session.add(consent := Consent(library_id=cast.library.id, code="7B-1", who="Ana", created_at=now))
    timed(cast, now, coming, words="Withdrawn", kind="student", permitted=True, fields={"codes": ["7B-1"]})
    with writing() as session:
        session.get_one(Post, held.id).held_at = now
        session.get_one(Consent, consent.id).withdrawn_at = now
    client.post("/plan/address")
    address = re.search(r"https://outreach.school.example(/plan/[\w-]+\.ics)", page(client, "/list/"))[1]
    entries = Calendar.from_ical(nobody(app).get(address).data).walk("VEVENT")
    assert [str(entry["summary"]) for entry in entries] == ["Approved"]


@pytest.mark.parametrize(
    ("state", "status"),
    [
        ("refused", []),
        ("missed", []),
        ("not_posted", []),
        ("unclear", ["TENTATIVE"]),
        ("in_hand", ["TENTATIVE"]),
        ("published", ["CONFIRMED"]),
    ],
)
def test_the_plan_tells_of_what_is_out_and_of_nothing_that_is_not(
    app, client, cast, now, coming, public, state, status
):
    post = timed(cast, now, coming)
    with writing() as session:
        session.execute(update(Delivery).where(Delivery.post_id == post.id).values(state=state))
    client.post("/plan/address")
    address = re.search(r"https://outreach.school.example(/plan/[\w-]+\.ics)", page(client, "/list/"))[1]
    entries = Calendar.from_ical(nobody(app).get(address).data).walk("VEVENT")
    assert [str(entry["status"]) for entry in entries] == status


def test_only_a_manager_sees_the_address(app, client, cast, public):
    client.post("/plan/address")
    assert "/plan/" in page(client, "/list/")
    assert ".ics" not in page(signed_in(app, cast.contributor), "/list/")


def test_the_pages_ask_as_often_for_many_posts_as_for_a_few(client, cast, now, coming):
    def asked(path):
        statements = []
        note = lambda *told: statements.append(told[2])  # noqa: E731
        event.listen(db.engine, "before_cursor_execute", note)
        try:
            assert client.get(path).status_code == 200
        finally:
            event.remove(db.engine, "before_cursor_execute", note)
        return len([s for s in statements if not s.startswith("BEGIN")])

    def repeats(n):
        post = submitted(cast, now, words=f"Repeat {n}", timing="at", wished_at=coming)
        begin(post.id, Choice("week"), cast.author, now)

    paths = (week_of(coming), f"/month?month={coming:%Y-%m}", "/list/", "/review/all")
    timed(cast, now, coming)
    repeats(0)
    few = [asked(path) for path in paths]
    for n in range(1, 8):
        timed(cast, now, coming + n * HOUR, words=f"Number {n}", accounts=[cast.account, cast.by_hand])
        write(cast, now, timing="at", wished_at=coming + n * HOUR)
        repeats(n)
    many = [asked(path) for path in paths]
    assert many[0] <= few[0]
    assert many[1] <= 12
    assert many[2] <= few[2]
    assert many[3] <= few[3]


def test_the_first_view_of_the_week_is_small(client, cast, now, coming):
    for n in range(40):
        timed(cast, now, coming + n * HOUR, words=f"Number {n}: come to the library, there is something to see")
    asks = {"Accept-Encoding": "gzip"}
    first = client.get(week_of(coming), headers=asks)
    assert first.headers["Content-Encoding"] == "gzip"
    assert "Accept-Encoding" in first.headers["Vary"]
    markup = gzip.decompress(first.data).decode()
    files = re.findall(r'(?:href|src)="(/[^"]*(?:\.css|\.js)[^"]*)"', markup)
    assert len(files) >= 4
    over_the_wire = len(first.data) + sum(len(client.get(file, headers=asks).data) for file in files)
    assert over_the_wire <= 100_000


def test_what_is_compressed_for_some_says_so_to_caches_of_all(client, cast):
    assert "Accept-Encoding" in client.get("/static/outreach.css").headers["Vary"]
    assert "Content-Encoding" not in client.get("/static/outreach.css").headers
