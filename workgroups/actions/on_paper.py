"""A meeting that was held on paper, written down at once: what was repeated, how it went, and what to keep of it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from django.db import transaction

from schools.roles import Member
from workgroups import permissions
from workgroups.actions import acts, agenda, standing, words
from workgroups.models import Agenda, Closer, Meeting, Opener

_NOTES = 8000


@transaction.atomic
def enter_paper(
    *,
    meeting: Meeting,
    repeated: bool,
    agreements: Mapping[int, str],
    goals: Mapping[int, str],
    notes: str,
    by: Member,
    now: dt.datetime,
) -> Closer:
    """Write down a meeting from its sheet: the opener (G5), every outcome (G6, G7) and notes, all of it or nothing.

    ``agreements`` and ``goals`` as ``close_meeting`` takes them; the notes come below those that stand there. What was
    repeated on paper counts from the start of the meeting.
    Raises TextTooLong and what close_meeting raises; PermissionDenied unless the member has a seat.
    """
    permissions.demand(permissions.may_hold_meetings(by, meeting))
    standing.locked(meeting.group_id)
    repeats = repeated and not Opener.objects.filter(meeting=meeting).exists()
    closer = acts.close_meeting(meeting=meeting, agreements=agreements, goals=goals, by=by, now=now)
    if repeats:
        Opener.objects.create(school=by.school, group_id=meeting.group_id, meeting=meeting, opened_at=meeting.starts_at)
    _add_notes(meeting, words.lines(notes, limit=_NOTES, field="notes"), by=by, now=now)
    return closer


def _add_notes(meeting: Meeting, notes: str, *, by: Member, now: dt.datetime) -> None:
    if notes:
        kept = Agenda.objects.filter(meeting=meeting).values_list("notes", flat=True).first()
        text = f"{kept}\n\n{notes}" if kept else notes
        agenda.write_notes(meeting=meeting, notes=text, version=None, by=by, now=now)
