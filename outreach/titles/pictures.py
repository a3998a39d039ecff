"""The pictures of a post about books: a collage in each shape its places like, or four of them, each with its words.

    titles | a cover that we may use, else our card | collage | stored | pictures of the post

They are drawn whenever the post is saved, and belong to it like any picture: approved, frozen, sent.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from PIL import Image
from sqlalchemy import select
from sqlalchemy.orm import Session

from outreach.access import OUTREACH, Actor
from outreach.accounts.limits import limits_of
from outreach.channels.base import Limits
from outreach.db import db, writing
from outreach.drawing.cards import Card, alt_of, draw
from outreach.drawing.collage import MOST, SHAPES, alt_of_collage, collage, encoded
from outreach.languages import spoken
from outreach.media.store import Store, keep
from outreach.models import Library, Medium, Post, PostMedium, PostTitle, Title
from outreach.posts.format_names import format_name
from outreach.posts.kinds import KINDS
from outreach.posts.lifecycle import locked
from outreach.posts.listing import EACH, picture_seal
from outreach.posts.queries import last_event
from outreach.posts.reading import book_of
from outreach.posts.review_letter import ask_for_review, forget_letters
from outreach.titles.covers import Studio, cover_of, image_of, kept_cover, patience, patience_of_preview

CARD = (400, 600)  # pixels, of a card on a page
OPEN = ("draft", "submitted", "returned")  # states in which the pictures of a post still change


@dataclass(frozen=True)
class Drawn:
    shape: str  # wide, square, tall: for places that like it; EACH: for every place
    data: bytes
    alt: str


def redraw(post_id: int, studio: Studio, now: datetime) -> None:
    """The pictures that belong to the titles a post has now. Nothing is drawn within the transaction."""
    post = db.session().get_one(Post, post_id)
    if not KINDS[post.kind].titles or post.state not in OPEN:
        return
    titles = [row.title for row in post.titles]
    seal = _seal(titles, post)
    drawn = draw_for(titles, post.library, post.fields, _limits(post), studio, now)
    kept = [(keep(studio.store, post.library_id, one.data, f"books-{one.shape}", now), one) for one in drawn]
    with writing() as session:
        _attach(session, locked(session, post_id), kept, seal, now)


def redraw_posts_with(title_id: int, studio: Studio, now: datetime) -> None:
    """After the words of a title were corrected."""
    mine = select(Post.id).join(PostTitle, PostTitle.post_id == Post.id)
    for post_id in db.session().scalars(mine.where(PostTitle.title_id == title_id, Post.state.in_(OPEN))).all():
        redraw(post_id, studio, now)


def _limits(post: Post) -> list[Limits]:
    return [limits_of(placement.account) for placement in post.placements]


def _seal(titles: Sequence[Title], post: Post) -> str:
    return picture_seal([book_of(title, post.library) for title in titles], post.fields)


def _attach(session: Session, post: Post, kept: Sequence[tuple[Medium, Drawn]], seal: str, now: datetime) -> None:
    """Nothing is put beside other titles than it was drawn of; who had seen the old pictures is asked again."""
    if post.state not in OPEN or seal != _seal([row.title for row in post.titles], post):
        return
    before = {(row.medium_id, row.alt) for row in post.media if row.shape}
    anew = post.state == "submitted" and before != {(medium.id, drawn.alt) for medium, drawn in kept}
    if anew:
        post.revision += 1
        forget_letters(session, post, now)
    post.media[:] = [row for row in post.media if not row.shape]
    session.flush()
    once = {medium.id: (medium, drawn) for medium, drawn in kept}  # two books of one name have the same card
    for position, (medium, drawn) in enumerate(once.values(), len(post.media)):
        row = PostMedium(medium_id=medium.id, position=position, alt=drawn.alt, shape=drawn.shape, seal=seal)
        post.media.append(row)
    if anew:
        session.flush()
        ask_for_review(session, post, _last_hand(session, post), now)


def _last_hand(session: Session, post: Post) -> Actor:
    """Who changed it is not asked about that."""
    last = last_event(session, post.id)
    return Actor(last.who_id, last.who) if last else OUTREACH


def draw_for(
    titles: Sequence[Title],
    library: Library,
    fields: dict[str, object],
    limits: Iterable[Limits],
    studio: Studio,
    now: datetime,
) -> list[Drawn]:
    """What the post of these titles shows on places with these limits; nothing where it shows no pictures."""
    pictures, takers = fields.get("pictures"), [one for one in limits if one.images]
    if pictures not in ("collage", "four") or not titles or not takers:
        return []
    chosen = titles[: MOST if pictures == "collage" else 4]
    faces = _faces(chosen, library, studio, now, patience()) if fields.get("real_covers") else _cards(chosen, library)
    images = [_image(face, library.colour, studio.store) for face in faces]
    longest = min(one.alt_characters for one in takers)
    if pictures == "four":
        return [
            Drawn(EACH, encoded(image), alt_of_title(title, library)[:longest])
            for title, image in zip(chosen, images, strict=True)
        ]
    alt = alt_of_collage([card_for(title, library) for title in chosen], longest, library.language)
    shapes = sorted({one.shape for one in takers})
    return [Drawn(shape, encoded(collage(images, shape, library.colour)), alt) for shape in shapes]


def _faces(
    titles: Iterable[Title], library: Library, studio: Studio, now: datetime, until: float
) -> tuple[Card | str, ...]:
    """Of each the digest of a cover that we may post, else our card."""
    return tuple(cover_of(title, studio, now, until) or card_for(title, library) for title in titles)


def _cards(titles: Iterable[Title], library: Library) -> tuple[Card | str, ...]:
    return tuple(card_for(title, library) for title in titles)


def _image(face: Card | str, colour: str, store: Store) -> Image.Image:
    return draw(face, colour) if isinstance(face, Card) else image_of(face, store)


def card_for(title: Title, library: Library) -> Card:
    return Card(title.title, title.author, format_name(title.format, library.language), title.subtitle)


def alt_of_title(title: Title, library: Library) -> str:
    return spoken(alt_of(card_for(title, library)), library.language)


def alt_of_titles(titles: Sequence[Title], library: Library) -> str:
    """Of a collage of them."""
    return alt_of_collage([card_for(title, library) for title in titles[:MOST]], language=library.language)


def card_of(title: Title, library: Library) -> io.BytesIO:
    """The card of a title, for a page of ours."""
    return io.BytesIO(_card(card_for(title, library), library.colour))


def cover_or_card(title: Title, studio: Studio, library: Library) -> io.BytesIO:
    """A cover that we have and may show, else its card."""
    kept = kept_cover(db.session(), title, studio)
    return io.BytesIO(kept) if kept else card_of(title, library)


@lru_cache(maxsize=256)
def _card(card: Card, colour: str) -> bytes:
    return encoded(draw(card, colour, CARD))


def preview(
    title_ids: Sequence[int], library: Library, shape: str, studio: Studio, now: datetime, *, real: bool
) -> io.BytesIO | None:
    """The collage of some titles of a library, in the order of their ids here; None without any, or such a shape.

    `real`: with covers, which are fetched: who saves the post finds them there.
    """
    if shape not in SHAPES:
        return None
    mine = select(Title).where(Title.library_id == library.id, Title.id.in_(title_ids))
    known = {title.id: title for title in db.session().scalars(mine)}
    chosen = [known[n] for n in dict.fromkeys(title_ids) if n in known][:MOST]
    if not chosen:
        return None
    with patience_of_preview() as until:
        faces = _faces(chosen, library, studio, now, until) if real else _cards(chosen, library)
    return io.BytesIO(_collage(faces, library.colour, shape, studio.store))


@lru_cache(maxsize=64)
def _collage(faces: tuple[Card | str, ...], colour: str, shape: str, store: Store) -> bytes:
    return encoded(collage([_image(face, colour, store) for face in faces], shape, colour))
