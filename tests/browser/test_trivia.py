"""Trivia: a poll on the timeline, and an answer that nobody sees before its time."""

from __future__ import annotations

from playwright.sync_api import expect

from .conftest import until_shown
from .desk import approve, choose_places, send_for_review, timeline


def test_trivia_goes_out_as_a_poll_and_its_answer_stays_hidden(as_):
    page = as_("contributor", "/posts/new/trivia")
    page.get_by_label("Your question").fill("Which of these is a whale?")
    for letter, choice in zip("ABC", ("Black Beauty", "Moby Dick", "White Fang"), strict=True):
        page.get_by_label(f"Choice {letter}").fill(choice)
    page.get_by_label("B is right").check()
    page.get_by_label("Explanation").fill("Ishmael tells it all.")
    choose_places(page, "Practice")
    page.get_by_label("As soon as it is approved").check()
    expect(page.locator("#previews .poll li")).to_have_text(["Black Beauty", "Moby Dick", "White Fang"])
    expect(page.locator("#previews")).to_contain_text("The answer: Moby Dick")
    address = send_for_review(page, "Which of these is a whale?")

    colleague = as_("approver")
    approve(colleague, address)
    timeline(colleague)
    until_shown(colleague, "Which of these is a whale?")
    sent = colleague.locator("article", has_text="Which of these is a whale?")
    expect(sent.locator(".poll li")).to_have_text(["Black Beauty", "Moby Dick", "White Fang"])
    expect(sent).to_contain_text("Tell us at the library desk.")
    source = colleague.content()
    assert "The answer:" not in source
    assert "Ishmael" not in source

    colleague.goto(address)
    answer = colleague.locator(".delivery", has_text="message 2 of 2")
    expect(answer.locator(".state")).to_have_text("waits for its time")


def test_what_trivia_misses_is_said_until_it_is_there(as_):
    page = as_("contributor", "/posts/new/trivia")
    page.get_by_label("Your question").fill("And the answer is?")
    page.get_by_role("button", name="Send for review").click()
    expect(page.get_by_role("alert")).to_contain_text("Give at least two choices.")
    expect(page.get_by_label("Your question")).to_have_value("And the answer is?")
    page.get_by_label("Choice A").fill("Yes")
    expect(page.get_by_role("alert")).to_be_visible()
    page.get_by_label("Choice B").fill("No")
    expect(page.get_by_role("alert")).to_have_count(0)

    page.get_by_role("button", name="Send for review").click()
    expect(page.get_by_role("alert")).to_contain_text("Say which choice is the right one.")
    page.get_by_label("B is right").check()
    expect(page.get_by_role("alert")).to_have_count(0)
    expect(page.locator("[aria-invalid]")).to_have_count(0)
