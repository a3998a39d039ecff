"""News with a picture: written, approved by a colleague, out. And what happens on the way."""

from __future__ import annotations

import re

from playwright.sync_api import expect

from .conftest import until_shown
from .desk import address_of, approve, choose_places, picture, send_for_review, timeline, write_news


def test_news_with_a_picture_goes_out_once_a_colleague_approved_it(as_):
    page = as_("contributor", "/posts/new/news")
    choose_places(page, "Practice")
    preview = page.locator("#previews")
    page.get_by_label("Your words").fill("Come and see")
    expect(preview.locator(".count")).to_have_text("12 of 500")
    page.get_by_label("Your words").press_sequentially(" the green door")
    expect(preview.locator(".words")).to_have_text("Come and see the green door")
    expect(preview.locator(".count")).to_have_text("27 of 500")

    expect(page.get_by_label("What does it show?")).to_be_hidden()
    page.get_by_label("Add a picture").first.set_input_files(picture())
    page.locator(".pictures-list textarea").fill("A green door")
    expect(preview).to_contain_text("A green door")
    page.get_by_label("As soon as it is approved").check()
    address = send_for_review(page, "Come and see the green door")

    colleague = as_("approver", f"/review/?post={address.rpartition('/')[2]}")
    card = colleague.locator("article.review", has_text="the green door")
    expect(card).to_contain_text("Practice Contributor")
    card.get_by_role("button", name="Approve").click()
    expect(colleague.get_by_text("Approved. It goes out")).to_be_visible()
    timeline(colleague)
    until_shown(colleague, "Come and see the green door")
    colleague.goto(address)
    expect(colleague.locator(".delivery .state")).to_contain_text("published")


def test_a_picture_without_words_for_it_is_explained_and_nothing_typed_is_lost(as_):
    page = as_("contributor")
    write_news(page, "A door without a description", "Practice")
    page.get_by_label("Link").fill("https://library.example.org/door")
    page.get_by_label("Add a picture").first.set_input_files(picture())
    page.get_by_role("button", name="Send for review").click()

    expect(page.get_by_role("alert")).to_contain_text("Say what picture 1 shows")
    expect(page.get_by_label("Your words")).to_have_value("A door without a description")
    expect(page.get_by_label("Link")).to_have_value("https://library.example.org/door")
    expect(page.locator(".picture img")).to_have_count(1)
    alt = page.locator("textarea[name^=alt-]")
    expect(alt).to_be_focused()
    expect(alt).to_have_accessible_description(re.compile("Say what picture 1 shows"))
    alt.fill("A door, closed")
    send_for_review(page, "A door without")


def test_the_person_who_writes_cannot_approve(as_):
    page = as_("librarian")
    write_news(page, "Mine, all mine", "Practice")
    address = send_for_review(page, "Mine, all mine")
    page.goto(address)
    expect(page.get_by_role("button", name="Approve")).to_have_count(0)
    page.goto(f"/review/?post={address.rsplit('/', 1)[1]}")
    expect(page.locator("article.review", has_text="Mine, all mine")).to_contain_text("Somebody else approves it:")


def test_sent_back_with_a_note_edited_and_sent_again(as_):
    author, colleague = as_("contributor"), as_("approver")
    write_news(author, "The lamp is on at nihgt", "Practice")
    address = send_for_review(author, "The lamp is on")

    colleague.goto(address)
    colleague.get_by_text("Send back with a note").click()
    colleague.get_by_label("What should change?").fill("A letter is in the wrong place.")
    colleague.get_by_role("button", name="Send back", exact=True).click()
    expect(colleague.get_by_text("Sent back with your note.")).to_be_visible()

    author.goto(address)
    expect(author.locator("main")).to_contain_text("A letter is in the wrong place.")
    author.get_by_role("link", name="Edit").click()
    expect(author.locator(".note")).to_contain_text("A letter is in the wrong place.")
    author.get_by_label("Your words").fill("The lamp is on at night")
    assert send_for_review(author, "The lamp is on at night") == address
    approve(colleague, address)
    timeline(author)
    until_shown(author, "The lamp is on at night")


def test_two_people_who_edit_are_told_and_nothing_is_overwritten(as_):
    first, second = as_("contributor"), as_("approver")
    write_news(first, "Written by two", "Practice")
    first.get_by_role("button", name="Save draft").click()
    first.get_by_text("Saved.").wait_for()
    edit = first.url + "/edit"
    first.goto(edit)
    second.goto(edit)
    first.get_by_label("Your words").fill("Written by two, the first was quicker")
    first.get_by_role("button", name="Save draft").click()
    first.get_by_text("Saved.").wait_for()

    second.get_by_label("Your words").fill("Written by two, the second was slower")
    second.get_by_role("button", name="Save draft").click()
    expect(second.get_by_role("alert")).to_contain_text("Practice Contributor changed this post while you were writing")
    expect(second.get_by_label("Your words")).to_have_value("Written by two, the second was slower")
    expect(second.locator(".theirs .words")).to_have_text("Written by two, the first was quicker")
    expect(second.get_by_role("link", name="Take theirs")).to_be_visible()
    expect(second.get_by_role("button", name="Save draft")).to_have_count(0)
    first.reload()
    expect(first.locator(".bubble .words")).to_have_text("Written by two, the first was quicker")
    second.get_by_role("button", name="Keep mine").click()
    second.get_by_text("Saved.").wait_for()
    expect(second.locator(".bubble .words")).to_have_text("Written by two, the second was slower")


def test_a_time_that_is_missing_is_asked_for(as_):
    page = as_("contributor")
    write_news(page, "Some day, some time", "Practice", when="On a day I choose")
    page.get_by_role("button", name="Send for review").click()
    expect(page.get_by_role("alert")).to_be_visible(timeout=2_000)
    expect(page.get_by_label("Your words")).to_have_value("Some day, some time")
    page.get_by_label("Day", exact=True).fill("2028-03-07")
    page.get_by_label("Time", exact=True).fill("09:30")
    page.get_by_role("button", name="Send for review").click()
    expect(page.get_by_text("Sent for review.")).to_be_visible()
    assert address_of(page, "Some day, some time")
