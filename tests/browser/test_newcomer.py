"""Somebody who has never seen the program, with nothing but the words on its pages: new titles from what she has."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from local_server import LocalServer, Reply, Request
from playwright.sync_api import Page, expect

from .conftest import until_shown
from .desk import approve, timeline

DATA = Path(__file__).parents[1] / "data"
SCANNED = {  # ten books on a cart
    "9780061020704": ("The light fantastic", "Terry Pratchett"),
    "9780062225733": ("New kid", "Jerry Craft"),
    "9780064404990": ("The lion, the witch and the wardrobe", "C. S. Lewis"),
    "9780804429573": ("Grammar for grown-ups", "Nora Nadel"),
    "9780439023481": ("The hunger games", "Suzanne Collins"),
    "9780142410318": ("Charlie and the chocolate factory", "Roald Dahl"),
    "9780545935180": ("Amulet", "Kazu Kibuishi"),
    "9780141321592": ("Anne of Green Gables", "L. M. Montgomery"),
    "9780141321004": ("Treasure Island", "Robert Louis Stevenson"),
}
NOT_FOUND = "9780140328721"


def add_titles(page: Page) -> None:
    page.get_by_role("link", name="New titles").first.click()
    page.get_by_role("link", name="Add titles").click()


def send(page: Page, words: str) -> str:
    """For review; returns the address of the post."""
    page.get_by_label("Words above the list").fill(words)
    page.get_by_role("button", name="Send for review").click()
    page.get_by_text("Sent for review.").wait_for()
    return page.locator("a.tile", has_text=words[:30]).first.get_attribute("href") or ""


def test_a_list_out_of_destiny_becomes_a_post_in_review(as_):
    page = as_("contributor")
    add_titles(page)
    page.get_by_text("How do I get a list out of my system?").click()
    page.get_by_text("Follett Destiny", exact=True).click()
    expect(page.get_by_text("Report Builder")).to_be_visible()
    page.get_by_label("A list from your library system").set_input_files(DATA / "lists" / "titles.xlsx")
    page.get_by_role("button", name="Look at it").click()
    expect(page.locator("main")).to_contain_text("The light fantastic – Terry Pratchett")
    expect(page.locator("main")).to_contain_text("Excel has cut this ISBN down")
    page.get_by_role("button", name="Yes, they are there").click()
    until_shown(page, "What happens next")
    expect(page.locator(".what-next")).to_contain_text("If you do nothing, a draft of the weekly post")
    page.get_by_role("button", name="Write a post about them now").click()
    expect(page.locator(".previews")).to_contain_text("• The light fantastic – Terry Pratchett")
    address = send(page, "Out of Destiny this week:")
    page.goto(address)
    expect(page.locator("main")).to_contain_text("in review")
    expect(page.locator("main img").first).to_be_visible()


def test_ten_scanned_books_become_a_post_in_review(as_, open_library):
    for isbn, (title, author) in SCANNED.items():
        open_library.knows(isbn, title=title, author=author)
    page = as_("contributor")
    add_titles(page)
    box = page.get_by_label("Scan or paste their ISBNs")
    box.click()
    for isbn in (*SCANNED, NOT_FOUND):
        page.keyboard.type(isbn)
        page.keyboard.press("Enter")  # as scanners do: a new line, and nothing is sent
    expect(box).to_be_visible()
    page.get_by_role("button", name="Look them up", exact=True).click()
    until_shown(page, "1 book was not found")
    row = page.locator("form", has_text=NOT_FOUND)
    row.get_by_label("Title").fill("The twits")
    row.get_by_label("Author").fill("Dahl, Roald")
    row.get_by_role("button", name="Save").click()
    expect(page.locator("main")).to_contain_text("The twits – Roald Dahl")
    expect(page.locator(".what-next")).to_contain_text("comes to Review before")
    page.get_by_role("button", name="Write a post about them now").click()
    send(page, "From the cart this morning:")


@pytest.fixture(scope="module")
def koha() -> Iterator[LocalServer]:
    """A catalog: its search page names no feed, and its feed is where Koha has it."""
    feed = (DATA / "feeds" / "koha-search.rss.xml").read_bytes()

    def answer(request: Request) -> Reply:
        if request.query.get("format") == ["rss"]:
            return Reply(200, feed, {"Content-Type": "application/rss+xml"})
        if request.path.startswith("/cgi-bin/koha/"):
            body = (
                b'<!doctype html><html><head><title>Search</title><meta name="generator" content="Koha"></head></html>'
            )
            return Reply(200, body)
        return Reply(404)

    with LocalServer(answer) as server:
        yield server


def test_a_koha_catalog_is_found_from_its_search_page(as_, koha):
    page = as_("librarian")
    add_titles(page)
    page.get_by_label("Paste the address of the catalog").fill(f"{koha.url}/cgi-bin/koha/opac-search.pl?q=moon")
    page.get_by_role("button", name="Find its new titles").click()
    expect(page.get_by_role("heading", name="We found its list of new titles")).to_be_visible()
    expect(page.locator("main li").first).to_contain_text("–")
    page.get_by_label("Name").fill("Books about the moon")
    page.get_by_role("button", name="Add it").click()
    expect(page.get_by_role("heading", name="Books about the moon")).to_be_visible()
    until_shown(page, re.compile(r"\d+ known"))
    expect(page.locator("main")).to_contain_text("0 new")
    page.get_by_role("button", name="Write a post about the newest").click()
    expect(page.get_by_role("checkbox", name="Le petit prince")).to_be_checked()


def test_a_catalog_that_gives_no_feed_says_what_to_do_instead(as_):
    page = as_("librarian")
    add_titles(page)
    page.get_by_label("Paste the address of the catalog").fill("http://127.0.0.1:9/cataloging/servlet/x.do?site=3")
    page.get_by_role("button", name="Find its new titles").click()
    expect(page.get_by_role("alert")).to_be_visible()
    page.get_by_role("link", name="Bring a list").click()
    expect(page.get_by_label("Scan or paste their ISBNs")).to_be_visible()


def test_records_of_a_vendor_wait_until_the_books_are_there_and_can_be_taken_out_again(as_):
    page = as_("librarian")
    add_titles(page)
    page.get_by_label("A list from your library system").set_input_files(DATA / "lists" / "titles.mrc")
    page.get_by_role("button", name="Look at it").click()
    expect(page.locator("main")).to_contain_text("Le petit prince")
    page.get_by_role("button", name="Not yet: they are coming").click()
    until_shown(page, "under “coming”")
    page.get_by_role("button", name="They are on our shelves now").click()
    expect(page.locator(".what-next")).to_contain_text("to be announced")
    page.get_by_text("Undo this list", exact=True).click()
    page.get_by_role("button", name="Yes: Undo this list").click()
    expect(page.locator("main")).to_contain_text("taken out again")


def test_the_weekly_post_is_designed_and_seen_on_the_timeline_with_its_books(as_):
    page = as_("librarian")
    page.get_by_role("link", name="New titles").first.click()
    page.get_by_text("Change…", exact=True).click()
    form = page.locator(".digest form", has=page.get_by_label("How many"))
    form.get_by_label("How many").fill("3")
    form.get_by_label("Words above the list").fill("Three for the weekend, of {count}:")
    expect(page.locator(".weekly-preview")).to_contain_text(re.compile(r"Three for the weekend, of \d:"))
    form.get_by_role("button", name="Save").click()
    expect(page.locator(".three")).to_contain_text("the newest 3")

    page.get_by_role("link", name="All titles").click()
    page.get_by_placeholder("Title, author or ISBN").fill("treas")
    page.get_by_role("button", name="Search").click()
    page.get_by_label("Choose Treasure Island").first.check()
    page.get_by_role("button", name="Write a post").click()
    page.get_by_label("As soon as it is approved").check()
    for chip in page.locator(".chip").all():
        chip.locator("input").set_checked(chip.inner_text().strip().startswith("Practice"))
    address = send(page, "A shelf for pirates:")
    approve(as_("approver"), address)
    timeline(page)
    until_shown(page, "A shelf for pirates:")
    shown = page.locator(".bubble", has_text="A shelf for pirates:").first
    expect(shown.locator("img").first).to_be_visible()
    expect(shown).to_contain_text("Treasure Island")
