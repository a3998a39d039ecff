"""Is it alive? For monitors: 200, or 503 with the reason."""

from __future__ import annotations

from flask import Blueprint, jsonify

from outreach import clock
from outreach.posts.watch import health

pages = Blueprint("health", __name__)


@pages.get("/healthz")
def healthz():
    state = health(clock.now())
    body = {
        "ok": state.well,
        "last_tick": state.tick.isoformat() if state.tick else None,
        "late": state.late,
        "reason": state.sentence,
    }
    return jsonify(body), 200 if state.well else 503
