"""Uploads: what comes out is a clean picture, whatever went in."""

import io
import struct
import zlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from outreach.media.encode import LONGEST_SIDE, clean
from outreach.words import NotDone


def picture(size=(40, 30), kind="JPEG", mode="RGB", **more):
    out = io.BytesIO()
    Image.new(mode, size, "#1f6f54" if mode != "P" else 1).save(out, kind, **more)
    return out.getvalue()


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "GIF", "WEBP"])
def test_a_picture_comes_out_as_a_picture(kind):
    made = clean(picture(kind=kind))
    assert Image.open(io.BytesIO(made.data)).size == (40, 30)
    assert made.mime in ("image/jpeg", "image/png")


def test_where_and_by_whom_it_was_taken_is_gone():
    exif = Image.Exif()
    exif[0x010E], exif[0x8769] = "secret place", {0x9286: "secret comment"}
    made = clean(picture(exif=exif, comment=b"secret note"))
    assert b"secret" not in made.data
    assert not Image.open(io.BytesIO(made.data)).getexif()


def test_it_is_turned_as_the_camera_meant_it():
    exif = Image.Exif()
    exif[0x0112] = 6
    assert (clean(picture(exif=exif)).width, clean(picture(exif=exif)).height) == (30, 40)


def test_a_polyglot_loses_what_was_glued_behind():
    assert b"<script>" not in clean(picture() + b"<script>alert(1)</script>").data


def test_a_large_one_is_scaled_down():
    made = clean(picture((4000, 3000)))
    assert max(made.width, made.height) == LONGEST_SIDE


def bomb(width, height):
    """A PNG of a few kilobytes that says it is huge."""

    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + head + chunk(b"IDAT", zlib.compress(b"\0" * 10_000)) + chunk(b"IEND", b"")


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "no picture"),
        (b"plain text", "no picture"),
        (b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>', "no picture"),
        (b"%PDF-1.7", "no picture"),
        (picture((400, 300))[:900], "damaged"),
        (bomb(10_000, 10_000), "too large"),
        (bomb(200_000, 200_000), "too large"),
        (b"\xff\xd8\xff" + b"\0" * 50_000_000, "larger than 20 MB"),
        (picture((1, 1)), "only a dot"),
    ],
)
def test_everything_else_is_a_sentence(data, said):
    with pytest.raises(NotDone, match=said):
        clean(data)


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=40), st.integers(0, 600))
def test_damage_never_raises_anything_else(noise, at):
    whole = picture(kind="PNG")
    damaged = whole[:at] + noise + whole[at + len(noise) :]
    try:
        came = clean(damaged).mime
    except NotDone as stop:
        came = stop.sentence
    assert came


def test_the_same_upload_is_kept_once(cast, app, now):
    from outreach.media.store import upload

    store = app.extensions["shop"].store
    first = upload(store, cast.library.id, picture(), "a.jpg", now)
    assert upload(store, cast.library.id, picture(), "../../b.jpg", now).id == first.id
    assert upload(store, cast.other.id, picture(), "../../b.jpg", now).name == "b.jpg"
    assert store.read(first.digest)
