"""What people do at the desk, as the words on the buttons say it."""

from __future__ import annotations

import io

from PIL import Image
from playwright.sync_api import Page


def choose_places(page: Page, *names: str) -> None:
    for chip in page.locator(".chip").all():
        chip.locator("input").set_checked(chip.inner_text().split("\n")[0].strip().startswith(names))


def write_news(page: Page, words: str, *places: str, when: str = "As soon as it is approved") -> None:
    page.goto("/posts/new/news")
    page.get_by_label("Your words").fill(words)
    choose_places(page, *places or ("Practice",))
    page.get_by_label(when).check()


def send_for_review(page: Page, words: str) -> str:
    """Presses the button; the address of the post."""
    page.get_by_role("button", name="Send for review").click()
    page.get_by_text("Sent for review.").wait_for()
    return address_of(page, words)


def address_of(page: Page, words: str) -> str:
    return page.locator("a.tile", has_text=words[:30]).first.get_attribute("href") or ""


def approve(page: Page, address: str) -> None:
    page.goto(address)
    page.get_by_role("button", name="Approve").click()
    page.get_by_text("Approved. It goes out").wait_for()


def timeline(page: Page) -> None:
    """The practice timeline, through the list of places."""
    page.goto("/places/")
    page.locator("main").get_by_role("link", name="Practice", exact=True).click()
    page.get_by_text("What went out here.").wait_for()


def picture() -> dict[str, object]:
    drawn = io.BytesIO()
    Image.new("RGB", (320, 200), "#1f6f54").save(drawn, "PNG")
    return {"name": "green.png", "mimeType": "image/png", "buffer": drawn.getvalue()}
