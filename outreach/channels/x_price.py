"""What X charges, in US dollars. Pure.

Prices of 16 April 2026 (docs.x.com/x-api/getting-started/pricing, and its changelog). X may change them: the account's
console (console.x.com) has those of the day. What was read once costs nothing more on the same day (UTC).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal

from outreach.channels.about import Price
from outreach.channels.x_count import has_link
from outreach.money import in_dollars, thousandths
from outreach.words import Sentence

PRICES_OF = date(2026, 4, 16)
POST = Decimal("0.015")
POST_WITH_LINK = Decimal("0.200")
DESCRIPTION = Decimal("0.005")  # of each picture ("media metadata")
OWN_POST_READ = Decimal("0.001")  # each message of the account itself that a look shows
USER_READ = Decimal("0.010")  # who the account is; perhaps less for oneself, which X does not say
REMOVAL = Decimal("0.010")


def of_message(text: str, alts: Iterable[str] = ()) -> Decimal:
    """Of sending it. An address counts with or without https://; where X may see one, the higher price is told.

    >>> of_message("New books!"), of_message("New books: maplelibrary.org", ["A shelf", ""])
    (Decimal('0.015'), Decimal('0.205'))
    """
    described = sum(1 for alt in alts if alt.strip())
    return (POST_WITH_LINK if has_link(text) else POST) + DESCRIPTION * described


def price(text: str, alts: Sequence[str]) -> Price:
    """The same as About has it, with what would make it less."""
    dollars = of_message(text, alts)
    if not has_link(text):
        return Price(dollars, Sentence("About $%(price)s", price=_written(dollars)))
    less = dollars - POST_WITH_LINK + POST
    return Price(
        dollars,
        Sentence(
            "About $%(price)s (it has a link; without one $%(less)s)", price=_written(dollars), less=_written(less)
        ),
    )


def _written(dollars: Decimal) -> str:
    return in_dollars(thousandths(dollars))


def of_look(messages: int) -> Decimal:
    """Of looking whether one is there, where the account has had so many messages since then."""
    return OWN_POST_READ * messages


def of_check() -> Decimal:
    return USER_READ


def of_removal() -> Decimal:
    """Once it is sure; a lost answer costs a look more."""
    return REMOVAL


def of_tally() -> Decimal:
    return OWN_POST_READ
