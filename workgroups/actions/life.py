"""The turn of the school year, and the end of a group."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from schools import events, refusals
from schools.roles import Member
from workgroups import permissions, queries
from workgroups.actions import meeting as meetings, standing, words
from workgroups.models import Meeting, WorkGroup
from workgroups.models.group import GroupState, TurnAnswer, YearTurn
from workgroups.models.meeting import MeetingState


class OutOfSeason(refusals.Refused):
    """The question belongs to the months around the summer holidays."""

    message = _("This question comes from 1 June to 15 October.")
    code = "out_of_season"


@transaction.atomic
def answer_turn(*, group: WorkGroup, answer: str, by: Member, now: dt.datetime) -> YearTurn:
    """Say what the group does in the new school year: "go_on" or "change_people"; a later answer takes its place.

    To end, a group says why: see ``end_group``.
    Raises OutOfSeason, UnknownWord, GroupEnded; PermissionDenied unless chair.
    """
    permissions.demand(permissions.may_end_group(by, group))
    group = standing.locked(group.pk)
    staying = [TurnAnswer.GO_ON.value, TurnAnswer.CHANGE_PEOPLE.value]
    row = _answered(group, words.chosen(answer, staying, field="answer"), today=by.school.today(now))
    if row is None:
        raise OutOfSeason
    return row


@transaction.atomic
def end_group(*, group: WorkGroup, because: str, by: Member, now: dt.datetime) -> WorkGroup:
    """End the group, with the reason in its own words; it stays readable for who sits there now.

    Meetings that lie ahead are called off, with their letters. What was agreed stands as it stood.
    Raises EmptyText, TextTooLong, GroupEnded; PermissionDenied unless chair.
    """
    permissions.demand(permissions.may_end_group(by, group))
    group = standing.locked(group.pk)
    because = words.one_line(because, limit=400, field="because")
    ahead = Meeting.objects.filter(group=group, state=MeetingState.PLANNED, starts_at__gt=now)
    meetings.call_off(list(ahead.select_related("group").order_by("starts_at")), now=now)
    today = by.school.today(now)
    _answered(group, TurnAnswer.END, today=today)
    active = WorkGroup.objects.filter(pk=group.pk, state=GroupState.ACTIVE)
    if not active.update(state=GroupState.ENDED, ended_on=today, ended_because=because):
        raise standing.GroupEnded
    events.record(what=events.What.GROUP_ENDED, by=by.user, on=group, school=by.school, now=now)
    group.refresh_from_db()
    return group


def _answered(group: WorkGroup, answer: str, *, today: dt.date) -> YearTurn | None:
    """The answer written down; nothing where nobody asks this time of the year."""
    year = queries.turn_year(today)
    if year is None:
        return None
    row, _created = YearTurn.objects.update_or_create(
        school_id=group.school_id, group=group, year=year, defaults={"answer": answer, "answered_on": today}
    )
    return row
