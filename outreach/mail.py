"""E-mail: an outbox table, so that no SMTP happens inside a transaction. `deliver` empties it."""

from __future__ import annotations

import secrets
import smtplib
import ssl
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import datetime, timedelta
from functools import partial
from urllib.parse import unquote, urlsplit

from sqlalchemy import ColumnElement, delete, or_, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from outreach.config import Config
from outreach.db import db, writing
from outreach.languages import spoken
from outreach.letter import DECIDE, Item, Say, message
from outreach.models import Library, Mail, Membership, OneTimeLink, Person, Post
from outreach.vault import fingerprint
from outreach.words import Sentence

NOBODY = "@practice.localhost"  # the people of the practice library read no mail
STALE = timedelta(days=14)  # later than this a letter is no news, e.g. when a mail server is set up after months
BACK_OFF = (timedelta(minutes=1), timedelta(minutes=10), timedelta(hours=1), timedelta(hours=6))


def put(
    session: Session,
    to: str,
    subject: str,
    body: str,
    now: datetime,
    about: str | None = None,
    path: str = "",
    html: str = "",
    morning: datetime | None = None,
) -> None:
    """Lay a letter in the outbox, in the caller's transaction; one reason (`about`) is mailed once.

    A Sentence is said in the language of whoever reads it; other words stand as they are.
    `path` is the page it is about; its address stands below where others can reach us (OUTREACH_PUBLIC_URL).
    `morning`: it waits until then, for the one letter with everything that waited.
    """
    if not reads_mail(to) or (about and was_told(session, about)):
        return
    language = language_of(session, to)
    said = [spoken(text, language) if isinstance(text, Sentence) else text for text in (subject, body)]
    letter = Mail(
        to=to,
        subject=" ".join(said[0].split()),  # a line break would begin another header
        body=said[1],
        html=html,
        gather=morning is not None,
        path=path,
        about=about,
        created_at=now,
        try_at=morning or now,
    )
    with suppress(IntegrityError), session.begin_nested():  # somebody else lays the same one there right now
        session.add(letter)


def language_of(session: Session, email: str) -> str:
    """That somebody reads letters in: as they chose, else that of their library."""
    chosen = select(Person.language, Library.language).outerjoin(Person.memberships).outerjoin(Membership.library)
    row = session.execute(chosen.where(Person.email == email).order_by(Membership.id).limit(1)).first()
    return (row[0] or row[1] or "") if row else ""


def reads_mail(address: str) -> bool:
    return not address.endswith(NOBODY)


def was_told(session: Session, about: str) -> bool:
    return session.scalar(select(Mail.id).where(Mail.about == about)) is not None


def forget(session: Session, abouts: Sequence[str], now: datetime) -> None:
    """What has become idle, as far as nobody is sending it right now."""
    untouched = Mail.sent_at.is_(None), Mail.tries == 0, Mail.try_at <= now
    session.execute(delete(Mail).where(Mail.about.in_(abouts), *untouched))


def forget_older(session: Session, to: str, path: str, about: str) -> None:
    """What lies there for somebody about the same page, and was not sent yet.

    `about`: what is laid now; where another worker was quicker with it, that one stays, and may be on its way.
    """
    untouched = Mail.sent_at.is_(None), Mail.tries == 0, Mail.about.is_distinct_from(about)
    session.execute(delete(Mail).where(Mail.to == to, Mail.path == path, *untouched))


def deliver(config: Config, now: datetime) -> int:
    """Send what is due. Returns how many went out. Without a mail server the letters just wait."""
    if not config.smtp_url:
        return 0
    alone = select(Mail.id).where(*_due(now), ~Mail.gather).limit(50)
    gathered = select(Mail.to).where(*_due(now), Mail.gather).distinct().limit(50)
    letters, people = db.session.scalars(alone).all(), db.session.scalars(gathered).all()
    db.session.rollback()
    sent = sum(_deliver(config, _claim(now, Mail.id == mail_id), now) for mail_id in letters)
    return sent + sum(_deliver(config, _claim(now, Mail.to == to, Mail.gather.is_(True)), now) for to in people)


def _due(now: datetime) -> tuple[ColumnElement[bool], ...]:
    fresh = or_(Mail.created_at > now - STALE, Mail.gather & (Mail.try_at > now - STALE))
    return Mail.sent_at.is_(None), Mail.try_at <= now, fresh


