"""What a kind of database gives to a backup."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

# What a restore would throw away at once, of use to nobody but whoever finds the copy: who is signed in where, lists of
# people that wait for a yes, answers kept for a day. Their tables are in it, and empty.
LEFT_OUT = ("schools_session", "schools_roster", "schools_keptanswer")


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
