"""The mirror: what a coach or the group itself saw, per aspect, never per person."""

from django.apps import AppConfig


class ObservationsConfig(AppConfig):
    """The observations floor."""

    name = "observations"
