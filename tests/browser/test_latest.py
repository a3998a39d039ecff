"""The screen in the hallway turns by itself, also without a network; the page stands in a frame of the school."""

from __future__ import annotations

import re

import pytest
from factories import approved, deliveries, found_cast, queue
from local_server import LocalServer, Reply
from pictures_made import jpeg
from playwright.sync_api import Browser, expect

from outreach import clock
from outreach.access import OUTREACH
from outreach.accounts import own
from outreach.media.store import upload
from outreach.posts import take_down
from outreach.posts.publish import publish
from outreach.web.own_addresses import addresses

from .conftest import DESK, PHONE, Alone
from .look import AXE, accessible, width

SLUG = "maple-street-school-library"
EACH, LOOK = 12_000, 31_000  # milliseconds, see screen.js


class Hallway:
    """A library with a page and a screen; what it tells is published as the workers do."""

    def __init__(self, alone: Alone) -> None:
        self.app, now = alone.app, clock.now()
        self.url, self.cast = alone.url, found_cast(now)
        self.places = [own.add_own(self.cast.library, kind, OUTREACH, now) for kind in ("page", "screen")]
        self.page, self.screen = f"{alone.url}/latest/{SLUG}", f"{alone.url}/screen/{self.places[1].remote_id}"

    def tell(self, words: str, pictured: bool = False) -> int:
        now, shop = clock.now(), self.app.extensions["shop"]
        seen = upload(shop.store, self.cast.library.id, jpeg(640, 400), "owl.jpg", now) if pictured else None
        media = [(seen.id, "An owl on a branch")] if seen else []
        post = approved(self.cast, now, words=words, accounts=self.places, media=media)
        queue(post, now)
        for one in deliveries(post):
            assert publish(one.id, shop.door_at(now)) == "published"
        return post.id


@pytest.fixture
def hallway(tmp_path):
    alone = Alone(tmp_path)
    with alone.app.app_context():
        yield Hallway(alone)
    alone.server.shutdown()


@pytest.fixture
def monitor(browser: Browser):
    context = browser.new_context(viewport={"width": 1920, "height": 1080}, locale="en-US")
    context.set_default_timeout(10_000)
    page = context.new_page()
    page.wrong = []
    page.on("pageerror", lambda error: page.wrong.append(str(error)))
    yield page
    assert not page.wrong
    context.close()


def test_the_screen_shows_one_post_after_the_other(hallway, monitor):
    for words in ("First.", "Second.", "Third."):
        hallway.tell(words)
    monitor.clock.install()
    monitor.goto(hallway.screen)
    for words in ("Third.", "Second.", "First.", "Third."):
        expect(monitor.locator(".slide:visible")).to_have_text(words)
        monitor.clock.run_for(EACH)
    expect(monitor.locator("#clock")).to_have_text(re.compile(r"^\d+:\d\d\s[AP]M$"))
    expect(monitor.locator(".library")).to_have_text("Maple Street School Library")


def test_arrows_turn_it_and_the_space_bar_stops_it(hallway, monitor):
    for words in ("First.", "Second.", "Third."):
        hallway.tell(words)
    monitor.clock.install()
    monitor.goto(hallway.screen)
    shown = monitor.locator(".slide:visible")
    monitor.keyboard.press("ArrowLeft")
    expect(shown).to_have_text("First.")
    monitor.keyboard.press("ArrowRight")
    monitor.keyboard.press("Space")
    expect(monitor.locator("#count")).to_have_text("1 / 3 · stopped")
    monitor.clock.run_for(EACH * 3)
    expect(shown).to_have_text("Third.")
    monitor.keyboard.press("Space")
    monitor.clock.run_for(EACH)
    expect(shown).to_have_text("Second.")


def test_what_is_new_comes_and_what_is_taken_down_goes_by_itself(hallway, monitor):
    old = hallway.tell("An old one.")
    monitor.clock.install()
    monitor.goto(hallway.screen)
    expect(monitor.locator(".slide:visible")).to_have_text("An old one.")
    hallway.tell("A new one.", pictured=True)
    monitor.clock.run_for(LOOK)
    expect(monitor.locator(".slide")).to_have_count(2)
    take_down.take_down(old, OUTREACH, clock.now())
    monitor.clock.run_for(LOOK)
    expect(monitor.locator(".slide")).to_have_count(1)
    expect(monitor.locator(".slide:visible")).to_contain_text("A new one.")
    picture = monitor.get_by_role("img", name="An owl on a branch")
    expect(picture).to_be_visible()
    assert picture.evaluate("(image) => image.naturalWidth") == 640


