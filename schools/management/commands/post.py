"""How the post stands, for whoever keeps the site running, and for a program that watches it."""

from __future__ import annotations

import datetime as dt
import json
from argparse import ArgumentParser
from collections.abc import Iterator, Mapping
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from schools import actions, post

INVITATIONS = actions.SCHOOL_INVITATION  # what `held` calls them: they are no letters of the ledger


class Command(BaseCommand):
    """manage.py post status [--json] [--days N] | held [--json] | release | drop [--kind K] [--school S] [--all]."""

    help = (
        "status: tell how the post stands; ends with 1 when letters are late or held, or no round ended within three "
        "minutes. held: what is held after a restore, since it may have left before. release, drop: let that leave "
        "after all, or never; by --kind, by --school, or --all."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """What to tell, how, and how far back."""
        parser.add_argument("what", choices=["status", "held", "release", "drop"])
        parser.add_argument("--json", action="store_true", help="for a program")
        parser.add_argument(
            "--days", type=int, default=7, help="count what became of letters due in the last N days (7) or later"
        )
        parser.add_argument("--kind", action="append", default=[], help="of held letters: only this kind (or more)")
        parser.add_argument("--school", action="append", default=[], help="of this school, by its address (or more)")
        parser.add_argument("--all", action="store_true", help="all that is held")

    def handle(self, *args: Any, **options: Any) -> None:
        """Do what was asked."""
        if options["what"] == "status":
            self._status(options)
        elif options["what"] == "held":
            piles = _held()
            told = json.dumps([_pile(one) for one in piles]) if options["json"] else "\n".join(_of_held(piles))
            self.stdout.write(told)
        else:
            self._decide(options)

    def _decide(self, options: Mapping[str, Any]) -> None:
        kinds, schools = options["kind"], options["school"]
        if options["all"] == bool(kinds or schools):
            raise CommandError("Which of them? Say --kind, --school or both; or --all.")
        now, released = timezone.now(), options["what"] == "release"
        letters = invitations = 0
        with post.open_ledger():
            if kinds != [INVITATIONS]:
                about = {"kinds": kinds, "schools": schools}
                letters = post.release(**about, now=now) if released else post.let_go(**about)
            if not kinds or INVITATIONS in kinds:
                invitations = (
                    actions.release_invitations(schools=schools)
                    if released
                    else actions.let_invitations_go(schools=schools, now=now)
                )
        became = "will leave" if released else "will not be sent"
        self.stdout.write(f"{letters} letters and {invitations} invitations {became}.")

    def _status(self, options: Mapping[str, Any]) -> None:
        """Tell it; the exit code says whether all is well."""
        now = timezone.now()
        with post.open_ledger():
            found = post.status(now=now, since=now - dt.timedelta(days=options["days"]))
        self.stdout.write(json.dumps(_for_a_program(found)) if options["json"] else "\n".join(_for_a_person(found)))
        if not found.is_well:
            raise SystemExit(1)


def _held() -> list[post.HeldPile]:
    with post.open_ledger():
        return [*post.held(), *actions.held_by_school()]


def _of_held(piles: list[post.HeldPile]) -> Iterator[str]:
    if not piles:
        yield "Nothing is held."
        return
    line = "{:<22} {:<32} {:>7}  {:<18} {:<18} {}"
    yield line.format("kind", "school", "letters", "first due", "last due", "of use until")
    for one in piles:
        moments = (f"{timezone.localtime(at):%Y-%m-%d %H:%M}" if at else "-" for at in one[3:])
        yield line.format(one.kind, one.school, one.letters, *moments)


def _pile(one: post.HeldPile) -> dict[str, Any]:
    return {
        name: value.isoformat() if isinstance(value, dt.datetime) else value for name, value in one._asdict().items()
    }


def _for_a_program(found: post.Status) -> dict[str, Any]:
    return {
        "well": found.is_well,
        "seconds_since_the_last_round": None if found.silence is None else int(found.silence.total_seconds()),
        "waiting": found.waiting,
        "late": sum(found.late.values()),
        "late_by_reason": dict(found.late),
        "held": found.held,
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
    if found.held:
        yield f"held     {found.held}\n         after a restore: see post held"
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
