"""How everything stands: `manage.py status`, `manage.py status --json`."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from samenspraak import condition


class Command(BaseCommand):
    """Tell of each part."""

    help = "Tell how everything stands: database, post, clock, disk, backup. Ends with 1 where something is not well."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        """How to tell it."""
        parser.add_argument("--json", action="store_true", help="for a program")

    def handle(self, *args: Any, **options: Any) -> None:
        """Tell it; the exit code says whether all is well."""
        found = condition.parts(now=timezone.now())
        well = all(part.is_well for part in found)
        if options["json"]:
            told = {part.name: {"well": part.is_well, "words": part.words, **part.numbers} for part in found}
            self.stdout.write(json.dumps({"well": well, "parts": told}))
        else:
            width = max(len(part.name) for part in found)
            for part in found:
                self.stdout.write(f"{'      ' if part.is_well else 'LOOK  '}{part.name:<{width}}  {part.words}")
        if not well:
            raise SystemExit(1)
