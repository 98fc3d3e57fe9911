"""Settings, read once from the environment and frozen."""

from __future__ import annotations

import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

MEGABYTE = 1024 * 1024


@dataclass(frozen=True)
class Settings:
    """How this installation runs. `base_url` has no trailing slash; `instance` is a folder that exists."""

    instance: Path
    database_url: str
    base_url: str
    secret_key: str
    smtp_url: str | None = None
    mail_from: str | None = None
    trusted_proxies: int = 0
    clamd: str | None = None
    upload_bytes: int = 25 * MEGABYTE
    import_rows: int = 50_000
    scheduler: bool = True
    debug: bool = False

    @property
    def is_https(self) -> bool:
        """Whether people reach the product over HTTPS, which decides the cookie's name and its Secure flag."""
        return self.base_url.startswith("https://")

    @property
    def host(self) -> str:
        """Host (with a port where there is one) that links name and that requests must be addressed to."""
        return urlsplit(self.base_url).netloc

    @property
    def is_sqlite(self) -> bool:
        """Whether the records are one SQLite file."""
        return self.database_url.startswith("sqlite")


def from_environment(environment: Mapping[str, str] | None = None) -> Settings:
    """Settings from environment variables, making the instance folder and its secret key on the first run.

    Raises:
        ValueError: for a base URL that is no web address or a number that is none.
    """
    env = os.environ if environment is None else environment
    instance = Path(env.get("COUNTERSIGN_INSTANCE") or "instance").resolve()
    instance.mkdir(parents=True, exist_ok=True)
    base_url = (env.get("COUNTERSIGN_BASE_URL") or "http://127.0.0.1:8000").rstrip("/")
    if urlsplit(base_url).scheme not in ("http", "https"):
        raise ValueError(f"COUNTERSIGN_BASE_URL must begin with http:// or https://, not {base_url!r}")
    return Settings(
        instance=instance,
        database_url=_driver(env.get("DATABASE_URL") or f"sqlite:///{instance / 'countersign.db'}"),
        base_url=base_url,
        secret_key=env.get("COUNTERSIGN_SECRET_KEY") or _kept_key(instance / "secret_key"),
        smtp_url=env.get("SMTP_URL") or None,
        mail_from=env.get("COUNTERSIGN_MAIL_FROM") or None,
        clamd=env.get("COUNTERSIGN_CLAMD") or None,
        trusted_proxies=int(env.get("COUNTERSIGN_TRUSTED_PROXIES") or 0),
        scheduler=env.get("COUNTERSIGN_SCHEDULER", "on") != "off",
    )


def _driver(url: str) -> str:
    """Name the PostgreSQL driver where the address leaves it open (`postgres://` is how some hosts write it)."""
    for scheme in ("postgres://", "postgresql://"):
        if url.startswith(scheme):
            return "postgresql+psycopg://" + url.removeprefix(scheme)
    return url


def _kept_key(path: Path) -> str:
    """The secret key kept in the instance folder, made on the first run; only its owner may read it."""
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text(encoding="ascii").strip()
    with os.fdopen(descriptor, "w", encoding="ascii") as kept:
        key = secrets.token_urlsafe(48)
        kept.write(key)
    return key
