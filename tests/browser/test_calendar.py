"""The week, the month, the list: another time by drag, by keyboard and by a form; filters; narrow screens."""

from __future__ import annotations

import re
from datetime import date, timedelta
from types import SimpleNamespace

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select

from outreach import clock, create_app
from outreach.access import OUTREACH, actor
from outreach.config import load
from outreach.db import db, writing
from outreach.holidays import is_closed
from outreach.models import Account, Delivery, Library, Person, Post
from outreach.posts import compose, schedule, send
from outreach.posts.written import Written

from .conftest import DESK, PHONE, Alone, Watched
from .look import look_at, width


@pytest.fixture(scope="module")
def school(browser, tmp_path_factory):
    """A library of one person, its server, and a week without closed days in which nothing is planned."""
    home = tmp_path_factory.mktemp("calendar")
    alone = Alone(home)
    first = Watched(browser, alone, None, {})
    page = first.context.new_page()
    page.goto(alone.link)
    page.get_by_label("What is your library called?").fill("Elm Street School Library")
    page.get_by_label("Your name").fill("Librarian")
    page.get_by_label("Your school e-mail").fill("librarian@school.example")
    page.get_by_role("button", name="Begin").click()
    page.wait_for_url(alone.url + "/")
    app = create_app(load({"OUTREACH_HOME": str(home)}), pages=False)
    with app.app_context():
        library = db.session.scalars(select(Library)).one()
        monday = clock.week_of(clock.today(clock.now(), library.timezone))[0] + timedelta(days=7)
        while any(is_closed(library, monday + timedelta(days=n)) for n in range(12)):
            monday += timedelta(days=7)
        yield SimpleNamespace(app=app, alone=alone, state=first.context.storage_state(), monday=monday)
    first.close()
    alone.server.shutdown()


@pytest.fixture
def at_school(school, window):
    def open_at(path="/", **options) -> Page:
        page = window(school.alone, school.state, **options)
        page.goto(path)
        return page

    yield open_at
    with school.app.app_context(), writing() as session:
        for post in session.scalars(select(Post)):
            session.delete(post)


def plan(school, words: str, weekday: int, at: str, kind: str = "news", place: str = "Practice", **fields) -> int:
    """A post that goes out on a day of that week."""
    with school.app.app_context():
        library = db.session.scalars(select(Library)).one()
        person = db.session.scalars(select(Person)).one()
        to = db.session.scalars(select(Account).where(Account.name == place)).one()
        wished = clock.at_wall(school.monday + timedelta(days=weekday), at, library.timezone)
        written = Written(kind, words, timing="at", wished_at=wished, accounts={to.id: ""}, fields=fields)
        post = compose.create(library.id, written, actor(person), clock.now())
        send.schedule(post.id, post.revision, actor(person), clock.now())
        return post.id


def time_of(school, post_id: int) -> tuple[date, str]:
    with school.app.app_context():
        db.session.rollback()
        post = db.session.get_one(Post, post_id)
        due = db.session.scalars(select(Delivery.due_at).where(Delivery.post_id == post_id)).one()
        assert due == post.wished_at
        local = clock.to_local(due, post.library.timezone)
        return local.date(), f"{local:%H:%M}"


def tile(page: Page, words: str):
    return page.locator(".placed", has_text=words)


def day(page: Page, school, weekday: int):
    return page.locator(f'[data-drop="{school.monday + timedelta(days=weekday)}"]')


def test_a_post_dragged_to_another_day_keeps_its_time_and_is_put_back_by_undo(school, at_school):
    post_id = plan(school, "Dragged along", 1, "10:15")
    page = at_school(f"/?week={school.monday}")
    tile(page, "Dragged along").drag_to(day(page, school, 3), target_position={"x": 60, "y": 8})
    expect(day(page, school, 3)).to_contain_text("Dragged along")
    expect(page.locator(".moved")).to_contain_text("Moved to")
    expect(page.locator("#said")).to_contain_text("Moved to")
    assert time_of(school, post_id) == (school.monday + timedelta(days=3), "10:15")

    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_text("Back at its time")).to_be_visible()
    expect(day(page, school, 1)).to_contain_text("Dragged along")
    assert time_of(school, post_id) == (school.monday + timedelta(days=1), "10:15")


def test_a_post_dragged_to_a_usual_time_takes_that_time(school, at_school):
    post_id = plan(school, "To the usual time", 4, "10:15")
    page = at_school(f"/?week={school.monday}")
    room = page.locator(".tile.free").last
    wanted = room.get_attribute("data-drop-at")
    tile(page, "To the usual time").drag_to(room)
    expect(page.locator(".moved")).to_contain_text("Moved to")
    with school.app.app_context():
        db.session.rollback()
        assert db.session.get_one(Post, post_id).wished_at.isoformat() == wanted


