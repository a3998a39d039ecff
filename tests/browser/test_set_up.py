"""From the one-time link to an empty week of one's own."""

from __future__ import annotations

from playwright.sync_api import expect

from .look import look_at


def test_a_visitor_sees_being_set_up_and_the_link_opens_an_empty_week_once(fresh, window):
    link = fresh.link

    visitor = window(fresh)
    answer = visitor.goto("/")
    assert answer.status == 503
    expect(visitor.get_by_role("heading", level=1)).to_have_text("Outreach is being set up")
    look_at(visitor)
    visitor.goto("/posts/new")
    expect(visitor.get_by_role("heading", level=1)).to_have_text("Outreach is being set up")

    page = window(fresh)
    page.goto(link)
    look_at(page)
    page.get_by_label("What is your library called?").fill("Elm Street School Library")
    page.get_by_label("Which grades?").select_option("K–5")
    page.get_by_label("Your name").fill("Librarian")
    page.get_by_label("Your school e-mail").fill("librarian@school.example")
    page.get_by_role("button", name="Begin").click()

    expect(page.get_by_role("heading", level=1)).to_have_text("This week")
    expect(page.get_by_role("link", name="choose a password, to sign in again")).to_be_visible()
    expect(page.get_by_text("Start with…")).to_be_visible()
    expect(page.locator(".four .card-link strong")).to_have_text(["News", "New titles", "Trivia", "Event"])
    expect(page.locator(".side .places")).to_contain_text("Instagram")
    look_at(page)
    for path in ("/titles/", "/review/", "/practice/1"):
        page.goto(path)
        look_at(page)
    page.goto("/library/")
    expect(page.get_by_label("Time zone")).to_have_value("America/Chicago")
    expect(page.get_by_label("Country")).to_have_value("US")

    again = visitor.goto(link)
    assert again.status == 410
    visitor.goto("/")
    expect(visitor.get_by_role("heading", level=1)).to_have_text("Sign in")
