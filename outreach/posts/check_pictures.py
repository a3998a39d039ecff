"""Pictures for people who cannot see them: is there a description, and does it say anything? Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator

from outreach.posts.drafts import Draft
from outreach.posts.findings import Around, Problem, Rendered
from outreach.posts.known_words import NOTHING_SAID, fold
from outreach.words import Sentence

FILE_NAME = re.compile(r"[^\n]{0,200}\.(?:jpe?g|png|gif|webp|heic|heif|tiff?|bmp|pdf)", re.IGNORECASE)
CAMERA = re.compile(
    r"(?:img|image|imagen|dsc[nf]?|pxl|mvimg|photo|picture|pic|foto|screen ?shot|captura(?: de pantalla)?|"
    r"untitled|unnamed|whatsapp image|scan|dall.?e|canva|design|copy of)[\s\d_.:()-]{0,60}(?:at [\s\d.:apm]{0,20})?",
    re.IGNORECASE,
)
ARTICLE = re.compile(r"^(?:an?|the|una?|la|el) ")


def described(draft: Draft, rendered: Rendered, around: Around) -> Iterator[Problem]:
    for number, image in enumerate(draft.images, 1):
        if not image.alt.strip():
            sentence = Sentence("Say what picture %(number)s shows, for people who cannot see it.", number=number)
            yield Problem(sentence)


def says_something(draft: Draft, rendered: Rendered, around: Around) -> Iterator[Problem]:
    for number, image in enumerate(draft.images, 1):
        if image.alt.strip() and not image.shape and says_nothing(image.alt, draft.words):
            sentence = Sentence(
                "The words for picture %(number)s do not say what is in it. Say who or what is to be seen, and where. "
                "If there are words in it, write them.",
                number=number,
            )
            yield Problem(sentence, sort="hint")


def says_nothing(alt: str, words: str) -> bool:
    """A name of a file, the word "picture", a sign or two, or the words of the post once more."""
    plain = fold(" ".join(alt.split())).strip(" .!\"'“”")
    # one Chinese sign is a word
    if len(re.findall(r"\w", plain)) < 3 and not any(sign.isalpha() and ord(sign) > 0x2E80 for sign in plain):
        return True
    if ARTICLE.sub("", plain).replace(" ", "") in NOTHING_SAID or FILE_NAME.fullmatch(plain) or CAMERA.fullmatch(plain):
        return True
    return plain == fold(" ".join(words.split())).strip(" .!\"'“”")
