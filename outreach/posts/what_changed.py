"""A post beside the version that somebody decided on, with the names that a page says."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from outreach.models import Account, Post, PostVersion, Title
from outreach.posts.changes import Change, Names, changes
from outreach.posts.versions import load, written_of
from outreach.posts.written import Written


def what_changed(session: Session, post: Post, version: PostVersion | None) -> list[Change]:
    """Since the version that was last approved or sent back; nothing the first time."""
    if version is None:
        return []
    before = load(version.written)
    return changes(before, written_of(post), _names(session, post, before))


def _names(session: Session, post: Post, before: Written) -> Names:
    """Of what is there now; what is gone since is asked for."""
    places = {p.account_id: p.account.name for p in post.placements}
    titles = {row.title_id: row.title.title for row in post.titles}
    if gone := set(before.accounts) - set(places):
        places |= {a.id: a.name for a in session.scalars(select(Account).where(Account.id.in_(gone)))}
    if gone := set(before.titles) - set(titles):
        titles |= {t.id: t.title for t in session.scalars(select(Title).where(Title.id.in_(gone)))}
    return Names(places, titles)
