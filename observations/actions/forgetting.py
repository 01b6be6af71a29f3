"""Raw notes and marks do not stay: what was meant for the group is shared, the rest was the visitor's memory."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.db.models import Q

from observations.models import AspectNote, BehaviourMark, FeedbackPair, Observation

AFTER_SHARING = dt.timedelta(days=14)
AT_MOST = dt.timedelta(days=90)


@transaction.atomic
def forget_notes(*, now: dt.datetime) -> int:
    """Delete notes and marks 14 days after they were shared, and all that was not shared 90 days after the meeting.

    Shared pairs, readings and the minutes listened stay. Returns how many rows went. Three queries.
    """
    old = Observation.objects.filter(visit__meeting__starts_at__lte=now - AT_MOST)
    over = Observation.objects.filter(
        Q(visit__shared_at__lte=now - AFTER_SHARING) | Q(visit__meeting__starts_at__lte=now - AT_MOST)
    )
    gone = (
        AspectNote.objects.filter(observation__in=over).delete(),
        BehaviourMark.objects.filter(observation__in=over).delete(),
        FeedbackPair.objects.filter(observation__in=old.filter(visit__shared_at__isnull=True)).delete(),
    )
    return sum(count for count, _tables in gone)
