"""What the first send needs is there before it: seconds are left then, and thirty-two threads do not wait for it."""

import sys

import pytest
from sqlalchemy import event

from outreach.channels.wire import trust
from outreach.db import db
from workers import warm


@pytest.fixture
def cold(monkeypatch):
    trust.cache_clear()
    monkeypatch.setattr(warm, "_warm", warm._warm.__wrapped__)


def test_the_certificates_are_read_before_a_send_to_a_server(context, cold):
    warm.warm(["mastodon"], "")
    assert trust.cache_info().currsize == 1
    assert "outreach.channels.http" in sys.modules


def test_what_calls_nobody_needs_no_certificates(context, cold):
    warm.warm(["practice", "by_hand"], "")
    assert trust.cache_info().currsize == 0


def test_the_statements_of_a_send_are_made_and_change_nothing(context, cold):
    said = []
    event.listen(db.engine, "before_cursor_execute", lambda *told: said.append(told[2]))
    warm.warm(["practice"], "")
    assert sum("delivery.id = " in words for words in said) == 3
    assert not any(words.startswith(("UPDATE", "INSERT", "DELETE")) for words in said)
