"""The national list of schools, as DUO publishes it, into the product."""

from __future__ import annotations

from argparse import ArgumentParser
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from schools import actions, registry, tenancy

COUNTED = ("new", "changed", "closed", "reopened", "unchanged")
MOST_NAMED = 40


class Command(BaseCommand):
    """manage.py import_registry FILE [--board NUMBER ...] [--dry-run] [--all]."""

    help = "Bring the schools in step with the national list; running it twice changes nothing more."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The file, and the boards to limit it to."""
        parser.add_argument("file", type=Path, help="the list of primary schools, a CSV file")
        parser.add_argument("--board", type=int, nargs="+", action="extend", metavar="NUMBER", help="only these boards")
        parser.add_argument("--dry-run", action="store_true", help="change nothing, only say what would change")
        parser.add_argument(
            "--all", action="store_true", help=f"name every school, not the first {MOST_NAMED} of a kind"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Read, import, and say how many schools became what."""
        try:
            rows = registry.read(_content(options["file"]))
            with tenancy.acting_for_system("registry"):
                boards = set(options["board"]) if options["board"] else None
                tally = actions.import_registry(
                    rows=rows, boards=boards, dry_run=options["dry_run"], now=timezone.now()
                )
        except (OSError, registry.NotTheListError, actions.BoardNotListedError) as refused:
            why = f"{refused.strerror}." if isinstance(refused, OSError) else refused
            raise CommandError(f"{options['file']}: {why} Nothing was changed.") from refused
        for line in _report(tally, most=None if options["all"] else MOST_NAMED):
            self.stdout.write(line)
        self.stdout.write(", ".join(f"{name} {getattr(tally, name)}" for name in COUNTED))
        if options["dry_run"]:
            self.stdout.write("This was a dry run: nothing was changed.")


def _report(tally: actions.Tally, *, most: int | None) -> Iterator[str]:
    """Which schools became what, kind by kind; what was and what is, where both are worth saying."""
    for turn in actions.Turn:
        found = tally.of(turn)
        if found:
            yield f"{turn.value.capitalize()}: {len(found)}"
            yield from (f"  {_line(change)}" for change in found[:most])
        if most is not None and len(found) > most:
            yield f"  and {len(found) - most} more (--all names every one)"


def _line(change: actions.Change) -> str:
    if change.turn is actions.Turn.RENAMED:
        return f"{change.code} {change.was} -> {change.now}"
    told = " -> ".join(part for part in (change.was, change.now) if part)
    told = f"closed since {told}" if change.turn is actions.Turn.REOPENED else told
    return f"{change.code} {change.name}" + (f" ({told})" if told else "")


def _content(file: Path) -> bytes:
    with file.open("rb") as stream:
        return stream.read(registry.MOST_BYTES + 1)
