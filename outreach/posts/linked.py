"""Words of a message as HTML: what is an address can be pressed, everything else is text. Pure."""

from __future__ import annotations

import re
from html import escape

from outreach.channels.counting import LINK


def linked(text: str) -> str:
    """
    >>> linked("Books & more: https://school.org/a?b=1&c=2.")
    'Books &amp; more: <a href="https://school.org/a?b=1&amp;c=2" rel="noopener">school.org/a?b=1&amp;c=2</a>.'
    """
    made, done = [], 0
    for found in LINK.finditer(text):
        made += [escape(text[done : found.start()]), _link(found[0])]
        done = found.end()
    return "".join((*made, escape(text[done:])))


def paragraphed(text: str) -> str:
    """
    >>> paragraphed("One\\ntwo\\n\\nthree")
    '<p>One<br>two</p><p>three</p>'
    """
    pieces = [piece for piece in re.split(r"\n[^\S\n]*\n\s*", text.strip()) if piece]
    return "".join(f"<p>{linked(piece)}</p>".replace("\n", "<br>") for piece in pieces)


def _link(address: str) -> str:
    shown = address.partition("://")[2]
    return f'<a href="{escape(address)}" rel="noopener">{escape(shown)}</a>'
