"""Mutated feeds and lists through `parse` and `read`, in a process with the limits of titles/child.py.

    python tests/titles/fuzz_child.py FIRST COUNT

prints a line of JSON for each case: its number, its sample, the seconds it took and what came of it: "titles 4", the
sentence of a NotAFeed or NotAList, or what must not be, "!" and the error. Old and binary workbooks go through a fork
of the process: calamine, which is no Python, ends a process that asks for more memory than there is, and the parent of
the real child has a sentence for that. A case is the same for ever, by its number;
`made(number)` gives its bytes.
"""

from __future__ import annotations

import io
import json
import os
import random
import resource
import signal
import sys
import time
import zipfile
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from made_workbooks import zipped

from outreach.titles import child
from outreach.titles.files.isbn_list import read_isbns
from outreach.titles.files.lists import NotAList
from outreach.titles.files.look import look, read
from outreach.titles.rss.not_a_feed import NotAFeed
from outreach.titles.rss.parse import parse
from outreach.titles.rss.quicker import hurry
from outreach.words import NotDone

DATA = Path(__file__).parents[1] / "data"
FEEDS = sorted(path for folder in ("feeds", "feeds-more") for path in (DATA / folder).iterdir())
LISTS = sorted((DATA / "lists").iterdir())
NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
ALL_CPU_SECONDS = 150  # of all cases
HANGS = 15  # seconds: a single one
MOST = 600_000  # bytes of a case
WORDS = (
    b"\0", b"\x1d", b"\x1e", b"\x1f", b"\x1b(3", b"\xff\xfe", b"\xef\xbb\xbf", b"&", b"&nbsp;", b"&#0;", b"&#xd800;",
    b"<![CDATA[", b"]]>", b"<item>", b"</item>", b"<entry>", b"<!--", b"-->", b"<!DOCTYPE x [", b"<title>", b"</title>",
    b"<?xml version='1.1'?>", b"isbn", b"99999", b"00000", b"-1", b'"', b'""', b"'", b";", b"\t", b"\r", b"\n", b"=1+1",
    b"9.78E+12", b"9780061020704", "\u202e".encode(), "\u0000\u200f".encode(), b"(" * 500, b"[" * 500, b" " * 2_000,
    b"<b>" * 500, b"a, " * 700, b"1" * 3_000,
)  # fmt: skip


