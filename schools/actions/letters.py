"""What people want to hear by mail, and how."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from schools import refusals
from schools.models import LetterWishes, UnwantedLetters, User

MORNING, EVENING = dt.time(7, 0), dt.time(20, 0)


class QuietHoursError(refusals.Refused):
    """Letters that can choose their time leave between seven and eight in the evening."""

    message = _("Choose a time between 7:00 and 20:00.")
    field = "digest_at"
    code = "quiet_hours"


@transaction.atomic
def choose_letters(
    *,
    unwanted: Collection[str],
    digest_at: dt.time | None,
    calendar_part: bool,
    agreements_in_calendar: bool,
    alarm_minutes: int | None,
    by: User,
) -> None:
    """Choose for oneself: which sorts not to hear of, at what time all together, and what letters tell a calendar.

    What is written down already keeps its time; whoever wrote it may write it down again. Raises QuietHoursError.
    """
    if digest_at is not None and not MORNING <= digest_at < EVENING:
        raise QuietHoursError
    UnwantedLetters.objects.filter(user=by).exclude(sort__in=unwanted).delete()
    stop_letters(user_id=by.pk, sorts=unwanted)
    LetterWishes.objects.update_or_create(
        user=by,
        defaults={
            "digest_at": digest_at,
            "calendar_part": calendar_part,
            "agreements_in_calendar": agreements_in_calendar,
            "alarm_minutes": alarm_minutes,
        },
    )


@transaction.atomic
def stop_letters(*, user_id: int, sorts: Collection[str]) -> None:
    """Send this person no letters of these sorts any more; stopping twice is stopping once."""
    UnwantedLetters.objects.bulk_create(
        [UnwantedLetters(user_id=user_id, sort=sort) for sort in sorted(sorts)], ignore_conflicts=True
    )


@transaction.atomic
def want_letters_again(*, user_id: int, sorts: Collection[str]) -> None:
    """Send this person letters of these sorts again, also those that were written down meanwhile."""
    UnwantedLetters.objects.filter(user_id=user_id, sort__in=sorts).delete()
