"""The mirror: what a coach or the group itself saw, per aspect, never per person."""

from django.apps import AppConfig


class ObservationsConfig(AppConfig):
    """The observations floor."""

    name = "observations"

    def ready(self) -> None:
        """Tell the post of the letters of this floor, and what it holds about people; models are there only now."""
        from observations import actions, letters  # noqa: PLC0415

        letters.register()
        actions.register_kinds()
        actions.follow_erasures()
