"""The letters about meetings: still wanted?, and the words. The post sends them.

A letter is rendered once per meeting and language, on the clocks of the school; it holds what the group agreed.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from schools import post
from schools.models import Delivery
from workgroups import queries
from workgroups.actions import mending, notices
from workgroups.models import Meeting
from workgroups.models.group import GroupState
from workgroups.models.meeting import MeetingState


@dataclass(frozen=True)
class _Table:
    """What a batch of letters is checked against and written from, fetched at once."""

    meetings: Mapping[int, Meeting]
    seats: Mapping[tuple[int, int], dt.date | None]
    focus: Mapping[int, queries.Focus]


def register() -> None:
    """Tell the post of the letters of this floor, and how they are mended."""
    for kind in notices.KINDS:
        post.register(kind, partial(prepare, kind))
    post.register_mending("group", find=mending.groups_to_mend, mend=mending.mend_reminders)


def prepare(kind: str, deliveries: Sequence[Delivery], now: dt.datetime) -> dict[int, post.Letter | post.Dropped]:
    """Each delivery's letter, or why it is not wanted any more. At most six queries, however many."""
    table = _fetch({one.subject_id for one in deliveries}, today=timezone.localdate(now))
    rendered: dict[tuple[int, str], post.Letter] = {}
    found: dict[int, post.Letter | post.Dropped] = {}
    for one in deliveries:
        reason = _unwanted(kind, one, table, now=now)
        if reason:
            found[one.pk] = post.Dropped(reason)
            continue
        meeting = table.meetings[one.subject_id]
        language = (one.user.language if one.user else "") or meeting.school.language
        page = (meeting.pk, language)
        if page not in rendered:
            rendered[page] = render(kind, meeting, table.focus[meeting.group_id], language=language, now=now)
        found[one.pk] = rendered[page]
    return found


def render(kind: str, meeting: Meeting, focus: queries.Focus, *, language: str, now: dt.datetime) -> post.Letter:
    """The words of a letter about a meeting, in one language."""
    return post.compose(f"letters/{kind}", _words(meeting, focus, now=now), language=language, zone=meeting.zone)


def _fetch(meeting_ids: Iterable[int], *, today: dt.date) -> _Table:
    meetings = Meeting.objects.select_related("group", "school").in_bulk(list(meeting_ids))
    groups = {meeting.group_id for meeting in meetings.values()}
    return _Table(meetings, queries.last_days(groups, today=today), queries.focuses(groups))


def _unwanted(kind: str, one: Delivery, table: _Table, *, now: dt.datetime) -> str:
    """Why the letter is not wanted any more, in a few words; nothing where it is."""
    meeting = table.meetings.get(one.subject_id)
    if meeting is None:
        return "the meeting is gone"
    state = MeetingState.CANCELLED if kind == notices.CANCELLED else MeetingState.PLANNED
    checks: tuple[tuple[bool, str], ...] = (
        (meeting.state == state, f"the meeting is {meeting.state}"),
        (meeting.schedule_version == one.version, "the meeting changed"),
        (meeting.starts_at > now, "the meeting has begun"),
        (kind == notices.CANCELLED or meeting.group.state == GroupState.ACTIVE, "the group has ended"),
        ((meeting.group_id, one.user_id) in table.seats, "no seat any more"),
        (_sits_then(meeting, one.user_id, table), "no seat any more by then"),
    )
    return next((reason for holds, reason in checks if not holds), "")


def _sits_then(meeting: Meeting, user_id: int | None, table: _Table) -> bool:
    last = table.seats.get((meeting.group_id, user_id or 0))
    return last is None or meeting.day <= last


def _words(meeting: Meeting, focus: queries.Focus, *, now: dt.datetime) -> dict[str, Any]:
    address = reverse("workgroups:meeting", args=[meeting.school.slug, meeting.pk])
    return {
        "meeting": meeting,
        "group": meeting.group,
        "ends": meeting.ends_at.astimezone(meeting.zone).time(),
        "days": (meeting.day - now.astimezone(meeting.zone).date()).days,
        "aspect": focus.aspect,
        "number": focus.aspect.number if focus.aspect else 0,
        "agreements": focus.agreements,
        "goals": focus.live_goals,
        "address": f"{settings.PUBLIC_URL}{address}",
    }
