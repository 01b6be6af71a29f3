"""A meeting moved, was called off or takes place after all: who hears so because of a visit to it.

Letters about visits state the meeting's day. Its visitor hears the news in a letter of its own, members of the group as
they hear of every change (workgroups.actions.notices).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Mapping

from django.db.models import QuerySet

from observations.choices import LetterKind
from observations.models import Visit
from observations.models.visit import VisitState
from schools import post
from schools.models import Delivery
from schools.models.post import DeliveryState
from workgroups.actions import notices
from workgroups.models import Meeting
from workgroups.models.meeting import MeetingState

_COMING = (VisitState.PROPOSED, VisitState.ACCEPTED)
_ASKING = (LetterKind.PROPOSED, LetterKind.AGREED)
_TO_GROUP = (*_ASKING, LetterKind.OFF)
_IN_THE_BOX = (DeliveryState.WAITING, DeliveryState.DROPPED)
_Held = list[tuple[str, int, int, int | None]]


def tell(meetings: Collection[Meeting], now: dt.datetime) -> dict[int, set[int]]:
    """Write to the visitors of meetings that changed; returns who of the groups heard of them by letters about visits.

    By the meeting's id. News that waits is taken back for the latest. What a group has yet to hear of a visit waits on,
    and says the new time when it leaves. One query where nobody visits; else at most ten, for any number of meetings.
    """
    by_id = {one.pk: one for one in meetings}
    visits = {visit.pk: visit for visit in Visit.objects.filter(meeting_id__in=by_id)}
    if not visits:
        return {}
    to_group = Delivery.objects.filter(kind__in=_TO_GROUP, subject_id__in=visits)
    held, heard = _hold(to_group), _heard(to_group, visits)
    post.drop(kinds=[LetterKind.MEETING], subject_ids=visits, reason="the meeting changed")
    coming = [visit for visit in visits.values() if visit.state in _COMING and by_id[visit.meeting_id].starts_at > now]
    entries: dict[int, list[post.Entry]] = {visit.school_id: [] for visit in coming}
    for visit in coming:
        meeting = by_id[visit.meeting_id]
        entries[visit.school_id] += [_news(visit, meeting, now=now), *_again(visit, meeting, held, now=now)]
    for school_id, theirs in sorted(entries.items()):
        post.write_all(theirs, school_id=school_id, now=now)
    return heard


def _hold(to_group: QuerySet[Delivery]) -> _Held:
    """Keep what waits in the box until the new schedule can be read: nobody takes it out and writes the old time."""
    rows = to_group.filter(state__in=_IN_THE_BOX).order_by("pk").select_for_update()
    return list(rows.values_list("kind", "subject_id", "version", "user_id"))


def _heard(to_group: QuerySet[Delivery], visits: Mapping[int, Visit]) -> dict[int, set[int]]:
    """Whom a letter reached, is reaching just now, or may have reached."""
    found: dict[int, set[int]] = {}
    rows = to_group.filter(notices.MAY_HAVE_LEFT)
    for visit_id, user_id in rows.values_list("subject_id", "user_id"):
        if user_id:
            found.setdefault(visits[visit_id].meeting_id, set()).add(user_id)
    return found


def _news(visit: Visit, meeting: Meeting, *, now: dt.datetime) -> post.Entry:
    return post.Entry(
        LetterKind.MEETING.value,
        visit.pk,
        meeting.schedule_version,
        frozenset([visit.coach_id]),
        notices.settled(meeting, now=now),
        meeting.starts_at,
    )


def _again(
    visit: Visit, meeting: Meeting, held: Iterable[tuple[str, int, int, int | None]], *, now: dt.datetime
) -> list[post.Entry]:
    """What the group has not heard of this visit yet is of use until the meeting's new start."""
    if meeting.state != MeetingState.PLANNED:
        return []
    about = (visit.pk, visit.version)
    return [
        post.Entry(
            kind.value,
            *about,
            frozenset(user for one, *of, user in held if user and (one, tuple(of)) == (kind, about)),
            now,
            meeting.starts_at,
        )
        for kind in _ASKING
    ]
