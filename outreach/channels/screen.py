"""The hallway screen: one post after the other on a monitor, each to be read from five metres in ten seconds."""

from __future__ import annotations

from outreach.channels.about import About, Stays
from outreach.channels.base import Limits
from outreach.channels.counting import LINK
from outreach.channels.own import Own
from outreach.words import Sentence

TYPED = 30  # characters of an address that somebody types from a screen


class Screen(Own):
    about = About(
        edits="all",
        name=Sentence("Hallway screen"),
        steps=(
            Sentence("For a monitor in the hallway or the library. It needs a browser and nothing else."),
            Sentence("Press the button. The screen has an address that nobody can guess."),
            Sentence("Open that address once on the monitor, and let the browser fill the screen (often by F11)."),
        ),
        cannot=(
            Sentence("Long posts: about 280 characters can be read in passing, with one picture."),
            Sentence("Links: nobody can press them there. A short one is shown to be typed, of a long one its site."),
            Sentence("Old posts: the 12 newest stand there, for four weeks."),
        ),
        stays=Stays(12, days=28, unlisted=True),
    )
    limits = Limits(characters=280, link_cost=TYPED, images=1, alt_characters=2_000, shape="wide", language=True)


def on_screen(text: str) -> str:
    """A link as somebody would type it.

    >>> on_screen("Look: https://www.school.org/fair. Or https://c.example.org/cgi-bin/opac.pl?biblionumber=101")
    'Look: school.org/fair. Or c.example.org'
    """
    return str(LINK.sub(lambda found: _typed(found[0]), text))


def _typed(link: str) -> str:
    bare = link.partition("://")[2].removeprefix("www.")
    return bare.rstrip("/") if len(bare) <= TYPED else bare.partition("/")[0].partition("?")[0]
