"""Pictures of today's pages for the README: `python -m tests.pictures` writes docs/*.png.

A practice library as anybody gets it, with some posts more in the week that comes.
"""

from __future__ import annotations

import io
import sys
import tempfile
from datetime import date, timedelta
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))  # helpers beside this file

from browser import conftest, states
from browser.desk import choose_places
from open_library import OpenLibraryServer
from PIL import Image, ImageDraw
from playwright.sync_api import Browser, Page, sync_playwright
from sqlalchemy import select

from outreach import clock
from outreach.db import db
from outreach.models import Library
from outreach.posts.written import Written

DOCS = Path(__file__).parents[1] / "docs"
DESK, PHONE = {"width": 1280, "height": 800}, {"width": 390, "height": 844}
MOST_BYTES = 150_000
NEWS = "Poetry breakfast on Friday at 8:15. There is hot chocolate, and everybody may read."


def main() -> None:
    with tempfile.TemporaryDirectory() as home, OpenLibraryServer() as catalog, sync_playwright() as playwright:
        browser = conftest.chromium(playwright)
        up = conftest.Up(Path(home), OUTREACH_OPEN_LIBRARY=catalog.url, OUTREACH_COVERS=catalog.url)
        try:
            cast = conftest.look_around(browser, up)
            monday = plan(up)
            take(browser, up, cast, monday)
        finally:
            up.end()
            browser.close()


def plan(up: conftest.Up) -> date:
    """Posts in the next week; returns its Monday."""
    with up.inside():
        now, library = clock.now(), db.session.scalars(select(Library)).one()
        monday = clock.week_of(clock.today(now, library.timezone))[0] + timedelta(days=7)
        both = dict.fromkeys([states.places()["Practice"], states.places()["Facebook"]], "")
        for days, at, kind, words, fields in POSTS:
            moment = clock.at_wall(monday + timedelta(days=days), at, library.timezone)
            if moment > now:
                told = {"fields": fields, "timing": "at", "wished_at": moment, "accounts": both}
                states.approved(Written(kind, words, **told), now)
    return monday


POSTS = (  # days after that Monday
    (0, "12:00", "news", "The 3D printer is back. Bring your drawings at lunch.", {}),
    (1, "15:30", "highlight", "Clear articles on every country, and it reads them aloud.", {"name": "Our world atlas"}),
    (3, "15:00", "news", "Open until 17:00 this week, for your history projects.", {}),
    (4, "08:00", "news", "Chess club at noon. Beginners sit beside somebody who knows how.", {}),
    (7, "12:00", "news", "Bring back what you have read: no fees, no questions.", {}),
    (9, "09:00", "news", "Winter reading begins. One book, one cup of chocolate.", {}),
    (11, "12:00", "news", "Our student helpers chose their ten best graphic novels.", {}),
    (15, "15:30", "news", "Study hall is open before the tests, from 7:30.", {}),
    (17, "12:00", "news", "Puzzle table: the first thousand pieces are done.", {}),
)


def take(browser: Browser, up: conftest.Up, cast: dict, monday: date) -> None:
    def opened(role: str, path: str, size: dict[str, int] = DESK) -> Page:
        options = {"viewport": size, "storage_state": cast[role], "base_url": up.url, "reduced_motion": "reduce"}
        page = browser.new_context(timezone_id="America/Chicago", **options).new_page()
        page.goto(path)
        return page

    week = f"/?week={monday}"
    keep(opened("librarian", week), "week", high=690)
    keep(opened("librarian", f"/month?month={monday + timedelta(days=6):%Y-%m}"), "month")
    keep(opened("librarian", week, PHONE), "phone")
    keep(composed(opened("contributor", "/posts/new/news")), "composer")
    review = opened("approver", "/review/")
    conftest.until_shown(review, "Treasure Island")  # the weekly post is written by then
    keep(review, "review")


def composed(page: Page) -> Page:
    page.get_by_label("Your words").fill(NEWS)
    choose_places(page, "Practice", "Facebook")
    page.get_by_label("Add a picture").first.set_input_files(poster())
    page.locator(".pictures-list textarea").fill("A poster: a cup of chocolate, and “Poetry breakfast, Friday 8:15”")
    page.get_by_text("saved").wait_for()
    page.locator(".previews img").first.wait_for()
    page.evaluate("document.activeElement.blur(), scrollTo(0, 0)")
    return page


def poster() -> dict[str, object]:
    drawn, made = io.BytesIO(), Image.new("RGB", (960, 540), "#f3e3c3")
    pen = ImageDraw.Draw(made)
    pen.rounded_rectangle((330, 200, 590, 440), 40, fill="#8a5a00")
    pen.arc((560, 250, 690, 390), 260, 100, fill="#8a5a00", width=26)
    pen.ellipse((330, 170, 590, 240), fill="#5b3a00")
    pen.text((480, 90), "Poetry breakfast", fill="#1f6f54", anchor="mm", font_size=72)
    made.save(drawn, "PNG")
    return {"name": "poetry.png", "mimeType": "image/png", "buffer": drawn.getvalue()}


def keep(page: Page, name: str, high: int | None = None) -> None:
    """In 256 colours: pages have few."""
    size = page.viewport_size or DESK
    if high:
        page.set_viewport_size({"width": size["width"], "height": high})
    page.wait_for_load_state("networkidle")
    shot = Image.open(io.BytesIO(page.screenshot())).convert("RGB")
    shot.quantize(256, dither=Image.Dither.NONE).save(DOCS / f"{name}.png", optimize=True)
    size_of = (DOCS / f"{name}.png").stat().st_size
    assert size_of < MOST_BYTES, (name, size_of)
    page.context.close()


if __name__ == "__main__":
    main()
