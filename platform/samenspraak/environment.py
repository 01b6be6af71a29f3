"""Read settings from the environment: a name, or a file that a name points at.

Wrong or missing values stop the start with one sentence.
"""

import os
import re
from pathlib import Path
from typing import Any
from urllib.parse import SplitResult, parse_qsl, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

# A server that answers nothing any more, not even that it is there: after half a minute, or a little more, it is gone.
# The network itself would wait a quarter of an hour, and where we only listen for ever. In libpq's own words.
_PATIENCE = {
    "connect_timeout": "10",
    "keepalives_idle": "15",
    "keepalives_interval": "5",
    "keepalives_count": "3",
    "tcp_user_timeout": "30000",
}
_TRUE, _FALSE = {"1", "true", "yes", "on"}, {"0", "false", "no", "off", ""}


def text(name: str, default: str = "") -> str:
    """The value of NAME, or the content of the file that NAME_FILE names, or the default."""
    path = os.environ.get(f"{name}_FILE")
    if path:
        try:
            return Path(path).read_text(encoding="utf-8").strip()
        except OSError as error:
            raise ImproperlyConfigured(f"{name}_FILE names {path}, which cannot be read: {error.strerror}.") from error
        except UnicodeDecodeError as error:
            raise ImproperlyConfigured(f"{name}_FILE names {path}, which is not text in UTF-8.") from error
    return os.environ.get(name, default).strip()


def required(name: str, why: str) -> str:
    """The value of NAME; stops the start with a sentence when it is missing."""
    value = text(name)
    if not value:
        raise ImproperlyConfigured(f"{name} is not set. {why}")
    return value


def number(name: str, default: int) -> int:
    """The value of NAME as a whole number of nought or more."""
    value = text(name, str(default))
    if not value.isdecimal():
        raise ImproperlyConfigured(f"{name} is {value!r}, but it must be a whole number.")
    return int(value)


def switch(name: str, *, default: bool) -> bool:
    """The value of NAME as yes or no."""
    value = text(name, str(default)).lower()
    if value not in _TRUE | _FALSE:
        raise ImproperlyConfigured(f"{name} is {value!r}, but it must be yes or no.")
    return value in _TRUE


def one_of(name: str, default: str, choices: set[str]) -> str:
    """The value of NAME, which must be one of the choices."""
    value = text(name, default)
    if value not in choices:
        raise ImproperlyConfigured(f"{name} is {value!r}, but it must be one of {', '.join(sorted(choices))}.")
    return value


def rate(name: str, default: str) -> str:
    """The value of NAME as so many in a second, minute, hour or day, such as 600/min."""
    value = text(name, default)
    if not re.fullmatch(r"[1-9]\d*/(s|sec|second|m|min|minute|h|hour|d|day)", value):
        raise ImproperlyConfigured(f"{name} is {value!r}, but it must look like 600/min.")
    return value


def site(value: str, *, schemes: set[str]) -> str:
    """The address people type, without a path or a slash at its end."""
    parts = _split(value, "PUBLIC_URL")
    if parts.scheme not in schemes or not parts.hostname or parts.path.strip("/") or parts.query:
        raise ImproperlyConfigured(f"PUBLIC_URL is {value!r}, but it must look like https://samenspraak.example.")
    return value.rstrip("/")


def redis(url: str) -> str:
    """A Redis address, or nothing where none is given."""
    parts = _split(url, "REDIS_URL")
    if url and (parts.scheme not in {"redis", "rediss"} or not parts.hostname):
        raise ImproperlyConfigured("REDIS_URL must look like redis://host:6379/0.")
    return url


def names(name: str, default: str = "") -> list[str]:
    """The value of NAME as a list, parted by commas."""
    return [item.strip() for item in text(name, default).split(",") if item.strip()]


def database(url: str, name: str = "DATABASE_URL") -> dict[str, Any]:
    """Django's database settings for postgresql://user:password@host:port/name or sqlite:///path."""
    parts = _split(url, name)
    if parts.scheme == "sqlite":
        return {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": unquote(parts.path[1:]),
            "OPTIONS": {
                "transaction_mode": "IMMEDIATE",
                "timeout": 20,
                "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
            },
        }
    if parts.scheme not in {"postgresql", "postgres"} or not parts.path.strip("/"):
        raise ImproperlyConfigured(f"{name} must look like postgresql://user:password@host:5432/name.")
    return {
        "ENGINE": "samenspraak.postgresql",
        "NAME": unquote(parts.path[1:]),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": parts.hostname or "",
        "PORT": str(parts.port or ""),
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": _PATIENCE | dict(parse_qsl(parts.query)),
    }


def smtp(url: str) -> dict[str, Any]:
    """Django's mail settings for smtp://user:password@host:587?tls=1 or smtps://host:465."""
    parts = _split(url, "EMAIL_URL")
    options = dict(parse_qsl(parts.query, keep_blank_values=True))
    tls = options.pop("tls", "0").lower()
    known = not options and tls in _TRUE | _FALSE and not (tls in _TRUE and parts.scheme == "smtps")
    if parts.scheme not in {"smtp", "smtps"} or not parts.hostname or not known:
        raise ImproperlyConfigured("EMAIL_URL must look like smtp://user:password@host:587?tls=1 or smtps://host:465.")
    return {
        "EMAIL_BACKEND": "schools.post.line.EmailBackend",
        "EMAIL_HOST": parts.hostname,
        "EMAIL_PORT": parts.port or (465 if parts.scheme == "smtps" else 25),
        "EMAIL_HOST_USER": unquote(parts.username or ""),
        "EMAIL_HOST_PASSWORD": unquote(parts.password or ""),
        "EMAIL_USE_SSL": parts.scheme == "smtps",
        "EMAIL_USE_TLS": tls in _TRUE,
    }


def _split(url: str, name: str) -> SplitResult:
    """The address in its parts; signs such as [ and # must stand in a password as %5B and %23."""
    try:
        parts = urlsplit(url)
    except ValueError:
        raise ImproperlyConfigured(f"{name} is no address. Write signs in a password with %, such as %5B.") from None
    try:
        _ = parts.port
    except ValueError as error:
        raise ImproperlyConfigured(f"{name} has a port that is no number.") from error
    return parts
