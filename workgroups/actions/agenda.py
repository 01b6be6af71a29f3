"""What a meeting is about, and what the group writes down there: everybody with a seat, before, during and after."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from schools import refusals
from schools.roles import Member
from workgroups import permissions
from workgroups.actions import standing, words
from workgroups.models import Agenda, Meeting

MOST_POINTS = 30
_POINT, _POINTS, _NOTES = 160, 2000, 8000


class EnoughPoints(refusals.Refused):
    """A meeting is about a few things."""

    message = _("This agenda is full. Leave something for the next meeting.")
    field = "points"
    code = "enough_points"


@transaction.atomic
def write_agenda(
    *,
    meeting: Meeting,
    points: str,
    version: int | None,
    by: Member,
    now: dt.datetime,  # noqa: ARG001  # every action takes it
) -> Agenda:
    """Write down what the meeting is about: a point a line, empty lines fall out. The same again changes nothing.

    ``version`` is the one that was read; None replaces whatever stands there.
    Raises Conflict with the points that stand there now, TextTooLong, EnoughPoints, GroupEnded; PermissionDenied
    unless the member has a seat (C6).
    """
    agenda = _locked(meeting, by=by)
    kept = [words.one_line(line, limit=_POINT, field="points") for line in points.splitlines() if line.strip()]
    if kept == agenda.lines:
        return agenda
    if version not in {None, agenda.version}:
        raise refusals.Conflict(theirs={"points": agenda.points}, version=agenda.version)
    return _with_points(agenda, kept)


@transaction.atomic
def add_point(
    *,
    meeting: Meeting,
    point: str,
    by: Member,
    now: dt.datetime,  # noqa: ARG001  # every action takes it
) -> Agenda:
    """Add one point at the end; this hinders nobody, so it takes no version. The same words twice are one point.

    Raises EmptyText, TextTooLong, EnoughPoints, GroupEnded; PermissionDenied unless the member has a seat (C6).
    """
    agenda = _locked(meeting, by=by)
    point = words.one_line(point, limit=_POINT, field="point")
    return agenda if point in agenda.lines else _with_points(agenda, [*agenda.lines, point])


@transaction.atomic
def write_notes(
    *,
    meeting: Meeting,
    notes: str,
    version: int | None,
    by: Member,
    now: dt.datetime,  # noqa: ARG001  # every action takes it
) -> Agenda:
    """Write down what the group wants to keep of the meeting; only the group reads it. The same again changes nothing.

    ``version`` is the notes' own one that was read; None replaces whatever stands there.
    Raises Conflict with the notes that stand there now, TextTooLong, GroupEnded; PermissionDenied unless the member
    has a seat (C6).
    """
    agenda = _locked(meeting, by=by)
    notes = words.lines(notes, limit=_NOTES, field="notes")
    if notes == agenda.notes:
        return agenda
    if version not in {None, agenda.notes_version}:
        raise refusals.Conflict(theirs={"notes": agenda.notes}, version=agenda.notes_version)
    agenda.notes = notes
    agenda.notes_version += 1
    agenda.save(update_fields=["notes", "notes_version"])
    return agenda


def _locked(meeting: Meeting, *, by: Member) -> Agenda:
    permissions.demand(permissions.may_use_agenda(by, meeting))
    group = standing.locked(meeting.group_id)
    row, _new = Agenda.objects.get_or_create(meeting=meeting, defaults={"school": by.school, "group": group})
    return row


def _with_points(agenda: Agenda, points: list[str]) -> Agenda:
    if len(points) > MOST_POINTS:
        raise EnoughPoints
    agenda.points = words.lines("\n".join(points), limit=_POINTS, field="points")
    agenda.version += 1
    agenda.save(update_fields=["points", "version"])
    return agenda
