"""What a template or a script says is said through gettext: no visible word stands in it as it is."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html.parser import HTMLParser

import pytest
from catalog import ROOT, TEMPLATES
from jinja2 import nodes

SAY = {"_", "ngettext", "gettext", "told", "counted", "say"}
SAID_ALOUD = {"aria-label", "placeholder", "title", "alt", "data-done", "data-word"}
# names, and examples of addresses, hashtags, call numbers and lines: the same in every language
SAME = {"Outreach", "ISBN", "mastodon.social", "Follett Destiny", "Alexandria", "OPALS", "Koha", "YA, FIC YA, HS"}
EXAMPLE = re.compile(r"https://\S*$|#\w+$|.*\{\w+\}")
SENTENCE = re.compile(r"[A-Z][a-z]+( [a-z]+)+")
WORD = re.compile(r"[^\W\d_]{2,}")


class Seen(HTMLParser):
    """The texts and spoken attributes of a template without its expressions."""

    def __init__(self) -> None:
        super().__init__()
        self.said: list[str] = []

    def handle_data(self, data: str) -> None:
        self.said.append(data)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.said += [value for name, value in attrs if value and name in SAID_ALOUD]


def written(tree: nodes.Template) -> str:
    """Its HTML, in order; where an expression stands there is nothing."""
    pieces = (piece.data for piece in tree.find_all(nodes.TemplateData))
    return "".join(f"{piece}x" if piece.endswith(("<", "</")) else piece for piece in pieces)  # a tag by its condition


def in_expressions(node: nodes.Node) -> Iterator[str]:
    """Sentences among the strings of what is put out, outside of what says them in the reader's language."""
    for child in node.iter_child_nodes():
        if isinstance(child, nodes.Call) and isinstance(child.node, nodes.Name) and child.node.name in SAY:
            continue
        if isinstance(child, nodes.Const) and isinstance(child.value, str) and SENTENCE.match(child.value):
            yield child.value
        yield from in_expressions(child)


def foreign(texts: list[str]) -> list[str]:
    words = (" ".join(text.split()).strip(" ·") for text in texts)
    return [text for text in words if WORD.search(text) and text not in SAME and not EXAMPLE.match(text)]


@pytest.mark.parametrize("path", sorted((ROOT / "templates").rglob("*.html")), ids=lambda path: path.name)
def test_every_visible_word_of_a_template_is_translated(path):
    tree, seen = TEMPLATES.parse(path.read_text()), Seen()
    seen.feed(written(tree))
    assert foreign(seen.said) == []
    assert [text for output in tree.find_all(nodes.Output) for text in in_expressions(output)] == []


@pytest.mark.parametrize("path", sorted((ROOT / "outreach/static").glob("*.js")), ids=lambda path: path.name)
def test_a_script_says_only_what_its_page_gives_it(path):
    code = re.sub(r"(?m)//.*$", "", path.read_text())
    strings = re.findall(r'"([^"\n]*)"|`([^`]*)`', code)
    assert [text for pair in strings for text in pair if SENTENCE.match(text)] == []
