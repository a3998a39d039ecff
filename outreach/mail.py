"""E-mail: an outbox table, so that no SMTP happens inside a transaction. `deliver` empties it."""

from __future__ import annotations

import smtplib
from datetime import datetime, timedelta
from email.message import EmailMessage
from urllib.parse import unquote, urlsplit

from sqlalchemy import select
from sqlalchemy.orm import Session

from outreach.config import Config
from outreach.db import db, writing
from outreach.models import Mail

NOBODY = "@practice.localhost"  # the people of the practice library read no mail
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
    session.add(Mail(to=to, subject=one_line, body=body, path=path, about=about, created_at=now, try_at=now))


def deliver(config: Config, now: datetime) -> int:
    """Send what is due. Returns how many went out. Without a mail server the letters just wait."""
    if not config.smtp_url:
        return 0
    due = db.session.scalars(select(Mail).where(Mail.sent_at.is_(None), Mail.try_at <= now).limit(50)).all()
    letters = [(m.id, m.to, m.subject, _whole(m, config.public_url), m.tries) for m in due]
    db.session.rollback()
    sent = 0
    for mail_id, to, subject, body, tries in letters:
        error = _send(config.smtp_url, config.mail_from, to, subject, body)
        sent += not error
        _note(mail_id, tries, error, now)
    return sent


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
    letter = EmailMessage()
    letter["To"], letter["Subject"], letter["From"] = to, subject, sender or f"outreach@{host}"
    letter.set_content(body)
    try:
        if url.scheme == "smtps":
            server: smtplib.SMTP = smtplib.SMTP_SSL(host, url.port or 465, timeout=20)
        else:
            server = smtplib.SMTP(host, url.port or 25, timeout=20)
        with server:
            if url.scheme == "smtp" and server.has_extn("starttls"):
                server.starttls()
            if url.username:
                server.login(unquote(url.username), unquote(url.password or ""))
            server.send_message(letter)
    except (OSError, smtplib.SMTPException) as failure:
        return f"{type(failure).__name__}: {failure}"[:500]
    return ""
