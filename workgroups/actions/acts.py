"""How a meeting opens and closes: the agreements repeated (G5), then judged together with the goals (G6, G7)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from schools import refusals
from schools.roles import Member
from workgroups import permissions
from workgroups.actions import scene, standing, words
from workgroups.actions.meeting import AlreadyOpened, NotPlanned
from workgroups.models import Agreement, AgreementCheck, Closer, Goal, GoalCheck, Meeting, Opener
from workgroups.models.agenda import Shows
from workgroups.models.goal import AgreementState, GoalState, PeriodState, Step
from workgroups.models.meeting import Kept, MeetingState


class TooEarly(refusals.Refused):
    """The opener belongs to the meeting, not to the week before."""

    message = _("You can open this meeting from 12 hours before it starts.")
    code = "too_early"


class NotBegun(refusals.Refused):
    """What has not happened cannot be judged."""

    message = _("This meeting has not begun yet. You can close it once it has.")
    code = "not_begun"


class AnswersMissing(refusals.Refused):
    """Every live agreement and every live goal gets an answer (G6, G7)."""

    message = _("Give an answer for every agreement and every goal.")
    code = "answers_missing"


class AlreadyClosed(refusals.Refused):
    """One closer per meeting."""

    message = _("Your group already closed this meeting.")
    code = "already_closed"


@transaction.atomic
def open_meeting(*, meeting: Meeting, by: Member, now: dt.datetime) -> Opener:
    """Note that the group repeated its agreements at the start (G5); from 12 hours before it starts.

    Raises TooEarly, AlreadyOpened, AlreadyClosed, NotPlanned, GroupEnded; PermissionDenied unless the member has a
    seat.
    """
    permissions.demand(permissions.may_hold_meetings(by, meeting))
    meeting = _planned(meeting)
    if now < meeting.opens_at:
        raise TooEarly
    if hasattr(meeting, "opener"):
        raise AlreadyOpened
    row: Opener = Opener.objects.create(school=by.school, group=meeting.group, meeting=meeting, opened_at=now)
    scene.follow_again(meeting, after=Shows.AGREEMENTS)
    return row


@transaction.atomic
def close_meeting(
    *,
    meeting: Meeting,
    agreements: Mapping[int, str],
    goals: Mapping[int, str],
    by: Member,
    now: dt.datetime,
) -> Closer:
    """Judge every live agreement (G6) and every live goal (G7), and so hold the meeting.

    ``agreements`` maps ids onto kept / partly / not / no_occasion, ``goals`` onto not_yet / on_the_way / reached. A
    goal judged reached has ended; its agreements live on (G8).
    Raises AnswersMissing, NotBegun, AlreadyClosed, NotPlanned, GroupEnded; PermissionDenied unless the member has a
    seat.
    """
    permissions.demand(permissions.may_hold_meetings(by, meeting))
    meeting = _planned(meeting)
    live_agreements = Agreement.objects.filter(group=meeting.group, state=AgreementState.LIVE)
    live_goals = Goal.objects.filter(group=meeting.group, state=GoalState.LIVE, period__state=PeriodState.LIVE)
    _must_answer(set(live_agreements.values_list("pk", flat=True)), agreements, Kept.values, field="agreements")
    _must_answer(set(live_goals.values_list("pk", flat=True)), goals, Step.values, field="goals")
    closer = _close(meeting, because="", by=by, now=now)
    of = {"school": by.school, "group": meeting.group, "closer": closer}
    AgreementCheck.objects.bulk_create(
        AgreementCheck(**of, agreement_id=pk, outcome=outcome) for pk, outcome in agreements.items()
    )
    GoalCheck.objects.bulk_create(GoalCheck(**of, goal_id=pk, outcome=outcome) for pk, outcome in goals.items())
    reached = [pk for pk, outcome in goals.items() if outcome == Step.REACHED]
    Goal.objects.filter(pk__in=reached).update(state=GoalState.REACHED, ended_on=by.school.today(now))
    return closer


@transaction.atomic
def skip_closer(*, meeting: Meeting, because: str, by: Member, now: dt.datetime) -> Closer:
    """Hold the meeting without judging, and say why (G7).

    Raises EmptyText, NotBegun, AlreadyClosed, NotPlanned, GroupEnded; PermissionDenied unless the member has a seat.
    """
    permissions.demand(permissions.may_hold_meetings(by, meeting))
    meeting = _planned(meeting)
    because = words.one_line(because, limit=300, field="because")
    return _close(meeting, because=because, by=by, now=now)


def _planned(meeting: Meeting) -> Meeting:
    group = standing.locked(meeting.group_id)
    fresh: Meeting = Meeting.objects.get(pk=meeting.pk)
    if fresh.state == MeetingState.HELD:
        raise AlreadyClosed
    if fresh.state != MeetingState.PLANNED:
        raise NotPlanned
    fresh.group = group
    return fresh


def _close(meeting: Meeting, *, because: str, by: Member, now: dt.datetime) -> Closer:
    if now < meeting.starts_at:
        raise NotBegun
    planned = Meeting.objects.filter(pk=meeting.pk, state=MeetingState.PLANNED)
    if not planned.update(state=MeetingState.HELD):
        raise AlreadyClosed
    row: Closer = Closer.objects.create(
        school=by.school, group=meeting.group, meeting=meeting, closed_at=now, skipped_because=because
    )
    return row


def _must_answer(asked: set[int], answers: Mapping[int, str], words_: list[str], *, field: str) -> None:
    if asked != set(answers) or not set(answers.values()) <= set(words_):
        raise AnswersMissing(field=field)
