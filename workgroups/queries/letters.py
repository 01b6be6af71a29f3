"""What will go out to a group, and when; and what became of what went: numbers, never who."""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from django.db.models import Count, Max

from schools import post, tenancy
from schools.models import Delivery
from schools.models.post import DeliveryState
from workgroups.models import Meeting, WorkGroup
from workgroups.models.meeting import MeetingState

BEHIND = dt.timedelta(days=60)
# Why a letter was not sent, as the pages say it; what else a reason may be concerns only us.
_TOLD = {
    "expired": "late",
    "the meeting has begun": "late",
    "account ended": "gone",
    "left the school": "gone",
    "no seat any more": "gone",
    "no seat any more by then": "gone",
    "no e-mail address": "address",
    "not wanted": "unwanted",
    post.TAKEN_BACK: "back",
}

# What people chose, or lack, is told where at least so many should have had the letter; of one or two all know whose.
_PERSONAL = {"unwanted", "address"}
_AMONG = 4


@dataclass(frozen=True)
class ComingLetter:
    """A letter about a meeting to ``people`` people, at ``due_at``; ``apart``: how many of them get it at another time.

    ``is_back``: the chair took it back. ``is_leaving``: it is on its way to somebody.
    """

    meeting: Meeting
    kind: str
    due_at: dt.datetime
    people: int
    apart: int
    is_back: bool
    is_leaving: bool


@dataclass
class GoneLetter:
    """What became of a letter about a meeting: how many left, the last of them when, how many did not and why."""

    kind: str
    left_at: dt.datetime | None = None
    sent: int = 0
    failed: int = 0
    unsent: dict[str, int] = field(default_factory=dict)  # no Counter: templates ask it for its items by key


class GoneMeeting(NamedTuple):
    """The letters about a meeting that have come to their end."""

    meeting: Meeting
    letters: Sequence[GoneLetter]


class GroupLetters(NamedTuple):
    """What will go out to a group, the first first, and what went, the latest meeting first."""

    coming: Sequence[ComingLetter]
    gone: Sequence[GoneMeeting]


class _Pile(NamedTuple):
    """Letters of one kind about one meeting that are alike in state, reason and time."""

    meeting_id: int
    kind: str
    version: int
    state: str
    reason: str
    due_at: dt.datetime
    people: int
    left_at: dt.datetime | None


def letters_of(group: WorkGroup, kinds: Collection[str], *, now: dt.datetime) -> GroupLetters:
    """The letters of these kinds about the meetings ahead and of the last sixty days. Two queries."""
    tenancy.inside()
    meetings = Meeting.objects.filter(group=group, starts_at__gt=now - BEHIND).in_bulk()
    piles = _piles(meetings, kinds)
    among = _among(piles)
    coming: dict[tuple[int, str], list[_Pile]] = defaultdict(list)
    gone: dict[int, dict[str, GoneLetter]] = defaultdict(dict)
    for pile in piles:
        meeting = meetings[pile.meeting_id]
        if _is_coming(pile, meeting, now):
            coming[pile.meeting_id, pile.kind].append(pile)
        elif _is_told(pile, among):
            _count(pile, gone[pile.meeting_id].setdefault(pile.kind, GoneLetter(pile.kind)))
    ahead = [_coming(meetings[meeting_id], kind, some) for (meeting_id, kind), some in coming.items()]
    behind = [GoneMeeting(meetings[meeting_id], list(kinds.values())) for meeting_id, kinds in gone.items()]
    return GroupLetters(
        coming=sorted(ahead, key=lambda one: (one.due_at, one.meeting.starts_at)),
        gone=sorted(behind, key=lambda one: one.meeting.starts_at, reverse=True),
    )


def letter_leaves_at(meeting: Meeting, kind: str) -> dt.datetime | None:
    """When the letter of this kind about the meeting as it stands leaves, or left; None without one. One query."""
    tenancy.inside()
    rows = Delivery.objects.filter(kind=kind, subject_id=meeting.pk, version=meeting.schedule_version)
    return rows.order_by("-due_at").values_list("due_at", flat=True).first()


def _piles(meeting_ids: Collection[int], kinds: Collection[str]) -> list[_Pile]:
    alike: Any = ("subject_id", "kind", "version", "state", "reason", "due_at")
    rows = Delivery.objects.filter(kind__in=kinds, subject_id__in=list(meeting_ids)).values_list(*alike)
    return [_Pile(*row) for row in rows.annotate(people=Count("pk"), left=Max("sent_at")).order_by(*alike)]


def _is_coming(pile: _Pile, meeting: Meeting, now: dt.datetime) -> bool:
    if pile.state in {DeliveryState.WAITING, DeliveryState.LEASED}:
        return True
    stands = meeting.state == MeetingState.PLANNED and meeting.starts_at > now
    return pile.reason == post.TAKEN_BACK and stands and pile.version == meeting.schedule_version


def _coming(meeting: Meeting, kind: str, piles: Sequence[_Pile]) -> ComingLetter:
    times: Counter[dt.datetime] = Counter()
    for pile in piles:
        times[pile.due_at] += pile.people
    people = times.total()
    due_at, at_once = max(times.items(), key=lambda pair: (pair[1], -pair[0].timestamp()))
    return ComingLetter(
        meeting=meeting,
        kind=kind,
        due_at=due_at,
        people=people,
        apart=people - at_once,
        is_back=all(pile.state == DeliveryState.DROPPED for pile in piles),
        is_leaving=any(pile.state == DeliveryState.LEASED for pile in piles),
    )


def _among(piles: Sequence[_Pile]) -> Counter[tuple[int, str, int]]:
    """How many people each letter was for."""
    people: Counter[tuple[int, str, int]] = Counter()
    for pile in piles:
        people[pile.meeting_id, pile.kind, pile.version] += pile.people
    return people


def _is_told(pile: _Pile, among: Mapping[tuple[int, str, int], int]) -> bool:
    if pile.state in {DeliveryState.SENT, DeliveryState.FAILED}:
        return True
    why = _TOLD.get(pile.reason)
    return why is not None and (why not in _PERSONAL or among[pile.meeting_id, pile.kind, pile.version] >= _AMONG)


def _count(pile: _Pile, letter: GoneLetter) -> None:
    if pile.state == DeliveryState.SENT:
        letter.sent += pile.people
        letter.left_at = max(filter(None, (letter.left_at, pile.left_at)), default=None)
    elif pile.state == DeliveryState.FAILED:
        letter.failed += pile.people
    else:
        why = _TOLD[pile.reason]
        letter.unsent[why] = letter.unsent.get(why, 0) + pile.people
