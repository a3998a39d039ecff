"""Every setting of the environment: typed, read once, wrong ones refused at boot with a hint.

``SETTINGS`` is the whole list; ``outreach doctor`` prints it with values and where each came from.
"""

from __future__ import annotations

import base64
import contextlib
import ipaddress
import os
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path


class ConfigError(Exception):
    """A setting is wrong; the message names it and says what to write."""


@dataclass(frozen=True)
class Setting:
    name: str
    default: str
    purpose: str
    secret: bool = False


SETTINGS = (
    Setting("OUTREACH_HOME", "instance", "the folder with database, pictures and keys"),
    Setting("OUTREACH_BIND", "127.0.0.1", "the address the pages are served on"),
    Setting("OUTREACH_PORT", "5000", "the port of the pages; the next free one if it is taken"),
    Setting("PORT", "", "the same, as hosting services set it"),
    Setting("OUTREACH_LISTEN", "", "address and port the pages are served on; set by `outreach up`"),
    Setting("OUTREACH_PUBLIC_URL", "", "the address others reach the pages by, e.g. https://outreach.example.org"),
    Setting("OUTREACH_PROXY_COUNT", "0", "how many reverse proxies stand in front"),
    Setting("DATABASE_URL", "", "PostgreSQL, e.g. postgresql://user:password@host/outreach; empty: SQLite", True),
    Setting("REDIS_URL", "", "a Redis-protocol server; empty: `outreach up` starts one", True),
    Setting("OUTREACH_SMTP_URL", "", "a mail server, e.g. smtp://user:password@mail.example.org:587", True),
    Setting("OUTREACH_MAIL_FROM", "", "the sender of our e-mail; empty: outreach@ the mail server's name"),
    Setting(
        "OUTREACH_ALARM_URL", "", "called (POST, JSON) while nothing is being published, e.g. a webhook of Slack", True
    ),
    Setting("OUTREACH_ALLOW_HOSTS", "", "hosts or networks on private addresses we may call, with commas"),
    Setting("OUTREACH_CA_FILE", "", "extra certificates (PEM) for schools that re-sign HTTPS"),
    Setting("HTTPS_PROXY", "", "the school's web proxy for outgoing calls", True),
    Setting("OUTREACH_OPEN_LIBRARY", "https://openlibrary.org", "where ISBNs are looked up; off: nowhere"),
    Setting("OUTREACH_COVERS", "https://covers.openlibrary.org", "where covers are asked for; off: nowhere"),
    Setting("OUTREACH_BACKUP_DIR", "", "where nightly backups go; empty: none are made"),
    Setting("OUTREACH_SECRET_KEY", "", "signs sessions; empty: generated in OUTREACH_HOME", True),
    Setting("OUTREACH_VAULT_KEYS", "", "seals account secrets, newest first, with commas; empty: generated", True),
)


@dataclass(frozen=True)
class Config:
    home: Path
    bind: str
    port: int
    listen: str
    public_url: str
    proxy_count: int
    database_url: str
    redis_url: str
    smtp_url: str
    mail_from: str
    alarm_url: str
    allow_hosts: tuple[str, ...]
    ca_file: str
    https_proxy: str
    open_library: str
    covers: str
    backup_dir: str
    secret_key: str
    vault_keys: tuple[str, ...]

    @property
    def media_dir(self) -> Path:
        return self.home / "media"

    @property
    def own_url(self) -> str:
        """How this machine reaches its own pages."""
        host, _, port = self.listen.rpartition(":")
        return f"http://{'127.0.0.1' if host in ('0.0.0.0', '[::]', '') else host}:{port}"  # noqa: S104

    @property
    def on_sqlite(self) -> bool:
        return self.database_url.startswith("sqlite")


