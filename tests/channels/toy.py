"""A whole network in one file, as somebody would add one: it keeps its messages in a dict of its own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from outreach.channels.about import About, Asked, Connected, Errand, Where
from outreach.channels.base import Identity, Limits, Login, Outgoing, Prepared, Refused, Sent, Tally, Unclear
from outreach.words import Sentence

BOARD: dict[str, str] = {}  # what stands there: key -> words
SILENT: list[str] = []  # keys whose answer was lost


class Toy:
    about = About(
        name="The notice board",
        steps=(Sentence("Ask the porter for the word."),),
        asks=(Asked("word", Sentence("The porter's word"), secret=True),),
        answers=("nobody", "everyone"),
    )

    def __init__(self, login: Login) -> None:
        self.word = login.secrets["word"]

    @staticmethod
    def connect(typed: Mapping[str, str], where: Where) -> Sequence[Connected] | Errand:
        if typed["word"] != "open sesame":
            raise Refused(Sentence("The porter does not know this word."))
        return [Connected(Toy(Login("", typed, where.reach)).check(), {"word": typed["word"]}, "https://board.example")]

    @staticmethod
    def finish(kept: Mapping[str, str], code: str, where: Where) -> Sequence[Connected]:
        raise Refused(Sentence("Nobody is sent there."))

    def check(self) -> Identity:
        return Identity("porter", "@board", "The notice board", None, Limits(characters=40, thread=True))

    def prepare(self, message: Outgoing) -> Prepared:
        return {}

    def send(self, message: Outgoing, prepared: Prepared) -> Sent:
        BOARD[message.key] = f"{message.text} [{message.answers}]"
        if message.text in SILENT:
            raise Unclear(Sentence("The board said nothing."))
        return Sent(message.key, None)

    def find(self, message: Outgoing, prepared: Prepared, since: datetime) -> Sent | None:
        return Sent(message.key, None) if message.key in BOARD else None

    def take_down(self, remote_id: str) -> None:
        BOARD.pop(remote_id, None)

    def renew(self) -> None:
        return None

    def tally(self, remote_id: str) -> Tally | None:
        return None
