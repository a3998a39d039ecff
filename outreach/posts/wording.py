"""A post -> the exact messages for one account. Pure, and the only place that makes them.

    parts of the kind | fit a list into a thread | cut nothing | -> Message, Message, ...

The composer's preview, the check before approval and the frozen payload all come from `render`: what is
previewed is what is published. Nothing is ever shortened in silence; what does not fit is a problem.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Any

from outreach.channels.base import Limits
from outreach.channels.counting import LINK as LINK
from outreach.channels.counting import count as count
from outreach.channels.counting import most as most
from outreach.posts.bilingual import has_second, in_both
from outreach.posts.drafts import Draft, Image, Part, paragraphs
from outreach.posts.kinds import KINDS
from outreach.posts.listing import EACH, more_line

MORE = " …"


@dataclass(frozen=True)
class Message:
    text: str
    images: tuple[Image, ...] = ()
    poll: tuple[str, ...] = ()
    poll_minutes: int = 0
    at: datetime | None = None
    stays: bool = False
    answers: int | None = None
    visibility: str = ""
    warning: str = ""
    language: str = ""
    titles: tuple[int, ...] = ()  # that it names, by their ids

    def payload(self) -> dict[str, Any]:
        """What is frozen in the delivery: everything but the time."""
        made = asdict(self)
        del made["at"], made["stays"]
        if not self.titles:
            del made["titles"]
        for image in made["images"]:
            del image["shape"], image["source"], image["seal"]
        return made


def from_payload(payload: dict[str, Any]) -> Message:
    images = tuple(Image(**image) for image in payload["images"])
    titles = tuple(payload.get("titles", ()))
    return Message(**{**payload, "images": images, "poll": tuple(payload["poll"]), "titles": titles})


def render(draft: Draft, limits: Limits, words: str = "") -> list[Message]:
    """The messages of `draft` on an account with `limits`; `words` are the account's own, if any.

    Raises nothing: what does not fit is found by `policy`.
    """
    draft = replace(draft, words=words) if words.strip() else draft
    draft = draft if limits.hashtags else without_hashtags(draft)
    parts = _parts(draft, limits)
    if parts[0].lines:
        parts = listed(parts[0], limits, draft.warning)
    return [_message(part, draft, limits) for part in parts if part.text or part.images or part.poll]


def without_hashtags(draft: Draft) -> Draft:
    """Those that stand in the words a person wrote stay."""
    kept = {name: value for name, value in draft.fields.items() if name not in ("tags", "tag")}
    return replace(draft, hashtags="", fields=kept)


def _parts(draft: Draft, limits: Limits) -> list[Part]:
    kind = KINDS[draft.kind]
    if not has_second(draft):
        return kind.parts(draft, limits)

    def fits(part: Part) -> bool:
        return count(part.text, limits, draft.warning) <= most(limits)

    return in_both(draft, lambda one: kind.parts(one, limits), fits)


def _message(part: Part, draft: Draft, limits: Limits) -> Message:
    return Message(
        text=part.text,
        images=images_for(part.images, limits),
        poll=part.poll,
        poll_minutes=_poll_minutes(part.minutes, limits) if part.poll else 0,
        at=part.at,
        stays=part.stays,
        answers=part.answers,
        visibility=draft.visibility if draft.visibility in limits.visibilities else "",
        warning=draft.warning if limits.content_warning else "",
        language=(part.language or draft.language) if limits.language else "",
        titles=tuple(n for n in part.listed if n),
    )


def images_for(images: tuple[Image, ...], limits: Limits) -> tuple[Image, ...]:
    """Of pictures that were drawn in several shapes, those in the shape that the place likes. None is read aloud."""
    if not limits.images:
        return ()
    shapes = sorted({image.shape for image in images} - {"", EACH})
    shape = limits.shape if limits.shape in shapes else next(iter(shapes), "")
    return tuple(replace(image, shape="", seal="") for image in images if image.shape in ("", EACH, shape))


def listed(part: Part, limits: Limits, warning: str) -> list[Part]:
    """A list in one message, if it fits or must; else in a thread."""
    if not part.whole:
        after = paragraphs(more_line(part.more_words, part.more), part.after)
        return thread(replace(part, after=after), limits, warning)
    for taken in range(len(part.lines), 0, -1):
        more = part.more + len(part.lines) - taken
        after = paragraphs(more_line(part.more_words, more), part.after)
        text = _listed(part.text, part.lines[:taken], after)
        if taken == 1 or count(text, limits, warning) <= most(limits):
            return [replace(part, text=text, lines=(), listed=part.listed[:taken], after="")]
    return [part]


def _poll_minutes(wanted: int, limits: Limits) -> int:
    """As long as the post says, within what the network allows."""
    least, longest = limits.poll_minutes
    return max(least, min(longest, wanted or 2 * 24 * 60))


def thread(part: Part, limits: Limits, warning: str) -> list[Part]:
    """Lay a list of lines into as few messages as hold it; each answers the one before it.

    Where the network has no threads all stays in one message, and `policy` says if that is too long.
    """
    whole = _listed(part.text, part.lines, part.after)
    if not limits.thread or count(whole, limits, warning) <= most(limits):
        return [replace(part, text=whole, lines=(), after="")]
    made: list[Part] = []
    head, lines = part.text, list(part.lines)
    while lines:
        taken = _fitting(head, lines, limits, warning)
        rest = lines[taken:]
        text = _listed(head, tuple(lines[:taken]), "")
        named = part.listed[len(part.lines) - len(lines) :][:taken]
        made.append(replace(_link_of_thread(text + (MORE if rest else ""), part, made), listed=named))
        head, lines = "", rest
    return _with_end(made, part.after, limits, warning, part)


def _listed(head: str, lines: tuple[str, ...], after: str) -> str:
    listed = "\n".join(lines).strip("\n")  # a group that begins a message has no line above it
    return "\n\n".join(piece for piece in (head.strip(), listed, after) if piece)


def _fitting(head: str, lines: list[str], limits: Limits, warning: str) -> int:
    """How many lines fit; at least one, so that a line that is too long is seen as a problem."""
    taken = 1
    while taken < len(lines):
        text = _listed(head, tuple(lines[: taken + 1]), "") + MORE
        if count(text, limits, warning) > most(limits):
            break
        taken += 1
    return taken


def _link_of_thread(text: str, part: Part, made: list[Part]) -> Part:
    first = not made
    return Part(text, part.images if first else (), answers=None if first else len(made) - 1)


def _with_end(made: list[Part], after: str, limits: Limits, warning: str, part: Part) -> list[Part]:
    """The link and hashtags go under the last message, or into one of their own."""
    if not after:
        return made
    joined = _listed(made[-1].text, (), after)
    if count(joined, limits, warning) <= most(limits):
        return [*made[:-1], replace(made[-1], text=joined)]
    return [*made, _link_of_thread(after, part, made)]


def seal_of(payload: dict[str, Any]) -> str:
    """Of one frozen message: what is sent is compared with what was approved."""
    return hashlib.sha256(json.dumps(payload, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def digest(messages: dict[int, list[Message]], comes_again: str = "") -> str:
    """What was approved: every word, image, poll and choice, per account (its id); not the times."""
    told: dict[str, Any] = {str(account): _timeless(ms) for account, ms in messages.items()}
    told |= {"comes_again": comes_again} if comes_again else {}
    return hashlib.sha256(json.dumps(told, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def _timeless(messages: list[Message]) -> list[dict[str, Any]]:
    """A poll that ends when its answer comes is as long as the two times say: another time is no other content."""
    made = [m.payload() for m in messages]
    for payload in made if any(m.at for m in messages) else ():
        del payload["poll_minutes"]
    return made
