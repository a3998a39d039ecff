"""What is said to people, as found in the code: `python -m tests.catalog` renews the catalogs in outreach/translations.

Python is read by its syntax, so that a sentence in several lines is one; templates as Jinja reads them.
"""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po, write_po
from jinja2 import Environment

from outreach.languages import CATALOGS

ROOT = Path(__file__).parents[1]
ONE = {"_", "_l", "gettext", "lazy_gettext", "told"}
TWO = {"ngettext", "counted"}
SENTENCES = {"Sentence": (0, 1), "several": (1, 2)}  # where the words stand
TEMPLATES = Environment(extensions=["jinja2.ext.i18n"], trim_blocks=True, lstrip_blocks=True, autoescape=True)
Words = tuple[str, ...]  # one pattern, or one for one and one for many


def said_in_code(path: Path) -> Iterator[tuple[int, Words | None]]:
    """(line, words) of each call that says something; None: words that no catalog can hold."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Call) and (places := _places(node)):
            yield node.lineno, _literals([node.args[place] for place in places])


def _places(call: ast.Call) -> list[int]:
    name = getattr(call.func, "id", "") or getattr(call.func, "attr", "")
    if name in ONE and isinstance(call.func, ast.Name):
        return [0]
    if name in TWO:
        return [0, 1]
    return [place for place in SENTENCES.get(name, ()) if place < len(call.args)]


def _literals(args: list[ast.expr]) -> Words | None:
    found = tuple(arg.value for arg in args if isinstance(arg, ast.Constant) and isinstance(arg.value, str))
    return found if len(found) == len(args) else None


def said_in_template(path: Path) -> Iterator[tuple[int, Words | None]]:
    for line, name, found in TEMPLATES.extract_translations(path.read_text()):
        words = found if isinstance(found, tuple) else (found,)
        words = words[:2] if name == "ngettext" else words[:1]
        yield line, tuple(map(str, words)) if all(words) else None


def said() -> Iterator[tuple[str, int, Words | None]]:
    """(file, line, words) of everything in the code and the templates."""
    for path in sorted((ROOT / "outreach").rglob("*.py")):
        yield from ((path.relative_to(ROOT).as_posix(), *found) for found in said_in_code(path))
    for path in sorted((ROOT / "templates").rglob("*.html")):
        yield from ((path.relative_to(ROOT).as_posix(), *found) for found in said_in_template(path))


def patterns() -> dict[str, Words]:
    """Each pattern once; where it is said of one and of many somewhere, with both."""
    found: dict[str, Words] = {}
    for _file, _line, words in said():
        if words and words[0] and len(words) > len(found.get(words[0], ())):
            found[words[0]] = words
    return found


def catalog_of(language: str) -> Catalog:
    path = CATALOGS / language / "LC_MESSAGES" / "messages.po"
    if not path.exists():
        return Catalog(locale=language)
    with path.open("rb") as lines:
        return read_po(lines, locale=language)


def renewed(language: str) -> Catalog:
    """All that is said now, with the translations there are; what is said no longer is dropped."""
    before, now = catalog_of(language), Catalog(locale=language, fuzzy=False)
    # as many forms as the translations have: newer Babels know a third for Spanish ("un millón de …")
    now.mime_headers = [("Plural-Forms", before.plural_forms)]
    for words in patterns().values():
        old = before.get(words[0])
        kept = old.string if old and not old.fuzzy else ""
        if len(words) == 2 and isinstance(kept, str):
            kept = (kept, "")
        elif len(words) == 1 and isinstance(kept, tuple):
            kept = kept[0]
        now.add(words if len(words) == 2 else words[0], kept)
    return now


def write(language: str) -> None:
    """Sorted, without dates and line numbers: two people who change the code change few of the same lines."""
    path = CATALOGS / language / "LC_MESSAGES" / "messages.po"
    path.parent.mkdir(parents=True, exist_ok=True)
    catalog = renewed(language)
    with path.open("wb") as out:
        out.write(HEAD % (language.encode(), catalog.plural_forms.encode()))
        write_po(out, catalog, omit_header=True, sort_output=True, no_location=True, width=0)


HEAD = b"""msgid ""
msgstr ""
"Language: %s\\n"
"Plural-Forms: %s\\n"
"Content-Type: text/plain; charset=utf-8\\n"

"""


def missing(catalog: Catalog) -> list[Words]:
    texts = ((m.id if isinstance(m.id, tuple) else (m.id,), m.string) for m in catalog if m.id)
    return [said for said, text in texts if not all(text if isinstance(text, tuple) else (text,))]


if __name__ == "__main__":
    for each in sys.argv[1:] or sorted(path.name for path in CATALOGS.iterdir()):
        write(each)
        print(f"{each}: {len(missing(catalog_of(each)))} without a translation")
