"""Raw notes and marks do not stay: what was meant for the group is shared, the rest was the visitor's memory."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from observations import queries
from observations.actions import pulse as pulses, scan as scans
from observations.models import AspectNote, BehaviourMark, FeedbackPair, PulseAnswer, ScanAnswer, Visit
from observations.models.pulse import PulseState
from observations.models.selfscan import ScanState
from observations.queries import keeping
from schools import retention
from schools.models import School
from schools.retention import Gone, Kept, saying

_UNTIL_THE_END = _("Until the round closes. Then the answers of each person are deleted.")


def register_kinds() -> None:
    """Tell the clock of everything on this floor; called when the process starts."""
    retention.register(
        Kept(
            "notes",
            what=_("notes and marks of a visit that were not shared"),
            kept=saying(
                _(
                    "Until %(after)s days after the feedback, and at most %(most)s days after the meeting. "
                    "Then deleted."
                ),
                after=keeping.AFTER_SHARING.days,
                most=keeping.AT_MOST.days,
            ),
            tables=("observations.AspectNote", "observations.BehaviourMark", "observations.FeedbackPair"),
            due=_visits_over,
            forget=_forget_notes,
        ),
        Kept(
            "scan-answers",
            what=_("the answers of each person to a self-scan"),
            kept=_UNTIL_THE_END,
            tables=("observations.ScanAnswer", "observations.Elector"),
            due=lambda now: ScanAnswer.objects.filter(scan__state=ScanState.OPEN, scan__closes_at__lte=now),
            forget=lambda now, _most: {None: scans.close_due_scans(now=now)},
        ),
        Kept(
            "pulse-answers",
            what=_("the answers of each person to a pulse"),
            kept=_UNTIL_THE_END,
            tables=("observations.PulseAnswer", "observations.PulseElector"),
            due=lambda now: PulseAnswer.objects.filter(pulse__state=PulseState.OPEN, pulse__closes_at__lte=now),
            forget=lambda now, _most: {None: pulses.close_due_pulses(now=now)},
        ),
    )
    retention.goes_with("groups", *(f"observations.{name}" for name in _OF_A_GROUP.split()))


_OF_A_GROUP = """
    AspectReading Correction Debrief FeedbackPair Observation PointAnswer Pulse PulseReading Remark ScanReading
    SelfScan ShareDecision Snapshot Visit
"""


def _forget_notes(now: dt.datetime, most: int) -> Gone:
    """Delete notes and marks 14 days after they were shared, and all that was not shared 90 days after the meeting.

    Shared pairs, readings and the minutes listened stay; the visit keeps the day, as it is at its school, as a
    receipt. Four queries, and two for each school.
    """
    held = retention.held_rows(_visits_over(now), most)
    _let_go(held, now=now)
    return retention.by_school(held)


def _visits_over(now: dt.datetime) -> QuerySet[Visit]:
    """Visits whose raw notes and marks have had their time, and are there still or have no receipt."""
    of_it = Q(observation__visit=OuterRef("pk"))
    noted = Exists(AspectNote.objects.filter(of_it)) | Exists(BehaviourMark.objects.filter(of_it))
    unshared = Q(Exists(FeedbackPair.objects.filter(of_it)), shared_at__isnull=True)
    fresh = Q(forgotten_on__isnull=True, observation__isnull=False)
    return Visit.objects.filter(queries.is_over(now)).filter(noted | unshared | fresh)


def _let_go(visits: Sequence[Visit], *, now: dt.datetime) -> None:
    if not visits:
        return
    ids = [visit.pk for visit in visits]
    AspectNote.objects.filter(observation__visit__in=ids).delete()
    BehaviourMark.objects.filter(observation__visit__in=ids).delete()
    FeedbackPair.objects.filter(observation__visit__in=ids, observation__visit__shared_at__isnull=True).delete()
    fresh = Visit.objects.filter(pk__in=ids, forgotten_on__isnull=True, observation__isnull=False)
    for school in School.objects.filter(pk__in={visit.school_id for visit in visits}):
        fresh.filter(school=school).update(forgotten_on=school.today(now))
