"""`manage.py demo`: the whole product on this machine, with a school year in it, until Ctrl-C."""

import signal
import sys
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone

from samenspraak.demo import runner, stage


class Command(BaseCommand):
    """Start the demo, or empty its folder."""

    help = "Run the demo in $DEMO_DIR on 127.0.0.1:$PORT until Ctrl-C."
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--reset", action="store_true", help="empty $DEMO_DIR instead; starts nothing")

    def handle(self, *_args: Any, reset: bool, **_options: Any) -> None:
        if not settings.DEMO:
            sys.exit("This is production: the demo runs with SAMENSPRAAK_MODE=demo only.")
        # Until the processes stand, any ending is a KeyboardInterrupt, as Ctrl-C is.
        for number in runner.ENDINGS:
            signal.signal(number, signal.default_int_handler)
        try:
            if reset:
                stage.empty(settings.DEMO_DIR)
                self.stdout.write("The demo is empty: the next start tells the story anew.")
            else:
                runner.run(folder=settings.DEMO_DIR, port=settings.PORT, now=timezone.now(), say=self._say)
        except stage.DemoError as error:
            sys.exit(str(error))
        except KeyboardInterrupt:
            sys.exit("The demo was interrupted before it stood.")

    def _say(self, words: str) -> None:
        self.stdout.write(words)
        self.stdout.flush()
