"""The work: groups, meetings, goals and agreements."""

from django.apps import AppConfig


class WorkgroupsConfig(AppConfig):
    """The workgroups floor."""

    name = "workgroups"

    def ready(self) -> None:
        """Tell the post of the letters of this floor, and follow who comes and goes; models are there only now."""
        from workgroups import actions, letters  # noqa: PLC0415

        letters.register()
        actions.follow_people()
