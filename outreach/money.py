"""Money in thousandths of a US dollar: whole numbers, so that every sum is exact, on every database. Pure."""

from __future__ import annotations

import re
from decimal import ROUND_CEILING, Decimal

TYPED = re.compile(r"\$?\s*([0-9]{1,4})(?:[.,]([0-9]{1,2}))?\s*\$?")


def thousandths(dollars: Decimal) -> int:
    """Rounded up: what is told is never less than what is charged.

    >>> thousandths(Decimal("0.015")), thousandths(Decimal("0.0001"))
    (15, 1)
    """
    return int((dollars * 1000).to_integral_value(ROUND_CEILING))


def in_dollars(thousandths: int) -> str:
    """With as many digits as it needs, but two at least.

    >>> in_dollars(200), in_dollars(15), in_dollars(5_000)
    ('0.20', '0.015', '5.00')
    """
    whole, rest = divmod(thousandths, 1000)
    digits = f"{rest:03}"
    return f"{whole}.{digits.removesuffix('0')}"


def to_cents(thousandths: int) -> int:
    """Rounded up to whole cents, for sums that are told as "about".

    >>> to_cents(4_615), to_cents(4_610)
    (4620, 4610)
    """
    return -(-thousandths // 10) * 10


def typed_dollars(text: str) -> int | None:
    """What a person typed, in thousandths; None: that is no amount.

    >>> typed_dollars("$5"), typed_dollars("7,50"), typed_dollars("a lot")
    (5000, 7500, None)
    """
    found = TYPED.fullmatch(text.strip())
    return int(found[1]) * 1000 + int((found[2] or "").ljust(2, "0")) * 10 if found else None
