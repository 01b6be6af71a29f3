"""How the post stands, for whoever keeps the site running, and for a program that watches it."""

from __future__ import annotations

import datetime as dt
import json
from argparse import ArgumentParser
from collections.abc import Iterator, Mapping
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from schools import post


class Command(BaseCommand):
    """manage.py post status [--json] [--days N]."""

    help = "Tell how the post stands. Ends with 1 when letters are late or no round ended within three minutes."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """What to tell, how, and how far back."""
        parser.add_argument("what", choices=["status"])
        parser.add_argument("--json", action="store_true", help="for a program")
        parser.add_argument(
            "--days", type=int, default=7, help="count what became of letters due in the last N days (7) or later"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Tell it; the exit code says whether all is well."""
        now = timezone.now()
        with post.open_ledger():
            found = post.status(now=now, since=now - dt.timedelta(days=options["days"]))
        self.stdout.write(json.dumps(_for_a_program(found)) if options["json"] else "\n".join(_for_a_person(found)))
        if not found.is_well:
            raise SystemExit(1)


def _for_a_program(found: post.Status) -> dict[str, Any]:
    return {
        "well": found.is_well,
        "seconds_since_the_last_round": None if found.silence is None else int(found.silence.total_seconds()),
        "waiting": found.waiting,
        "late": sum(found.late.values()),
        "late_by_reason": dict(found.late),
        "oldest_late": found.oldest_late and found.oldest_late.isoformat(),
        "since": found.since.isoformat(),
        "sent": found.sent,
        "failed": dict(found.failed),
        "dropped": dict(found.dropped),
    }


def _for_a_person(found: post.Status) -> Iterator[str]:
    yield _of_the_rounds(found)
    yield f"waiting  {found.waiting}"
    yield from _counted("late", found.late, nothing="no try yet")
    if found.oldest_late:
        yield f"the oldest late letter was due at {timezone.localtime(found.oldest_late):%Y-%m-%d %H:%M}"
    yield f"Of the letters due since {timezone.localtime(found.since):%Y-%m-%d %H:%M}:"
    yield f"sent     {found.sent}"
    yield from _counted("failed", found.failed, nothing="no reason noted")
    yield from _counted("dropped", found.dropped, nothing="no reason noted")


def _of_the_rounds(found: post.Status) -> str:
    if found.silence is None:
        return "The post stands still: nobody knows when a round last ended."
    told = f"the last round ended {int(found.silence.total_seconds())} seconds ago."
    return f"The post stands still: {told}" if post.is_too_long(found.silence) else f"The post works: {told}"


def _counted(name: str, reasons: Mapping[str, int], *, nothing: str) -> Iterator[str]:
    yield f"{name:<8} {sum(reasons.values())}"
    for reason, letters in reasons.items():
        yield f"         {letters} {reason or nothing}"