def test_a_post_is_dragged_within_the_month(school, at_school):
    post_id = plan(school, "Within the month", 0, "11:00")
    page = at_school(f"/month?month={school.monday:%Y-%m}")
    tile(page, "Within the month").drag_to(day(page, school, 1), target_position={"x": 40, "y": 8})
    expect(page.locator(".moved")).to_contain_text("Moved to")
    assert time_of(school, post_id) == (school.monday + timedelta(days=1), "11:00")


def test_a_post_is_moved_by_keyboard(school, at_school):
    post_id = plan(school, "By the keys", 1, "10:15")
    page = at_school(f"/?week={school.monday}")
    tile(page, "By the keys").locator("a.tile").focus()
    page.keyboard.press("m")
    chooser = page.get_by_role("spinbutton", name="Day")
    expect(chooser).to_be_focused()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    expect(page.locator("#said")).to_contain_text("Thursday")
    expect(chooser).to_have_attribute("aria-valuetext", re.compile("Thursday"))
    expect(day(page, school, 3)).to_have_class(re.compile("over"))
    page.keyboard.press("Enter")
    expect(day(page, school, 3)).to_contain_text("By the keys")
    expect(tile(page, "By the keys").locator("a.tile")).to_be_focused()
    expect(page.locator("#said")).to_contain_text("Moved to")
    assert time_of(school, post_id) == (school.monday + timedelta(days=3), "10:15")

    page.keyboard.press("Tab")  # the button that is seen with the focus
    expect(page.get_by_role("link", name="Move: By the keys")).to_be_focused()
    page.keyboard.press("Enter")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.locator(".moved")).to_contain_text("Moved to")
    expect(tile(page, "By the keys")).to_have_count(0)  # a week later
    assert time_of(school, post_id) == (school.monday + timedelta(days=10), "10:15")


def test_what_was_moved_elsewhere_meanwhile_is_not_moved_and_can_be_from_there(school, at_school):
    post_id = plan(school, "Moved by two", 1, "10:15")
    page = at_school(f"/?week={school.monday}")
    with school.app.app_context():
        theirs = clock.at_wall(school.monday + timedelta(days=3), "11:45", "America/Chicago")
        schedule.move(post_id, theirs, OUTREACH, clock.now())
    for said in ("so it was not moved.", "Moved to"):
        tile(page, "Moved by two").locator("a.tile").focus()
        for key in ("m", "ArrowRight", "Enter"):
            page.keyboard.press(key)
        expect(page.locator("#said")).to_contain_text(said)
    assert time_of(school, post_id)[0] == school.monday + timedelta(days=4)


def test_escape_leaves_a_post_where_it_is(school, at_school):
    post_id = plan(school, "Stays here", 1, "10:15")
    page = at_school(f"/?week={school.monday}")
    tile(page, "Stays here").locator("a.tile").focus()
    for key in ("m", "ArrowRight", "Escape"):
        page.keyboard.press(key)
    expect(page.locator("#move")).to_be_hidden()
    expect(tile(page, "Stays here").locator("a.tile")).to_be_focused()
    page.keyboard.press("Enter")  # a tile is a link all the same
    expect(page).to_have_url(re.compile(f"/posts/{post_id}$"))
    assert time_of(school, post_id) == (school.monday + timedelta(days=1), "10:15")


def test_a_day_and_a_time_are_typed_where_the_tile_is(school, at_school):
    post_id = plan(school, "Typed where it is", 1, "10:15")
    page = at_school(f"/?week={school.monday}", viewport=PHONE, has_touch=True)
    tile(page, "Typed where it is").locator(".mover").click()
    page.locator("#move").get_by_label("Time").fill("13:05")
    page.locator("#move").get_by_role("button", name="Move", exact=True).click()
    expect(page.locator(".moved")).to_contain_text("Moved to")
    assert time_of(school, post_id) == (school.monday + timedelta(days=1), "13:05")


def test_a_time_that_has_passed_is_explained_and_moves_nothing(school, at_school):
    post_id = plan(school, "Never yesterday", 1, "10:15")
    page = at_school(f"/?week={school.monday}")
    tile(page, "Never yesterday").locator("a.tile").focus()
    page.keyboard.press("m")
    page.locator("#move input[name=day]").evaluate("(field) => { field.min = ''; field.value = '2026-01-05' }")
    page.locator("#move").get_by_role("button", name="Move", exact=True).click()
    expect(page.locator("#said")).to_contain_text("That time has passed")
    assert time_of(school, post_id) == (school.monday + timedelta(days=1), "10:15")


