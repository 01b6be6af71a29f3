"""What goes because its time is over: told beforehand, or done now."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone, translation

from schools import queries, retention


class Command(BaseCommand):
    """manage.py retention [--preview]."""

    help = "Let go of everything whose time is over, as the clock does every hour; --preview only tells."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Whether to do it."""
        parser.add_argument(
            "--preview", action="store_true", help="tell what goes now and within 30 days; nothing goes"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Tell it, or do it and tell what went."""
        now = timezone.now()
        if not options["preview"]:
            self._tell(("gone",), (dict(retention.forget_due(now=now)),))
            return
        with retention.at_the_clock():
            told = [queries.going_everywhere(now=moment) for moment in (now, now + retention.AHEAD)]
        self._tell(("now", "in 30 days"), [{one.kind.key: one.number for one in lines} for lines in told])

    def _tell(self, heads: tuple[str, ...], numbers: Any) -> None:
        self.stdout.write(_line(heads, "kind", "how long it is kept"))
        with translation.override("en"):
            for one in retention.classes():
                self.stdout.write(_line([str(column.get(one.key, 0)) for column in numbers], one.key, str(one.kept)))


def _line(numbers: Any, kind: str, kept: str) -> str:
    return " ".join([f"{kind:<20}", *(f"{number:>10}" for number in numbers), f" {kept}"])
