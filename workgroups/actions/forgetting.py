"""What groups keep, and until when: a group goes as a whole, a year after it ended."""

from __future__ import annotations

import datetime as dt

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from schools import retention
from schools.retention import MONTHS, YEAR, Told, deleted, saying
from workgroups.models import Guest, SchoolRule, Seat, WorkGroup
from workgroups.models.group import GroupState

_AFTER_THE_END = saying(_("Until %(months)s months after the end. Then deleted."), months=MONTHS)
_A_GROUP_AT_ONCE = 5  # each has some hundreds of rows


def register_kinds() -> None:
    """Tell the clock of everything on this floor; called when the process starts."""
    retention.register(
        deleted(
            "groups",
            what=_("what a group wrote, planned and heard back: all of it"),
            kept=saying(
                _("As long as the group is there, and %(months)s months after it ended. Then deleted."), months=MONTHS
            ),
            due=_groups_over,
            told=Told.SCHOOL,
            at_once=_A_GROUP_AT_ONCE,
        ),
        deleted(
            "seats",
            what=_("who had a seat in a group that goes on"),
            kept=_AFTER_THE_END,
            due=lambda now: Seat.objects.filter(_is_not_the_last(now), until_date__lte=_a_year_ago(now)),
            told=Told.ADMINS,
        ),
        deleted(
            "guests",
            what=_("whom a group welcomed as a guest"),
            kept=_AFTER_THE_END,
            due=lambda now: Guest.objects.filter(until_date__lte=_a_year_ago(now)),
        ),
        deleted(
            "school-rules",
            what=_("when the school’s groups are reminded"),
            kept=saying(
                _("As long as the school takes part, and %(months)s months after it closed. Then deleted."),
                months=MONTHS,
            ),
            due=lambda now: SchoolRule.objects.filter(school__closed_on__lte=_a_year_ago(now)),
            told=Told.SCHOOL,
        ),
    )
    retention.goes_with("groups", *(f"workgroups.{name}" for name in _OF_A_GROUP.split()))
    retention.goes_with("people", "workgroups.OwnRule", "workgroups.CalendarFeed")
    retention.goes_with("invitations", "workgroups.GroupInvitation")
    deck = ("Edition", "Aspect", "Behaviour", "Utterance", "Tip")
    retention.stays("the instrument itself: about no person", *(f"cards.{name}" for name in deck))
    retention.stays("which edition of the cards a board uses: about no person", "workgroups.BoardEdition")


_OF_A_GROUP = """
    Agenda Agreement AgreementCheck Closer Criterion DecisionNote FocusPeriod Goal GoalCheck GoalUpdate GuidedStart
    HelpRequest Interview KnowLine KnowSheet Meeting Opener Option OptionFit PeerFeedback ReminderRule RoutineReview
    Scene Series Source YearTurn
"""


def _a_year_ago(now: dt.datetime) -> dt.date:
    return retention.today(now) - YEAR


def _seats_since(now: dt.datetime, group: str) -> Exists:
    """Whether anybody sat in the group within the year."""
    later = Q(until_date__isnull=True) | Q(until_date__gt=_a_year_ago(now))
    return Exists(Seat.objects.filter(later, group=OuterRef(group)))


def _is_not_the_last(now: dt.datetime) -> Exists:
    """Of a seat: a group in which nobody has sat for a year goes as a whole, and its seats tell that."""
    return _seats_since(now, "group")


def _groups_over(now: dt.datetime) -> QuerySet[WorkGroup]:
    """Groups that ended a year ago, or whose school closed then, or whose last people left then."""
    sat = Exists(Seat.objects.filter(group=OuterRef("pk")))
    left = Q(sat, ~_seats_since(now, "pk"), state=GroupState.ACTIVE)
    ended = Q(state=GroupState.ENDED, ended_on__lte=_a_year_ago(now))
    return WorkGroup.objects.filter(ended | Q(school__closed_on__lte=_a_year_ago(now)) | left)
