"""The roof: settings, addresses, homes, dashboards, the API root and the demo."""

from django.apps import AppConfig


class SamenspraakConfig(AppConfig):
    """The roof."""

    name = "samenspraak"
