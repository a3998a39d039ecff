"""What other servers say: whose clock is right, does the mail server take letters, are our pages reachable?"""

from __future__ import annotations

import smtplib
import ssl
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from email.utils import parseaddr, parsedate_to_datetime
from urllib.parse import urlsplit

from sqlalchemy import func, select

from outreach import clock
from outreach.channels.http import get, session
from outreach.channels.trouble import Unreachable
from outreach.cli.finding import Finding, hint, ok, wrong
from outreach.db import db
from outreach.mail import NoTLS, connected, sender
from outreach.models import Account, Mail
from outreach.shop import Shop

OFF, SECONDS = 30, 10.0
ASKED = 3  # servers
SET_CLOCK = "Turn on “set the time automatically” on this computer (on a server: timedatectl set-ntp true)."
SET_ADDRESS = "Set OUTREACH_PUBLIC_URL to the address people open."
SET_URL = "To have letters sent, set OUTREACH_SMTP_URL: smtp://user:password@host:587"
CHECK_URL = "Check OUTREACH_SMTP_URL: smtp://user:password@host:587 (or smtps://…:465)."


def clock_skew(shop: Shop) -> list[Finding]:
    """Posts go out by the clock of this computer. A server may be wrong itself, so the nearest one counts."""
    told = [*_database_clock(shop), *_clocks(shop)]
    if not told:
        return [hint("clock", "there was no server to compare it with", "Compare it with a telephone.")]
    skew, who = min(told, key=lambda pair: abs(pair[0]))
    if abs(skew) > OFF:
        way = "behind" if skew > 0 else "ahead of"
        return [wrong("clock", f"this computer is {abs(skew):.0f} seconds {way} {who}", SET_CLOCK)]
    return [ok("clock", f"agrees with {who} ({skew:+.0f} s)")]


def _database_clock(shop: Shop) -> Iterator[tuple[float, str]]:
    if shop.config.on_sqlite:
        return
    before = clock.now()
    told = db.session.scalar(select(func.clock_timestamp()))
    db.session.rollback()
    if told is not None:
        yield (told - _between(before)).total_seconds(), "the database server"


def _clocks(shop: Shop) -> Iterator[tuple[float, str]]:
    """Seconds that each of a few servers is ahead of us, by the Date of its answer (RFC 9110: whole seconds)."""
    wanted = select(Account.server).where(Account.server.like("http%"), Account.retired_at.is_(None)).distinct()
    servers = list(db.session.scalars(wanted.limit(ASKED)))
    db.session.rollback()
    for url in servers or [one for one in (shop.config.open_library,) if one]:
        before = clock.now()
        try:
            answer = session(shop.reach, SECONDS).head(url)
            told = parsedate_to_datetime(answer.headers["Date"])
        except (Unreachable, KeyError, ValueError):
            continue
        yield (told - _between(before)).total_seconds(), urlsplit(url).hostname or url


def _between(before: datetime) -> datetime:
    """The moment at which it answered, as nearly as we know."""
    return before + (clock.now() - before) / 2


def mail_server(shop: Shop) -> list[Finding]:
    """Connects, signs in, names the sender; sends nothing."""
    config = shop.config
    if not config.smtp_url:
        return [hint("e-mail", "there is no mail server: everything stands on the pages alone", SET_URL)]
    host, who = urlsplit(config.smtp_url).hostname or "", parseaddr(sender(config))[1]
    try:
        with connected(config.smtp_url, SECONDS) as server:
            sealed = isinstance(server.sock, ssl.SSLSocket)
            code, said = server.mail(who)
            server.rset()
    except smtplib.SMTPAuthenticationError as trouble:
        return [wrong("e-mail", f"{host} does not know this user with this password ({_said(trouble)})", CHECK_URL)]
    except (NoTLS, smtplib.SMTPException, OSError) as trouble:
        return [wrong("e-mail", f"{host} does not take letters: {_said(trouble)}", CHECK_URL)]
    if code >= 400:
        do = "Set OUTREACH_MAIL_FROM to an address that this server may send from."
        return [wrong("e-mail", f"{host} takes no letters from {who}: {said.decode('utf-8', 'replace')}", do)]
    return [ok("e-mail", f"{host} takes letters from {who}, {'sealed by TLS' if sealed else 'without TLS'}")]


def _said(trouble: Exception) -> str:
    told = getattr(trouble, "smtp_error", None) or str(trouble) or type(trouble).__name__
    return told.decode("utf-8", "replace") if isinstance(told, bytes) else told


def letters() -> list[Finding]:
    """Letters that were tried in vain."""
    waiting = select(Mail.diagnosis).where(Mail.sent_at.is_(None), Mail.tries > 0).order_by(Mail.id.desc())
    told = db.session.scalars(waiting.limit(100)).all()
    db.session.rollback()
    if not told:
        return []
    return [hint("letters", f"{len(told)} were tried in vain; the last one: {told[0]}", "They are tried again.")]


def public_address(shop: Shop) -> list[Finding]:
    """From here, which need not be how others see it."""
    config = shop.config
    if not config.public_url:
        if config.smtp_url:
            return [wrong("address", "letters have no links", SET_ADDRESS)]
        return [hint("address", "others have no address of these pages", SET_ADDRESS)]
    host = urlsplit(config.public_url).hostname or ""
    reach = replace(shop.reach, allow_hosts=(*shop.reach.allow_hosts, host))
    do = "Try it on another computer. Check OUTREACH_PUBLIC_URL, and the reverse proxy in front."
    try:
        answer = get(reach, f"{config.public_url}/healthz", deadline=SECONDS)
    except Unreachable as trouble:
        return [hint("address", f"{config.public_url} is not reached from here. {trouble.sentence}", do)]
    if b'"last_tick"' not in answer.body:
        return [hint("address", f"at {config.public_url} something else answers (HTTP {answer.status})", do)]
    return [ok("address", f"{config.public_url} shows our pages")]
