"""The mirror: what a coach or the group itself saw, per aspect, never per person."""

from django.apps import AppConfig


class ObservationsConfig(AppConfig):
    """The observations floor."""

    name = "observations"

    def ready(self) -> None:
        """Tell the post of the letters that this floor writes."""
        from observations import letters  # noqa: PLC0415  # letters read models, which load after apps

        letters.register()
