"""The letters about meetings: still wanted?, and the words. The post sends them.

A letter is rendered once per meeting and language, on the clocks of the school; it holds what the group agreed. What
calendars read of the meeting goes with it, for whoever wants that.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache, partial
from typing import Any, Literal

from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.formats import date_format, time_format
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _, pgettext

from schools import post
from schools.models import Delivery, LetterWishes
from workgroups import calendars, queries
from workgroups.actions import mending, notices, nudges
from workgroups.models import Meeting
from workgroups.models.group import GroupState
from workgroups.models.meeting import MeetingState

KINDS = (*notices.KINDS, nudges.EVALUATE)
AGREEMENTS = "agreements"
_NEWS = (notices.MOVED, notices.CANCELLED)
# Moved and cancelled belong to no sort: whoever heard of a meeting always hears that it changed.
_SORTS = {notices.REMINDER: AGREEMENTS, notices.INVITATION: AGREEMENTS, nudges.EVALUATE: nudges.EVALUATE}
_TOGETHER: Mapping[str, Literal["earlier", "later"]] = {
    notices.REMINDER: "earlier",
    notices.INVITATION: "later",
    nudges.EVALUATE: "later",
}
_CALENDAR: Mapping[str, Literal["REQUEST", "CANCEL"]] = {
    notices.REMINDER: "REQUEST",
    notices.INVITATION: "REQUEST",
    notices.MOVED: "REQUEST",
    notices.CANCELLED: "CANCEL",
}


@dataclass(frozen=True)
class _Table:
    """What a batch of letters is checked against and written from, fetched at once."""

    meetings: Mapping[int, Meeting]
    seats: Mapping[tuple[int, int], queries.Held]
    focus: Mapping[int, queries.Focus]
    heard: Mapping[tuple[int, int], queries.Heard]


@dataclass(frozen=True)
class _InCalendar:
    """What one reader wants of a meeting in the calendar."""

    agreements: bool
    alarm_minutes: int | None


def register() -> None:
    """Tell the post of the letters of this floor, and how they are mended."""
    post.register_sort(
        AGREEMENTS,
        title=_("What you agreed, before a meeting"),
        help=_("Without this letter you do not hear either when a meeting moves or is called off."),
    )
    post.register_sort(
        nudges.EVALUATE,
        title=_("A meeting waits to be looked back on"),
        help=_("Only for the chair: once, after a meeting that nobody closed."),
    )
    for kind in KINDS:
        post.register(kind, partial(prepare, kind), sort=_SORTS.get(kind, ""), digest=_TOGETHER.get(kind))
    post.register_mending("group", find=mending.groups_to_mend, mend=mending.mend_reminders)


def prepare(kind: str, deliveries: Sequence[Delivery], now: dt.datetime) -> dict[int, post.Letter | post.Dropped]:
    """Each delivery's letter, or why it is not wanted any more. At most seven queries, however many.

    Readers who want the same, in the same language, share one Letter.
    """
    people = {one.user_id for one in deliveries if one.user_id}
    table = _fetch(kind, {one.subject_id for one in deliveries}, people, now=now)
    wishes = _wishes(kind, people)

    @cache
    def words(meeting: Meeting, language: str, heard: queries.Heard | None) -> post.Letter:
        return render(kind, meeting, table.focus[meeting.group_id], language=language, now=now, heard=heard)

    @cache
    def letter(meeting: Meeting, language: str, heard: queries.Heard | None, wish: _InCalendar | None) -> post.Letter:
        found = words(meeting, language, heard)
        if wish is None:
            return found
        part = _part(kind, meeting, table.focus[meeting.group_id], wish, language=language)
        return replace(found, calendar=part)

    found: dict[int, post.Letter | post.Dropped] = {}
    for one in deliveries:
        if reason := _unwanted(kind, one, table, now=now):
            found[one.pk] = post.Dropped(reason)
            continue
        meeting = table.meetings[one.subject_id]
        language = (one.user.language if one.user else "") or meeting.school.language
        reader = one.user_id or 0
        found[one.pk] = letter(meeting, language, table.heard.get((meeting.pk, reader)), wishes.get(reader))
    return found


def render(
    kind: str,
    meeting: Meeting,
    focus: queries.Focus,
    *,
    language: str,
    now: dt.datetime,
    heard: queries.Heard | None = None,
) -> post.Letter:
    """The words of a letter about a meeting, in one language, without what calendars read.

    ``heard`` is what its readers heard of an older schedule, where they did.
    """
    with translation.override(language):
        words = _words(kind, meeting, focus, heard, now=now)
    return post.fill_in(f"letters/{kind}", words, language=language)


def preview(kind: str, meeting: Meeting, *, language: str, now: dt.datetime) -> post.Letter:
    """A letter as most readers get it at ``now``; the link that would stop a reader's letters leads to the own choices.

    Four queries, five for the news that the meeting changed.
    """
    told = queries.heard_before([meeting], notices.KINDS) if kind in _NEWS else {}
    heard = next(reversed(told.values()), None)
    letter = render(kind, meeting, queries.focus_of(meeting.group), language=language, now=now, heard=heard)
    stop, choose = reverse("stop-letters", args=[post.stop.PLACEHOLDER]), reverse("account-letters")
    return replace(letter, text=letter.text.replace(stop, choose), html=letter.html.replace(stop, choose))


def _fetch(kind: str, meeting_ids: Iterable[int], user_ids: Collection[int], *, now: dt.datetime) -> _Table:
    meetings = Meeting.objects.select_related("group", "school").in_bulk(list(meeting_ids))
    groups = {meeting.group_id for meeting in meetings.values()}
    told = queries.heard_before(meetings.values(), notices.KINDS, user_ids=user_ids) if kind in _NEWS else {}
    return _Table(
        meetings=meetings,
        seats=queries.seats_in(groups, now=now),
        focus=queries.focuses(groups),
        heard=told,
    )


def _wishes(kind: str, user_ids: Collection[int]) -> dict[int, _InCalendar]:
    """What each of these people wants in the calendar; nobody where this kind of letter brings nothing for it."""
    if kind not in _CALENDAR:
        return {}
    wishes = dict.fromkeys(user_ids, _in_calendar(LetterWishes()))
    wishes |= {one.user_id: _in_calendar(one) for one in LetterWishes.objects.filter(user_id__in=user_ids)}
    return {user_id: wish for user_id, wish in wishes.items() if wish}


def _in_calendar(wishes: LetterWishes) -> _InCalendar | None:
    return _InCalendar(wishes.agreements_in_calendar, wishes.alarm_minutes) if wishes.calendar_part else None


def _part(kind: str, meeting: Meeting, focus: queries.Focus, wish: _InCalendar, *, language: str) -> post.CalendarPart:
    agreements = [one.text for one in focus.agreements] if wish.agreements else []
    return calendars.part_of(
        meeting,
        method=_CALENDAR[kind],
        address=_address("workgroups:meeting", meeting),
        language=language,
        agreements=agreements,
        alarm_minutes=wish.alarm_minutes,
    )


def _unwanted(kind: str, one: Delivery, table: _Table, *, now: dt.datetime) -> str:
    """Why the letter is not wanted any more, in a few words; nothing where it is."""
    meeting = table.meetings.get(one.subject_id)
    if meeting is None:
        return "the meeting is gone"
    state = MeetingState.CANCELLED if kind == notices.CANCELLED else MeetingState.PLANNED
    checks: tuple[tuple[bool, str], ...] = (
        (meeting.state == state, f"the meeting is {meeting.state}"),
        (meeting.schedule_version == one.version, "the meeting changed"),
        (kind == notices.CANCELLED or meeting.group.state == GroupState.ACTIVE, "the group has ended"),
        *(_of_chair(one, meeting, table) if kind == nudges.EVALUATE else _of_reader(one, meeting, table, now=now)),
    )
    return next((reason for holds, reason in checks if not holds), "")


def _of_chair(one: Delivery, meeting: Meeting, table: _Table) -> tuple[tuple[bool, str], ...]:
    seat = table.seats.get((meeting.group_id, one.user_id or 0))
    return ((seat is not None and seat.is_chair, "no chair any more"),)


def _of_reader(one: Delivery, meeting: Meeting, table: _Table, *, now: dt.datetime) -> tuple[tuple[bool, str], ...]:
    """Whoever sits there today hears that a meeting changed, and whoever still does then that it comes."""
    return (
        (meeting.starts_at > now, "the meeting has begun"),
        ((meeting.group_id, one.user_id) in table.seats, "no seat any more"),
        (one.kind not in notices.TELLING or _sits_then(meeting, one.user_id, table), "no seat any more by then"),
    )


def _sits_then(meeting: Meeting, user_id: int | None, table: _Table) -> bool:
    seat = table.seats.get((meeting.group_id, user_id or 0))
    return seat is None or seat.last_day is None or meeting.day <= seat.last_day


def _words(
    kind: str, meeting: Meeting, focus: queries.Focus, heard: queries.Heard | None, *, now: dt.datetime
) -> dict[str, Any]:
    """What the templates say; days and times are in words already, since a template would do it time and again."""
    clock = pgettext("time of day", "H:i")
    page = "workgroups:meeting-close" if kind == nudges.EVALUATE else "workgroups:meeting"
    day, aspect = date_format(meeting.day, "l j F"), focus.aspect
    return {
        "day": day,
        "Day": capfirst(day),
        "time": time_format(meeting.time, clock),
        "end": time_format(meeting.ends_at.astimezone(meeting.zone).time(), clock),
        "after_all": heard is not None and heard.kind == notices.CANCELLED,
        "before": _before(heard, meeting, clock),
        "days": (meeting.day - now.astimezone(meeting.zone).date()).days if kind == notices.REMINDER else 0,
        "group": meeting.group.name,
        "title": meeting.title,
        "place": meeting.place,
        "aspect": aspect and {"number": aspect.number, "name": aspect.name, "question": aspect.question},
        "number": aspect.number if aspect else 0,
        "agreements": [{"text": one.text, "last": str(one.last_label)} for one in focus.agreements],
        "goals": [goal.text for goal in focus.live_goals],
        "address": _address(page, meeting),
    }


def _before(heard: queries.Heard | None, meeting: Meeting, clock: str) -> str:
    """The day and time that stood in the last letter, where these were others."""
    if heard is None or heard.starts_at == meeting.starts_at:
        return ""
    then = heard.starts_at.astimezone(meeting.zone)
    return f"{date_format(then, 'l j F')}, {time_format(then.time(), clock)}"


def _address(page: str, meeting: Meeting) -> str:
    return f"{settings.PUBLIC_URL}{reverse(page, args=[meeting.school.slug, meeting.pk])}"
