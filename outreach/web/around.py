"""What stands around the week, the month and the list: filters that are kept, what was just moved, one suggestion."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from urllib.parse import urlsplit

from flask import g, request, session, url_for
from flask_security import current_user
from sqlalchemy import exists, func, select, text
from sqlalchemy.orm import Session

from outreach import clock
from outreach.db import db
from outreach.models import Library, Question, Title
from outreach.models.titles import NEWS
from outreach.posts import thin
from outreach.posts.asking import Who
from outreach.posts.calendar import Wanted, kinds_lately
from outreach.posts.kinds import KINDS
from outreach.titles.queries import running
from outreach.web.days import room
from outreach.web.shown import may_here

OF_A_POST = re.compile(r"/posts/[0-9]{1,9}")
VIEWS = ("week.home", "week.month", "agenda.home")


@dataclass(frozen=True)
class Moved:
    """A post that has just got another time."""

    post_id: int
    at: datetime
    before: datetime | None  # to go back to; None: it cannot
    revision: int  # as it is since


def who() -> Who:
    """Whoever looks at the page, for what it counts."""
    return Who(current_user.id, may_here("settle"), may_here("settings"))


def asked_day(today: date, text: str) -> date:
    try:
        asked = date.fromisoformat(text)
    except ValueError:
        return today
    return asked if 2000 <= asked.year <= 2100 else today


def wanted() -> Wanted:
    """The filters of the address; what is no kind and no number is none."""
    kind, place = request.args.get("kind", ""), request.args.get("place", "")
    number = int(place) if place.isascii() and place.isdecimal() and len(place) < 10 else None
    return Wanted(number, kind if kind in KINDS else "")


def frame(now: datetime, chosen: Wanted, day: date) -> dict[str, Any]:
    """For the top of all three views. `kept`: what their links carry on."""
    kinds = kinds_lately(db.session(), g.library.id)
    kept = {"place": chosen.place, "kind": chosen.kind or None}
    return {
        "wanted": chosen,
        "kept": {name: value for name, value in kept.items() if value},
        "kinds_in_use": [key for key in KINDS if key in kinds or key == chosen.kind],
        "again": again,
        "here_again": request.full_path.rstrip("?"),
        "posts_at": url_for("posts.show", post_id=0).removesuffix("0"),
        "on": day,
        "today": clock.today(now, g.library.timezone),
        "moved": _moved(),
    }


def again(**changes: object) -> str:
    """The same page with other filters; where it had begun (keyset) is of the old ones."""
    asked = {name: value for name, value in request.args.items() if name != "after"}
    return url_for(str(request.endpoint), **asked | changes)  # type: ignore[arg-type]


def remember(post_id: int, at: datetime, before: datetime | None, revision: int) -> None:
    """For the next page: it offers to undo it."""
    session["moved"] = [post_id, at.isoformat(), before.isoformat() if before else "", revision]


def _moved() -> Moved | None:
    kept = session.pop("moved", None)
    if not kept:
        return None
    post_id, at, before, revision = kept
    return Moved(post_id, datetime.fromisoformat(at), datetime.fromisoformat(before) if before else None, revision)


def way_back() -> str:
    """The view or the post that a form came from, as it says; another address is the home page."""
    asked = urlsplit(request.values.get("back", "")[:500])
    ours = (
        not asked.scheme
        and not asked.netloc
        and (asked.path in {url_for(view) for view in VIEWS} or OF_A_POST.fullmatch(asked.path))
    )
    return f"{asked.path}?{asked.query}" if ours and asked.query else asked.path if ours else url_for(VIEWS[0])


def suggestion(rows: Session, library: Library, now: datetime) -> thin.Suggestion | None:
    """One, where the coming week is thin, and nobody said this week that they want none."""
    if not may_here("draft") or session.get("no_suggestion") == this_week(library, now):
        return None
    free, kinds = room(rows, library, now)
    if not free:
        return None
    unused = select(exists().where(Question.library_id == library.id, Question.used_at.is_(None)))
    news = select(func.count(Title.id)).where(Title.library_id == library.id, text(NEWS))
    return thin.suggestion(
        free, kinds, bool(rows.scalar(unused)), rows.scalar(news) or 0, bool(running(rows, library.id))
    )


def no_suggestion(library: Library, now: datetime) -> None:
    session["no_suggestion"] = this_week(library, now)


def this_week(library: Library, now: datetime) -> str:
    return clock.week_of(clock.today(now, library.timezone))[0].isoformat()
