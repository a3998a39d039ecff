"""How the history says what somebody did: the verb of an event, after a name."""

from __future__ import annotations

from outreach.models import Event
from outreach.words import Sentence

VERBS: dict[str, Sentence] = {
    "written": Sentence("wrote it"),
    "edited": Sentence("changed it"),
    "submitted": Sentence("sent it for review"),
    "approved": Sentence("approved it"),
    "returned": Sentence("sent it back"),
    "first_word": Sentence("approved it: one more person has to"),
    "draft": Sentence("took it back to a draft"),
    "cancelled": Sentence("cancelled it"),
    "moved": Sentence("changed its time"),
    "held": Sentence("let it wait for another time"),
    "repeats": Sentence("let it repeat"),
    "following": Sentence("changed all that follow like it"),
    "published": Sentence("published it"),
    "in_hand": Sentence("asked a person to post it"),
    "refused": Sentence("could not publish it"),
    "unclear": Sentence("is not sure that it went out"),
    "missed": Sentence("did not send it: too late"),
    "waiting": Sentence("put it back to wait"),
    "not_posted": Sentence("said it was not posted"),
    "not_yet": Sentence("took back that it is posted"),
    "handed": Sentence("handed it over"),
    "boosted": Sentence("showed it once more"),
    "take_down": Sentence("asked to take it down"),
    "removed": Sentence("took it down"),
    "not_removed": Sentence("left it there"),
    "corrected": Sentence("wrote a correction of it"),
    "correction_first": Sentence("approved the correction: one more person has to"),
    "correction_approved": Sentence("approved the correction"),
    "correction_returned": Sentence("sent the correction back"),
    "correction_dropped": Sentence("took the correction back"),
    "correction_replaced": Sentence("put another one in the place of the correction that waited"),
    "changed": Sentence("changed its words there"),
    "reworded": Sentence("approved other words for a message that was not out yet"),
    "not_changed": Sentence("left it there as it was"),
    "connected": Sentence("added it"),
    "reconnected": Sentence("connected it again"),
    "tried": Sentence("tried whether it works"),
    "paused": Sentence("paused it"),
    "resumed": Sentence("resumed it"),
}


OFF_THE_PLAN = Sentence("took it off the plan")  # one message, and not the post


def deed(event: Event) -> Sentence:
    if event.thing == "delivery" and event.verb == "cancelled":
        return OFF_THE_PLAN
    return VERBS.get(event.verb) or Sentence("%(deed)s", deed=event.verb)
