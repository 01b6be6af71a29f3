"""`manage.py load_edition`: an edition of the instrument that a board has the right to."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from cards import actions, reading


class Command(BaseCommand):
    """manage.py load_edition FILE [--check]."""

    help = "Load an edition that is not public (docs/editions.md); a second run changes nothing."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The file, and whether to look only."""
        parser.add_argument("file", type=Path, help="the Dutch file, or a folder with nl.json and en.json")
        parser.add_argument(
            "--check", action="store_true", help="say what does not fit; write nothing, ask no database"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Check, or load; everything that does not fit is a line with file and number."""
        path: Path = options["file"]
        try:
            books = reading.read_edition(path)
            loaded = None if options["check"] else actions.load_own_edition(path=path)
        except actions.CatalogueError as error:
            count = len(error.problems)
            raise CommandError(f"{error}\n{count} to mend. Nothing was changed.") from error
        edition = books[reading.SOURCE_LANGUAGE]["edition"]
        name = f"{edition['key']} {edition['version']} ({', '.join(books)})"
        if loaded is None:
            self.stdout.write(f"{name} is whole. Nothing was changed.")
            return
        self.stdout.write(f"{name} is loaded: {loaded.new} rows new, {loaded.changed} changed.")
        self.stdout.write(f"A board gets it with: manage.py board_edition NUMBER {edition['key']}")
