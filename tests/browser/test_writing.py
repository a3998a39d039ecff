"""Writing: what is typed is kept by itself, pictures come in every way, earlier words come back, two people meet."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from .conftest import PHONE
from .desk import address_of, approve, choose_places, picture, send_for_review, write_news

DROPPED = """async ([selector, kind]) => {
  const canvas = Object.assign(document.createElement("canvas"), { width: 40, height: 30 });
  canvas.getContext("2d").fillRect(0, 0, 40, 30);
  const blob = await new Promise((done) => canvas.toBlob(done));
  const carried = new DataTransfer();
  carried.items.add(new File([blob], "whale.png", { type: "image/png" }));
  const how = { bubbles: true, cancelable: true };
  const made = kind === "paste" ? new ClipboardEvent("paste", { clipboardData: carried, ...how })
    : new DragEvent("drop", { dataTransfer: carried, ...how });
  document.querySelector(selector).dispatchEvent(made);
}"""


def begin(page: Page, words: str) -> None:
    page.goto("/posts/new/news")
    choose_places(page, "Practice")
    page.get_by_label("Your words").fill(words)
    expect(page.locator(".saved")).to_contain_text("saved")


def test_a_draft_is_kept_while_it_is_written_and_comes_back_after_the_browser_closed(as_):
    page = as_("contributor")
    begin(page, "The tortoise in the library has a name")
    assert page.url.endswith("/edit")
    address = page.url
    page.get_by_label("Your words").press_sequentially(" now: Leo")
    expect(page.locator("[name=revision]")).to_have_value("2")
    page.close(run_before_unload=False)

    again = as_("contributor", address)
    expect(again.get_by_label("Your words")).to_have_value("The tortoise in the library has a name now: Leo")
    again.get_by_role("button", name="Send for review").click()  # the number of what was kept is known to the form
    expect(again.get_by_text("Sent for review.")).to_be_visible()


def test_sending_while_it_is_being_kept_is_no_quarrel_with_oneself(as_):
    page = as_("contributor")
    begin(page, "Sent in a hurry")
    page.route("**/writing/autosave/**", lambda route: (page.wait_for_timeout(700), route.continue_()))
    page.get_by_label("Your words").fill("Sent in a great hurry")
    page.wait_for_timeout(1_600)  # it is on its way
    send_for_review(page, "Sent in a great hurry")


def test_pictures_are_dropped_and_pasted_described_and_put_in_order(as_):
    page = as_("contributor")
    begin(page, "Two whales")
    page.evaluate(DROPPED, [".writing", "drop"])
    expect(page.locator(".pictures-list .picture")).to_have_count(1)
    page.locator(".pictures-list textarea").first.fill("A first whale")
    page.get_by_label("Add a picture").first.set_input_files(picture())
    expect(page.locator(".pictures-list .picture")).to_have_count(2)
    page.locator(".pictures-list textarea").nth(1).fill("A green square")
    page.evaluate(DROPPED, [".writing", "paste"])
    expect(page.locator(".pictures-list .picture")).to_have_count(2)  # the same picture is one
    page.get_by_role("button", name="This picture: further to the front").click()
    expect(page.locator("#previews .pictures li").first).to_contain_text("A green square")
    page.get_by_role("button", name="Save draft").click()
    expect(page.locator("main .pictures").first).to_contain_text("A green square")

    page.goto("/posts/new/news")
    page.get_by_text("Use an earlier picture again").click()
    page.locator(".thumb", has=page.get_by_alt_text("A green square")).first.click()
    expect(page.locator("#previews")).to_contain_text("A green square")


def test_a_file_that_is_no_picture_is_explained_where_it_was_chosen(as_):
    page = as_("contributor", "/posts/new/news")
    wrong = {"name": "notes.png", "mimeType": "image/png", "buffer": b"not a picture at all"}
    page.get_by_label("Add a picture").first.set_input_files(wrong)
    expect(page.locator(".picture-wrong")).to_be_visible()
    expect(page.locator(".pictures-list .picture")).to_have_count(0)


def test_earlier_words_are_looked_at_and_come_back_when_they_are_saved(as_):
    page = as_("contributor")
    write_news(page, "The first words of it", "Practice")
    page.get_by_role("button", name="Send for review").click()
    expect(page.get_by_text("Sent for review.")).to_be_visible()
    address = address_of(page, "The first words of it")
    colleague = as_("approver", address + "/edit")
    colleague.get_by_label("Your words").fill("Quite other words")
    colleague.get_by_role("button", name="Save", exact=True).click()
    colleague.locator("summary", has_text="More…").last.click()
    colleague.get_by_role("link", name="Earlier versions").click()
    colleague.get_by_role("link", name="Look at it").click()
    expect(colleague.get_by_label("Your words")).to_have_value("The first words of it")
    expect(colleague.locator(".note")).to_contain_text("Save them to keep them")
    colleague.get_by_role("button", name="Save", exact=True).click()
    expect(colleague.locator("main")).to_contain_text("The first words of it")


def test_on_a_phone_it_is_said_in_one_line_above_the_buttons_when_it_was_saved(as_):
    page = as_("contributor", viewport=PHONE)
    begin(page, "Written in the corridor")
    for width in (390, 320):
        page.set_viewport_size({"width": width, "height": 640})
        told, bar, button, places = (
            page.locator(each).first.bounding_box() for each in (".saved", ".actions", ".actions button", ".side nav")
        )
        assert told["height"] < 20
        assert told["y"] + told["height"] <= button["y"]
        assert bar["y"] + bar["height"] <= (places["y"] + 1 if width == 390 else 640)
        assert bar["height"] <= 90
    assert places["y"] < bar["y"] - 300, "so narrow that they stay at the head"


def test_two_people_in_one_post_lose_nothing(as_):
    first = as_("contributor")
    begin(first, "Ours together")
    address = first.url
    second = as_("librarian", address, viewport=PHONE)
    with second.expect_response("**/writing/autosave/**"):  # its page said "saved" before
        second.get_by_label("Your words").fill("Ours together, and mine")
    first.get_by_label("Your words").fill("Ours together, and yours")
    expect(first.locator(".saved")).to_contain_text("changed this post while you were writing")
    expect(first.get_by_label("Your words")).to_have_value("Ours together, and yours")
    first.get_by_role("button", name="Save draft").click()
    expect(first.get_by_role("alert")).to_contain_text("Practice Librarian changed this post")
    expect(first.get_by_label("Your words")).to_have_value("Ours together, and yours")
    first.get_by_role("button", name="Keep mine").click()
    expect(first.locator("main")).to_contain_text("Ours together, and yours")


def test_a_second_language_is_in_the_preview_and_in_the_post(as_):
    page = as_("contributor")
    begin(page, "The library is open")
    page.locator("summary", has_text="Options").click()
    page.locator("summary", has_text="The same in a second language").click()
    page.get_by_label("Second language").select_option("es")
    page.locator("#second_words").fill("La biblioteca está abierta")
    expect(page.locator("#previews .words")).to_have_text("The library is open\n\nLa biblioteca está abierta")
    page.get_by_role("button", name="Save draft").click()
    expect(page.locator("main")).to_contain_text("La biblioteca está abierta")


def test_a_second_language_has_room_for_each_question_beside_its_day(as_):
    page = as_("contributor", "/posts/new/discussion")
    page.locator("summary", has_text="Options").click()
    page.locator("summary", has_text="The same in a second language").click()
    page.get_by_label("Second language").select_option("es")
    for n in range(4):
        page.locator("[name=of-prompts-words]").nth(n).fill(f"Question {n}?")
    days = page.locator("[name=of-prompts-day]").evaluate_all("all => all.map((day) => day.value)")
    assert len(days) == 5
    second = page.locator("[name=second-prompts-day]")
    assert second.evaluate_all("all => all.map((day) => day.value)") == days
    expect(page.locator(".second label, .second legend").first).to_have_text("The book")


def test_a_post_is_kept_to_start_others_from(as_):
    page = as_("contributor")
    begin(page, "Quiet please: exams this week")
    page.get_by_role("button", name="Save draft").click()
    page.locator("summary", has_text="More…").last.click()
    page.get_by_label("Keep it to start others from, as").fill("Exam week")
    page.get_by_role("button", name="Keep", exact=True).click()
    page.get_by_role("link", name="New post").click()
    page.get_by_role("link", name="Exam week").click()
    expect(page.get_by_label("Your words")).to_have_value("Quiet please: exams this week")


def test_the_hours_of_the_week_are_a_start_for_news(as_):
    page = as_("contributor", "/posts/new/news")
    page.get_by_role("link", name="Hours this week").click()
    assert page.get_by_label("Your words").input_value().startswith("Our hours this week (")
    page.goto("/posts/new/news")
    page.get_by_role("link", name="Closed today").click()
    assert "The library is closed today" in page.get_by_label("Your words").input_value()


def test_an_event_with_its_reminder_is_written_and_approved(as_):
    page = as_("contributor", "/posts/new")
    page.get_by_role("link", name="Event").click()
    page.get_by_label("What is it?").fill("Poetry night")
    page.get_by_label("Day", exact=True).first.fill("2027-03-04")
    page.get_by_label("Begins at").fill("18:30")
    page.get_by_label("Where it is").fill("School library")
    choose_places(page, "Practice")
    page.get_by_label("On a day I choose").check()
    page.locator("[name=day]").fill("2027-02-01")
    page.locator("[name=clock]").fill("09:00")
    expect(page.locator("#previews .bubble")).to_have_count(2)
    expect(page.locator("#previews .bubble").nth(1)).to_contain_text("Tomorrow: Poetry night")
    page.get_by_role("button", name="Send for review").click()
    expect(page.get_by_text("Sent for review.")).to_be_visible()
    address = address_of(page, "Poetry night")
    approve(as_("approver"), address)
    page.goto(address)
    expect(page.locator(".delivery")).to_have_count(2)
