"""`manage.py backup`: the whole database in one file that is whole or not there."""

from __future__ import annotations

from pathlib import Path
from time import monotonic
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import Error
from django.utils import timezone

from samenspraak.backup import taking


class Command(BaseCommand):
    """manage.py backup [--to DIR] [--keep N]."""

    help = "Write a backup of the whole database, while everybody works on. A file with a backup's name is whole."
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        """Where to, and how many stay there."""
        parser.add_argument("--to", type=Path, metavar="DIR", help="the folder (BACKUP_DIR)")
        parser.add_argument("--keep", type=int, metavar="N", help="then delete all backups there but the newest N")

    def handle(self, *args: Any, **options: Any) -> None:
        """Write it, and say what is in it."""
        folder, keep = options["to"] or settings.BACKUP_DIR, options["keep"]
        if folder is None:
            raise CommandError("Where to? Say --to DIR, or set BACKUP_DIR.")
        if keep is not None and keep < 1:
            raise CommandError("--keep needs a number from 1.")
        began = monotonic()
        try:
            taken = taking.take(folder.absolute(), keep=keep, now=timezone.now())
        except Error as error:
            raise CommandError(f"The database does not let itself be read: {str(error).strip()}") from error
        if options["verbosity"]:
            rows = sum(taken.told.rows.values())
            self.stdout.write(
                f"{taken.path}: {taken.size:,} bytes, {rows:,} rows of {len(taken.told.rows)} tables, "
                f"in {monotonic() - began:.1f} seconds."
            )
            for path in taken.gone:
                self.stdout.write(f"{path.name} was older and is gone.")