def made(number: int) -> tuple[str, bytes]:
    """The name of its sample, and a case."""
    chance = random.Random(f"case {number}")
    samples = (FEEDS, LISTS)[number % 2]
    path = samples[number // 2 % len(samples)]
    body = path.read_bytes()
    if zipfile.is_zipfile(io.BytesIO(body)) and chance.random() < 0.75:
        return path.name, _with_one_member(body, chance)
    return path.name, mutated(body, chance)


def _with_one_member(body: bytes, chance: random.Random) -> bytes:
    """A workbook of which what is packed is damaged, and not the packing."""
    with zipfile.ZipFile(io.BytesIO(body)) as archive:
        members: dict[str, bytes | str] = {name: archive.read(name) for name in archive.namelist()}
    name = chance.choice(sorted(name for name in members if members[name]))
    content = members[name]
    members[name] = mutated(content if isinstance(content, bytes) else content.encode(), chance)
    return zipped(members)


def mutated(body: bytes, chance: random.Random) -> bytes:
    for _ in range(chance.choice((1, 1, 2, 4, 12))):
        body = chance.choice(ACTS)(body, chance)[:MOST]
    return body


def _place(body: bytes, chance: random.Random) -> int:
    return chance.randrange(len(body) + 1)


def _piece(body: bytes, chance: random.Random) -> tuple[int, int]:
    start = _place(body, chance)
    return start, min(len(body), start + chance.choice((1, 4, 30, 300, 5_000)))


def flip(body: bytes, chance: random.Random) -> bytes:
    changed = bytearray(body)
    for _ in range(chance.choice((1, 3, 20))):
        if changed:
            changed[chance.randrange(len(changed))] = chance.randrange(256)
    return bytes(changed)


def number(body: bytes, chance: random.Random) -> bytes:
    """Lengths and offsets lie in digits."""
    places = [at for at, byte in enumerate(body[:20_000]) if 48 <= byte <= 57]
    changed = bytearray(body)
    for at in chance.sample(places, min(len(places), chance.choice((1, 5, 20)))):
        changed[at] = 48 + chance.randrange(10)
    return bytes(changed)


def insert(body: bytes, chance: random.Random) -> bytes:
    at = _place(body, chance)
    return body[:at] + chance.choice(WORDS) + body[at:]


def cut(body: bytes, chance: random.Random) -> bytes:
    return body[: _place(body, chance)]


def drop(body: bytes, chance: random.Random) -> bytes:
    start, end = _piece(body, chance)
    return body[:start] + body[end:]


def again(body: bytes, chance: random.Random) -> bytes:
    start, end = _piece(body, chance)
    return body[:end] + body[start:end] * chance.choice((1, 3, 50, 400)) + body[end:]


def crossed(body: bytes, chance: random.Random) -> bytes:
    """The beginning of one sample, the end of another."""
    other = chance.choice(FEEDS + LISTS).read_bytes()
    return body[: _place(body, chance)] + other[_place(other, chance) :]


def other_letters(body: bytes, chance: random.Random) -> bytes:
    text = body.decode("utf-8", "replace")
    return text.encode(chance.choice(("utf-16", "utf-16-be", "utf-32", "cp1252", "iso2022_jp", "utf-7")), "replace")


ACTS: tuple[Callable[[bytes, random.Random], bytes], ...] = (
    flip, number, number, insert, insert, cut, drop, again, crossed, other_letters,
)  # fmt: skip


def outcome(name: str, body: bytes) -> str:
    try:
        if name.endswith(("ml", ".json")):
            return f"titles {len(parse(body, '', 'https://cat.example.org/feed', NOW).titles)}"
        seen = look(body, name)
        found = read(body, name, seen.kind, seen.columns or {}, None)
        read_isbns(body.decode("utf-8", "replace"))  # pasted, as many do
        return f"titles {len(found.titles)}"
    except (NotAFeed, NotAList, NotDone) as no:
        return str(no.sentence) or "! no sentence"


def apart(name: str, body: bytes) -> str:
    """The same in a process that may die of it."""
    reading, writing = os.pipe()
    if (pid := os.fork()) == 0:
        os.dup2(os.open(os.devnull, os.O_WRONLY), 2)
        resource.setrlimit(resource.RLIMIT_CPU, (HANGS, HANGS + 1))
        try:
            told = outcome(name, body)
        except BaseException as error:
            told = f"! {type(error).__name__}: {error}"[:300]
        os.write(writing, told.encode())
        os._exit(0)
    os.close(writing)
    with os.fdopen(reading, "rb") as pipe:
        told = pipe.read().decode()
    _, status = os.waitpid(pid, 0)
    return "too much memory" if os.WTERMSIG(status) == signal.SIGABRT else told or f"! ended with {status}"


def is_old_workbook(body: bytes) -> bool:
    return body.startswith(b"\xd0\xcf\x11\xe0") or b"xl/workbook.bin" in body


class Hung(BaseException):
    """No `except Exception` on the way catches it."""


def _hung(*_: object) -> None:
    raise Hung


def main(first: int, count: int) -> None:
    resource.setrlimit(resource.RLIMIT_CPU, (ALL_CPU_SECONDS, ALL_CPU_SECONDS + 1))
    resource.setrlimit(resource.RLIMIT_AS, (child.MEMORY_BYTES, child.MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    signal.signal(signal.SIGALRM, _hung)
    hurry()
    for case in range(first, first + count):
        name, body = made(case)
        began = time.process_time()
        signal.alarm(HANGS)
        try:
            told = (apart if is_old_workbook(body) else outcome)(name, body)
        except (Exception, Hung) as error:
            told = f"! {type(error).__name__}: {error}"[:300]
        finally:
            signal.alarm(0)
        print(json.dumps([case, name, round(time.process_time() - began, 3), told]), flush=True)


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
