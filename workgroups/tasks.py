"""What the clock does for groups."""

from celery import shared_task
from django.utils import timezone

from schools import tenancy
from workgroups import actions


@shared_task(name="workgroups.lapse_meetings")
def lapse_meetings() -> None:
    """Let go of meetings that nobody closed within 14 days."""
    with tenancy.acting_for_system("lapse meetings"):
        actions.lapse_meetings(now=timezone.now())


@shared_task(name="workgroups.ask_to_evaluate")
def ask_to_evaluate() -> None:
    """Write once to the chair after a meeting that nobody closed."""
    actions.ask_to_evaluate(now=timezone.now())