def _claim(now: datetime, *which: ColumnElement[bool]) -> list[int]:
    """Ours for five minutes: a letter that was handed over must not be sent by somebody else as well.

    All that waited for one person in one statement: of two workers, one gets all of it and the other nothing.
    """
    mine = update(Mail).where(*_due(now), *which).values(try_at=now + timedelta(minutes=5))
    with writing() as session:
        taken = session.scalars(mine.returning(Mail.id), execution_options={"synchronize_session": False})
        return sorted(taken)


def _deliver(config: Config, ids: Sequence[int], now: datetime) -> bool:
    """One letter from these rows; False where there is none, or where it did not go out."""
    if not ids:
        return False  # another worker, or the watchdog, has it
    paths = _paths(ids)
    rows = db.session.scalars(select(Mail).where(Mail.id.in_(paths)).order_by(Mail.path == "", Mail.id)).all()
    if not rows:
        db.session.rollback()
        return False  # whoever they were for is erased, or what they asked is decided
    to, items = rows[0].to, [Item(m.subject, m.body, m.html, paths[m.id]) for m in rows]
    say = partial(spoken, language=language_of(db.session(), to))
    db.session.rollback()
    diagnosis = _send(config, to, items, say)
    for mail_id in paths:
        _note(mail_id, diagnosis, now)
    return not diagnosis


def _paths(ids: Sequence[int]) -> dict[int, str]:
    """The page that each is about. A link that decides is made now: its token is in the letter, and nowhere else.

    A letter about a post that is in review no more is dropped.
    """
    with writing() as session:
        letters = session.scalars(select(Mail).where(Mail.id.in_(ids)).order_by(Mail.id)).all()
        paths = {m.id: m.path if not m.path.startswith(DECIDE) else _deciding(session, m) for m in letters}
        session.execute(delete(Mail).where(Mail.id.in_([n for n, path in paths.items() if path is None])))
    return {n: path for n, path in paths.items() if path is not None}


def _deciding(session: Session, letter: Mail) -> str | None:
    number = letter.path.removeprefix(DECIDE)
    mine = select(OneTimeLink).join(Person, Person.id == OneTimeLink.person_id)
    mine = mine.join(Post, Post.id == OneTimeLink.post_id)
    mine = mine.where(Person.email == letter.to, OneTimeLink.purpose == "review", OneTimeLink.used_at.is_(None))
    link = session.scalar(mine.where(Post.id == int(number), Post.state == "submitted")) if number else None
    if link is None:
        return None
    token = secrets.token_urlsafe(24)
    link.token_hash = fingerprint(token)
    return f"{DECIDE}{token}"


def _note(mail_id: int, diagnosis: str, now: datetime) -> None:
    with writing() as session:
        letter = session.get(Mail, mail_id)
        if letter is None:
            return  # erased with the person it was for
        letter.try_at = now + BACK_OFF[min(letter.tries, len(BACK_OFF) - 1)]
        letter.tries, letter.diagnosis = letter.tries + 1, diagnosis
        letter.sent_at = None if diagnosis else now
        if letter.sent_at and letter.path.startswith(DECIDE):
            letter.path = DECIDE


def _send(config: Config, to: str, items: Sequence[Item], say: Say) -> str:
    """Hand one letter to the server; returns what went wrong, or an empty string."""
    try:
        letter = message(items, config.public_url, say)
        letter["To"], letter["From"] = to, sender(config)
        with connected(config.smtp_url) as server:
            server.send_message(letter)
        return ""
    except Exception as failure:  # an address can be wrong in ways that only this finds out; the next letter goes on
        return f"{type(failure).__name__}: {failure}"[:500]


class NoTLS(Exception):
    """Whoever listens on the way would read the password."""


def sender(config: Config) -> str:
    return config.mail_from or f"outreach@{urlsplit(config.smtp_url).hostname or 'localhost'}"


@contextmanager
def connected(smtp_url: str, timeout: float = 20) -> Iterator[smtplib.SMTP]:
    """A mail server that has said EHLO, over TLS where it can, and knows us. Raises NoTLS, SMTPException, OSError."""
    url, safe = urlsplit(smtp_url), ssl.create_default_context()
    host, sealed = url.hostname or "localhost", url.scheme == "smtps"
    if sealed:
        server: smtplib.SMTP = smtplib.SMTP_SSL(host, url.port or 465, timeout=timeout, context=safe)
    else:
        server = smtplib.SMTP(host, url.port or 25, timeout=timeout)
    with server:
        server.ehlo()
        if not sealed and server.has_extn("starttls"):
            server.starttls(context=safe)
            sealed = True
        if url.username:
            if not sealed and host not in ("localhost", "127.0.0.1", "::1"):
                raise NoTLS("the mail server offers no TLS, so the password was not sent")
            server.login(unquote(url.username), unquote(url.password or ""))
        yield server
