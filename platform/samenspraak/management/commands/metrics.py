"""The numbers of this host, for a collector that reads files: `manage.py metrics > samenspraak.prom`."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from samenspraak import metrics


class Command(BaseCommand):
    """Write them out."""

    help = "Write what /metrics answers: for hosts that run workers only."

    def handle(self, *args: Any, **options: Any) -> None:
        """Write them out."""
        if not settings.METRICS_TOKEN:
            raise CommandError("METRICS_TOKEN is not set: nothing is counted.")
        self.stdout.write(metrics.told().decode())
