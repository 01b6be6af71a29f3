"""Who and where: boards, schools, people, and how they are reached."""

from django.apps import AppConfig


class SchoolsConfig(AppConfig):
    """The schools floor."""

    name = "schools"
