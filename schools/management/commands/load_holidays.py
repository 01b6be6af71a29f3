"""The published school holidays into the product."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from schools import actions, holidays, tenancy


class Command(BaseCommand):
    """manage.py load_holidays [FILE]."""

    help = "Load the school holidays per region; running it twice changes nothing more."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The file, when it is not the one that comes with the product."""
        parser.add_argument(
            "file", type=Path, nargs="?", default=holidays.PUBLISHED, help="region;name;first_day;last_day"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Read, load, and say how many holidays became what."""
        try:
            listed = holidays.read(options["file"].read_bytes())
        except (OSError, holidays.NotACalendarError) as refused:
            why = f"{refused.strerror}." if isinstance(refused, OSError) else refused
            raise CommandError(f"{options['file']}: {why} Nothing was changed.") from refused
        with tenancy.acting_for_system("registry"):
            new, changed = actions.load_holidays(listed=listed)
        if options["verbosity"]:
            self.stdout.write(f"new {new}, changed {changed}, unchanged {len(listed) - new - changed}")
