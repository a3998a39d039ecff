"""The pictures of an archive: each once, under a name that a person can read."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import PurePath
from shutil import copyfileobj
from typing import Any
from zipfile import ZIP_STORED, ZipFile, ZipInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from outreach.media.store import Store
from outreach.models import Medium

FOLDER = "images"
ODD = re.compile(r"[^\w-]+")
Moment = tuple[int, int, int, int, int, int]


class Pictures:
    """Puts a picture into the file when it is first named."""

    def __init__(self, store: Store, names: Mapping[str, str], file: ZipFile, at: Moment) -> None:
        self.store, self.names, self.file, self.at = store, names, file, at
        self.put: dict[str, str] = {}

    def name(self, image: Mapping[str, Any]) -> str:
        """Its path in the archive; empty where there is no file any more, as after a backup without pictures."""
        digest = str(image["digest"])
        if digest not in self.put:
            self.put[digest] = self._put(digest, str(image.get("mime") or "image/jpeg"))
        return self.put[digest]

    def _put(self, digest: str, mime: str) -> str:
        path = f"{FOLDER}/{readable(self.names.get(digest, ''), digest, mime)}"
        try:
            with self.store.path(digest).open("rb") as source, self.file.open(self._entry(path), "w") as target:
                copyfileobj(source, target, 1 << 20)
        except (FileNotFoundError, ValueError):
            return ""
        return path

    def _entry(self, path: str) -> ZipInfo:
        entry = ZipInfo(path, self.at)
        entry.compress_type = ZIP_STORED  # a picture is packed already
        return entry


def readable(name: str, digest: str, mime: str) -> str:
    """
    >>> readable("Book fair (1).PNG", "0123456789abcdef", "image/png")
    'Book-fair-1-0123456789.png'
    """
    stem = ODD.sub("-", PurePath(name).stem).strip("-")[:40] or "picture"
    return f"{stem}-{digest[:10]}.{mime.rpartition('/')[2].replace('jpeg', 'jpg')}"


def names_of(session: Session, library_id: int) -> dict[str, str]:
    """digest -> the name of its file as it was uploaded"""
    named = select(Medium.digest, Medium.name).where(Medium.library_id == library_id, Medium.name != "")
    return dict(session.execute(named).all())
