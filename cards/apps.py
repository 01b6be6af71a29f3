"""The instrument: six cards, each an aspect of good professional talk."""

from django.apps import AppConfig


class CardsConfig(AppConfig):
    """The cards floor."""

    name = "cards"
