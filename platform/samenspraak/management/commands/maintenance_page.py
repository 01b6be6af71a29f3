"""The page for whatever stands before the product, while that is away: `manage.py maintenance_page > FILE`."""

from typing import Any

from django.core.management.base import BaseCommand

from samenspraak import maintenance


class Command(BaseCommand):
    """Write it out."""

    help = "Write the page that a proxy shows while the product is away: one file, Dutch and English."
    requires_system_checks = ()

    def handle(self, *args: Any, **options: Any) -> None:
        """Write it out."""
        self.stdout.write(maintenance.page_alone())
