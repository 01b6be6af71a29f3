"""The national list of schools, as DUO publishes it, into the product."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from schools import actions, registry, tenancy


class Command(BaseCommand):
    """manage.py import_registry FILE [--board NUMBER ...]."""

    help = "Bring the schools in step with the national list; running it twice changes nothing more."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The file, and the boards to limit it to."""
        parser.add_argument("file", type=Path, help="the list of primary schools, a CSV file")
        parser.add_argument("--board", type=int, nargs="+", action="extend", metavar="NUMBER", help="only these boards")

    def handle(self, *args: Any, **options: Any) -> None:
        """Read, import, and say how many schools became what."""
        try:
            rows = registry.read(_content(options["file"]))
            with tenancy.acting_for_system("registry"):
                boards = set(options["board"]) if options["board"] else None
                tally = actions.import_registry(rows=rows, boards=boards, now=timezone.now())
        except (OSError, registry.NotTheListError, actions.BoardNotListedError) as refused:
            why = f"{refused.strerror}." if isinstance(refused, OSError) else refused
            raise CommandError(f"{options['file']}: {why} Nothing was changed.") from refused
        self.stdout.write(", ".join(f"{name} {count}" for name, count in vars(tally).items()))


def _content(file: Path) -> bytes:
    with file.open("rb") as stream:
        return stream.read(registry.MOST_BYTES + 1)
