"""What stands on a page of our own at this moment, and on no other ground than that it is published there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import NAMESPACE_URL, UUID, uuid5

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload

from outreach.channels import CHANNELS, about
from outreach.models import Account, Change, Consent, Delivery, Library, Post
from outreach.posts.drafts import Image
from outreach.posts.wording import from_payload


@dataclass(frozen=True)
class Entry:
    id: UUID  # the same for as long as the message stands
    kind: str
    at: datetime
    text: str
    images: tuple[Image, ...]
    language: str
    changed_at: datetime  # other words since, or its time


def place_at(session: Session, address: str, *networks: str) -> Account | None:
    """The page of ours with this address, on one of these networks; none that was removed."""
    mine = select(Account).where(Account.remote_id == address, Account.network.in_(networks))
    return session.scalar(mine.where(Account.retired_at.is_(None)).options(joinedload(Account.library)))


def standing(session: Session, account: Account, now: datetime) -> list[Entry]:
    """The newest first. Gone at once is what somebody takes down, and what shows work whose consent was withdrawn."""
    stays = about(account.network).stays
    if stays is None:
        return []
    mine = select(Delivery).join(Post).where(Delivery.account_id == account.id, Delivery.state == "published")
    mine = mine.where(Delivery.unwanted_at.is_(None), ~Post.consents.any(Consent.withdrawn_at.is_not(None)))
    mine = mine.where(Delivery.published_at.is_not(None))
    if stays.days is not None:
        mine = mine.where(Delivery.published_at > now - timedelta(days=stays.days))
    newest = mine.order_by(Delivery.published_at.desc(), Delivery.id.desc()).limit(stays.most)
    found = session.scalars(newest.options(joinedload(Delivery.post, innerjoin=True).load_only(Post.kind))).all()
    changed = _corrected(session, [delivery.id for delivery in found])
    return [_entry(delivery, account, changed.get(delivery.id)) for delivery in found]


def _corrected(session: Session, ids: Sequence[int]) -> dict[int, datetime]:
    """When those of them that were corrected were."""
    last = select(Change.delivery_id, func.max(Change.ended_at)).where(Change.delivery_id.in_(ids))
    rows = session.execute(last.where(Change.ended_at.is_not(None)).group_by(Change.delivery_id)).all() if ids else ()
    return {delivery_id: at for delivery_id, at in rows if at}


def _entry(delivery: Delivery, account: Account, changed: datetime | None) -> Entry:
    message = from_payload(delivery.payload)
    name = f"{account.created_at.isoformat()}/{delivery.id}"  # no other installation has the same
    at = delivery.published_at or delivery.due_at
    key = uuid5(NAMESPACE_URL, name)
    return Entry(key, delivery.post.kind, at, message.text, message.images, message.language, changed or at)


def changed_at(session: Session, account: Account) -> datetime:
    """When something last came or went."""
    out = Delivery.published_at.is_not(None)
    came = select(func.max(Delivery.published_at)).where(Delivery.account_id == account.id, out)
    went = select(func.max(Delivery.unwanted_at)).where(
        Delivery.account_id == account.id, Delivery.unwanted_at.is_not(None)
    )
    withdrawn = select(func.max(Consent.withdrawn_at)).where(Consent.library_id == account.library_id)
    corrected = select(func.max(Change.ended_at)).join(Delivery).where(Delivery.account_id == account.id)
    moments = [session.scalar(one) for one in (came, went, withdrawn, corrected)]
    return max(moment for moment in (*moments, account.created_at) if moment)


def pictures_standing(session: Session, now: datetime) -> set[str]:
    """Of all pages of ours: a post may have lost a picture since, and its page has not."""
    own = [name for name in CHANNELS if about(name).stays]
    places = session.scalars(select(Account).where(Account.network.in_(own), Account.retired_at.is_(None)))
    return {image.digest for place in places for entry in standing(session, place, now) for image in entry.images}


def is_over(session: Session, library: Library) -> bool:
    """A practice library is nobody's any more once there is a real one."""
    real = select(Library.id).where(Library.practice.is_(False)).limit(1)
    return library.practice and session.scalar(real) is not None
