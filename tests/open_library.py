"""Open Library as we meet it, on the loopback: its Books API and its covers, with verbs for what can go wrong there.

    with OpenLibraryServer() as server:
        server.knows("9780061020704", title="The light fantastic", author="Terry Pratchett")
        server.is_busy(once=True)

`server.url` is the address for OUTREACH_OPEN_LIBRARY and for OUTREACH_COVERS. `server.asked` has the keys of each
question, `server.looked_for` the ISBN of each cover that was asked for, in order.

As the real one: a key comes back exactly as it was asked, an unknown one is absent and none known is `{}` with 200; an
edition is found under the form of its ISBN that it was catalogued with and under no other; one record that its code
does not expect empties the whole answer, since that code stands in one bare `except`. A cover that is not there is 404
with `?default=false` and a picture of one pixel without it.
"""

from __future__ import annotations

import io
import time
from typing import Any

from local_server import LocalServer, Reply, Request
from PIL import Image

TOO_MANY = {"status": 429, "message": "Too Many Requests. Consider using https://openlibrary.org/developers/dumps."}
DOT = (  # a GIF of one pixel: what stands for "no cover"
    b"GIF89a\x01\x00\x01\x00\x80\x00\x00\xff\xff\xff\x00\x00\x00!\xf9\x04\x01\x00\x00\x00\x00,"
    b"\x00\x00\x00\x00\x01\x00\x01\x00\x00\x02\x02D\x01\x00;"
)


