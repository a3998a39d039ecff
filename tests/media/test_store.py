"""Pictures are kept once, also by two at one moment, and not forgotten while somebody is about to show them."""

import io
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from PIL import Image
from sqlalchemy import select

from outreach.db import db, writing
from outreach.media.store import keep
from outreach.media.unused import KEPT, forget_unused
from outreach.models import Medium


@pytest.fixture
def store(app):
    return app.extensions["shop"].store


def drawing():
    out = io.BytesIO()
    Image.new("RGB", (60, 60), "#1f6f54").save(out, "PNG")
    return out.getvalue()


def test_two_that_keep_one_picture_at_one_moment_have_the_same(app, cast, store, now):
    library_id = cast.library.id

    def in_a_thread():
        with app.app_context():
            return keep(store, library_id, drawing(), "list.png", now).id

    with ThreadPoolExecutor(1) as thread:
        with writing() as session:
            digest = store.write(drawing())
            first = Medium(library_id=library_id, digest=digest, mime="image/png", width=60, height=60, size=9)
            first.created_at = now
            session.add(first)
            session.flush()
            second = thread.submit(in_a_thread)
            time.sleep(0.5)  # it waits for us now
        assert second.result(20) == first.id
    assert len(db.session.scalars(select(Medium)).all()) == 1


def test_a_drawing_that_is_known_is_not_forgotten_before_it_is_in_its_post(cast, store, now):
    first = keep(store, cast.library.id, drawing(), "list.png", now).id
    later = now + KEPT + timedelta(days=1)
    assert keep(store, cast.library.id, drawing(), "list.png", later).id == first
    forget_unused(store, later)
    assert db.session.get(Medium, first, populate_existing=True) is not None
