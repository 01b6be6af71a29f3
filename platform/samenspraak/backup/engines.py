"""Which of the two kinds of database this is, and what a backup asks of either."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Protocol, cast

from django.db import connection

from samenspraak.backup import postgresql, sqlite
from samenspraak.backup.manifest import Manifest
from samenspraak.backup.sources import Source


class Engine(Protocol):
    """What a backup asks of a kind of database."""

    def reading(self, folder: Path, /) -> AbstractContextManager[Source]:
        """One moment of the database; ``folder`` is where it may put a copy meanwhile."""

    def load(self, path: Path, told: Manifest, *, application: str) -> None:
        """Put what is in a backup in the place of all tables, or change nothing."""

    def numbers(self) -> dict[str, int]:
        """The last number that was given, by the name of whatever gives them."""

    def raise_numbers(self, to: Mapping[str, int]) -> None:
        """Give only higher ones from here on."""


def here() -> Engine:
    """What the database of DATABASE_URL is."""
    return cast("Engine", postgresql if connection.vendor == "postgresql" else sqlite)
