"""Uploads: what comes out is a clean picture, whatever went in."""

import io
import struct
import subprocess
import sys
import zlib
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from outreach.media.encode import COVER_PIXELS, LARGEST_PIXELS, LONGEST_SIDE, clean
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
    made = clean(picture((4000, 3000)), LARGEST_PIXELS)
    assert max(made.width, made.height) == LONGEST_SIDE


def test_what_another_server_sends_may_not_be_as_large_as_what_a_person_chose():
    large = picture((4000, 3000))
    assert COVER_PIXELS < 4000 * 3000
    with pytest.raises(NotDone, match="too large"):
        clean(large)


@pytest.mark.parametrize("size", [(8192, 6144), (6120, 8160)])
def test_a_photo_of_a_phone_is_scaled_down_and_turned(size):
    exif = Image.Exif()
    exif[0x0112] = 8
    photo = Image.new("RGB", size, "white")
    photo.paste("#c02020", (0, 0, size[0], size[1] // 2))
    out = io.BytesIO()
    photo.save(out, "JPEG", exif=exif)
    made = Image.open(io.BytesIO(clean(out.getvalue(), LARGEST_PIXELS).data))
    long, short = max(size), min(size)
    turned = (round(LONGEST_SIDE * short / long), LONGEST_SIDE)
    assert made.size == (turned if size[0] > size[1] else turned[::-1])
    assert [pixel[1] < 128 for pixel in (made.getpixel((9, 99)), made.getpixel((made.width - 9, 99)))] == [True, False]


PEAK = """
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from outreach.media.encode import LARGEST_PIXELS, clean
data = sys.stdin.buffer.read()
peak = lambda: int(Path("/proc/self/status").read_text().partition("VmHWM:")[2].split()[0]) // 1000
before = peak()
with ThreadPoolExecutor(4) as four:
    list(four.map(lambda _: clean(data, LARGEST_PIXELS), range(4)))
print(peak() - before)
"""


def see_through(side):
    """A PNG of 200 kB with a side of so many pixels."""
    packer = zlib.compressobj(9)
    rows = b"".join(packer.compress(b"\0" + b"\x40\x80\xc0\xff" * side) for _ in range(side)) + packer.flush()
    return png(side, side, 6, rows)


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="Linux tells how much memory a process took")
@pytest.mark.parametrize(
    ("make", "most"),  # megabytes, it was 1,500 and 1,800, and is 300 and 110
    [(lambda: see_through(5000), 500), (lambda: picture((8160, 6120)), 400)],
    ids=["see-through", "photo"],
)
def test_four_large_ones_at_once_take_the_memory_of_one(make, most):
    came = subprocess.run([sys.executable, "-c", PEAK], input=make(), capture_output=True, check=True, timeout=120)
    assert int(came.stdout) < most


def png(width, height, colours, packed):
    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, colours, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + head + chunk(b"IDAT", packed) + chunk(b"IEND", b"")


def bomb(width, height):
    """A PNG of a few kilobytes that says it is huge."""
    return png(width, height, 0, zlib.compress(b"\0" * 10_000))


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
