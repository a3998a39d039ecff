"""Hashtags that a library used together: kept when a post with them is sent, the newest first, to be picked again."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sqlalchemy.orm import Session

from outreach.db import ALONE, writing
from outreach.models import Library, Post

MOST = 10  # more are not looked through


def tidy(typed: str) -> str:
    """Each once, with its sign.

    >>> tidy("BookWeek #Reading  #bookweek #")
    '#BookWeek #Reading'
    """
    tags: dict[str, str] = {}
    for tag in typed.split():
        if tag.strip("#"):
            tags.setdefault(tag.strip("#").casefold(), f"#{tag.lstrip('#')}")
    return " ".join(tags.values())


def with_sets(typed: str, ticked: Iterable[str]) -> str:
    """What was typed, and what it lacks of the sets that were picked."""
    added = tidy(" ".join(ticked))
    return tidy(f"{typed} {added}") if added else typed


def offered(sets: Sequence[str], typed: str) -> list[str]:
    """Those that do not stand in the field already."""
    return [one for one in sets if not _of(one) <= _of(typed)]


def remember(session: Session, post: Post) -> None:
    """A post with hashtags of its own is sent. Called with the post locked: the library's row comes after it."""
    used, library = tidy(str(post.fields.get("hashtags") or "")), session.get_one(Library, post.library_id)
    if not used or library.hashtag_sets[:1] == [used]:
        return
    library = session.get_one(Library, post.library_id, populate_existing=True, with_for_update=ALONE)
    others = [one for one in library.hashtag_sets if _of(one) != _of(used)]
    library.hashtag_sets = [used, *others][:MOST]


def forget(library_id: int, sets: Iterable[str]) -> None:
    """Posts that have them keep them."""
    gone = [_of(one) for one in sets]
    with writing() as session:
        library = session.get_one(Library, library_id, populate_existing=True, with_for_update=ALONE)
        library.hashtag_sets = [one for one in library.hashtag_sets if _of(one) not in gone]


def _of(tags: str) -> frozenset[str]:
    """Whatever their order, and however they are written."""
    return frozenset(tidy(tags).casefold().split())
