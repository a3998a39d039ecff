"""The fields of a MARC record that we read, the same whether it came from binary MARC or MARCXML."""

from __future__ import annotations

from typing import NamedTuple

# The others need not be decoded, and a fault in them costs nothing.
FOR_FORMAT = ("006", "007", "250", "336", "337", "338", "655")
AUTHORS = ("100", "110", "111")
CALL_NUMBERS = (("852", "khim"), ("952", "o"), ("949", "a"), ("099", "a"), ("092", "ab"), ("090", "ab"))
WANTED = frozenset(
    ("001", "003", "008", "020", "245", "521", "700", "856", *FOR_FORMAT, *AUTHORS, *(tag for tag, _ in CALL_NUMBERS))
)


class MarcField(NamedTuple):
    indicators: str  # two characters; none in control fields
    subfields: list[tuple[str, str]]  # code and text, in the order of the record
    data: str = ""  # of control fields, which have no subfields


Fields = dict[str, list[MarcField]]  # by tag


class MarcRecord(NamedTuple):
    leader: str  # 24 characters
    fields: Fields


def first(field: MarcField, code: str) -> str:
    """The first subfield of that code, or nothing."""
    for found, value in field.subfields:
        if found == code:
            return value
    return ""


def control(fields: Fields, tag: str) -> str:
    return fields[tag][0].data if tag in fields else ""
