"""What a thing is: what lies behind some addresses, who reads it, who changes it and how long it is kept."""

from __future__ import annotations

from dataclasses import dataclass

from samenspraak.who_sees.audiences import NOBODY, Audience
from samenspraak.who_sees.kept import Words


@dataclass(frozen=True)
class Thing:
    """One kind of thing, and the names of all its addresses: pages, buttons, files, and the API.

    ``reads`` are those who may open one of ``read_at``, ``changes`` those who may send the form at ``changed_at``;
    tests/platform/test_who_sees.py holds both against the table of doors. ``begins``: who may open its first form,
    where that is somebody else. ``is_told``: whether the council's dossier has a line for it.
    """

    key: str
    name: Words
    reads: Audience
    kept: Words
    at: str
    changes: Audience = NOBODY
    read_at: str = ""
    changed_at: str = ""
    begins: Audience = NOBODY
    more: Words = ""
    is_told: bool = True

    @property
    def addresses(self) -> tuple[str, ...]:
        """The names of its addresses."""
        return tuple(self.at.split())

    @property
    def is_changed(self) -> bool:
        """Whether there is anybody who changes it."""
        return self.changes is not NOBODY
