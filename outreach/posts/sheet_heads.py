"""What only some kinds have, in a table: a column each, and what its cells mean. Pure."""

from __future__ import annotations

from functools import cache
from typing import Any

from outreach.posts.kinds import KINDS
from outreach.posts.sheet_columns import header
from outreach.posts.sheet_fields import read_value

ANSWER_AT = ("", "answer_at")  # of no kind alone


def read_field(kind: str, name: str, text: str, zone: str) -> Any:
    value = read_value(text, zone, name)
    known = next((field for field in KINDS[kind].fields if field.name == name), None)
    return known.meaning(value) if known else value


@cache
def field_names() -> dict[str, tuple[str, str]]:
    """Headers of the fields that kinds have besides, (kind, field): `Event: Place`; of no kind alone: `Answer at`."""
    found = {header(head): name for name, head in field_heads().items()}
    return found | {header("answer at"): ANSWER_AT}


@cache
def field_heads() -> dict[tuple[str, str], str]:
    """What we write above the column of a field that only some kinds have."""
    return {(kind.key, field.name): f"{kind.name}: {field.label}" for kind in KINDS.values() for field in kind.fields}
