"""Reminders in the ledger that are not as they should be, put right: each an error of ours."""

from __future__ import annotations

import datetime as dt
import logging
from collections import defaultdict
from collections.abc import Collection

from django.db import transaction

from schools import post
from schools.models import Delivery
from workgroups import queries
from workgroups.actions import notices, standing
from workgroups.models import Meeting
from workgroups.queries import Reminding

AHEAD = dt.timedelta(days=60)
# A reminder that lacks leaves this long after its time all the same. Later nobody can tell it from one that was never
# meant to leave, since its meeting was planned after its time.
OVERDUE_AT_MOST = dt.timedelta(minutes=10)
# Times are worked out in Python, so that each look takes a part of the groups; an hour of looks takes all.
TURNS, TURN = 12, 300
# Whoever has one of these about the schedule as it is now needs no other. A letter that was taken back counts: people
# take letters back on purpose.
_ENOUGH = notices.TELLING
_log = logging.getLogger(__name__)


def groups_to_mend(now: dt.datetime) -> list[int]:
    """The groups whose reminders of the coming 60 days may not be as they should be, by id. Nine queries at most.

    Letters that lack or that nobody needs are found in all groups, wrong times in every twelfth, in turn.
    """
    until = now + AHEAD
    amiss = queries.groups_amiss(_ENOUGH, now=now, until=until)
    meetings = queries.in_turn(turn=int(now.timestamp()) // TURN % TURNS, turns=TURNS, now=now, until=until)
    mistimed = queries.mistimed(notices.REMINDER, meetings, now=now)
    return sorted({*amiss, *(one.meeting.group_id for one in mistimed)})


@transaction.atomic
def mend_reminders(group_id: int, now: dt.datetime) -> int:
    """Put the reminders of a group right, each logged as an error; returns how many.

    Nobody plans or moves a meeting of the group meanwhile, so what is wrong now is an error.
    """
    try:
        standing.locked(group_id)
    except standing.GroupEnded:
        return 0
    ahead = [one for one in queries.planned_after([group_id], now=now) if one.starts_at <= now + AHEAD]
    dropped = _drop_surplus(group_id, now=now)
    return dropped + _fill_gaps(group_id, ahead, now=now) + _set_times(ahead, now=now)


def _fill_gaps(group_id: int, ahead: Collection[Meeting], *, now: dt.datetime) -> int:
    lacking = queries.gaps_in(group_id, _ENOUGH, now=now, until=now + AHEAD)
    meetings = [one for one in ahead if one.pk in lacking]
    due = queries.remindings(meetings, lacking, schools={one.school for one in meetings})
    lost = [one for one in due if _is_still_meant(one, now)]
    told = _told_late({one.meeting.pk: one.meeting for one in lost})
    lost = [one for one in lost if not any(at >= one.due_at for at in told[one.meeting.pk, one.user_id])]
    _write_down(lost, "was gone; it is written down anew", now=now)
    notices.stay_back({one.meeting for one in lost})
    return len(lost)


def _set_times(ahead: Collection[Meeting], *, now: dt.datetime) -> int:
    wrong = queries.mistimed(notices.REMINDER, ahead, now=now)
    _write_down(wrong, "had a wrong time; it has the right one now", now=now)
    return len(wrong)


def _drop_surplus(group_id: int, *, now: dt.datetime) -> int:
    rows = queries.surplus_in(group_id, _ENOUGH, now=now, until=now + AHEAD)
    people = defaultdict(set)
    for row in rows:
        people[row.subject_id].add(row.user_id or 0)
        what = (row.kind.capitalize(), row.subject_id, row.user_id)
        _log.error("%s about meeting %s for person %s waited without a reason; it is dropped.", *what)
    for meeting_id, users in people.items():
        post.drop(kinds=_ENOUGH, subject_ids=[meeting_id], user_ids=users, reason="not needed")
    return len(rows)


def _is_still_meant(one: Reminding, now: dt.datetime) -> bool:
    """Whether it should be there: not where its time was long past, or past when the rule came to be."""
    return one.due_at > now - OVERDUE_AT_MOST and (one.since is None or one.due_at > one.since)


def _told_late(meetings: dict[int, Meeting]) -> dict[tuple[int, int], list[dt.datetime]]:
    """When somebody was told that a meeting moved to where it is: after its reminder's time nobody needs that too."""
    told: dict[tuple[int, int], list[dt.datetime]] = defaultdict(list)
    moved = Delivery.objects.filter(kind=notices.MOVED, subject_id__in=meetings)
    for meeting_id, version, user_id, at in moved.values_list("subject_id", "version", "user_id", "due_at"):
        if meetings[meeting_id].schedule_version == version and user_id:
            told[meeting_id, user_id].append(at)
    return told


def _write_down(found: Collection[Reminding], what: str, *, now: dt.datetime) -> None:
    mended = [notices.Notice(notices.REMINDER, one.meeting, one.user_id, one.due_at) for one in found]
    notices.write_down(mended, now=now)
    for one in found:
        _log.error("The reminder of meeting %s for person %s %s.", one.meeting.pk, one.user_id, what)
