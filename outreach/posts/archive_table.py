"""The table of an archive: a row for each message at each place, for a spreadsheet. Pure."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from typing import IO, Any

from outreach import clock
from outreach.channels.by_hand import PRESETS
from outreach.models import Delivery, Event
from outreach.posts.archive_read import Edit, Kept
from outreach.posts.archive_said import Tongue, approvers, correctors, of_message, said_by, stands
from outreach.posts.deeds import deed
from outreach.posts.kinds import KINDS
from outreach.posts.sheet_columns import neutral
from outreach.posts.sheet_out import MARK
from outreach.words import Sentence

Named = Callable[[Mapping[str, Any]], str]  # a picture -> its path in the archive
HEADS = (
    Sentence("Post"), Sentence("Message"), Sentence("Time"), Sentence("Time zone"), Sentence("Place"),
    Sentence("Network"), Sentence("Name there"), Sentence("Address"), Sentence("Kind"), Sentence("Content warning"),
    Sentence("Words"), Sentence("Choices"), Sentence("Pictures"), Sentence("Picture descriptions"),
    Sentence("Who can see it"), Sentence("Language"), Sentence("Written by"), Sentence("Approved by"),
    Sentence("Said to be posted by"), Sentence("What became of it"), Sentence("Taken down at"),
    Sentence("Changes"), Sentence("History"),
)  # fmt: skip


def begin(file: IO[str], tongue: Tongue) -> Callable[[list[str]], object]:
    """Writes the names of the columns. Returns what writes a row."""
    file.write(MARK)
    write = csv.writer(file).writerow
    write([tongue.say(head) for head in HEADS])
    return lambda row: write([neutral(cell) for cell in row])


def rows(kept: Kept, named: Named, tongue: Tongue) -> Iterator[list[str]]:
    changed = "\n".join(_edit(edit, tongue) for edit in kept.edits)
    for delivery in kept.sent:
        mine = (e for e in kept.events if e.thing != "delivery" or e.thing_id == delivery.id)
        told = "\n".join(_line(event, tongue) for event in mine)
        row = _where(delivery, tongue) + _what(kept, delivery, named, tongue) + _who(kept, delivery, tongue)
        yield [*row, changed, told]


def _where(delivery: Delivery, tongue: Tongue) -> list[str]:
    at, account = delivery.published_at, delivery.account
    return [
        str(delivery.post_id),
        f"{delivery.part + 1}/{delivery.parts}",
        _iso(at or delivery.due_at, tongue),
        f"{_offset(at or delivery.due_at, tongue)} {tongue.zone}",
        account.name,
        network_name(delivery, tongue),
        account.handle,
        delivery.remote_url or "",
    ]


def _what(kept: Kept, delivery: Delivery, named: Named, tongue: Tongue) -> list[str]:
    payload = delivery.payload
    images = payload.get("images", ())
    return [
        tongue.say(KINDS[kept.post.kind].name),
        payload.get("warning", ""),
        payload.get("text", ""),
        "\n".join(payload.get("poll", ())),
        "\n".join(named(image) or tongue.say(NO_FILE) for image in images),
        "\n".join(image.get("alt", "") for image in images),
        payload.get("visibility", ""),
        payload.get("language", ""),
    ]


NO_FILE = Sentence("the file of the picture is no longer there")


def _who(kept: Kept, delivery: Delivery, tongue: Tongue) -> list[str]:
    events = kept.events
    gone = of_message(events, delivery, "removed") if delivery.state == "removed" else None
    words = [*approvers(events, delivery.published_at), *correctors(events, delivery)]
    return [
        kept.post.author_name,
        "\n".join(f"{event.who}, {_iso(event.at, tongue)}" for event in words),
        said_by(events, delivery),
        "\n".join(tongue.say(told) for told in stands(events, delivery, tongue)),
        _iso(gone.at, tongue) if gone else "",
    ]


def network_name(delivery: Delivery, tongue: Tongue) -> str:
    from outreach.channels import about

    account = delivery.account
    name = about(account.network).name
    if account.network == "by_hand":
        preset = PRESETS.get(account.server, PRESETS["other"]).name
        place = tongue.say(preset) if isinstance(preset, Sentence) else preset
        return tongue.say(Sentence("%(place)s, by hand", place=place))
    return tongue.say(name) if isinstance(name, Sentence) else name


def _edit(edit: Edit, tongue: Tongue) -> str:
    return f"{_iso(edit.at, tongue)} {edit.who}: {', '.join(tongue.say(change.what) for change in edit.changes)}"


def _line(event: Event, tongue: Tongue) -> str:
    note = f": {tongue.say(event.note)}" if event.note else ""
    return f"{_iso(event.at, tongue)} {event.who} {tongue.say(deed(event))}{note}"


def _iso(at: datetime, tongue: Tongue) -> str:
    """As a spreadsheet reads it."""
    return f"{clock.to_local(at, tongue.zone):%Y-%m-%d %H:%M:%S}"


def _offset(at: datetime, tongue: Tongue) -> str:
    told = f"{clock.to_local(at, tongue.zone):%z}"
    return f"UTC{told[:3]}:{told[3:5]}"
