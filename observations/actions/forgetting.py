"""Raw notes and marks do not stay: what was meant for the group is shared, the rest was the visitor's memory."""

from __future__ import annotations

import datetime as dt

from django.db import transaction

from observations import queries
from observations.models import AspectNote, BehaviourMark, FeedbackPair, Visit
from schools.models import School


@transaction.atomic
def forget_notes(*, now: dt.datetime) -> int:
    """Delete notes and marks 14 days after they were shared, and all that was not shared 90 days after the meeting.

    Shared pairs, readings and the minutes listened stay; the visit keeps the day, as it is at its
    school, as a receipt. Returns how many rows went. Four queries, and one for each school.
    """
    over = Visit.objects.filter(queries.is_over(now))
    unshared = over.filter(shared_at__isnull=True)
    gone = (
        AspectNote.objects.filter(observation__visit__in=over).delete(),
        BehaviourMark.objects.filter(observation__visit__in=over).delete(),
        FeedbackPair.objects.filter(observation__visit__in=unshared).delete(),
    )
    fresh = over.filter(forgotten_on__isnull=True, observation__isnull=False)
    for school in School.objects.filter(pk__in=fresh.values("school_id")):
        fresh.filter(school=school).update(forgotten_on=school.today(now))
    return sum(count for count, _tables in gone)
