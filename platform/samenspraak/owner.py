"""Who makes and changes the tables: another role in PostgreSQL than the one that reads and writes their rows."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings
from django.db import connection

from schools import walls


@contextmanager
def connected(*, lets_in: bool = True) -> Iterator[None]:
    """Be connected as the owner of the tables while the block lasts, with all rows in sight: steps may mend them.

    Without MIGRATION_DATABASE_URL that is who DATABASE_URL names. Where it is another role, the application's role is
    let in to what is there afterwards, and to what will come, unless the block breaks down or ``lets_in`` says no.
    """
    if connection.vendor != "postgresql":
        yield
        return
    own = dict(connection.settings_dict)
    asked = settings.MIGRATION_DATABASE or own
    options = asked["OPTIONS"].get("options", "")
    seen = {"options": f"{options} -c samenspraak.system=migration".strip()}
    _connect({**asked, "OPTIONS": {**asked["OPTIONS"], **seen}})
    try:
        yield
        if lets_in and settings.MIGRATION_DATABASE and asked["USER"] != own["USER"]:
            walls.let_in(own["USER"])
    finally:
        _connect(own)


def _connect(how: dict[str, object]) -> None:
    """By another way from here on; what was asked of a test's database stays."""
    connection.close()
    kept = connection.settings_dict["TEST"]
    connection.settings_dict |= how
    connection.settings_dict["TEST"] = kept
