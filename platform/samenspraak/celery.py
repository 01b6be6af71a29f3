"""The worker: it is nudged by Redis, the truth stays in the database."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "samenspraak.settings")

app = Celery("samenspraak")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
