"""The work: groups, meetings, goals and agreements."""

from django.apps import AppConfig


class WorkgroupsConfig(AppConfig):
    """The workgroups floor."""

    name = "workgroups"

    def ready(self) -> None:
        """Tell the post of the letters and the clock of the data of this floor, and follow who comes and goes."""
        from workgroups import actions, letters  # noqa: PLC0415  # models are there only now

        letters.register()
        actions.register_kinds()
        actions.follow_people()
        actions.follow_erasures()
