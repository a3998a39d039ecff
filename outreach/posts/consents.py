"""The consent register: whose work may be shown, where and until when. By a code; no student has a name here.

Off until a manager turns it on. With it on, student work needs a consent for each code on it: when it is submitted,
when it is approved, and once more at the moment of sending.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, object_session

from outreach import clock
from outreach.access import Actor
from outreach.channels.by_hand import PRESETS
from outreach.db import ALONE, writing
from outreach.history import record
from outreach.models import Account, Consent, Delivery, Library, Post
from outreach.words import NotDone, Sentence, within

MOST = 40  # codes on one post
NAME = re.compile(r"[^\W\d_](?:['’-]?[^\W\d_])+\.?")  # a word of letters
OURS = {"page": Sentence("Web page"), "screen": Sentence("Hallway screen")}
NAMES = {"mastodon": "Mastodon"} | OURS | {key: preset.name for key, preset in PRESETS.items()}


def split_codes(text: str) -> list[str]:
    """In capitals: 7b-12 is 7B-12.

    >>> split_codes(" 7b-12, 7B-14 ,,7B-12")
    ['7B-12', '7B-14']
    """
    codes = (" ".join(code.split()).upper() for code in re.split(r"[,;\n]", text))
    return list(dict.fromkeys(filter(None, codes)))


def codes_of(text: str) -> list[str]:
    """Raises NotDone for what looks like the name of a student, and for more than go on one post."""
    codes = split_codes(text)
    for code in codes:
        refuse_name(within(code, 40))
    if len(codes) > MOST:
        raise NotDone(Sentence("At most %(most)s codes go on one post. Make two posts of this.", most=MOST))
    return codes


def refuse_name(code: str) -> None:
    """Two words of letters are a name, and so may be what has no number in it."""
    words = [word for word in code.split() if NAME.fullmatch(word)]
    if len(words) > 1 or not any(letter.isdecimal() for letter in code):
        raise NotDone(
            Sentence(
                "“%(code)s” looks like a name. Write the code of the student instead, for example 7B-12.", code=code
            )
        )


def place_key(account: Account) -> str:
    """What a consent is limited to: the network, or which place by hand it is."""
    return account.server if account.network == "by_hand" else account.network


def problem_of(code: str, consent: Consent | None, accounts: Iterable[Account], day: date) -> Sentence | None:
    """Why work of this student may not be shown on these accounts that day; None: it may."""
    if consent is None:
        return Sentence("There is no consent with the code %(code)s. Check it, or ask a manager.", code=code)
    if consent.withdrawn_at:
        return Sentence("The consent %(code)s was withdrawn. Leave this work out.", code=code)
    if consent.until and day > consent.until:
        return Sentence("The consent %(code)s is over. Ask for a new one, or leave this work out.", code=code)
    for account in accounts:
        if account.network != "practice" and place_key(account) not in consent.networks:
            place = account.name
            return Sentence("The consent %(code)s is not for %(place)s. Leave that place out.", code=code, place=place)
    return None


def codes_on(post: Post) -> list[str]:
    return [str(code) for code in post.fields.get("codes") or ()]


def consent_problems(post: Post, at: datetime) -> list[Sentence]:
    """What the register has against this post going out at that time. Nothing where it is off."""
    session = object_session(post)
    if session is None or post.kind != "student" or not post.library.consent_register:
        return []
    accounts = [placement.account for placement in post.placements]
    return _against(session, post, accounts, at)


def link(session: Session, post: Post) -> None:
    """Its codes that are in the register: so that a withdrawal finds it."""
    post.consents[:] = list(_known(session, post.library_id, codes_on(post)).values())


def gone_before_sending(session: Session, delivery: Delivery, now: datetime) -> Sentence | None:
    """Asked in the transaction that claims it: a withdrawal comes before, and stops it, or after, and finds it out."""
    if not delivery.account.library.consent_register or delivery.post.kind != "student":
        return None
    found = _against(session, delivery.post, [delivery.account], now, hold=True)
    return Sentence("%(why)s Nothing was published.", why=found[0]) if found else None


def _against(
    session: Session, post: Post, accounts: Sequence[Account], at: datetime, hold: bool = False
) -> list[Sentence]:
    codes, day = codes_on(post), clock.today(at, post.library.timezone)
    if not codes:
        return [Sentence("Write the code of each student whose work this is.")]
    known = _known(session, post.library_id, codes, hold)
    return [told for code in codes if (told := problem_of(code, known.get(code), accounts, day))]


def _known(session: Session, library_id: int, codes: Sequence[str], hold: bool = False) -> dict[str, Consent]:
    mine = select(Consent).where(Consent.library_id == library_id, Consent.code.in_(codes))
    mine = mine.execution_options(populate_existing=True)
    if hold:
        mine = mine.with_for_update(read=True)
    return {consent.code: consent for consent in session.scalars(mine)}


def register(session: Session, library_id: int) -> list[Consent]:
    return list(session.scalars(select(Consent).where(Consent.library_id == library_id).order_by(Consent.code)))


def scopes(accounts: Iterable[Account]) -> list[tuple[str, str]]:
    """(key, name) of what a consent of this library may be limited to, as its places are called."""
    named: dict[str, list[str]] = {}
    for account in accounts:
        if account.network != "practice":
            named.setdefault(place_key(account), []).append(account.name)
    return [(key, ", ".join(names)) for key, names in named.items()]


def turn(library_id: int, on: bool, by: Actor, now: datetime) -> None:
    """The register on or off; what is in it stays."""
    with writing() as session:
        library = session.get_one(Library, library_id)
        library.consent_register = on
        record(session, "library", library.id, "edited", by, now, library_id=library.id)


def add(
    library_id: int,
    code: str,
    networks: Sequence[str],
    until: date | None,
    by: Actor,
    now: datetime,
    change: bool = False,
) -> None:
    """A consent, or a new one for a code whose consent is over or was withdrawn. Raises NotDone.

    `change`: of one that holds its places and its last day, which nothing else overwrites.
    """
    given = codes_of(code)
    if len(given) != 1:
        raise NotDone(Sentence("Write one code, for example 7B-12."))
    with writing() as session:
        library = session.get_one(Library, library_id, with_for_update=ALONE)  # two at once write one
        today = clock.today(now, library.timezone)
        if until and until < today:
            raise NotDone(Sentence("That day has passed. Choose a later one, or leave it empty."))
        if not networks:
            raise NotDone(Sentence("Choose at least one place."))
        known = _known(session, library_id, given).get(given[0])
        if change and (known is None or known.withdrawn_at is not None):
            raise NotDone(Sentence("The consent %(code)s was withdrawn. Leave this work out.", code=given[0]))
        if known and not change and _holds(known, today):
            raise NotDone(
                Sentence(
                    "The code %(code)s is in the register. To change it, press “Posts” beside it.", code=known.code
                )
            )
        consent = known or Consent(library_id=library_id, code=given[0], created_at=now)
        consent.networks, consent.until, consent.withdrawn_at, consent.who = list(networks), until, None, by.name
        session.add(consent)
        session.flush()
        record(session, "consent", consent.id, "written", by, now, library_id=library_id)


def _holds(consent: Consent, today: date) -> bool:
    return consent.withdrawn_at is None and (consent.until is None or consent.until >= today)
