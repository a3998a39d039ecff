"""What every page must keep, at three widths, in light and dark: nothing here knows one page from another."""

from __future__ import annotations

import json
import re
from typing import Literal

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, ViewportSize

from .conftest import DESK, PHONE

NEVER_SHOWN = re.compile(r"\b(channels?|deliver(y|ies)|queued|sending|grace|payloads?|sync\w*)\b", re.IGNORECASE)
TEXT = """() => {
  const said = [document.title];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) said.push(walker.currentNode.data);
  for (const e of document.querySelectorAll('*'))
    for (const name of ['aria-label', 'placeholder', 'title', 'alt']) said.push(e.getAttribute(name) ?? '');
  return said.join('\\n');
}"""
AXE = Axe()
EVERY_RULE = "{resultTypes: ['violations']}"
COLOURS = "{resultTypes: ['violations'], runOnly: ['color-contrast']}"
NARROW = ViewportSize(width=320, height=640)


def look_at(page: Page) -> None:
    page.evaluate("document.querySelectorAll('details').forEach((d) => { d.open = true })")
    said = page.evaluate(TEXT)
    assert not NEVER_SHOWN.search(said), NEVER_SHOWN.search(said)
    assert page.locator("h1").count() == 1
    assert not page.locator("[style], script:not([src]), style").count()
    page.evaluate(AXE.axe_script)
    for size in (NARROW, PHONE, DESK):
        page.set_viewport_size(size)
        assert width(page) <= size["width"], f"scrolls sideways at {size['width']}: {widest(page)}"
    accessible(page, DESK, "light", EVERY_RULE)
    accessible(page, DESK, "dark", COLOURS)  # only they differ between light and dark
    accessible(page, PHONE, "dark", EVERY_RULE)
    accessible(page, PHONE, "light", COLOURS)


def accessible(page: Page, size: ViewportSize, scheme: Literal["light", "dark"], rules: str) -> None:
    page.set_viewport_size(size)
    page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
    found = page.evaluate(f"axe.run(document, {rules}).then((r) => r.violations)")
    short = [(v["id"], v["impact"], [n["html"][:160] for n in v["nodes"][:4]]) for v in found]
    assert not found, f"{size['width']} {scheme}: {json.dumps(short, indent=1)}"


def width(page: Page) -> int:
    return page.evaluate("document.documentElement.scrollWidth")


def widest(page: Page) -> str:
    return page.evaluate(
        """() => [...document.querySelectorAll('body *')]
        .map((e) => [e.getBoundingClientRect().right, e.outerHTML.slice(0, 120)])
        .sort((a, b) => b[0] - a[0]).slice(0, 3).map(String).join('\\n')"""
    )
