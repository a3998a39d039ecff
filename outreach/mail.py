"""E-mail: an outbox table, so that no SMTP happens inside a transaction. `deliver` empties it."""

from __future__ import annotations

import smtplib
import ssl
from contextlib import suppress
from datetime import datetime, timedelta
from email.message import EmailMessage
from urllib.parse import unquote, urlsplit

from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from outreach.config import Config
from outreach.db import db, writing
from outreach.models import Mail

NOBODY = "@practice.localhost"  # the people of the practice library read no mail
STALE = timedelta(days=14)  # later than this a letter is no news, e.g. when a mail server is set up after months
BACK_OFF = (timedelta(minutes=1), timedelta(minutes=10), timedelta(hours=1), timedelta(hours=6))


def put(
    session: Session, to: str, subject: str, body: str, now: datetime, about: str | None = None, path: str = ""
) -> None:
    """Lay a letter in the outbox, in the caller's transaction; one reason (`about`) is mailed once.

    `path` is the page it is about; its address stands below where others can reach us (OUTREACH_PUBLIC_URL).
    """
    if to.endswith(NOBODY):
        return
    if about and session.scalar(select(Mail.id).where(Mail.about == about)):
        return
    one_line = " ".join(subject.split())  # a line break would begin another header
    letter = Mail(to=to, subject=one_line, body=body, path=path, about=about, created_at=now, try_at=now)
    with suppress(IntegrityError), session.begin_nested():  # somebody else lays the same one there right now
        session.add(letter)


def deliver(config: Config, now: datetime) -> int:
    """Send what is due. Returns how many went out. Without a mail server the letters just wait."""
    if not config.smtp_url:
        return 0
    fresh = Mail.created_at > now - STALE
    due = db.session.scalars(select(Mail).where(Mail.sent_at.is_(None), Mail.try_at <= now, fresh).limit(50)).all()
    letters = [(m.id, m.to, m.subject, _whole(m, config.public_url), m.tries) for m in due]
    db.session.rollback()
    sent = 0
    for mail_id, to, subject, body, tries in letters:
        if not _claim(mail_id, now):
            continue  # another worker, or the watchdog, has it
        error = _send(config.smtp_url, config.mail_from, to, subject, body)
        sent += not error
        _note(mail_id, tries, error, now)
    return sent


def _claim(mail_id: int, now: datetime) -> bool:
    """Ours for five minutes: a letter that was handed over must not be sent by somebody else as well."""
    mine = update(Mail).where(Mail.id == mail_id, Mail.sent_at.is_(None), Mail.try_at <= now)
    with writing() as session:
        change = mine.values(try_at=now + timedelta(minutes=5)).execution_options(synchronize_session=False)
        return bool(session.execute(change).rowcount)  # type: ignore[attr-defined]


def _whole(letter: Mail, public_url: str) -> str:
    return f"{letter.body}\n\n{public_url}{letter.path}" if public_url and letter.path else letter.body


def _note(mail_id: int, tries: int, error: str, now: datetime) -> None:
    with writing() as session:
        letter = session.get_one(Mail, mail_id)
        letter.tries, letter.diagnosis = tries + 1, error
        letter.sent_at = None if error else now
        letter.try_at = now + BACK_OFF[min(tries, len(BACK_OFF) - 1)]


def _send(smtp_url: str, sender: str, to: str, subject: str, body: str) -> str:
    """Hand one letter to the server; returns what went wrong, or an empty string."""
    url = urlsplit(smtp_url)
    host = url.hostname or "localhost"
    safe = ssl.create_default_context()
    try:
        letter = EmailMessage()
        letter["To"], letter["Subject"], letter["From"] = to, subject, sender or f"outreach@{host}"
        letter.set_content(body)
        if url.scheme == "smtps":
            server: smtplib.SMTP = smtplib.SMTP_SSL(host, url.port or 465, timeout=20, context=safe)
        else:
            server = smtplib.SMTP(host, url.port or 25, timeout=20)
        with server:
            server.ehlo()
            sealed = url.scheme == "smtps"
            if not sealed and server.has_extn("starttls"):
                server.starttls(context=safe)
                sealed = True
            if url.username:
                if not sealed and host not in ("localhost", "127.0.0.1", "::1"):
                    return "the mail server offers no TLS, so the password was not sent"
                server.login(unquote(url.username), unquote(url.password or ""))
            server.send_message(letter)
    except Exception as failure:  # an address can be wrong in ways that only this finds out; the next letter goes on
        return f"{type(failure).__name__}: {failure}"[:500]
    return ""
