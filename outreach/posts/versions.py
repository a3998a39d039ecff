"""A post as JSON and back: what a version, a series and a start keep of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from outreach.access import Actor
from outreach.models import Account, Medium, Post, PostVersion, Title
from outreach.posts.written import Written

SAME_SITTING = timedelta(minutes=10)  # what one person saves again within them is one version


def written_of(post: Post) -> Written:
    """All of it, its time included. Pictures that we drew are left out: they are drawn again."""
    return Written(
        kind=post.kind,
        words=post.words,
        link=post.link,
        fields=dict(post.fields),
        visibility=post.visibility,
        warning=post.warning,
        language=post.language,
        second=dict(post.second),
        timing=post.timing,
        wished_at=post.wished_at,
        accounts={p.account_id: p.words for p in post.placements},
        media=[(m.medium_id, m.alt) for m in post.media if not m.shape],
        titles=[t.title_id for t in post.titles],
    )


def shown(post: Post) -> dict[str, Any]:
    """All that anybody sees of it."""
    fields = {name: value for name, value in post.fields.items() if name != "repeat"}
    return dump(replace(written_of(post), timing="", wished_at=None, fields=fields))


def dump(written: Written) -> dict[str, Any]:
    """As JSON holds it.

    >>> load(dump(Written("news", "Open", accounts={3: "Here"}))).accounts
    {3: 'Here'}
    """
    at = written.wished_at
    return {
        "kind": written.kind,
        "words": written.words,
        "link": written.link,
        "fields": dict(written.fields),
        "visibility": written.visibility,
        "warning": written.warning,
        "language": written.language,
        "second": dict(written.second),
        "timing": written.timing,
        "wished_at": at.isoformat() if at else None,
        "accounts": {str(account): words for account, words in written.accounts.items()},
        "media": [list(pair) for pair in written.media],
        "titles": list(written.titles),
    }


def load(kept: Mapping[str, Any]) -> Written:
    at = kept.get("wished_at")
    return Written(
        **{name: kept[name] for name in ("kind", "words", "link", "fields", "visibility", "warning", "language")},
        second=kept.get("second", {}),
        timing=kept.get("timing", "slot"),
        wished_at=datetime.fromisoformat(at) if at else None,
        accounts={int(account): words for account, words in kept.get("accounts", {}).items()},
        media=[(int(medium), str(alt)) for medium, alt in kept.get("media", [])],
        titles=[int(title) for title in kept.get("titles", [])],
    )


def still_there(session: Session, library_id: int, written: Written) -> Written:
    """Without the places, pictures and titles that are gone since it was kept."""
    places = select(Account.id).where(Account.library_id == library_id, Account.retired_at.is_(None))
    media, titles = select(Medium.id), select(Title.id)
    there = set(session.scalars(places))
    pictures = set(session.scalars(media.where(Medium.library_id == library_id)))
    wanted = titles.where(Title.library_id == library_id, Title.id.in_(written.titles), Title.hidden_at.is_(None))
    books = set(session.scalars(wanted)) if written.titles else set()
    return replace(
        written,
        accounts={n: words for n, words in written.accounts.items() if n in there},
        media=[(n, alt) for n, alt in written.media if n in pictures],
        titles=[n for n in written.titles if n in books],
    )


def keep(session: Session, post: Post, by: Actor, now: datetime, apart: bool = False) -> None:
    """What was just saved, as a version; of one sitting it is the last one, or `apart` from that."""
    session.flush()
    newest = select(PostVersion).where(PostVersion.post_id == post.id).order_by(PostVersion.id.desc()).limit(1)
    last, told = session.scalar(newest), dump(written_of(post))
    if last is not None and last.written == told:
        return
    if last is not None and not apart and _same_sitting(last, post, by, now):
        last.revision, last.written, last.at = post.revision, told, now
        return
    session.add(
        PostVersion(post_id=post.id, revision=post.revision, who_id=by.person_id, who=by.name, at=now, written=told)
    )


def _same_sitting(last: PostVersion, post: Post, by: Actor, now: datetime) -> bool:
    """What somebody decided on since is a version of its own: the next one is compared with it."""
    undecided = last.revision > (post.decided_revision or 0)
    return undecided and last.who_id == by.person_id and now - last.at < SAME_SITTING


def versions_of(session: Session, post: Post) -> list[PostVersion]:
    """Newest first."""
    mine = select(PostVersion).where(PostVersion.post_id == post.id)
    return list(session.scalars(mine.order_by(PostVersion.id.desc()).limit(50)))
