"""Two countries on one server, filled alike (benchmarks/country.py), the one a hundred times the other."""

from __future__ import annotations

import os
import subprocess
import sys

import psycopg
from django.db import connections

from benchmarks import command
from tests import parts

TIMES = 100


def countries(size: command.Size, *, to_read: bool = False) -> tuple[str, str]:
    """The addresses of the large one and the little one; ``to_read``: without the ledger, and kept if they stand."""
    large = os.environ["DATABASE_URL"]
    little = _another(large, "little")
    fill(large, size.scale, to_read=to_read)
    fill(little, size.scale / TIMES, to_read=to_read)
    return large, little


def fill(address: str, scale: float, *, to_read: bool = False) -> None:
    """Fill one of them, in a process of its own."""
    subprocess.run(
        [sys.executable, "-m", "benchmarks.country", "--scale", str(scale), *(["--to-read"] if to_read else [])],
        env={**os.environ, "DATABASE_URL": address},
        cwd=parts.ROOT,
        check=True,
        stdout=subprocess.DEVNULL,
    )


def _another(address: str, name: str) -> str:
    """A second database on the same server, with all its tables; the one that is there, if it is."""
    server, _slash, mine = address.rpartition("/")
    connections.close_all()  # nobody may look on while it is copied
    with psycopg.connect(f"{server}/template1", autocommit=True) as database:
        if not database.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone():
            database.execute(f"CREATE DATABASE {name} TEMPLATE {mine}")
    return f"{server}/{name}"
