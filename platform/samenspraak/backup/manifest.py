"""What a backup says of itself, and what this version of the product can make of it."""

from __future__ import annotations

import datetime as dt
import hashlib
import hmac
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Self

from django.conf import settings
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder

from samenspraak.backup.files import BackupError

FORMAT = 1
_VENDORS = {"postgresql": "PostgreSQL", "sqlite": "SQLite"}


@dataclass(frozen=True)
class Manifest:
    """What is in a backup.

    ``vendor``: of which kind of database. ``schema``: where PostgreSQL had the tables. ``migrations``: the steps that
    its tables went through, as "app.name". ``rows``: how many each table has. ``sha256`` and ``size`` are of its data;
    ``pepper`` tells one API_TOKEN_PEPPER from another and nothing about it.
    """

    taken_at: str
    vendor: str
    server: str
    schema: str
    migrations: list[str]
    rows: dict[str, int]
    pepper: str
    sha256: str = ""
    size: int = 0
    format: int = field(default=FORMAT)

    @classmethod
    def read(cls, text: str) -> Self:
        """From what ``written`` gave; raises BackupError for anything else."""
        try:
            told = json.loads(text)
            number = told["format"]
            if number == FORMAT:
                return cls(**told)
        except (ValueError, TypeError, KeyError) as error:
            raise BackupError("This is no backup, or it is damaged: it does not say what is in it.") from error
        raise BackupError(f"This backup has the form {number}, and this version of the product reads {FORMAT}.")

    def written(self) -> str:
        """As text that people can read too."""
        return json.dumps(asdict(self), indent=1)

    @property
    def moment(self) -> dt.datetime:
        """When it was taken."""
        return dt.datetime.fromisoformat(self.taken_at)


def here(*, now: dt.datetime, server: str, schema: str, rows: Mapping[str, int]) -> Manifest:
    """What a backup of this database says of itself, before its data is counted."""
    applied = MigrationRecorder(connection).applied_migrations()
    return Manifest(
        taken_at=now.astimezone(dt.UTC).isoformat(timespec="seconds"),
        vendor=connection.vendor,
        server=server,
        schema=schema,
        migrations=sorted(".".join(step) for step in applied),
        rows=dict(rows),
        pepper=pepper(),
    )


def pepper() -> str:
    """Differs where API_TOKEN_PEPPER does."""
    return hmac.digest(settings.API_TOKEN_PEPPER.encode(), b"samenspraak.backup", hashlib.sha256).hex()[:16]


def must_fit(told: Manifest) -> None:
    """Raise BackupError where this version or this kind of database can make nothing of the backup."""
    if told.vendor != connection.vendor:
        names = [_VENDORS.get(name, name) for name in (told.vendor, connection.vendor)]
        raise BackupError(f"This backup is of {names[0]} and DATABASE_URL names {names[1]}.")
    unknown = sorted(set(told.migrations) - _known())
    if unknown:
        raise BackupError(
            f"This backup is of a newer version of the product, which went through {unknown[-1]}. "
            "Install that version, or a newer one, and restore with it."
        )


def is_older(told: Manifest) -> bool:
    """Whether its tables have steps before them."""
    return bool(_known() - set(told.migrations))


def _known() -> set[str]:
    """The steps of this version."""
    loader = MigrationLoader(None, load=False)
    loader.load_disk()
    return {".".join(step) for step in loader.disk_migrations or {}}
