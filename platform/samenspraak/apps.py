"""The roof: settings, addresses, homes, dashboards, the API root and the demo."""

from django.apps import AppConfig

from samenspraak import checks

__all__ = ["checks"]


class SamenspraakConfig(AppConfig):
    """The roof."""

    name = "samenspraak"

    def ready(self) -> None:
        """Listen to the sign-in library."""
        from samenspraak import sessions  # noqa: PLC0415  # its rows are there only now

        sessions.connect()
