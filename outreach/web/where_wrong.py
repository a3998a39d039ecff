"""In which field of the composer a refusal is mended. Pure."""

from __future__ import annotations

from outreach.posts.kinds import KINDS
from outreach.web.typed import Typed
from outreach.words import Sentence

# the pattern of a sentence -> the name of the field
FIELDS = {
    "Write what you want to share.": "words",
    "Write the question.": "words",
    "Say why it is good.": "words",
    "Add the link to your form.": "link",
    "Give at least two choices.": "choice",
    "Say which choice is the right one.": "right",
    "Say what you want to point to, or choose a title.": "of-name",
    "Say which book you talk about.": "of-name",
    "Write at least one question to talk about.": "of-prompts-words",
    "Each question needs its words and its day.": "of-prompts-words",
    "The closing post needs its words and its day.": "of-closing_day",
    "Write at least one question for the chat.": "of-questions",
    "Check the school's permission list, and tick that you did.": "permitted",
    "Write the code of each student whose work this is.": "codes",
    "Choose at least one place to post to.": "account",
    "This post goes to practice and to real places. Say that you mean it, and save again.": "mixed",
    "Choose a day and a time.": "day",
}
PICTURE = "Say what picture %(number)s shows, for people who cannot see it."


def where_wrong(sentence: object, typed: Typed) -> str:
    """Its name; empty for what no one field can mend."""
    if not isinstance(sentence, Sentence):
        return ""
    number = sentence.values.get("number")
    if sentence.pattern == PICTURE and isinstance(number, int):
        return f"alt-{typed.media[number - 1][0]}" if number <= len(typed.media) else ""
    missing = {f.missing.pattern: f"of-{f.name}" for f in KINDS[typed.kind].fields if f.missing}
    return (FIELDS | missing).get(sentence.pattern, "")
