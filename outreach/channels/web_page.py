"""Latest from the library: a page of ours that anybody reads, without an account; also as feeds, and in a frame."""

from __future__ import annotations

from outreach.channels.about import About, Stays
from outreach.channels.base import Limits
from outreach.channels.own import Own
from outreach.words import Sentence


class WebPage(Own):
    about = About(
        edits="all",
        name=Sentence("Web page"),
        steps=(
            Sentence("For everybody who is on no network, as children under 13 must be. Nobody signs in there."),
            Sentence("Press the button. The page has an address that you can tell families."),
            Sentence("We then show you a line for the school's web site: with it, your posts stand there, too."),
        ),
        cannot=(
            Sentence("Answers and votes: a vote becomes lines with letters, to be answered as you say in the post."),
            Sentence("Counting readers: nothing is kept about who reads it."),
            Sentence("Very old posts: the 50 newest stand there."),
        ),
        stays=Stays(50),
    )
    limits = Limits(characters=10_000, images=10, alt_characters=2_000, shape="wide", language=True)