def load(environ: Mapping[str, str] | None = None) -> Config:
    """Read the environment. Makes OUTREACH_HOME and its keys (0600) where they are missing."""
    env = os.environ if environ is None else environ

    def read(name: str) -> str:
        return env.get(name, "").strip() or next(s.default for s in SETTINGS if s.name == name)

    home = Path(read("OUTREACH_HOME")).absolute()
    home.mkdir(parents=True, exist_ok=True, mode=0o700)
    port = _whole("OUTREACH_PORT", read("PORT") or read("OUTREACH_PORT"), 0, 65_535)
    vault_keys = _list(read("OUTREACH_VAULT_KEYS")) or (
        _kept(home / "vault.key", lambda: base64.urlsafe_b64encode(secrets.token_bytes(32)).decode()),
    )
    return Config(
        home=home,
        bind=read("OUTREACH_BIND"),
        port=port,
        listen=read("OUTREACH_LISTEN") or f"{read('OUTREACH_BIND')}:{port}",
        public_url=_public_url(read("OUTREACH_PUBLIC_URL")),
        proxy_count=_whole("OUTREACH_PROXY_COUNT", read("OUTREACH_PROXY_COUNT"), 0, 9),
        database_url=_database(read("DATABASE_URL"), home),
        redis_url=_redis(read("REDIS_URL")),
        smtp_url=_smtp(read("OUTREACH_SMTP_URL")),
        mail_from=read("OUTREACH_MAIL_FROM"),
        alarm_url=_alarm(read("OUTREACH_ALARM_URL")),
        allow_hosts=_hosts(read("OUTREACH_ALLOW_HOSTS")),
        ca_file=_file("OUTREACH_CA_FILE", read("OUTREACH_CA_FILE")),
        https_proxy=read("HTTPS_PROXY"),
        open_library=_service("OUTREACH_OPEN_LIBRARY", read("OUTREACH_OPEN_LIBRARY")),
        covers=_service("OUTREACH_COVERS", read("OUTREACH_COVERS")),
        backup_dir=read("OUTREACH_BACKUP_DIR"),
        secret_key=read("OUTREACH_SECRET_KEY") or _kept(home / "secret.key", lambda: secrets.token_urlsafe(48)),
        vault_keys=_fernet(vault_keys),
    )


def _kept(path: Path, make: Callable[[], str]) -> str:
    """The content of a key file, made on first use; two processes at once agree on one."""
    if not path.exists():
        draft = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(make())
        with contextlib.suppress(FileExistsError):
            os.link(draft, path)
        draft.unlink()
    return path.read_text().strip()


def _list(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(",") if part.strip())


def _whole(name: str, text: str, least: int, most: int) -> int:
    if not text.isdecimal() or not least <= int(text) <= most:
        raise ConfigError(f"{name} is {text!r}: write a whole number from {least} to {most}.")
    return int(text)


def _public_url(text: str) -> str:
    if text and not text.startswith(("http://", "https://")):
        raise ConfigError(f"OUTREACH_PUBLIC_URL is {text!r}: it begins with https:// (or http://).")
    return text.rstrip("/")


def _alarm(text: str) -> str:
    if text and not text.startswith(("https://", "http://")):
        raise ConfigError("OUTREACH_ALARM_URL begins with https:// (or http://).")
    return text


def _service(name: str, text: str) -> str:
    """The address of a service without a slash at its end; empty for one that is off."""
    if text.lower() == "off":
        return ""
    if not text.startswith(("https://", "http://")):
        raise ConfigError(f"{name} is {text!r}: write an address that begins with https://, or off.")
    return text.rstrip("/")


def _database(text: str, home: Path) -> str:
    if not text:
        return f"sqlite:///{home / 'outreach.db'}"
    for old in ("postgres://", "postgresql://"):
        if text.startswith(old):
            return "postgresql+psycopg://" + text.removeprefix(old)
    if text.startswith(("postgresql+psycopg://", "sqlite:///")):
        return text
    raise ConfigError("DATABASE_URL begins with postgresql:// (or is empty for SQLite).")


def _redis(text: str) -> str:
    if text and not text.startswith(("redis://", "rediss://", "unix://")):
        raise ConfigError("REDIS_URL begins with redis://, rediss:// or unix://.")
    return text


def _smtp(text: str) -> str:
    if text and not text.startswith(("smtp://", "smtps://")):
        raise ConfigError("OUTREACH_SMTP_URL begins with smtp:// or smtps://.")
    return text


def _file(name: str, text: str) -> str:
    if text and not Path(text).is_file():
        raise ConfigError(f"{name} is {text!r}: there is no such file.")
    return text


def _hosts(text: str) -> tuple[str, ...]:
    for host in _list(text):
        if "/" in host:
            try:
                ipaddress.ip_network(host, strict=False)
            except ValueError as error:
                raise ConfigError(f"OUTREACH_ALLOW_HOSTS: {host!r} is no network (e.g. 10.1.0.0/16).") from error
    return _list(text)


def _fernet(keys: tuple[str, ...]) -> tuple[str, ...]:
    """Fernet's own rule for a key; checked without importing it, since the supervisor stays small."""
    for key in keys:
        try:
            good = len(base64.urlsafe_b64decode(key)) == 32
        except ValueError:
            good = False
        if not good:
            raise ConfigError(
                "OUTREACH_VAULT_KEYS: a key is 32 bytes in URL-safe base64; leave it empty to have one made."
            )
    return keys
