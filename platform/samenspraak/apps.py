"""The roof: settings, addresses, homes, dashboards, the API root and the demo."""

from django.apps import AppConfig

from samenspraak import checks

__all__ = ["checks"]


class SamenspraakConfig(AppConfig):
    """The roof."""

    name = "samenspraak"

    def ready(self) -> None:
        """Listen to the sign-in library, and to how letters and rounds end."""
        from samenspraak import metrics, rounds, sessions  # noqa: PLC0415  # their rows are there only now

        sessions.connect()
        metrics.connect()
        rounds.connect()
