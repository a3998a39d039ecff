"""A whole term at once: trivia from a file of questions, and posts from a table."""

from __future__ import annotations

from datetime import date, timedelta

from playwright.sync_api import Page, expect

from .look import look_at

ABOVE = "Question,Choice A,Choice B,Right answer,Explanation\n"
QUESTIONS = ABOVE + "".join(f"Is {n} an even number?,Yes,No,{'AB'[n % 2]},Count to it.\n" for n in range(1, 9))


def bring(page: Page, path: str, name: str, text: str) -> None:
    page.goto(path)
    page.get_by_label("file", exact=False).first.set_input_files(
        {"name": name, "mimeType": "text/csv", "buffer": text.encode()}
    )
    page.get_by_role("button", name="Look at it").click()
    page.get_by_text("Nothing is kept yet.").wait_for()


def test_trivia_for_a_term_comes_from_a_file_and_stops_with_one_button(as_):
    page = as_("contributor")
    bring(page, "/trivia/", "questions.csv", QUESTIONS + "And this one?,Yes,,,\n")
    expect(page.get_by_text("Say which choice is the right one.")).to_be_visible()
    page.get_by_label("Tuesday").check()
    page.get_by_label("Wednesday").uncheck()
    page.get_by_label("At what time").fill("10:30")
    choose = page.locator("fieldset", has=page.locator("legend", has_text="Where"))
    for box in choose.get_by_role("checkbox").all():
        box.uncheck()
    choose.get_by_label("Practice").check()
    page.get_by_role("button", name="Take them in, and post one each time").click()
    expect(page.get_by_text("Every Tuesday, at 10:30")).to_be_visible()
    expect(page.get_by_text("8 questions are new in the bank.")).to_be_visible()
    page.get_by_role("link", name="Trivia questions").click()
    page.locator("summary", has_text="used").click()
    page.get_by_role("link", name="used").first.click()
    expect(page.get_by_text("Waits for review.")).to_be_visible()
    expect(page.locator(".preview")).to_contain_text("Is ")

    page.goto("/repeats/")
    look_at(page)
    page.goto("/repeats/")
    page.get_by_text("Stop repeating").first.click()
    page.get_by_role("button", name="Yes: Stop repeating").click()
    expect(page.get_by_text("It does not repeat any more.")).to_be_visible()
    expect(page.get_by_text("Every Tuesday, at 10:30")).to_have_count(0)


def test_a_term_comes_from_a_table_while_the_page_tells_how_far_it_is(as_):
    page, first = as_("contributor"), date.today() + timedelta(days=40)
    lines = "".join(f"{first + timedelta(days=n)},9:00,News,Term post {n},Practice\n" for n in range(38))
    bring(page, "/term/", "spring.csv", f"Fecha,Hora,Tipo,Texto,Lugares\n{lines}soon,,News,Never,Practice\n")
    expect(page.get_by_text("“soon” is no day that we understand.")).to_be_visible()
    address = page.url
    look_at(page)
    page.goto(address)
    page.get_by_role("button", name="Take in 38 posts as drafts").click()
    expect(page.get_by_text("38 posts were taken in as drafts.")).to_be_visible(timeout=30_000)
    expect(page.get_by_text("1 row was left out.")).to_be_visible()
    expect(page.get_by_text("“soon” is no day that we understand.")).to_be_visible()
    expect(page.get_by_role("link", name="Term post 37")).to_be_visible()
    page.get_by_role("link", name="Look at the first week").click()
    expect(page.locator("a.tile", has_text="Term post 0").first).to_be_visible()

    bring(page, "/term/", "spring.csv", f"Fecha,Hora,Tipo,Texto,Lugares\n{lines}")
    expect(page.get_by_text("This post is there already.").first).to_be_visible()
    expect(page.get_by_role("button", name="Take in")).to_have_count(0)
