"""What a browser would send back: the fields of a form on a page, as they stand there."""

from __future__ import annotations

from html.parser import HTMLParser


class _Forms(HTMLParser):
    def __init__(self, action: str) -> None:
        super().__init__()
        self.action, self.inside = action, False
        self.fields: dict[str, list[str]] = {}
        self._select = self._area = ""
        self._text: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.inside = told.get("action") == self.action
        if not self.inside:
            return
        if tag == "input":
            self._input(told)
        elif tag == "select":
            self._select = told.get("name", "")
        elif tag == "option" and "selected" in told:
            self._add(self._select, told.get("value", ""))
        elif tag == "textarea":
            self._area, self._text = told.get("name", ""), []

    def _input(self, told: dict[str, str]) -> None:
        kind = told.get("type", "text")
        ticked = kind not in ("checkbox", "radio") or "checked" in told
        if ticked and kind not in ("file", "submit"):
            self._add(told.get("name", ""), told.get("value", ""))

    def handle_data(self, data: str) -> None:
        self._text.append(data)

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea" and self._area:
            self._add(self._area, "".join(self._text))
            self._area = ""
        self.inside = self.inside and tag != "form"

    def _add(self, name: str, value: str) -> None:
        if name and self.inside:
            self.fields.setdefault(name, []).append(value)


def fields_of(page: str, action: str) -> dict[str, list[str]]:
    """Name -> values, of the form that is sent to `action`."""
    reader = _Forms(action)
    reader.feed(page)
    assert reader.fields, f"no form for {action}"
    return reader.fields
