"""Lateness of one post on an idle system for each network, its server (real or fake) behind 50 ms of way."""

from __future__ import annotations

import socket
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from channels.kits import all as kits
from own_process import free_port
from pictures_made import jpeg
from sqlalchemy import select

from outreach import clock
from outreach.access import OUTREACH
from outreach.accounts import connect, setup
from outreach.channels import channel_class
from outreach.db import db
from outreach.media.store import upload
from outreach.models import Account, Delivery, Library
from outreach.posts import compose, send
from outreach.posts.written import Written
from tests.bench.crew import Crew
from tests.bench.library import Seeded
from tests.bench.table import Row, at

POSTS, APART, AHEAD, WAY = 30, 0.43, 8.0, 0.05
MEDIAN, WORST = 0.1, 0.5
PICTURES = ("instagram",)  # nothing goes out there without one, and it fetches that from our public address


def rows(home: Path) -> list[Row]:
    with Crew(home / "networks", port=free_port()) as crew:
        return [_row(network, late) for network in kits.KITS if (late := _measured(crew, network))]


def _measured(crew: Crew, network: str) -> list[float]:
    """Nothing where its server cannot be had here, which is said."""
    try:
        with kits.started(network) as kit, slow_way(kit.port) as root:
            kit.fresh()
            return _late(crew, kit, root)
    except pytest.skip.Exception as reason:
        print(f"{network} is left out: {reason}", file=sys.stderr)
        return []


def _row(network: str, late: list[float]) -> Row:
    median, worst = at(late, 0.5), at(late, 0.99)
    return Row(
        f"{network}: the call that publishes leaves late by, median / p99 of {len(late)}",
        f"{median:.3f} / {worst:.3f} s",
        f"{WAY * 1000:.0f} ms of way each time",
        f"{MEDIAN} / {WORST} s",
        median <= MEDIAN and worst <= WORST,
    )


def _late(crew: Crew, kit: Any, root: str) -> list[float]:
    """Seconds from due until the call that publishes leaves."""
    seeded = Seeded(crew.shop, [])
    account = _account(crew, kit, root, seeded.library_id)
    first = clock.now() + timedelta(seconds=AHEAD)
    due = [first + timedelta(seconds=n * APART) for n in range(POSTS)]
    media = [_picture(crew, seeded.library_id)] if kit.network in PICTURES else []
    for n, moment in enumerate(due):
        words = f"Lateness, number {n}."
        written = Written("news", words, timing="at", wished_at=moment, accounts={account: ""}, media=media)
        made = compose.create(seeded.library_id, written, seeded.by, clock.now())
        send.schedule(made.id, made.revision, seeded.by, clock.now())
        db.session.remove()
    time.sleep(max(0.0, (due[-1] - clock.now()).total_seconds()) + 3)
    return _started(account, due)


def _picture(crew: Crew, library_id: int) -> tuple[int, str]:
    made = upload(crew.shop.store, library_id, jpeg(1_200, 900), "shelf.jpg", clock.now())
    return made.id, "A shelf of new books"


def _started(account: int, due: list[datetime]) -> list[float]:
    """By `send_started_at`, which is committed just before the call leaves."""
    rows = db.session.execute(
        select(Delivery.due_at, Delivery.send_started_at, Delivery.state).where(Delivery.account_id == account)
    ).all()
    db.session.rollback()
    late = [(r.send_started_at - r.due_at).total_seconds() for r in rows if r.state == "published"]
    if len(late) != len(due):
        raise RuntimeError(f"{len(late)} of {len(due)} are out: {[r.state for r in rows]}")
    return late


def _account(crew: Crew, kit: Any, root: str, library_id: int) -> int:
    login = replace(kit.login(root), public_url="")
    if login.setup:
        setup.set_up(kit.network, login.setup, crew.shop.vault, OUTREACH, clock.now())
    identity = channel_class(kit.network)(login).check()
    library = db.session.get_one(Library, library_id)
    made: Account = connect.add(
        library, kit.network, kit.network, OUTREACH, clock.now(),
        server=root, secrets=login.secrets, identity=identity, vault=crew.shop.vault,
    )  # fmt: skip
    return made.id


@contextmanager
def slow_way(port: int) -> Iterator[str]:
    """The address of a proxy that takes 50 ms for whatever is sent to the server."""
    listener = socket.create_server(("127.0.0.1", 0), backlog=128)

    def pump(source: socket.socket, target: socket.socket, wait: float) -> None:
        try:
            while data := source.recv(65_536):
                time.sleep(wait)
                target.sendall(data)
        except OSError:
            pass
        finally:
            for one in (source, target):
                with suppress(OSError):
                    one.shutdown(socket.SHUT_RDWR)

    def take() -> None:
        while True:
            try:
                client = listener.accept()[0]
            except OSError:
                return
            server = socket.create_connection(("127.0.0.1", port))
            threading.Thread(target=pump, args=(client, server, WAY), daemon=True).start()
            threading.Thread(target=pump, args=(server, client, 0.0), daemon=True).start()

    threading.Thread(target=take, daemon=True).start()
    yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    listener.close()
