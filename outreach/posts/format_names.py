"""What a thing is, as people say it: the formats that titles/formats.py makes of what catalogs write."""

from __future__ import annotations

from outreach.languages import spoken
from outreach.words import Sentence

NAMES = {
    str(name): name
    for name in (
        Sentence("e-book/audio"),
        Sentence("audio recording"),
        Sentence("video"),
        Sentence("music"),
        Sentence("large print"),
        Sentence("graphic novel"),
        Sentence("braille"),
        Sentence("kit"),
        Sentence("game"),
        Sentence("jigsaw puzzle"),
        Sentence("toy"),
        Sentence("map"),
        Sentence("picture"),
        Sentence("object"),
        Sentence("microform"),
        Sentence("manuscript"),
        Sentence("magazine"),
        Sentence("book"),
    )
}


def format_name(told: str | None, language: str) -> str | None:
    """A format that we know in a language; another one as its catalog or its list wrote it."""
    return spoken(NAMES[told], language) if told in NAMES else told
