"""The post without a worker: one pass, or a simple second engine beside or instead of worker and beat."""

from __future__ import annotations

import signal
from argparse import ArgumentParser
from functools import partial
from threading import Event, Thread
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand
from django.db import close_old_connections

from schools import post
from schools.management import clockwork


class Command(BaseCommand):
    """manage.py deliver --once | --loop."""

    help = (
        "Deliver the letters that are due: once, or in a loop until TERM or Ctrl-C. "
        "The loop does all other periodic work too."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Once, or in a loop."""
        pause = settings.PERIODIC_WORK[clockwork.LETTERS]
        how = parser.add_mutually_exclusive_group(required=True)
        how.add_argument("--once", action="store_true", help="rounds until nothing is due any more")
        how.add_argument("--loop", action="store_true", help=f"every {pause} seconds, until TERM or Ctrl-C")

    def handle(self, *args: Any, **options: Any) -> None:
        """Deliver, and say how many letters became what."""
        ended = Event()
        if options["once"]:
            self._round(ended)
            return
        before = {number: signal.signal(number, lambda *_: ended.set()) for number in (signal.SIGTERM, signal.SIGINT)}
        # On a thread of its own, so that no other work holds up a letter.
        besides = Thread(target=clockwork.run, args=(clockwork.besides_letters(), ended), name="besides letters")
        besides.start()
        post.start_up()
        try:
            while not ended.is_set():
                self._patient_round(ended)
                ended.wait(settings.PERIODIC_WORK[clockwork.LETTERS])
        finally:
            ended.set()
            besides.join()
            for number, handler in before.items():
                signal.signal(number, handler)
        self.stdout.write("The post has stopped.")

    def _round(self, ended: Event) -> dict[str, int]:
        outcome = post.deliver_all(stop=ended.is_set)
        self.stdout.write(", ".join(f"{name} {count}" for name, count in vars(outcome).items()))
        return vars(outcome)

    def _patient_round(self, ended: Event) -> None:
        """A database that is away for a while, or whatever else breaks a round, does not end the loop."""
        close_old_connections()
        try:
            clockwork.timed(clockwork.LETTERS, partial(self._round, ended))
        except Exception as error:  # noqa: BLE001  # a line broken in the middle shows in many ways
            self.stderr.write(f"A round broke down ({type(error).__name__}); the next one tries again.")
