"""What was tried for one message, in words; and for support, what was said between us and the network."""

from __future__ import annotations

import json

from flask import Blueprint, Response, render_template
from flask_babel import gettext as _

from outreach.db import db
from outreach.models import Attempt, Delivery
from outreach.posts.attempts import attempts_of
from outreach.web.signin import find, needs

pages = Blueprint("attempts", __name__, url_prefix="/deliveries")


@pages.get("/<int:delivery_id>/log")
@needs("see")
def show(delivery_id: int):
    delivery = find(Delivery, delivery_id)
    tried = attempts_of(db.session(), delivery.id)
    return render_template("attempts/show.html", delivery=delivery, tried=tried, named=_named(), written=written)


def written(call: dict) -> str:
    """One call as whoever helps reads it."""
    came = f" → {call['status']}" if call.get("status") else ""
    lines = [f"{call['call']}{came} ({call['ms']} ms)", call.get("trouble", "")]
    lines += [f"{name}: {value}" for name, value in (call.get("headers") or {}).items()]
    return "\n".join(filter(None, [*lines, call.get("sent"), call.get("answer")]))


@pages.get("/<int:delivery_id>/log.json")
@needs("accounts")
def download(delivery_id: int):
    """To send to whoever helps: no secret is in it."""
    delivery = find(Delivery, delivery_id, "accounts")
    told = [_told(attempt) for attempt in attempts_of(db.session(), delivery.id)]
    about = {"network": delivery.account.network, "state": delivery.state, "attempts": told}
    answer = Response(json.dumps(about, indent=1, ensure_ascii=False), mimetype="application/json")
    answer.headers["Content-Disposition"] = f'attachment; filename="outreach-log-{delivery.id}.json"'
    return answer


def _told(attempt: Attempt) -> dict[str, object]:
    return {
        "what": attempt.what,
        "began": attempt.began_at.isoformat(),
        "ended": attempt.ended_at.isoformat() if attempt.ended_at else None,
        "outcome": attempt.outcome,
        "sentence": str(attempt.sentence or ""),
        "diagnosis": attempt.diagnosis,
        "exchange": attempt.exchange,
    }


def _named() -> dict[str, str]:
    return {
        "published": _("it is out"),
        "in_hand": _("a person was asked"),
        "refused": _("not taken"),
        "later": _("not now"),
        "loose": _("not let in"),
        "unclear": _("no clear answer"),
        "absent": _("looked: it is not there"),
        "unreadable": _("could not look"),
        "removed": _("it is gone"),
        "stands": _("could not be taken down"),
        "changed": _("changed there"),
        "unchanged": _("could not be changed there"),
        "boosted": _("shown once more"),
        "interrupted": _("interrupted"),
    }
