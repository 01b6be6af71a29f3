"""The work: groups, meetings, goals and agreements."""

from django.apps import AppConfig


class WorkgroupsConfig(AppConfig):
    """The workgroups floor."""

    name = "workgroups"
