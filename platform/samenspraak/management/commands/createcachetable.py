"""`manage.py createcachetable`, as Django has it, by the role that owns the tables."""

from typing import Any

from django.core.management.commands import createcachetable

from samenspraak import owner


class Command(createcachetable.Command):
    """Make the table of the cache, and let the application's role in to it."""

    def handle(self, *tablenames: Any, **options: Any) -> None:
        """Do so as the owner."""
        with owner.connected():
            super().handle(*tablenames, **options)
