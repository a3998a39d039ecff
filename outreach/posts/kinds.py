"""Each kind of post as data: its fields, what it demands, and the parts it becomes. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from outreach.channels.base import Limits
from outreach.posts import dated, listing, plain, presets, trivia
from outreach.posts.drafts import Draft, Part
from outreach.posts.fields import Field, missing
from outreach.words import Sentence


@dataclass(frozen=True)
class Kind:
    key: str
    name: Sentence
    hint: Sentence  # on its card in the composer
    icon: str
    parts: Callable[[Draft, Limits], list[Part]]
    needs: Callable[[Draft], list[Sentence]]
    example: Sentence  # of its words
    label: Sentence = Sentence("Your words")  # noqa: RUF009  # over the box for them; frozen strings, here and below
    fields: tuple[Field, ...] = ()
    titles: int = 0  # how many titles it may tell of
    choices: str = ""  # right: two to four, one of them right; any: without a right one
    first: bool = False  # one of the four cards; the others are behind "More"
    rows: int = 3  # lines of the box
    times: Callable[[Draft], list[Sentence]] = lambda draft: []  # what does not go with the time of the post

    def demands(self, draft: Draft) -> list[Sentence]:
        """What must be there before it can go out."""
        return missing(self.fields, draft.fields) + self.needs(draft) + self.times(draft)

    @property
    def known(self) -> frozenset[str]:
        """The names of all that it may keep in the fields of a post."""
        told = {field.name for field in self.fields} | {"hashtags"}
        told |= {"choices", "right", "answer_at"} if self.choices else set()
        return frozenset(told | set(listing.FIELDS)) if self.titles else frozenset(told)


def nothing_more(draft: Draft) -> list[Sentence]:
    return []


DAY = Field("day", Sentence("Day"), "day", missing=Sentence("Choose the day."), above=True)
CLOCK = Field("clock", Sentence("Begins at"), "clock", missing=Sentence("Choose the time."), above=True)
WHOM = Field("whom", Sentence("For whom"), example=Sentence("grades 6 to 8"), spoken=True)
HOW = Field("how", Sentence("How to answer"), spoken=True, default="", later=True)
TAG = Field(
    "tag", Sentence("Hashtag"), hint=Sentence("stands under each of its messages"), example=Sentence("#BookClub")
)

NEWS = Kind(
    "news",
    Sentence("News"),
    Sentence("Something new, open or changed"),
    "megaphone",
    plain.news_parts,
    plain.news_demands,
    Sentence("The library is open at lunch again, from 12:10 to 12:40. Bring a friend."),
    first=True,
    rows=6,
    times=presets.told_too_late,
)
TITLES = Kind(
    "titles",
    Sentence("New titles"),
    Sentence("What just came onto the shelves"),
    "book",
    listing.titles_parts,
    listing.titles_demands,
    Sentence("New on our shelves this week:"),
    Sentence("Words above the list"),
    titles=30,
    first=True,
)
TRIVIA = Kind(
    "trivia",
    Sentence("Trivia"),
    Sentence("A question now, the answer later"),
    "question-circle",
    trivia.trivia_parts,
    trivia.trivia_demands,
    Sentence("Which animal is in the title of the most books on our shelves?"),
    Sentence("Your question"),
    (
        Field("hint", Sentence("Hint"), hint=Sentence("stands under the question"), spoken=True, later=True),
        HOW,
        Field("explanation", Sentence("Explanation"), "text", Sentence("goes out with the answer"), spoken=True),
    ),
    choices="right",
    first=True,
)
EVENT = Kind(
    "event",
    Sentence("Event"),
    Sentence("A date, with its reminders"),
    "calendar-event",
    dated.event_parts,
    nothing_more,
    Sentence("She reads from her new book and signs copies. Everybody is welcome."),
    Sentence("About it"),
    (
        Field(
            "name",
            Sentence("What is it?"),
            example=Sentence("An author visits our library"),
            missing=Sentence("Say what the event is."),
            spoken=True,
            above=True,
        ),
        DAY,
        CLOCK,
        Field("until", Sentence("Ends at"), "clock", above=True),
        Field(
            "place", Sentence("Where it is"), example=Sentence("School library, second floor"), spoken=True, above=True
        ),
        WHOM,
        Field(
            "remind",
            Sentence("Remind people"),
            "ticks",
            choices=(
                ("week", Sentence("a week before")),
                ("day", Sentence("a day before")),
                ("hour", Sentence("an hour before")),
            ),
            default=["day"],
        ),
    ),
    first=True,
    times=dated.event_times,
)
HIGHLIGHT = Kind(
    "highlight",
    Sentence("Highlight"),
    Sentence("A book, database or website worth knowing"),
    "star",
    plain.highlight_parts,
    plain.highlight_demands,
    Sentence("Clear articles with pictures on every country, and it reads them aloud. Use it from home, too."),
    Sentence("Why it is good"),
    (
        Field(
            "name",
            Sentence("What is it?"),
            hint=Sentence("or choose a title below"),
            example=Sentence("Our world atlas database"),
            spoken=True,
            above=True,
        ),
        WHOM,
    ),
    titles=1,
)
STUDENT = Kind(
    "student",
    Sentence("Student work"),
    Sentence("A picture or text of a student, without a name"),
    "palette",
    plain.news_parts,
    plain.student_demands,
    Sentence("A linocut from our grade 7 art club, inspired by the books about whales."),
    rows=4,
)
DISCUSSION = Kind(
    "discussion",
    Sentence("Book discussion"),
    Sentence("A book, and a question on each of some days"),
    "chat-quote",
    dated.discussion_parts,
    dated.discussion_demands,
    Sentence("Our book club reads together in November. Join in whenever you like."),
    Sentence("The invitation"),
    (
        Field("name", Sentence("The book"), hint=Sentence("or choose a title below"), spoken=True, above=True),
        TAG,
        Field("clock", Sentence("Its questions come at"), "clock", default="12:00"),
        Field("prompts", Sentence("Questions"), "rows", Sentence("one on each day"), spoken=True),
        Field("closing_day", Sentence("Closing post on"), "day"),
        Field("closing", Sentence("Words of the closing post"), "text", spoken=True),
    ),
    titles=1,
    times=dated.discussion_times,
)
FEEDBACK = Kind(
    "feedback",
    Sentence("Feedback"),
    Sentence("Ask people, and tell them what you did"),
    "clipboard-check",
    plain.feedback_parts,
    plain.feedback_demands,
    Sentence("Which opening hour would help you most?"),
    Sentence("Your question"),
    (
        Field(
            "way",
            Sentence("How people answer"),
            "pick",
            above=True,
            choices=(
                ("poll", Sentence("they vote")),
                ("link", Sentence("they fill in a form (its link below)")),
                ("done", Sentence("it is over: you said, we did")),
            ),
        ),
        Field(
            "days",
            Sentence("The vote is open"),
            "pick",
            later=True,
            choices=(("3", Sentence("three days")), ("1", Sentence("one day")), ("7", Sentence("a week"))),
            shown_for="way=poll",
        ),
        HOW,
        Field(
            "result",
            Sentence("You said"),
            "text",
            example=Sentence("Most of you want mornings: 34 of 51."),
            spoken=True,
            shown_for="way=done",
        ),
        Field(
            "done",
            Sentence("We did"),
            "text",
            example=Sentence("From Monday we open at 7:30."),
            spoken=True,
            shown_for="way=done",
        ),
    ),
    choices="any",
)
CHAT = Kind(
    "chat",
    Sentence("Live chat"),
    Sentence("Questions and answers at a set hour"),
    "chat-dots",
    dated.chat_parts,
    dated.chat_demands,
    Sentence("We talk about graphic novels. Answer with the hashtag, wherever you are."),
    Sentence("The invitation"),
    (
        Field(
            "name",
            Sentence("What is it called?"),
            example=Sentence("Chat about graphic novels"),
            missing=Sentence("Say what the chat is called."),
            spoken=True,
            above=True,
        ),
        TAG,
        DAY,
        CLOCK,
        Field("questions", Sentence("Questions"), "lines", Sentence("one on each line"), spoken=True),
        Field(
            "gap",
            Sentence("Between two questions"),
            "pick",
            later=True,
            choices=(
                ("10", Sentence("ten minutes")),
                ("5", Sentence("five minutes")),
                ("15", Sentence("a quarter of an hour")),
            ),
        ),
        Field("thanks", Sentence("Thank-you"), hint=Sentence("at the end"), spoken=True, later=True),
    ),
    times=dated.chat_times,
)

KINDS: Mapping[str, Kind] = {
    kind.key: kind for kind in (NEWS, TITLES, TRIVIA, EVENT, HIGHLIGHT, STUDENT, DISCUSSION, FEEDBACK, CHAT)
}
