"""The letter to an approver: the post as it will look, and a link that decides."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache, partial
from html import escape

from sqlalchemy import select
from sqlalchemy.orm import Session

from outreach import clock, mail
from outreach.access import Actor
from outreach.languages import spoken
from outreach.letter import DECIDE, Say, lines
from outreach.models import Mail, Person, Post
from outreach.people import links
from outreach.posts.deciding import content, deciders, first_words
from outreach.posts.hand import is_by_hand
from outreach.posts.kinds import KINDS
from outreach.posts.policy import Place
from outreach.posts.queries import last_decision
from outreach.posts.reading import rendered
from outreach.posts.schedule import goes_at_once
from outreach.posts.series_said import comes_again
from outreach.posts.tell import is_soon, shortened
from outreach.posts.wording import Message, count, most
from outreach.words import Sentence


def ask_for_review(session: Session, post: Post, by: Actor, now: datetime) -> None:
    """A letter at once to those who may approve it, if it cannot wait for the one of the morning."""
    if not is_soon(post, now):
        return
    lay(session, post, [person for person in asked(session, post) if person.id != by.person_id], now)


def asked(session: Session, post: Post) -> list[Person]:
    """Whose word is wanted, without those who gave theirs."""
    given = {word.person_id for word in first_words(session, post)}
    return [person for person in deciders(session, post.library).asked(post) if person.id not in given]


def lay(session: Session, post: Post, people: Sequence[Person], now: datetime, gather: bool = False) -> None:
    """A letter and its link to each of them, once for each content; once more after it was decided, and when its
    link is over. It is written once in each language.
    """
    readers = [person for person in people if mail.reads_mail(person.email)]
    seal = content(post) if readers else ""
    decision = last_decision(session, post.id) if readers else 0
    letter = cache(partial(_letter, post, now))
    for person in readers:
        about = _about(post, seal, decision, person.id)
        if mail.was_told(session, about):
            if links.revive_review(session, person.id, post.id, seal, now):
                continue
            about = f"{about}-{now:%Y%m%d}"
        said = letter(mail.language_of(session, person.email))
        _lay_one(session, post, person, seal, said, about, now, morning=now if gather else None)


def _letter(post: Post, now: datetime, language: str) -> Said:
    say = partial(spoken, language=language)
    return written(_head(post, now), rendered(post), say, comes_again(post, now, say))


def _lay_one(
    session: Session,
    post: Post,
    person: Person,
    seal: str,
    said: Said,
    about: str,
    now: datetime,
    morning: datetime | None,
) -> None:
    path = f"{DECIDE}{post.id}"
    mail.forget_older(session, person.email, path, about)
    links.make_review(session, person.id, post.id, seal, now)
    subject = Sentence("For your review: %(kind)s, “%(words)s”", kind=KINDS[post.kind].name, words=shortened(post))
    mail.put(session, person.email, subject, said.text, now, about=about, path=path, html=said.html, morning=morning)


def forget_letters(session: Session, post: Post, now: datetime) -> None:
    """It was decided: who was not told yet need not be."""
    letters = select(Mail.about).where(Mail.path == f"{DECIDE}{post.id}", Mail.sent_at.is_(None))
    mail.forget(session, [about for about in session.scalars(letters) if about], now)


def _about(post: Post, seal: str, decision: int, person_id: int) -> str:
    return f"review-{post.id}-{seal[:16]}-{decision}-{person_id}"


def _head(post: Post, now: datetime) -> Sentence:
    who, name = post.author_name or "Outreach", post.library.name
    then = _asks_a_person(post, now) if is_by_hand(post) else _goes_out(post, now)
    return Sentence("%(who)s wrote this for %(name)s. %(then)s", who=who, name=name, then=then)


def _goes_out(post: Post, now: datetime) -> Sentence:
    if goes_at_once(post, now):
        return Sentence("It goes out as soon as it is approved.")
    if post.wished_at is None:
        return Sentence("Once it is approved, it goes out at the next usual time.")
    local = clock.to_local(post.wished_at, post.library.timezone)
    return Sentence("Once it is approved, it goes out on %(day)s, %(time)s.", day=local.date(), time=local.time())


def _asks_a_person(post: Post, now: datetime) -> Sentence:
    if goes_at_once(post, now):
        return Sentence("As soon as it is approved, a person is asked to post it by hand.")
    if post.wished_at is None:
        return Sentence("Once it is approved, a person is asked to post it by hand at the next usual time.")
    local = clock.to_local(post.wished_at, post.library.timezone)
    return Sentence(
        "Once it is approved, a person is asked to post it by hand on %(day)s, %(time)s.",
        day=local.date(),
        time=local.time(),
    )


@dataclass(frozen=True)
class Said:
    text: str
    html: str


def written(head: Sentence, made: Mapping[Place, Sequence[Message]], say: Say, again: str = "") -> Said:
    """Place by place, as it will look; places where it reads the same are named together."""
    text = [say(head), again] if again else [say(head)]
    html = [f"<p>{lines(piece)}</p>" for piece in text]
    for names, place, messages in _alike(made):
        text.append(f"{names}\n{'-' * len(names)}")
        html.append(f"<h3>{escape(names)}</h3>")
        pieces = [piece for message in messages for piece in _pieces(message, place, say)]
        text += pieces
        html += [f"<p>{lines(piece)}</p>" for piece in pieces]
    return Said("\n\n".join(text), "\n".join(html))


def _alike(made: Mapping[Place, Sequence[Message]]) -> list[tuple[str, Place, Sequence[Message]]]:
    groups: list[tuple[list[str], Place, Sequence[Message]]] = []
    for place, messages in made.items():
        same = next(
            (g for g in groups if list(g[2]) == list(messages) and most(g[1].limits) == most(place.limits)), None
        )
        if same:
            same[0].append(place.name)
        else:
            groups.append(([place.name], place, messages))
    return [(", ".join(names), place, messages) for names, place, messages in groups]


def _pieces(message: Message, place: Place, say: Say) -> list[str]:
    used, allowed = count(message.text, place.limits, message.warning), most(place.limits)
    said = [message.warning, message.text, "\n".join(f"( ) {option}" for option in message.poll)]
    said += [say(Sentence("Picture: %(alt)s", alt=image.alt)) for image in message.images]
    said.append(say(Sentence("%(used)s of %(allowed)s", used=used, allowed=allowed)) if allowed < 5_000 else "")
    return [piece for piece in said if piece]
