"""Files that are no good pictures: explained by the composer, with all words kept; nothing of them stays."""

import io

import pytest
from clients import signed_in
from PIL import Image

from outreach.db import db
from outreach.models import Medium, Post

SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
GLUED = b"<html><script>alert(1)</script></html>"


def picture(size=(60, 40), kind="JPEG", mode="RGB"):
    out = io.BytesIO()
    Image.new(mode, size).save(out, kind)
    return out.getvalue()


REFUSED = {
    "words": (lambda: b"Dear diary", "cat.jpg", "This file is no picture that we can read"),
    "svg": (lambda: SVG, "cat.svg", "This file is no picture that we can read"),
    "svg called png": (lambda: SVG, "cat.png", "This file is no picture that we can read"),
    "html": (lambda: GLUED, "cat.jpg", "This file is no picture that we can read"),
    "half": (lambda: picture((900, 600))[:2_000], "cat.jpg", "This picture is damaged"),
    "too many pixels": (lambda: picture((10_000, 10_000), "PNG", "1"), "cat.png", "too large (10,000 × 10,000)"),
    "21 MB": (lambda: picture() + b"\0" * 21_000_000, "cat.jpg", "larger than 20 MB"),
}


@pytest.fixture
def ana(app, cast):
    return signed_in(app, cast.contributor)


def send(client, cast, *files, **more):
    """The composer's form with some (bytes, name, description)."""
    data = {"words": "Keep me", "account": str(cast.practice.id), "timing": "slot", "then": "keep"} | more
    data["new_image"] = [(io.BytesIO(content), name) for content, name, _ in files]
    data["new_alt"] = [alt for *_, alt in files]
    return client.post("/posts/new/news", data=data, content_type="multipart/form-data")


def stored(app):
    db.session.rollback()
    files = app.extensions["shop"].store.folder.rglob("*")
    return db.session.query(Medium).all(), [file for file in files if file.is_file()]


@pytest.mark.parametrize("what", REFUSED)
def test_what_is_no_good_picture_is_explained_and_nothing_of_it_is_kept(app, cast, ana, what):
    content, name, said = REFUSED[what]
    answer = send(ana, cast, (content(), name, "A cat"), link="https://example.org/kept")
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert said in page
    assert ">Keep me</textarea>" in page
    assert 'value="https://example.org/kept"' in page
    assert f'name="account" value="{cast.practice.id}" checked' in page
    assert stored(app) == ([], [])
    assert db.session.query(Post).count() == 0


def test_of_a_polyglot_only_the_picture_is_kept(app, cast, ana):
    assert send(ana, cast, (picture() + GLUED, "cat.html", "A cat")).status_code == 302
    (medium,), (file,) = stored(app)
    shown = ana.get(f"/media/{medium.id}")
    assert GLUED not in file.read_bytes()
    assert b"<script" not in shown.data
    assert (shown.mimetype, shown.headers["X-Content-Type-Options"]) == ("image/jpeg", "nosniff")
    assert Image.open(io.BytesIO(shown.data)).size == (60, 40)
