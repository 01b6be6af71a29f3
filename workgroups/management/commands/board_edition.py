"""`manage.py board_edition`: which edition of the instrument the groups of a board choose their cards from."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone, translation

from schools import refusals
from workgroups import actions


class Command(BaseCommand):
    """manage.py board_edition NUMBER KEY | --clear. Boards and editions belong to no school: no door is opened."""

    help = "Give a board an edition of its own, or the standard one again; periods that run keep their card."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Which board, and which edition."""
        parser.add_argument("board", type=int, metavar="NUMBER")
        which = parser.add_mutually_exclusive_group(required=True)
        which.add_argument("edition", nargs="?", metavar="KEY", help="as load_edition named it")
        which.add_argument("--clear", action="store_true", help="the standard edition again")

    def handle(self, *args: Any, **options: Any) -> None:
        """Give it, or take it back."""
        board, key = options["board"], options["edition"]
        try:
            with translation.override("en"):
                told = _clear(board) if options["clear"] else _give(board, key)
        except refusals.Refused as refused:
            raise CommandError(f"{refused} Nothing was changed.") from refused
        self.stdout.write(told)


def _give(board: int, key: str) -> str:
    used = actions.use_edition(board=board, edition=key, now=timezone.now())
    return f"Board {board} chooses from {used.edition} since {used.since:%Y-%m-%d}; periods that run keep their card."


def _clear(board: int) -> str:
    if actions.use_standard(board=board):
        return f"Board {board} chooses from the standard edition again; periods that run keep their card."
    return f"Board {board} has the standard edition already."
