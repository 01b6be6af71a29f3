"""The letters a deed causes, written down in its own transaction: who must hear what, and when.

No one's last letter may state a wrong time or a cancelled meeting: whoever had a letter about the old schedule gets
one about the new. Letters that still wait are taken back instead. The floor above has letters about meetings too: it
tells whom they reached, and writes its own news in the same transaction (``also_tell``).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.db.models import Q, QuerySet

from schools import post
from schools.models import Delivery, School
from schools.models.post import DeliveryState
from workgroups import queries
from workgroups.models import Meeting, Seat

REMINDER, INVITATION, MOVED, CANCELLED = "reminder", "invitation", "moved", "cancelled"
KINDS = (REMINDER, INVITATION, MOVED, CANCELLED)
# With one of these about the schedule as it is, somebody heard the agreements before the meeting.
TELLING = (REMINDER, INVITATION)
# What else stays back with a letter that was taken back: without reminder whoever joins later is not invited either.
STAYS_BACK_WITH = {REMINDER: TELLING, INVITATION: (INVITATION,)}
# Several moves in a row become one letter; and what the post had checked before the move has left before it.
SETTLES = 2 * post.FRESH
_LEAVING = Q(state__in=[DeliveryState.SENT, DeliveryState.LEASED]) | Q(doubts__gt=0)
# What was ever taken out of the box may have left: perhaps its round was killed before it could note that.
MAY_HAVE_LEFT = _LEAVING | Q(attempts__gt=0)

Listener = Callable[[Collection[Meeting], dt.datetime], Mapping[int, Collection[int]]]
_LISTENERS: list[Listener] = []


def also_tell(listener: Listener) -> None:
    """Tell a floor above of meetings that moved, were called off or take place after all; called from AppConfig.ready.

    ``listener(meetings, now)`` gets the meetings of one deed as they are from now on, in its transaction. It writes its
    own letters about them, and answers whom its earlier ones reached, by the meeting's id: who of these sits in the
    group hears the news as its members do. It costs the same queries for any number of meetings.
    """
    if listener not in _LISTENERS:
        _LISTENERS.append(listener)


def of_plan(meeting: Meeting, *, school: School, now: dt.datetime) -> None:
    """A meeting was planned: everybody at the table is reminded in time, or invited at once when that time passed."""
    of_series([meeting], school=school, now=now)


def of_series(meetings: Sequence[Meeting], *, school: School, now: dt.datetime) -> None:
    """Meetings were planned together: for each the same as ``of_plan``. The same queries for any number of them."""
    _remind(meetings, queries.seated_at(meetings), school=school, now=now)


def of_change(meeting: Meeting, *, school: School, now: dt.datetime) -> None:
    """A meeting moved, or takes place after all: whoever heard the old schedule hears the new one."""
    of_changes([meeting], school=school, now=now)


def of_changes(meetings: Sequence[Meeting], *, school: School, now: dt.datetime) -> None:
    """Meetings changed together: for each the same as ``of_change``. The same queries for any number of them."""
    today, seated = queries.seated_today_and_at(meetings, now=now)
    heard = _take_back(meetings, now=now)
    write_down(_told(MOVED, meetings, today, heard, now=now), now=now)
    _remind(meetings, seated, school=school, told=heard, now=now)


def of_cancellations(meetings: Sequence[Meeting], *, now: dt.datetime) -> None:
    """Meetings were called off: whoever heard of one hears that. The same queries for any number of them."""
    (today, _then), heard = queries.seated_today_and_at(meetings, now=now), _take_back(meetings, now=now)
    write_down(_told(CANCELLED, meetings, today, heard, now=now), now=now)


def of_seat(seat: Seat, *, school: School, now: dt.datetime) -> None:
    """Somebody joined, or stays: reminded of the coming meetings like the others, or invited where that time passed."""
    ahead = [one for one in queries.planned_after([seat.group_id], now=now) if seat.holds_on(one.day)]
    readers = {one.pk: {seat.user_id} for one in ahead}
    _remind(ahead, readers, school=school, told=_heard_of(ahead), now=now)
    stay_back(ahead)


def of_leaving(seat: Seat, *, last_day: dt.date, now: dt.datetime) -> None:
    """Somebody leaves after a last day: what waits about meetings after it is taken back, save that they changed."""
    after = [one.pk for one in queries.planned_after([seat.group_id], now=now) if one.day > last_day]
    post.drop(kinds=TELLING, subject_ids=after, user_ids=[seat.user_id], reason="no seat any more by then")


@dataclass(frozen=True)
class Notice:
    """A letter of a kind about a meeting to somebody."""

    kind: str
    meeting: Meeting
    user_id: int
    due_at: dt.datetime


def write_down(letters: Iterable[Notice], *, now: dt.datetime) -> None:
    """Write letters down about meetings as they are planned now; useless once these begin.

    The same queries for any number of letters of a school.
    """
    people: dict[tuple[int, int, str, dt.datetime], list[Notice]] = {}
    for one in letters:
        people.setdefault((one.meeting.school_id, one.meeting.pk, one.kind, one.due_at), []).append(one)
    entries: dict[int, list[post.Entry]] = {}
    for (school_id, meeting_id, kind, due_at), alike in people.items():
        meeting = alike[0].meeting
        readers = frozenset(one.user_id for one in alike)
        entry = post.Entry(kind, meeting_id, meeting.schedule_version, readers, due_at, meeting.starts_at)
        entries.setdefault(school_id, []).append(entry)
    for school_id, theirs in sorted(entries.items()):
        post.write_all(theirs, school_id=school_id, now=now)


def settled(meeting: Meeting, *, now: dt.datetime) -> dt.datetime:
    """When news of a meeting leaves: soon, but several moves in a row are one piece of news."""
    return now + SETTLES if meeting.starts_at > now + SETTLES else now


def _remind(
    meetings: Collection[Meeting],
    readers: Mapping[int, Collection[int]],
    *,
    school: School,
    told: Mapping[int, Collection[int]] | None = None,
    now: dt.datetime,
) -> None:
    """Remind these people of the meetings; where the time for that is past, invite those who were not told."""
    found = []
    for one in queries.remindings(meetings, readers, schools=[school]):
        if one.due_at > now + SETTLES:
            found.append(Notice(REMINDER, one.meeting, one.user_id, one.due_at))
        elif one.user_id not in (told or {}).get(one.meeting.pk, ()) and one.meeting.starts_at > now:
            found.append(Notice(INVITATION, one.meeting, one.user_id, now))
    write_down(found, now=now)


def _told(
    kind: str,
    meetings: Iterable[Meeting],
    today: Mapping[int, Collection[int]],
    heard: Mapping[int, Collection[int]],
    *,
    now: dt.datetime,
) -> list[Notice]:
    """A letter to each who sits there today and heard the old schedule, once it has settled.

    Also to whoever will have left by the new day: else they come at the old time.
    """
    return [
        Notice(kind, one, user_id, settled(one, now=now))
        for one in meetings
        if one.starts_at > now
        for user_id in sorted(set(today.get(one.pk, ())) & set(heard.get(one.pk, ())))
    ]


def _take_back(meetings: Collection[Meeting], *, now: dt.datetime) -> dict[int, set[int]]:
    """Take back what still waits, and return whom a letter reached, is reaching just now, or may have reached.

    In this order: what the post takes out of the box meanwhile is either taken back or counted. The schedules are new
    already and no letter about them is written yet, so that all that waits is old.
    """
    ids = [one.pk for one in meetings]
    post.drop(kinds=KINDS, subject_ids=ids, reason="the meeting changed")
    heard = _people(Delivery.objects.filter(MAY_HAVE_LEFT, kind__in=KINDS, subject_id__in=ids))
    for listener in _LISTENERS:
        for meeting_id, people in listener(meetings, now).items():
            heard.setdefault(meeting_id, set()).update(people)
    return heard


def _heard_of(meetings: Collection[Meeting]) -> dict[int, set[int]]:
    """Who heard of the meetings as they are planned now, or hears of them without our doing, by meeting."""
    version = {one.pk: one.schedule_version for one in meetings}
    rows = Delivery.objects.filter(_LEAVING, kind__in=KINDS, subject_id__in=version)
    return _people(rows, version)


def stay_back(meetings: Collection[Meeting]) -> None:
    """What the chair took back before a meeting is taken back for everybody: also what was written down just now."""
    versions = {one.pk: one.schedule_version for one in meetings}
    taken = Delivery.objects.filter(
        kind__in=TELLING, subject_id__in=versions, state=DeliveryState.DROPPED, reason=post.TAKEN_BACK
    )
    rows = set(taken.values_list("kind", "subject_id", "version"))
    for kind, kinds in STAYS_BACK_WITH.items():
        back = [about for one, about, version in rows if one == kind and versions[about] == version]
        if back:
            post.drop(kinds=kinds, subject_ids=back, reason=post.TAKEN_BACK)


def _people(rows: QuerySet[Delivery], versions: Mapping[int, int] | None = None) -> dict[int, set[int]]:
    """The readers of these letters by the meeting's id; with ``versions`` only of those about the schedule as it is."""
    found: dict[int, set[int]] = {}
    for meeting_id, version, user_id in rows.values_list("subject_id", "version", "user_id"):
        if user_id and (versions is None or versions[meeting_id] == version):
            found.setdefault(meeting_id, set()).add(user_id)
    return found
