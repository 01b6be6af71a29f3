"""The roof: settings, addresses, homes, dashboards, the API root and the demo."""

from django.apps import AppConfig

from samenspraak import checks

__all__ = ["checks"]


class SamenspraakConfig(AppConfig):
    """The roof."""

    name = "samenspraak"
