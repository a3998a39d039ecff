"""What every page must keep, at four widths, in light and dark: nothing here knows one page from another."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Literal

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, ViewportSize

from .conftest import DESK, PHONE

NEVER_SHOWN = re.compile(r"\b(channels?|deliver(y|ies)|queued|sending|grace|payloads?|sync\w*)\b", re.IGNORECASE)
AXE = Axe()
LOOK = (Path(__file__).parent / "look.js").read_text()
# WCAG 2.2 AA and what axe holds for good besides; 24 px is not looked at unless asked for
EVERY_RULE = "{resultTypes: ['violations'], rules: {'target-size': {enabled: true}}}"
COLOURS = "{resultTypes: ['violations'], runOnly: ['color-contrast']}"
NARROW, ZOOMED = ViewportSize(width=320, height=640), ViewportSize(width=640, height=450)  # 1280 x 900 at 200 %


def look_at(page: Page) -> None:
    page.evaluate("document.querySelectorAll('details').forEach((d) => { d.open = true })")
    page.evaluate(LOOK)
    page.evaluate(AXE.axe_script)
    page.emulate_media(reduced_motion="reduce")
    said = page.evaluate("look.said()")
    assert not NEVER_SHOWN.search(said), NEVER_SHOWN.search(said)
    assert page.locator("html[lang]").count() == 1
    found = {name: page.evaluate(f"look.{name}()") for name in ("headings", "inline", "motion", "unseen", "silent")}
    page.keyboard.press("Tab")  # from here on the focus is that of a keyboard
    for size in (NARROW, ZOOMED, PHONE, DESK):
        page.set_viewport_size(size)
        for name in ("wide", "cut") if size != PHONE else ("wide", "focus"):
            found[f"{name} at {size['width']}"] = page.evaluate(f"look.{name}()")
    found["focus at 1280"] = page.evaluate("look.focus()")
    found |= accessible(page, DESK, "light", EVERY_RULE)
    found |= accessible(page, PHONE, "dark", EVERY_RULE)
    found |= accessible(page, DESK, "dark", COLOURS)  # only they differ between light and dark
    wrong = {name: what for name, what in found.items() if what}
    assert not wrong, json.dumps(wrong, indent=1, ensure_ascii=False)


def accessible(page: Page, size: ViewportSize, scheme: Literal["light", "dark"], rules: str) -> dict[str, list[str]]:
    page.set_viewport_size(size)
    page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
    found = page.evaluate(f"axe.run(document, {rules}).then((r) => r.violations)")
    return {f"{v['id']} at {size['width']} {scheme}": [n["html"][:160] for n in v["nodes"][:4]] for v in found}


def width(page: Page) -> int:
    return page.evaluate("document.documentElement.scrollWidth")


def widest(page: Page) -> str:
    return page.evaluate(
        """() => [...document.querySelectorAll('body *')]
        .map((e) => [e.getBoundingClientRect().right, e.outerHTML.slice(0, 120)])
        .sort((a, b) => b[0] - a[0]).slice(0, 3).map(String).join('\\n')"""
    )
