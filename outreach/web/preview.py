"""Previews: the messages of a post per place, with their counts and what stands in the way."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from flask import g, url_for
from sqlalchemy import select

from outreach import clock
from outreach.channels.base import Limits
from outreach.db import db
from outreach.languages import spoken
from outreach.models import DigestRule, Library, Medium, Post, Title
from outreach.posts.drafts import Draft, Image
from outreach.posts.kinds import KINDS
from outreach.posts.listing import EACH, picture_seal
from outreach.posts.policy import Place, Problem, problems, stops
from outreach.posts.queries import accounts_of
from outreach.posts.reading import book_of, draft_from, image_of, place_of
from outreach.posts.schedule import next_free
from outreach.posts.wording import Message, count, most, render
from outreach.titles.digest import DEFAULT_WORDS, pick
from outreach.titles.draft import digest_accounts
from outreach.titles.options import Options
from outreach.titles.pictures import alt_of_title, alt_of_titles
from outreach.titles.queries import last_written, news, offered
from outreach.web.checks import of_form
from outreach.web.meaning import MOST_PICTURES, meaning, wall
from outreach.web.typed import Typed
from outreach.words import NotDone, Sentence


@dataclass(frozen=True)
class Shown:
    message: Message
    count: int
    most: int
    price: Sentence | None = None  # where it costs something

    @property
    def over(self) -> bool:
        return self.count > self.most


@dataclass(frozen=True)
class Preview:
    place: Place
    messages: list[Shown]
    problems: list[Problem]


def beside(typed: Typed, library: Library, post: Post | None = None) -> tuple[list[Preview], list[Problem]]:
    """Of a form, saved or not: how it will look at each place, and what its checks found. `post`: what it changes."""
    places = [
        (place_of(a), typed.own_words.get(a.id, ""))
        for a in accounts_of(db.session(), library.id)
        if a.id in typed.accounts
    ]
    draft = draft_of_form(typed, library, [place.limits for place, _ in places])
    made = {place: render(draft, place.limits, words) for place, words in places}
    found = of_form(library, draft, made, post)
    return previews_of(made, found), found


def previews_of_rule(rule: DigestRule, words: str, number: int, options: Options) -> list[Preview]:
    """The weekly post as it would read now; with the newest known titles where nothing is new."""
    session, library = db.session(), rule.library
    titles = news(session, rule, clock.now(), options=options) or offered(session, library.id, [], number)
    picked = pick(titles, number, options.order, last_written(session, rule.id))
    known = {t.id: t for t in titles}
    listed = [known[n] for n in picked.ids]
    chosen = set(digest_accounts(session, rule))
    places = [place_of(a) for a in accounts_of(session, library.id) if a.id in chosen][:2]
    fields = options.fields(picked.more, library.catalog)
    seal = picture_seal([book_of(t, library) for t in listed], fields)
    draft = Draft(
        "titles",
        words.strip() or spoken(DEFAULT_WORDS, library.language),
        fields=fields,
        images=drawn(listed, options.pictures, options.real_covers, [place.limits for place in places], seal),
        books=tuple(book_of(t, library) for t in listed),
        hashtags=library.hashtags,
        library=library.name,
        speaks=library.language,
    )
    own = {int(n): text for n, text in options.words_for.items() if n.isdecimal() and len(n) < 10}
    made = {place: render(draft, place.limits, own.get(place.id, "")) for place in places}
    return previews_of(made, problems(draft, made))


def drawn(titles: Sequence[Title], how: str, real: bool, limits: Sequence[Limits], seal: str) -> tuple[Image, ...]:
    """The pictures of a post that is being written: where a browser finds them, before any is stored."""
    if how not in ("collage", "four") or not titles:
        return ()
    if how == "four":
        return tuple(_unstored(alt_of_title(t, g.library), EACH, _source_of(t, real), seal) for t in titles[:4])
    alt, ids = alt_of_titles(titles, g.library), [t.id for t in titles[:9]]
    return tuple(
        _unstored(alt, shape, url_for("shelf_pictures.collage", title=ids, shape=shape, real=1 if real else None), seal)
        for shape in sorted({one.shape for one in limits if one.images})
    )


def _source_of(title: Title, real: bool) -> str:
    if real:
        return url_for("shelf_pictures.cover", title_id=title.id, fetch=1)
    return url_for("shelf_pictures.card", title_id=title.id)


def _unstored(alt: str, shape: str, source: str, seal: str) -> Image:
    return Image("", "image/png", alt, 0, shape=shape, source=source, seal=seal)


def previews_of(made: Mapping[Place, Sequence[Message]], found: Sequence[Problem]) -> list[Preview]:
    return [
        Preview(
            place,
            [_shown(place, message) for message in messages],
            [p for p in stops(found) if p.place == place.id],
        )
        for place, messages in made.items()
    ]


def _shown(place: Place, message: Message) -> Shown:
    price = place.price_of(message)
    counted = count(message.text, place.limits, message.warning)
    return Shown(message, counted, most(place.limits), price.told if price else None)


def draft_of_form(typed: Typed, library: Library, limits: Sequence[Limits] = ()) -> Draft:
    """The form as the plain value that wording takes; a time that makes no sense is no time yet."""
    listed = _titles(typed, library)
    seal = picture_seal([book_of(t, library) for t in listed], _choices(typed))
    try:
        written = meaning(typed, library, None)
    except NotDone:
        written = meaning(
            replace(typed, timing="slot", answer="auto", media=typed.media[:MOST_PICTURES]), library, None
        )
    images = _uploaded(typed, library) + tuple(Image("", "image/jpeg", alt, 0) for alt in typed.coming)
    if KINDS[typed.kind].titles:
        images += drawn(listed, typed.pictures, typed.real_covers, limits, seal)
    books = tuple(book_of(t, library) for t in listed)
    return draft_from(written, library, time_of(typed, library), images, books, typed.permitted)


def _titles(typed: Typed, library: Library) -> list[Title]:
    if not typed.titles:
        return []
    mine = select(Title).where(Title.library_id == library.id, Title.id.in_(typed.titles))
    known = {title.id: title for title in db.session().scalars(mine)}
    return [known[n] for n in typed.titles[: KINDS[typed.kind].titles] if n in known]


def _uploaded(typed: Typed, library: Library) -> tuple[Image, ...]:
    mine = select(Medium).where(Medium.library_id == library.id, Medium.id.in_([n for n, _ in typed.media]))
    known = {medium.id: medium for medium in db.session().scalars(mine)} if typed.media else {}
    return tuple(image_of(known[n], alt) for n, alt in typed.media if n in known)


def _choices(typed: Typed) -> dict[str, object]:
    return {"pictures": typed.pictures, "real_covers": typed.real_covers}


def time_of(typed: Typed, library: Library, post: Post | None = None) -> datetime | None:
    """When it is to go out, as the form says now; None for what is no time (yet)."""
    if typed.timing == "now":
        return clock.now()
    if typed.timing == "slot":
        return next_free(db.session(), library, typed.kind, clock.now(), post.id if post else None)
    try:
        return wall(typed.day, typed.clock, library)
    except NotDone:
        return None
