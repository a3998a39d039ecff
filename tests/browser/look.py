"""What every page must keep, at three widths, in light and dark: nothing here knows one page from another."""

from __future__ import annotations

import json
import re

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

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


def look_at(page: Page) -> None:
    page.evaluate("document.querySelectorAll('details').forEach((d) => { d.open = true })")
    said = page.evaluate(TEXT)
    assert not NEVER_SHOWN.findall(said), NEVER_SHOWN.findall(said)
    assert page.locator("h1").count() == 1
    assert not page.locator("[style], script:not([src]), style").count()
    for size in ({"width": 320, "height": 640}, PHONE, DESK):
        page.set_viewport_size(size)
        assert width(page) <= size["width"], f"scrolls sideways at {size['width']}: {widest(page)}"
        if size["width"] == 320:
            continue
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
            accessible(page, f"{size['width']} {scheme}")


def accessible(page: Page, where: str) -> None:
    if not page.evaluate("typeof axe !== 'undefined'"):
        page.evaluate(AXE.axe_script)
    found = page.evaluate("axe.run(document, {resultTypes: ['violations']}).then((r) => r.violations)")
    short = [(v["id"], v["impact"], [n["html"][:160] for n in v["nodes"][:4]]) for v in found]
    assert not found, f"{where}: {json.dumps(short, indent=1)}"


def width(page: Page) -> int:
    return page.evaluate("document.documentElement.scrollWidth")


def widest(page: Page) -> str:
    return page.evaluate(
        """() => [...document.querySelectorAll('body *')]
        .map((e) => [e.getBoundingClientRect().right, e.outerHTML.slice(0, 120)])
        .sort((a, b) => b[0] - a[0]).slice(0, 3).map(String).join('\\n')"""
    )
