"""What will go out to a group, and when; and what became of what went: numbers, never who."""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, NamedTuple

from django.db.models import Count, Max

from schools import post, tenancy
from schools.models import Delivery
from schools.models.post import DeliveryState
from workgroups.models import Meeting, WorkGroup
from workgroups.models.meeting import MeetingState
from workgroups.queries import rules

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
    post.RESTORED: "unknown",
}

# What people chose, or lack, is told where at least so many should have had the letter; of one or two all know whose.
_PERSONAL = {"unwanted", "address"}
_AMONG = 4


@dataclass(frozen=True)
class ComingLetter:
    """A letter about a meeting to ``people`` people, at ``due_at``; ``apart``: how many of them get it at another time.

    Where it is for one or two or three, when each gets it is theirs to know: then ``due_at`` is the time that the
    group's rule gives, or None, and ``apart`` is 0. ``is_back``: the chair took it back. ``is_leaving``: it is on its
    way to somebody.
    """

    meeting: Meeting
    kind: str
    due_at: dt.datetime | None
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


class Leaving(NamedTuple):
    """When most letters of one kind about a meeting leave, or left, and whether that is for the group to know."""

    at: dt.datetime
    is_told: bool


class Heard(NamedTuple):
    """What a letter said of a meeting: of which kind it was, and when the meeting was to start then."""

    kind: str
    starts_at: dt.datetime


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
    """The letters of these kinds about the meetings ahead and of the last sixty days.

    Two queries, and two more where a reminder is for fewer than four.
    """
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
    ahead = _untold(ahead, [key for key in coming if _is_personal(coming[key], among)], group, now=now)
    behind = [GoneMeeting(meetings[meeting_id], list(kinds.values())) for meeting_id, kinds in gone.items()]
    return GroupLetters(
        coming=sorted(ahead, key=lambda one: (one.due_at or one.meeting.starts_at, one.meeting.starts_at)),
        gone=sorted(behind, key=lambda one: one.meeting.starts_at, reverse=True),
    )


def letter_leaves_at(meeting: Meeting, kind: str) -> Leaving | None:
    """When the letter of this kind about the meeting as it stands leaves, or left; None without one. One query."""
    tenancy.inside()
    piles = [one for one in _piles([meeting.pk], [kind]) if one.version == meeting.schedule_version]
    if not piles:
        return None
    at, _people = _most(piles)
    return Leaving(at, not _is_personal(piles, _among(piles)))


def heard_before(
    meetings: Collection[Meeting], kinds: Collection[str], *, user_ids: Collection[int] | None = None
) -> dict[tuple[int, int], Heard]:
    """What the last letter of these kinds said that reached each person, of a schedule older than today's. One query.

    By the meeting's id and the person's, older ones first; the kinds are of use until the meeting starts. With
    ``user_ids`` only what these people heard.
    """
    tenancy.inside()
    version = {one.pk: one.schedule_version for one in meetings}
    rows = Delivery.objects.filter(kind__in=kinds, subject_id__in=version).exclude(sent_at=None, doubts=0)
    if user_ids is not None:
        rows = rows.filter(user_id__in=user_ids)
    columns: Any = ("subject_id", "user_id", "version", "kind", "expires_at")
    found: dict[tuple[int, int], Heard] = {}
    for meeting_id, user_id, told, kind, expires_at in rows.order_by("version", "pk").values_list(*columns):
        if user_id and told < version[meeting_id]:
            found[meeting_id, user_id] = Heard(kind, expires_at)
    return found


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
    people = sum(pile.people for pile in piles)
    due_at, at_once = _most(piles)
    return ComingLetter(
        meeting=meeting,
        kind=kind,
        due_at=due_at,
        people=people,
        apart=people - at_once,
        is_back=all(pile.state == DeliveryState.DROPPED for pile in piles),
        is_leaving=any(pile.state == DeliveryState.LEASED for pile in piles),
    )


def _most(piles: Sequence[_Pile]) -> tuple[dt.datetime, int]:
    """The time at which most of these letters leave, the first of several, and how many do."""
    times: Counter[dt.datetime] = Counter()
    for pile in piles:
        times[pile.due_at] += pile.people
    return max(times.items(), key=lambda pair: (pair[1], -pair[0].timestamp()))


def _is_personal(piles: Sequence[_Pile], among: Mapping[tuple[int, str, int], int]) -> bool:
    """Whether the time of these letters is somebody's own choice, and all would know whose."""
    may_be_chosen = post.digest_of(piles[0].kind) is not None
    return may_be_chosen and max(among[one.meeting_id, one.kind, one.version] for one in piles) < _AMONG


def _untold(
    ahead: Sequence[ComingLetter], personal: Collection[tuple[int, str]], group: WorkGroup, *, now: dt.datetime
) -> list[ComingLetter]:
    """The same with the group's time in the place of one that is somebody's own; without a time where there is none."""
    keys = set(personal)
    reminded = [one.meeting for one in ahead if (one.meeting.pk, one.kind) in keys and _goes_ahead(one)]
    times = rules.group_times(reminded, group) if reminded else {}
    found = []
    for one in ahead:
        if (one.meeting.pk, one.kind) in keys:
            at = times.get(one.meeting.pk) if _goes_ahead(one) else None
            found.append(replace(one, due_at=at if at and at > now else None, apart=0))
        else:
            found.append(one)
    return found


def _goes_ahead(letter: ComingLetter) -> bool:
    return post.digest_of(letter.kind) == "earlier"


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
