"""Where pictures lie: files named by their digest, written whole or not at all."""

from __future__ import annotations

import hashlib
import io
import os
import re
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import Any

from PIL import Image
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from outreach.db import writing
from outreach.media.encode import LARGEST_PIXELS, Clean, clean
from outreach.models import Medium
from outreach.words import NotDone, Sentence

DIGEST = re.compile(r"[0-9a-f]{64}")


class Store:
    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def path(self, digest: str) -> Path:
        if not DIGEST.fullmatch(digest):
            raise ValueError(f"not a digest: {digest!r}")
        return self.folder / digest[:2] / digest

    def write(self, data: bytes) -> str:
        """Returns the digest. The same bytes are stored once."""
        digest = hashlib.sha256(data).hexdigest()
        path = self.path(digest)
        if self._is_needed(path):
            return digest
        path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=path.parent, delete=False) as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        os.replace(file.name, path)
        return digest

    def has(self, digest: str) -> bool:
        """False where a backup was restored without its pictures."""
        return self.path(digest).exists()

    def read(self, digest: str) -> bytes:
        return self.path(digest).read_bytes()

    def digests(self) -> Iterator[str]:
        return (path.name for path in self.folder.glob("??/*") if DIGEST.fullmatch(path.name))

    def remove(self, digest: str, unless_since: float) -> None:
        """Not what was written, or written again, after this moment (seconds since 1970)."""
        path = self.path(digest)
        aside = path.with_suffix(".gone")
        with suppress(FileNotFoundError):
            os.rename(path, aside)  # from here on whoever needs it writes it again
            os.rename(aside, path) if aside.stat().st_mtime > unless_since else aside.unlink()

    @staticmethod
    def _is_needed(path: Path) -> bool:
        """Says that it is, to whoever removes what is not; False where it is not here."""
        try:
            os.utime(path)
        except FileNotFoundError:
            return False
        return True


def upload(store: Store, library_id: int, data: bytes, name: str, now: datetime) -> Medium:
    """Clean an uploaded file and keep it. Raises NotDone."""
    made = clean(data, LARGEST_PIXELS)
    return _kept(store, library_id, made, Path(name.replace("\\", "/")).name[:200], now)


def keep(store: Store, library_id: int, data: bytes, name: str, now: datetime) -> Medium:
    """Keep a picture that we drew ourselves: PNG or JPEG, without anything in it to clean. Raises NotDone."""
    with Image.open(io.BytesIO(data)) as image:
        made = Clean(data, f"image/{(image.format or '').lower()}", image.width, image.height)
    return _kept(store, library_id, made, name, now, drawn=True)


def _kept(store: Store, library_id: int, made: Clean, name: str, now: datetime, drawn: bool = False) -> Medium:
    try:
        digest = store.write(made.data)
    except OSError as error:
        raise NotDone(
            Sentence("The picture could not be stored: the disk is full. Tell whoever installed Outreach.")
        ) from error
    row = {"library_id": library_id, "digest": digest, "mime": made.mime, "width": made.width, "height": made.height}
    row |= {"size": len(made.data), "name": name, "drawn": drawn, "created_at": now}
    with writing() as session:
        return _known_or_new(session, row)


def _known_or_new(session: Session, row: Mapping[str, Any]) -> Medium:
    """One that is known is as young as a new one: housekeeping leaves it until it is in its post."""
    dialect = sqlite if session.get_bind().dialect.name == "sqlite" else postgresql
    again = {"created_at": row["created_at"]}
    put = dialect.insert(Medium).values(**row)
    put = put.on_conflict_do_update(index_elements=["library_id", "digest"], set_=again).returning(Medium)
    medium: Medium = session.scalars(put, execution_options={"populate_existing": True}).one()
    return medium