def test_it_goes_on_with_the_last_ones_when_the_network_is_gone(hallway, monitor):
    hallway.tell("First.", pictured=True)
    hallway.tell("Second.")
    monitor.clock.install()
    monitor.goto(hallway.screen)
    expect(monitor.locator("#clock")).not_to_be_empty()
    monitor.context.set_offline(True)
    shown = monitor.locator(".slide:visible")
    for words in ("Second.", "First.", "Second.", "First."):
        expect(shown).to_have_text(words)
        monitor.clock.run_for(EACH)
    monitor.keyboard.press("ArrowRight")
    assert monitor.locator("img").evaluate("(image) => image.naturalWidth") == 640
    monitor.context.set_offline(False)
    hallway.tell("Third.")
    monitor.clock.run_for(LOOK)
    expect(monitor.locator(".slide")).to_have_count(3)


@pytest.mark.parametrize("size", [(1920, 1080), (1280, 720), (1080, 1920), (800, 600)])
def test_words_are_large_and_whole_on_every_monitor(hallway, monitor, size):
    hallway.tell("Open until 5 today.")
    hallway.tell("\n".join(f"A book with a title, number {n}" for n in range(8)), pictured=True)
    hallway.tell("Characteristically, " * 13)
    monitor.set_viewport_size({"width": size[0], "height": size[1]})
    monitor.goto(hallway.screen)
    for _ in range(3):
        box = monitor.locator(".slide:visible .words").bounding_box()
        foot = monitor.locator("footer").bounding_box()
        assert box["y"] >= 0
        assert box["x"] + box["width"] <= size[0]
        assert box["y"] + box["height"] <= foot["y"] + 1
        letters = monitor.locator(".slide:visible .words").evaluate("(e) => parseFloat(getComputedStyle(e).fontSize)")
        assert letters >= max(size) / 48, "to be read from five metres"
        monitor.keyboard.press("ArrowRight")


def test_the_line_for_the_schools_site_shows_the_posts_on_a_page_of_another_origin(hallway, browser: Browser):
    hallway.tell("The book fair begins: https://school.example/fair", pictured=True)
    with hallway.app.test_request_context(base_url=hallway.url):
        code = addresses(hallway.places[0]).code
    school = f"<!doctype html><title>Our school</title><h1>Our school</h1>{code}"
    with LocalServer(lambda request: Reply(body=school.encode()), host="127.0.0.2") as server:
        context = browser.new_context(viewport=DESK)
        page = context.new_page()
        page.goto(server.url)
        frame = page.frame_locator("iframe")
        expect(frame.get_by_text("The book fair begins:")).to_be_visible()
        expect(frame.get_by_role("img", name="An owl on a branch")).to_be_visible()
        assert frame.locator("article").evaluate("(e) => getComputedStyle(e).borderRadius") == "8px"
        link = frame.get_by_role("link", name="school.example/fair")
        assert link.evaluate("(e) => e.closest('html').querySelector('base').target") == "_blank"
        assert context.cookies() == []
        assert page.locator("iframe").get_attribute("title") == "Latest from Maple Street School Library"
        context.close()


def test_the_page_itself_stands_in_no_frame(hallway, browser: Browser):
    hallway.tell("The book fair begins.")
    with LocalServer(lambda request: Reply(body=f'<iframe src="{hallway.page}"></iframe>'.encode())) as server:
        context = browser.new_context()
        page = context.new_page()
        page.goto(server.url)
        expect(page.frame_locator("iframe").get_by_text("The book fair begins.")).to_have_count(0)
        context.close()


@pytest.mark.parametrize("which", ["page", "frame", "screen"])
def test_everybody_can_read_it(hallway, browser: Browser, which):
    hallway.tell("Two lines,\nand a link: https://school.example/" + "long" * 30, pictured=True)
    hallway.tell("A second one.")
    address = {"page": hallway.page, "frame": hallway.page + "/frame", "screen": hallway.screen}[which]
    context = browser.new_context()
    page = context.new_page()
    page.goto(address)
    page.evaluate(AXE.axe_script)
    rules = "{resultTypes: ['violations']}"
    found = accessible(page, DESK, "light", rules) | accessible(page, PHONE, "dark", rules)
    assert not any(found.values()), found
    for wide in (1280, 390, 320):
        page.set_viewport_size({"width": wide, "height": 700})
        assert width(page) <= wide
    context.close()
