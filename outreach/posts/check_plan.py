"""What does not go with the days, the links, and what was said before. Pure: who looked is in `around.py`."""

from __future__ import annotations

from collections.abc import Iterator

from outreach.money import in_dollars, to_cents
from outreach.posts.drafts import Draft
from outreach.posts.findings import ADDRESS, Around, Mend, Problem, Rendered, Text, change, quoted, texts
from outreach.words import Sentence

_ENDS = ".,;:!?)]}»”’'\""  # of the sentence that a link stands in


def closed(draft: Draft, rendered: Rendered, around: Around) -> Iterator[Problem]:
    if not around.closed:
        return
    label = Sentence("Move it to the next school day")
    new = around.next_open.strftime("%Y-%m-%dT%H:%M") if around.next_open else ""
    told = Sentence("The library is closed on that day: %(why)s.", why=quoted(around.closed))
    yield Problem(told, sort="hint", mend=Mend("at", label, new) if new else None)


def links(draft: Draft) -> list[str]:
    """All that a post leads to, in its order."""
    typed = [found[0].rstrip(_ENDS) for text in texts(draft) for found in ADDRESS.finditer(text.text)]
    return list(dict.fromkeys(link for link in (draft.link, *typed) if link.lower().startswith("http")))


def dead_links(draft: Draft, rendered: Rendered, around: Around) -> Iterator[Problem]:
    label = Sentence("Take the link out")
    for link in links(draft):
        if link not in around.dead:
            continue
        told = Sentence("%(link)s leads nowhere. Open it, and copy its address once more.", link=quoted(link, 60))
        yield Problem(told, sort="hint", mend=_without(draft, link, label))


def _without(draft: Draft, link: str, label: Sentence) -> Mend | None:
    if link == draft.link:
        return Mend("link", label)
    where = next((text for text in texts(draft) if link in text.text), Text("words", ""))
    return change(where, _cut(where.text, link), label)


def _cut(text: str, link: str) -> str:
    before, found, after = text.partition(link)
    return before.rstrip(" ") + after if found else text


def announced(draft: Draft, rendered: Rendered, around: Around) -> Iterator[Problem]:
    for book in draft.books:
        if book.announced_at is not None:
            told = Sentence("“%(title)s” was announced before.", title=quoted(book.title))
            mend = Mend("title", Sentence("Take it out"), old=str(book.id))
            yield Problem(told, sort="hint", mend=mend, at=book.announced_at)


def too_dear(draft: Draft, rendered: Rendered, around: Around) -> Iterator[Problem]:
    for dear in around.dear:
        told = Sentence(
            "With this one, %(place)s would cost about $%(cost)s in that month. It stops at $%(most)s, and what is "
            "over does not go out. Post some of it by hand, or ask a manager to raise that amount.",
            place=dear.place,
            cost=in_dollars(to_cents(dear.cost)),
            most=in_dollars(dear.most),
        )
        yield Problem(told, sort="hint")


def said_before(draft: Draft, rendered: Rendered, around: Around) -> Iterator[Problem]:
    """One hint for all places, with the time that is nearest."""
    if not around.said:
        return
    places = ", ".join(said.place for said in around.said)
    nearest = min((said.at for said in around.said), key=lambda moment: abs(moment - (draft.at or moment)))
    told = Sentence("The same words go to %(place)s within two weeks.", place=places)
    yield Problem(told, sort="hint", at=nearest)