class OpenLibraryServer(LocalServer):
    def __init__(self) -> None:
        super().__init__(self._reply)
        self.asked: list[list[str]] = []
        self.asked_at: list[float] = []  # on a clock that only runs
        self.looked_for: list[str] = []
        self._books: dict[str, dict[str, Any]] = {}
        self._broken: set[str] = set()
        self._covers: dict[str, Reply] = {}
        self._moved: dict[str, Reply] = {}
        self._trouble: Reply | None = None  # for every request, or
        self._once: Reply | None = None  # for the next one
        self._wants_a_contact = False
        self._most_covers: int | None = None
        self._seconds = 0.0

    def __enter__(self) -> OpenLibraryServer:
        super().__enter__()
        return self

    # What it has

    def knows(
        self, isbn: str, title: str = "", author: str = "", *, cover: Any = None, also: str = "", **fields: Any
    ) -> None:
        """An edition under this form of its ISBN, and no other.

        `cover`: its number, or what stands there. `also`: another ISBN-13 it names. `fields` are added to the answer as
        they are: `subtitle="…"`, `by_statement="…"`, `title=None`.
        """
        number = len(self._books) + 1
        book: dict[str, Any] = {
            "url": f"https://openlibrary.org/books/OL{number}M",
            "key": f"/books/OL{number}M",
            "title": title,
            "identifiers": {"openlibrary": [f"OL{number}M"], f"isbn_{len(isbn)}": [isbn]},
            "publishers": [{"name": "Example & Sons"}],
            "publish_date": "January 2007",
        }
        if also:
            book["identifiers"]["isbn_13"] = [*book["identifiers"].get("isbn_13", []), also]
        if author:
            book["authors"] = [{"url": f"https://openlibrary.org/authors/OL{number}A", "name": author}]
        if not isinstance(cover, int):
            book["cover"] = cover or ""
        else:
            sizes = {"small": "S", "medium": "M", "large": "L"}
            address = "https://covers.openlibrary.org/b/id/{}-{}.jpg"
            book["cover"] = {size: address.format(cover, letter) for size, letter in sizes.items()}
        self._books[isbn] = {name: value for name, value in (book | fields).items() if value not in ("", None)}

    def breaks(self, isbn: str) -> None:
        """Its record is damaged, and empties every answer that it would be in."""
        self._broken.add(isbn)

    def has_cover(self, isbn: str, size: tuple[int, int] = (320, 480)) -> bytes:
        """Returns the JPEG that it sends."""
        body = jpeg(size, isbn)
        self._covers[isbn] = Reply(200, body, {"Content-Type": "image/jpeg"})
        return body

    def has_a_dot_for_a_cover(self, isbn: str) -> None:
        """A GIF of one pixel under the name of a JPEG."""
        self._covers[isbn] = Reply(200, DOT, {"Content-Type": "image/gif"})

    def keeps_cover_elsewhere(self, isbn: str, size: tuple[int, int] = (320, 480)) -> bytes:
        """Behind a redirect, as its archive has them."""
        body = jpeg(size, isbn)
        path = f"/download/l_covers_0010/{isbn}-L.jpg"
        self._moved[path] = Reply(200, body, {"Content-Type": "image/jpeg"})
        self._covers[isbn] = Reply(302, b"", {"Location": path})
        return body

    # How it is today

    def is_busy(self, *, once: bool = False) -> None:
        """Too many questions: 429, and says so in JSON."""
        self._meets(Reply(429, TOO_MANY), once)

    def fails(self, status: int = 503, *, once: bool = False) -> None:
        self._meets(Reply(status, b"<h1>Internal Server Error</h1>"), once)

    def talks_nonsense(self, body: bytes = b"<!doctype html><p>Please wait", *, once: bool = False) -> None:
        """With 200."""
        self._meets(Reply(200, body), once)

    def is_slow(self, seconds: float) -> None:
        self._seconds = seconds

    def wants_a_contact(self) -> None:
        """403 for whoever names a program in the User-Agent and nobody to write to."""
        self._wants_a_contact = True

    def counts_covers(self, most: int) -> None:
        """After so many covers by ISBN: 403."""
        self._most_covers = most

    def is_well(self) -> None:
        """All of that is over."""
        self._trouble, self._once, self._seconds = None, None, 0.0
        self._wants_a_contact, self._most_covers = False, None

    def _meets(self, reply: Reply, once: bool) -> None:
        if once:
            self._once = reply
        else:
            self._trouble = reply

    # How it answers

    def _reply(self, request: Request) -> Reply:
        time.sleep(self._seconds)
        by_isbn = request.path.removeprefix("/b/isbn/") if request.path.startswith("/b/isbn/") else ""
        if by_isbn:
            self.looked_for.append(by_isbn.partition("-")[0])
        if request.path == "/api/books":
            self.asked.append(_keys(request))
            self.asked_at.append(time.monotonic())
        if self._wants_a_contact and not any(sign in request.headers["User-Agent"] for sign in ("@", "://")):
            return Reply(403, b"<h1>Forbidden</h1>")
        if trouble := self._take_trouble():
            return trouble
        if request.path == "/api/books":
            return Reply(200, self._known(_keys(request)))
        if by_isbn:
            return self._cover(self.looked_for[-1], request)
        return self._moved.get(request.path, Reply(404, b"Not found"))

    def _take_trouble(self) -> Reply | None:
        once, self._once = self._once, None
        return once or self._trouble

    def _known(self, keys: list[str]) -> dict[str, Any]:
        numbers = {key: key.removeprefix("ISBN:").replace("-", "") for key in keys}
        if self._broken.intersection(numbers.values()):
            return {}
        return {key: self._books[number] for key, number in numbers.items() if number in self._books}

    def _cover(self, isbn: str, request: Request) -> Reply:
        if self._most_covers is not None and len(self.looked_for) > self._most_covers:
            return Reply(403, b"<h1>Forbidden</h1>")
        nothing = Reply(404, b"") if request.query.get("default") == ["false"] else Reply(200, DOT)
        return self._covers.get(isbn, nothing)


def _keys(request: Request) -> list[str]:
    return [key for keys in request.query.get("bibkeys", []) for key in keys.split(",")]


def jpeg(size: tuple[int, int], seed: str) -> bytes:
    """A picture of its own for each seed."""
    number = sum(ord(letter) * (place + 1) for place, letter in enumerate(seed))
    picture = Image.linear_gradient("L").resize(size).convert("RGB")
    picture.paste((number % 256, number * 7 % 256, number * 13 % 256), (0, 0, size[0], size[1] // 2))
    packed = io.BytesIO()
    picture.save(packed, "JPEG", quality=85)
    return packed.getvalue()
