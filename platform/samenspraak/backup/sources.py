"""What a kind of database gives to a backup."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Source:
    """One moment of a database: how many rows each table has, and all of it piece by piece.

    ``is_small``: the pieces are packed already.
    """

    server: str
    schema: str
    rows: Mapping[str, int]
    chunks: Iterator[bytes]
    is_small: bool
