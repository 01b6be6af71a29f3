"""What the clock does for visits."""

from celery import shared_task
from django.utils import timezone

from observations import actions
from schools import tenancy


@shared_task(name="observations.forget_notes")
def forget_notes() -> None:
    """Delete raw notes and marks whose time is over."""
    with tenancy.acting_for_system("forget notes"):
        actions.forget_notes(now=timezone.now())
