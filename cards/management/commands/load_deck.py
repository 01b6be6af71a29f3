"""`manage.py load_deck`: bring the six cards up to the files in cards/catalogue."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from cards import actions


class Command(BaseCommand):
    """Load the deck; run it again after every edit of the files."""

    help = "Load the six cards from cards/catalogue into the database; a second run changes nothing."

    def handle(self, *_args: Any, verbosity: int, **_options: Any) -> None:
        """Load, and say what changed; a catalogue that does not fit is one sentence."""
        try:
            loaded = actions.load_edition(folder=actions.CATALOGUE)
        except actions.CatalogueError as error:
            raise CommandError(str(error)) from error
        if verbosity:
            self.stdout.write(f"The deck is loaded: {loaded.new} rows new, {loaded.changed} changed.")
