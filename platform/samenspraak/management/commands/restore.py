"""`manage.py restore`: a database from a backup, with nothing in it that sends or opens anything by itself."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import Error

from samenspraak.backup import aftermath, manifest, putting


class Command(BaseCommand):
    """manage.py restore FILE [--replace NAME] [--erasures FILE ...] [--without-erasures] [--look]."""

    help = (
        "Put a backup in the place of the database: all of it or nothing. Letters that may have left are held, whoever "
        "was erased since is erased again, and nobody is signed in. See docs/backup.md."
    )
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        """Which backup, and what may go for it."""
        parser.add_argument("file", type=Path)
        parser.add_argument("--look", action="store_true", help="only read it to its end and tell what is in it")
        parser.add_argument(
            "--replace", default="", metavar="NAME", help="throw away what is in the database of this name"
        )
        parser.add_argument(
            "--erasures", type=Path, nargs="+", default=[], metavar="FILE", help="ledgers besides this site's own"
        )
        parser.add_argument("--without-erasures", action="store_true", help="there is no ledger, and I know it")

    def handle(self, *args: Any, **options: Any) -> None:
        """Look at it, put it back, and say what was done and what is left to do."""
        path = options["file"].absolute()
        try:
            told = putting.look(path)
            self.stdout.write("\n".join(_inside(told)))
            if options["look"]:
                return
            erased = putting.ledgers(options["erasures"], none=options["without_erasures"])
            done = putting.put_back(path, told, replaces=options["replace"], erased=erased, say=self.stdout.write)
        except Error as error:
            raise CommandError(f"The database did not go along: {str(error).strip()}") from error
        self.stdout.write("\n".join(_afterwards(done)))
        if done.broken:
            raise SystemExit(1)


def _inside(told: manifest.Manifest) -> Iterator[str]:
    yield f"Taken {told.moment:%Y-%m-%d %H:%M} UTC: {sum(told.rows.values()):,} rows of {len(told.rows)} tables, whole."
    if manifest.is_older(told):
        yield "It is of an older version of the product: its tables are brought up to this one."
    if told.pepper != manifest.pepper():
        yield (
            "It was made with another API_TOKEN_PEPPER. With this one calendar addresses, authenticator apps and "
            "secrets of boards' sign-in services open nothing: take the old one if you have it."
        )


def _afterwards(done: aftermath.Told) -> Iterator[str]:
    ended = done.ended
    yield f"Ended: {ended.tokens} tokens, {ended.apps} apps that were let in, {ended.looks} looks. Nobody is signed in."
    yield f"Erased again: {done.erased} people."
    if done.unread:
        lines = ", ".join(map(str, done.unread))
        yield f"These lines of the ledgers say nothing that can be read: {lines}. Look at them yourself."
    if done.asked:
        yield f"Asked to be erased, by the copy: {done.asked} people. Each has seven days anew to take it back."
    held = done.letters_held + done.invitations_held
    yield f"Held: {done.letters_held} letters and {done.invitations_held} invitations that may have left already."
    if held:
        yield "See manage.py post held; then post release or post drop."
    for name in done.broken:
        yield f"{name} broke down, and will be done again by the clock: read the log."
