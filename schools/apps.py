"""Who and where: boards, schools, people, and how they are reached."""

from django.apps import AppConfig


class SchoolsConfig(AppConfig):
    """The schools floor."""

    name = "schools"

    def ready(self) -> None:
        """Tell the clock of the data of this floor, and the post of its letters."""
        from schools import actions, letters  # noqa: PLC0415  # models are there only now

        actions.register_kinds()
        letters.register()
