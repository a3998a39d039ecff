"""Hands at a page: the mouse, the thumb, and the keyboard alone, each as far as a person has it and no further."""

from __future__ import annotations

from datetime import date

from playwright.sync_api import Locator, Page, expect

MOST_TABS = 220
GROUP = "(e) => document.activeElement === e || (e.type === 'radio' && e.name === document.activeElement.name)"
OPTIONS = "(e) => [...e.options].map((option) => option.label)"
RINGED = """(e) => [e, ...(e.labels ?? []), e.parentElement].some((one) => {
  const s = getComputedStyle(one);
  return (s.outlineStyle !== 'none' && parseFloat(s.outlineWidth) >= 2) || s.boxShadow !== 'none';
})"""
COVER = """(e) => {
  const own = e.getBoundingClientRect(), box = own.width > 2 ? own : (e.labels?.[0] ?? e).getBoundingClientRect();
  const points = [[.5, .5], [.05, .5], [.95, .5], [.5, .1], [.5, .9]];
  const at = points.map(([x, y]) => document.elementFromPoint(box.x + box.width * x, box.y + box.height * y));
  const seen = at.some((one) => one && (e.contains(one) || one.closest('label')?.control === e));
  return seen ? '' : `${at[0]?.outerHTML.slice(0, 200)} at ${box.x}, ${box.y}, ${box.width} x ${box.height}`;
}"""  # of the element, or of its label: what lies over it, or that it is out of sight


class Mouse:
    """Points and clicks; what the operating system shows (lists, calendars) is taken as done."""

    name = "mouse"

    def __init__(self, page: Page) -> None:
        self.page = page

    def press(self, thing: Locator) -> None:
        thing.click()

    def write(self, field: Locator, words: str) -> None:
        self.press(field)
        field.fill(words)

    def tick(self, box: Locator) -> None:
        if not box.is_checked():
            self.press(box)
        expect(box).to_be_checked()

    def choose(self, field: Locator, label: str) -> None:
        field.select_option(label=label)

    def day(self, field: Locator, day: date) -> None:
        field.fill(day.isoformat())

    def clock(self, field: Locator, hour: int, minute: int) -> None:
        field.fill(f"{hour:02}:{minute:02}")

    def file(self, field: Locator, path: object) -> None:
        with self.page.expect_file_chooser() as chooser:
            self.press(field)
        chooser.value.set_files(path)  # type: ignore[arg-type]


class Thumb(Mouse):
    """Taps; what is tapped is large enough for a thumb."""

    name = "thumb"

    def press(self, thing: Locator) -> None:
        thing.scroll_into_view_if_needed()
        box = thing.bounding_box()
        assert box, f"nothing to tap: {thing}"
        assert box["height"] >= 24 or thing.evaluate("(e) => e.labels?.[0]?.offsetHeight ?? 0") >= 24, (thing, box)
        thing.tap()


class Keyboard(Mouse):
    """Tab to it, see that it has the focus, press: nothing is ever pointed at."""

    name = "keyboard"

    def go_to(self, thing: Locator, reached: str = "(e) => document.activeElement === e") -> None:
        expect(thing).to_be_visible()
        handle = thing.element_handle()
        for _ in range(MOST_TABS):
            if handle.evaluate(reached):
                break
            self.page.keyboard.press("Tab")
        else:
            raise AssertionError(f"no way by keyboard to {thing}")
        if handle.evaluate("(e) => document.activeElement === e"):
            for _ in range(20):  # pages scroll softly
                if not (cover := handle.evaluate(COVER)):
                    break
                self.page.wait_for_timeout(100)
            assert not cover, f"what has the focus is not seen: {thing}, but {cover}"
            assert handle.evaluate(RINGED), f"nothing shows that it has the focus: {thing}"

    def press(self, thing: Locator) -> None:
        self.go_to(thing)
        self.page.keyboard.press("Enter")

    def write(self, field: Locator, words: str) -> None:
        self.go_to(field)
        self.page.keyboard.press("Control+a")
        self.page.keyboard.type(words)

    def tick(self, box: Locator) -> None:
        self.go_to(box, GROUP)
        if box.get_attribute("type") != "radio":
            if not box.is_checked():
                self.page.keyboard.press("Space")
            return expect(box).to_be_checked()
        for _ in range(20):
            if box.is_checked():
                return None
            self.page.keyboard.press("ArrowDown")
        raise AssertionError(f"no arrow leads to {box}")

    def choose(self, field: Locator, label: str) -> None:
        self.go_to(field)
        options = field.evaluate(OPTIONS)
        now = field.evaluate("(e) => e.selectedIndex")
        step = options.index(label) - now
        for _ in range(abs(step)):
            self.page.keyboard.press("ArrowDown" if step > 0 else "ArrowUp")
        assert options[field.evaluate("(e) => e.selectedIndex")] == label

    def day(self, field: Locator, day: date) -> None:
        self.go_to(field)
        self.page.keyboard.type(f"{day:%m%d%Y}")
        expect(field).to_have_value(day.isoformat())

    def clock(self, field: Locator, hour: int, minute: int) -> None:
        self.go_to(field)
        self.page.keyboard.type(f"{(hour - 1) % 12 + 1:02}{minute:02}{'AP'[hour >= 12]}")
        expect(field).to_have_value(f"{hour:02}:{minute:02}")
