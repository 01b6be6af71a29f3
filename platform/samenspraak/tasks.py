"""The clock's door to what the roof does by itself."""

from celery import shared_task
from django.core.cache import cache
from django.utils import timezone

from samenspraak import alarm_letters

LAST_TICK = "clock:tick"


@shared_task(name="samenspraak.tell_operators", ignore_result=True)
def tell_operators(**kwargs: object) -> None:
    """Note that the clock runs, and tell of errors."""
    now = timezone.now()
    cache.set(LAST_TICK, now.isoformat(), timeout=None)
    alarm_letters.tell(now=now)
