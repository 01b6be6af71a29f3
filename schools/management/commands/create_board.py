"""A board by hand, or the name of one."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from schools import actions, tenancy

_LARGEST_NUMBER = 2**31 - 1
_LONGEST_NAME = 120


class Command(BaseCommand):
    """manage.py create_board NUMBER [--name NAME]."""

    help = "Make a board, or give one its name: the national list has numbers only."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The number and the name."""
        parser.add_argument("number", type=int, help="the board's number on the national list")
        parser.add_argument("--name", default="", help="the board's name")

    def handle(self, *args: Any, **options: Any) -> None:
        """Make or name it, and say which."""
        number, name = options["number"], " ".join(options["name"].split())
        if not 0 < number <= _LARGEST_NUMBER:
            raise CommandError(f"{number} is no number of a board.")
        if len(name) > _LONGEST_NAME:
            raise CommandError(f"The name has more than {_LONGEST_NAME} characters.")
        with tenancy.acting_for_system("registry"):
            is_new = actions.create_board(number=number, name=name)
        state = "is new" if is_new else "has its name" if name else "existed already"
        self.stdout.write(f"Board {number} {state}.")
