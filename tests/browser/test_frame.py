"""What stands around every page fits on the screens that people have."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

EDGE = """(button) => {
  const light = (colour) => {
    const [r, g, b] = colour.match(/[\\d.]+/g).map(Number).map((v) => v / 255)
      .map((v) => v <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const [a, b] = [getComputedStyle(button).borderTopColor, getComputedStyle(document.body).backgroundColor].map(light);
  return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
}"""


@pytest.mark.parametrize(("width", "height"), [(1280, 720), (1366, 768)])
def test_the_foot_of_the_side_bar_is_seen_below_the_banner_of_practice(as_, width, height):
    page = as_("librarian", "/titles/")
    page.set_viewport_size({"width": width, "height": height})
    expect(page.locator(".bar").first).to_contain_text("Practice")
    foot = page.locator(".me summary").bounding_box()
    assert foot is not None
    assert foot["y"] + foot["height"] <= height
    page.locator(".me summary").click()
    page.get_by_role("button", name="Sign out").scroll_into_view_if_needed()
    assert page.evaluate("scrollY") == 0  # the side bar scrolls by itself


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_quiet_button_has_an_edge_that_is_seen(as_, scheme):
    page = as_("librarian", "/titles/feeds/1", color_scheme=scheme)
    assert page.get_by_role("button", name="Stop", exact=True).evaluate(EDGE) >= 3


def test_the_steps_out_of_a_system_are_read_in_the_width_of_the_page(as_):
    page = as_("librarian", "/titles/lists/")
    page.get_by_text("How do I get a list out of my system?").click()
    page.get_by_text("Follett Destiny", exact=True).click()
    step = page.get_by_text("Run it, open it in the Report Manager").bounding_box()
    assert step is not None
    assert step["width"] > 600
