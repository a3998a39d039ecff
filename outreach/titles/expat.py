"""A driver for feedparser: Python's own expat, told to hand over a text in one piece.

Without `buffer_text` every line break ends a piece; Koha's feeds have seven to each element, an eighth of the time.
"""

from __future__ import annotations

from xml.sax.expatreader import ExpatParser  # reads in a child process with limits (parse_child)


class WholeTexts(ExpatParser):
    def reset(self) -> None:
        super().reset()
        self._parser.buffer_text = True  # type: ignore[attr-defined]  # typeshed leaves it out


def create_parser() -> WholeTexts:
    """What `xml.sax.make_parser` calls."""
    return WholeTexts()
