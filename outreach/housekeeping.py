"""Once a night: what is old and of no use goes, and a backup is made where one is wanted."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import delete

from outreach.config import Config
from outreach.db import writing
from outreach.models import Mail, OneTimeLink

KEEP_MAIL = timedelta(days=30)
KEEP_LINKS = timedelta(days=90)


def tidy(config: Config, now: datetime) -> None:
    with writing() as session:
        session.execute(delete(Mail).where(Mail.sent_at < now - KEEP_MAIL))
        session.execute(delete(OneTimeLink).where(OneTimeLink.expires_at < now - KEEP_LINKS))
    if config.backup_dir:
        from outreach.backup import nightly

        nightly(config, now)
