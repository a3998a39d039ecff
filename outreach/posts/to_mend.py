"""What is out, and only a person can mend: a message that shall be deleted there, or say something else."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import ColumnElement, Select, select
from sqlalchemy.orm import Session, joinedload

from outreach.models import Change, Delivery
from outreach.posts.asking import asked_to_change
from outreach.posts.lifecycle import stands_unwanted

MOST = 50


@dataclass(frozen=True)
class ToMend:
    delivery: Delivery
    delete: bool  # else its words are changed there


def to_mend(session: Session, where: ColumnElement[bool]) -> list[ToMend]:
    """Of a library or of a place; what shall be deleted first, each the oldest first."""
    mine = select(Delivery).where(where)
    unwanted, corrected = mine.where(stands_unwanted()), mine.join(Change).where(asked_to_change())
    return [ToMend(delivery, True) for delivery in _oldest(session, unwanted)] + [
        ToMend(delivery, False) for delivery in _oldest(session, corrected)
    ]


def _oldest(session: Session, found: Select[Delivery]) -> list[Delivery]:
    whole = found.options(joinedload(Delivery.account), joinedload(Delivery.post))
    return list(session.scalars(whole.order_by(Delivery.due_at, Delivery.id).limit(MOST)))
