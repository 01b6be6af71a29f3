"""`manage.py migrate`, as Django has it, by the role that owns the tables."""

from typing import Any

from django.core.management.commands import migrate

from samenspraak import owner


class Command(migrate.Command):
    """Bring the tables up to date, and let the application's role in to them."""

    def get_check_kwargs(self, options: dict[str, Any]) -> dict[str | None, Any]:
        """Without the checks of who is connected: that is for whoever serves."""
        return {}

    def handle(self, *args: Any, **options: Any) -> None:
        """Do so as the owner."""
        with owner.connected():
            super().handle(*args, **options)
