"""The worker: it is nudged by Redis, the truth stays in the database."""

import logging.config
import os

from celery import Celery, signals
from django.conf import settings

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "samenspraak.settings")

app = Celery("samenspraak")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@signals.setup_logging.connect
def log_as_the_settings_say(**_values: object) -> None:
    """Celery would set up logs of its own otherwise, which repeat the words of errors."""
    logging.config.dictConfig(settings.LOGGING)