def test_without_a_script_move_leads_to_a_form_and_undo_is_a_button(school, at_school):
    post_id = plan(school, "Without a script", 1, "10:15")
    page = at_school(f"/?week={school.monday}", java_script_enabled=False)
    page.get_by_role("link", name="Move: Without a script").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Move to…")
    page.get_by_label("Day").fill(str(school.monday + timedelta(days=2)))
    page.get_by_role("button", name="Move", exact=True).click()
    expect(page).to_have_url(re.compile(f"/\\?week={school.monday}$"))
    expect(page.locator(".moved")).to_contain_text("Moved to")
    assert time_of(school, post_id) == (school.monday + timedelta(days=2), "10:15")
    page.get_by_role("button", name="Undo").click()
    assert time_of(school, post_id) == (school.monday + timedelta(days=1), "10:15")


def test_what_has_begun_to_go_out_has_no_handle_and_says_why(school, at_school):
    post_id = plan(school, "On its way", 1, "10:15")
    with school.app.app_context(), writing() as session:
        session.scalars(select(Delivery).where(Delivery.post_id == post_id)).one().state = "sending"
    page = at_school(f"/?week={school.monday}")
    expect(tile(page, "On its way").locator(".mover")).to_have_count(0)
    tile(page, "On its way").locator("a.tile").focus()
    page.keyboard.press("m")
    expect(page.locator("#said")).to_have_text("This post has begun to go out, so its time can no longer change.")


def test_filters_are_kept_from_view_to_view(school, at_school):
    plan(school, "Some news", 1, "10:15")
    plan(school, "News by hand", 1, "11:15", place="Facebook")
    choices = {"choices": ["Yes", "No"], "right": 0, "how": "Ask us."}
    plan(school, "A question?", 2, "10:15", kind="trivia", **choices)
    page = at_school(f"/?week={school.monday}")
    expect(tile(page, "A question?").first).to_be_visible()
    page.locator(".picker summary").click()
    page.locator(".picker").get_by_role("link", name="News").click()
    page.locator(".picker summary").click()
    page.locator(".picker").get_by_role("link", name="Practice").click()
    for view in ("Week", "Month", "List"):
        page.get_by_role("link", name=view, exact=True).click()
        expect(page.locator(".picker summary")).to_contain_text("Practice, News")
        expect(tile(page, "Some news")).to_be_visible()
        expect(tile(page, "News by hand")).to_have_count(0)
        expect(tile(page, "A question?")).to_have_count(0)
    page.get_by_role("link", name="Show all").click()
    for words in ("Some news", "News by hand", "A question?"):
        expect(tile(page, words).first).to_be_visible()


@pytest.mark.parametrize(
    "path", ["/?week={monday}", "/month?month={month}", "/list/", "/list/?day={tuesday}", "/week/print"]
)
def test_the_views_fit_every_screen_and_everybody(school, at_school, path):
    for n in range(6):
        plan(school, f"Number {n} of a full day, with words that go on for a while", 1, f"1{n}:15", place="Facebook")
    tuesday = school.monday + timedelta(days=1)
    page = at_school(path.format(monday=school.monday, month=f"{school.monday:%Y-%m}", tuesday=tuesday))
    look_at(page)
    page.set_viewport_size({"width": 683, "height": 384})  # a laptop at 200 %
    assert width(page) <= 683
    if "month" in path:
        page.set_viewport_size(DESK)
        page.get_by_role("link", name="and 3 more").click()
        expect(page.get_by_text("Number 5 of")).to_be_visible()


def test_the_form_to_move_is_open_to_everybody(school, at_school):
    post_id = plan(school, "Look at the form", 1, "10:15")
    page = at_school(f"/?week={school.monday}")
    tile(page, "Look at the form").locator("a.tile").focus()
    page.keyboard.press("m")
    look_at(page)
    page.goto(f"/posts/{post_id}/when")
    look_at(page)


@pytest.mark.parametrize("size", [{"width": 1366, "height": 768}, PHONE])
def test_what_needs_her_what_went_wrong_and_what_is_next_are_seen_without_scrolling(school, at_school, size):
    plan(school, "This is next", 1, "10:15")
    lost = plan(school, "This went wrong", 1, "11:15")
    asked = plan(school, "This needs her", 1, "12:15")
    with school.app.app_context(), writing() as session:
        session.scalars(select(Delivery).where(Delivery.post_id == lost)).one().state = "missed"
        session.scalars(select(Delivery).where(Delivery.post_id == asked)).one().state = "unclear"
    page = at_school(viewport=size)
    line = page.locator(".needs-line")
    expect(line).to_contain_text("1 we are not sure about")
    expect(line).to_contain_text("Went wrong:")
    expect(line).to_contain_text("Next:")
    box = line.bounding_box()
    assert box is not None
    assert box["y"] + box["height"] <= size["height"] - 64
