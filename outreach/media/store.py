"""Where pictures lie: files named by their digest, written whole or not at all."""

from __future__ import annotations

import hashlib
import io
import os
import re
import tempfile
from datetime import datetime
from pathlib import Path

from PIL import Image
from sqlalchemy import select

from outreach.db import writing
from outreach.media.encode import Clean, clean
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
        if path.exists():
            return digest
        path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=path.parent, delete=False) as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        os.replace(file.name, path)
        return digest

    def read(self, digest: str) -> bytes:
        return self.path(digest).read_bytes()


def upload(store: Store, library_id: int, data: bytes, name: str, now: datetime) -> Medium:
    """Clean an uploaded file and keep it. Raises NotDone."""
    made = clean(data)
    return _kept(store, library_id, made, Path(name.replace("\\", "/")).name[:200], now)


def keep(store: Store, library_id: int, data: bytes, name: str, now: datetime) -> Medium:
    """Keep a picture that we drew ourselves: PNG or JPEG, without anything in it to clean. Raises NotDone."""
    with Image.open(io.BytesIO(data)) as image:
        made = Clean(data, f"image/{(image.format or '').lower()}", image.width, image.height)
    return _kept(store, library_id, made, name, now)


def _kept(store: Store, library_id: int, made: Clean, name: str, now: datetime) -> Medium:
    try:
        digest = store.write(made.data)
    except OSError as error:
        raise NotDone(
            Sentence("The picture could not be stored: the disk is full. Tell whoever installed Outreach.")
        ) from error
    with writing() as session:
        known = session.scalar(select(Medium).where(Medium.library_id == library_id, Medium.digest == digest))
        if known:
            return known
        medium = Medium(
            library_id=library_id,
            digest=digest,
            mime=made.mime,
            width=made.width,
            height=made.height,
            size=len(made.data),
            name=name,
            created_at=now,
        )
        session.add(medium)
        session.flush()
        return medium
