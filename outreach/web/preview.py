"""Previews: the messages of a post per place, with their counts and what stands in the way."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from outreach import clock
from outreach.db import db
from outreach.models import DigestRule, Library, Medium, Title
from outreach.posts.kinds import Book, Draft, Image, whole_address
from outreach.posts.policy import Place, Problem, problems
from outreach.posts.queries import accounts_of
from outreach.posts.reading import default_answer_time, place_of
from outreach.posts.schedule import next_free
from outreach.posts.wording import Message, count, most, render
from outreach.titles.digest import pick
from outreach.titles.draft import digest_accounts
from outreach.titles.queries import news, offered
from outreach.web.typed import Typed, meaning, wall
from outreach.words import NotDone


@dataclass(frozen=True)
class Shown:
    message: Message
    count: int
    most: int

    @property
    def over(self) -> bool:
        return self.count > self.most


@dataclass(frozen=True)
class Preview:
    place: Place
    messages: list[Shown]
    problems: list[Problem]


def previews(typed: Typed, library: Library) -> list[Preview]:
    """Of a form, saved or not."""
    places = [
        (place_of(a), typed.own_words.get(a.id, ""))
        for a in accounts_of(db.session(), library.id)
        if a.id in typed.accounts
    ]
    draft = draft_of_form(typed, library)
    made = {place: render(draft, place.limits, words) for place, words in places}
    return previews_of(made, problems(draft, made))


def previews_of_rule(rule: DigestRule, words: str, number: int) -> list[Preview]:
    """The weekly post as it would read now; with the newest known titles where nothing is new."""
    session, library = db.session(), rule.library
    titles = news(session, rule) or offered(session, library.id, [], number)
    picked = pick(titles, number)
    known = {t.id: t for t in titles}
    books = tuple(Book(known[n].title, known[n].author, known[n].link) for n in picked.ids)
    draft = Draft("titles", picked.words(words), books=books, hashtags=library.hashtags, library=library.name)
    chosen = set(digest_accounts(session, rule))
    places = [place_of(a) for a in accounts_of(session, library.id) if a.id in chosen][:2]
    made = {place: render(draft, place.limits) for place in places}
    return previews_of(made, problems(draft, made))


def previews_of(made: Mapping[Place, Sequence[Message]], found: Sequence[Problem]) -> list[Preview]:
    return [
        Preview(
            place,
            [Shown(m, count(m.text, place.limits, m.warning), most(place.limits)) for m in messages],
            [p for p in found if p.place == place.id],
        )
        for place, messages in made.items()
    ]


def draft_of_form(typed: Typed, library: Library) -> Draft:
    """The form as the plain value that wording takes; a time that makes no sense is no time yet."""
    session = db.session()
    media = {
        m.id: m
        for m in session.query(Medium).filter(
            Medium.library_id == library.id, Medium.id.in_([n for n, _ in typed.media])
        )
    }
    titles = {t.id: t for t in session.query(Title).filter(Title.library_id == library.id, Title.id.in_(typed.titles))}
    at = _time(typed, library)
    try:
        fields = meaning(typed, library, None).fields
        answer = wall(typed.answer_day, typed.answer_clock, library) if typed.answer == "at" else None
    except NotDone:
        fields, answer = {}, None
    answer = answer or (default_answer_time(library, at) if at else None)
    return Draft(
        kind=typed.kind,
        words=typed.words,
        link=whole_address(typed.link),
        fields=fields,
        images=tuple(
            Image(m.digest, m.mime, alt, m.size, m.width * m.height) for n, alt in typed.media if (m := media.get(n))
        )
        + tuple(Image("", "image/jpeg", alt, 0) for alt in typed.coming),
        books=tuple(Book(t.title, t.author, t.link) for n in typed.titles if (t := titles.get(n))),
        visibility=typed.visibility,
        warning=typed.warning,
        language=typed.language,
        hashtags=library.hashtags,
        library=library.name,
        at=at,
        answer_at=answer if typed.kind == "trivia" else None,
    )


def _time(typed: Typed, library: Library):
    if typed.timing == "now":
        return clock.now()
    if typed.timing == "slot":
        return next_free(db.session(), library, typed.kind, clock.now())
    try:
        return wall(typed.day, typed.clock, library)
    except NotDone:
        return None
