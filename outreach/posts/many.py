"""Many drafts at once: for hundreds of rows, asking the database for each of them would take ten times as long."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TypeVar

from sqlalchemy import select
from sqlalchemy.orm import Session

from outreach.access import Actor
from outreach.history import record
from outreach.models import Account, Medium, Placement, Post, PostMedium, PostVersion, Sheet
from outreach.posts.versions import dump, written_of
from outreach.posts.written import Written

Of = TypeVar("Of", Account, Medium)


def create_many(
    session: Session, sheet: Sheet, some: Sequence[tuple[str, Written]], by: Actor, now: datetime
) -> list[Post]:
    """A new draft for each (form key, what was written), in the caller's transaction; titles are not for this.

    What each says was looked at before; places and pictures that are not of the library (any more) are left out.
    """
    library_id = sheet.library_id
    accounts = _own(session, Account, library_id, {n for _, one in some for n in one.accounts})
    media = _own(session, Medium, library_id, {n for _, one in some for n, _alt in one.media})
    made = [_post(sheet, key, one, accounts, media, by, now) for key, one in some]
    session.add_all(made)
    session.flush()
    session.add_all(
        PostVersion(post_id=p.id, revision=1, who_id=by.person_id, who=by.name, at=now, written=dump(written_of(p)))
        for p in made
    )
    for post in made:
        states = (None, "draft")
        record(session, "post", post.id, "written", by, now, library_id=library_id, post_id=post.id, states=states)
    return made


def _own(session: Session, model: type[Of], library_id: int, ids: set[int]) -> dict[int, Of]:
    if not ids:
        return {}
    mine = select(model).where(model.library_id == library_id, model.id.in_(ids))
    return {row.id: row for row in session.scalars(mine)}


def _post(
    sheet: Sheet,
    key: str,
    one: Written,
    accounts: dict[int, Account],
    media: dict[int, Medium],
    by: Actor,
    now: datetime,
) -> Post:
    return Post(
        library_id=sheet.library_id,
        sheet_id=sheet.id,
        kind=one.kind,
        state="draft",
        revision=1,
        words=one.words,
        link=one.link,
        fields=dict(one.fields),
        visibility=one.visibility,
        warning=one.warning,
        language=one.language,
        second=dict(one.second),
        timing=one.timing,
        wished_at=one.wished_at,
        author_id=by.person_id,
        author_name=by.name,
        form_key=key,
        created_at=now,
        updated_at=now,
        placements=[
            Placement(account=accounts[n], account_id=n, words=own) for n, own in one.accounts.items() if n in accounts
        ],
        media=[
            PostMedium(medium=media[n], medium_id=n, position=at, alt=alt, seal="", shape="")
            for at, (n, alt) in enumerate(one.media)
            if n in media
        ],
        titles=[],
    )
