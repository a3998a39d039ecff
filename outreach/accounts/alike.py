"""One place that stands twice among those of a library gets everything twice: the second one is told of."""

from __future__ import annotations

from sqlalchemy import and_, or_, select, true
from sqlalchemy.orm import Session

from outreach.models import Account
from outreach.words import Sentence

MAY_BE_THE_SAME = Sentence(
    "%(other)s is here already. If it is the same place, remove one of the two: else everything goes out there twice."
)


def may_be_the_same(session: Session, account: Account) -> Sentence | None:
    """About another place of its library: one that people post to, of the same sort and not clearly elsewhere."""
    by_hand = Account.network == "by_hand"
    if account.network == "by_hand":
        not_elsewhere = or_(Account.url.is_(None), Account.url == account.url) if account.url else true()
        same = or_(
            and_(by_hand, Account.server == account.server, Account.handle == account.handle, not_elsewhere),
            Account.network == account.server,
        )
    else:
        same = and_(by_hand, Account.server == account.network)
    here = Account.library_id == account.library_id, Account.id != account.id, Account.retired_at.is_(None)
    other = session.scalar(select(Account.name).where(*here, same).order_by(Account.id).limit(1))
    return MAY_BE_THE_SAME.filled(other=other) if other else None
