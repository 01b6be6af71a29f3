"""The work as plain rows for the API: what the pages may read, in as few words and queries as lists need."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Case, Count, F, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.functions import Coalesce

from schools import statements, tenancy
from schools.models import School, User
from schools.roles import Member, Role
from workgroups.models import (
    AgreementCheck,
    FocusPeriod,
    GoalCheck,
    GoalUpdate,
    Guest,
    Meeting,
    Seat,
    WorkGroup,
)
from workgroups.models.goal import PeriodState
from workgroups.models.meeting import MeetingState
from workgroups.queries.goals import agreements_for, goals_for
from workgroups.queries.meetings import meetings_for, series_for

Record = Mapping[str, Any]
Records = QuerySet[Any, Any]
_MEETING = (
    *("id", "group_id", "title", "place", "day", "time", "starts_at", "minutes", "time_zone", "schedule_version"),
    *("series_id", "series_day", "state", "opener__opened_at", "closer__closed_at", "closer__skipped_because"),
)
_FILTERS = ("group_id", "series_id", "state", "after", "before")
_SERIES = ("id", "group_id", "every", "first_day", "until", "count", "on_days_off")
_PLACE = ("school_id", "group_id", "group__name", "group__theme", "group__state")


@dataclass(frozen=True)
class Place:
    """A group that lets a person in, and as what: "chair", "member" or "guest"."""

    school_id: int
    group_id: int
    name: str
    theme: str
    state: str
    seat: str


def places_of(user: User, *, today: dt.date) -> list[Place]:
    """The groups of all schools that let the person in today, by name; a seat goes before a guest's place.

    Two queries. Whether the person still belongs to the school is not asked here.
    """
    guests = Guest.objects.live(today).filter(user=user).values(*_PLACE)
    seats = Seat.objects.live(today).filter(user=user).values(*_PLACE, "is_chair")
    found = {row["group_id"]: _place(row, "guest") for row in guests}
    found |= {row["group_id"]: _place(row, "chair" if row["is_chair"] else "member") for row in seats}
    return sorted(found.values(), key=lambda place: (place.name, place.group_id))


def _place(row: Record, seat: str) -> Place:
    return Place(
        school_id=row["school_id"],
        group_id=row["group_id"],
        name=row["group__name"],
        theme=row["group__theme"],
        state=row["group__state"],
        seat=seat,
    )


def groups(member: Member, *, state: str | None = None) -> QuerySet[WorkGroup]:
    """The groups the member may know of, of one state ("active", "ended") if asked; for lists and fetch."""
    rows = WorkGroup.objects.visible_to(member)
    return rows.filter(state=state) if state else rows


def periods(group_ids: Collection[int]) -> dict[int, FocusPeriod]:
    """The live focus period of each of these groups that chose a card, with the card. One query."""
    rows = FocusPeriod.objects.filter(group_id__in=group_ids, state=PeriodState.LIVE).select_related("aspect")
    return {row.group_id: row for row in rows}


def meetings(
    member: Member,
    *,
    group_id: int | None = None,
    series_id: int | None = None,
    state: str | None = None,
    after: dt.datetime | None = None,
    before: dt.datetime | None = None,
    now: dt.datetime,
) -> Records:
    """The meetings whose date the member may read, with when they were opened and closed; all filters are optional.

    ``after`` counts in, ``before`` does not, and ``state`` is what ``told_of`` says. Title, opener and closer belong to
    the group: the caller leaves them out for who may not enter it.
    """
    rows = meetings_for(member, group_id=group_id)
    if state:
        inside = Q(group_id__in=[*member.seats, *member.guest_of])
        was = Q(starts_at__lte=now) & ~Q(state=MeetingState.CANCELLED)
        told = Case(When(~inside & was, then=Value(MeetingState.HELD)), default=F("state"))
        rows = rows.alias(told=told).filter(told=state)
    given = {"series_id": series_id, "starts_at__gte": after, "starts_at__lt": before}
    found: Records = rows.filter(**_asked(given)).values(*_MEETING)
    return found


def meetings_page(member: Member, *, now: dt.datetime, **asked: Any) -> statements.Page:
    """The same as ``meetings``, to cut pages from: its SQL is made once for each set of filters. One query a page."""
    tenancy.inside()
    places = {f"place_{number}": group_id for number, group_id in enumerate({*member.seats, *member.guest_of})}
    given = {"school": member.school.pk, "now": now, **places, **_asked(asked)}
    return statements.Page(Meeting, _meetings_of, member.roles, given)


def _meetings_of(roles: frozenset[Role], given: Mapping[str, Any]) -> Records:
    """``meetings`` for whoever has these roles and a place in each group given as one; of the hat it knows no more."""
    seats = {value: False for name, value in given.items() if name.startswith("place_")}
    member = Member(user=User(), school=School(pk=given["school"]), roles=roles, seats=seats)
    return meetings(member, **{name: given[name] for name in _FILTERS if name in given}, now=given["now"])


def told_of(row: Record, *, inside: bool, now: dt.datetime) -> str:
    """The state of a meeting as who is inside its group may know it, or who is not.

    Whether one that was has been closed is the group's to know: from outside all that were not called off read held.
    """
    was = row["starts_at"] <= now and row["state"] != MeetingState.CANCELLED
    return MeetingState.HELD.value if was and not inside else str(row["state"])


def series(member: Member, *, group_id: int | None = None, now: dt.datetime) -> Records:
    """The series whose meetings' dates the member may read, of one group if asked; for lists and fetch.

    ``ahead``: how many of its meetings are planned and have not begun; ``next_meeting``: the id of the first of these.
    """
    ahead = Meeting.objects.filter(series=OuterRef("pk"), state=MeetingState.PLANNED, starts_at__gt=now)
    number = ahead.order_by().values("series").annotate(n=Count("pk")).values("n")
    found: Records = series_for(member, group_id=group_id).values(
        *_SERIES,
        ahead=Coalesce(Subquery(number), 0),
        next_meeting=Subquery(ahead.order_by("starts_at", "pk").values("pk")[:1]),
    )
    return found


def kept_in(meeting_id: int) -> list[Record]:
    """What the group said of each agreement at the closer of a meeting (G6). One query."""
    rows = AgreementCheck.objects.filter(closer__meeting_id=meeting_id).order_by("pk")
    return list(rows.values("agreement_id", "outcome", text=F("agreement__text")))


def steps_in(meeting_id: int) -> list[Record]:
    """What the group said of each goal at the closer of a meeting (G7). One query."""
    rows = GoalCheck.objects.filter(closer__meeting_id=meeting_id).order_by("goal__position", "pk")
    return list(rows.values("goal_id", "outcome", text=F("goal__text")))


def goals(member: Member, *, group_id: int | None = None, state: str | None = None) -> Records:
    """The goals the member may read: each with its card, the step of its newest note and of its last closer."""
    notes = GoalUpdate.objects.filter(goal=OuterRef("pk")).order_by("-written_at", "-pk")
    checks = GoalCheck.objects.filter(goal=OuterRef("pk")).order_by("-closer__closed_at", "-pk")
    rows = goals_for(member, group_id=group_id).filter(**_asked({"state": state}))
    return rows.values(
        "id",
        "group_id",
        "period_id",
        "position",
        "text",
        "state",
        "set_on",
        "ended_on",
        "version",
        aspect=F("period__aspect__key"),
        noted_step=Subquery(notes.values("step")[:1]),
        closer_step=Subquery(checks.values("outcome")[:1]),
    )


def focus_periods(member: Member, *, group_id: int | None = None, state: str | None = None) -> Records:
    """The focus periods the member may read, each with the key of its card; both filters are optional."""
    rows = FocusPeriod.objects.visible_to(member).filter(**_asked({"group_id": group_id, "state": state}))
    names = ("id", "group_id", "why", "state", "started_on", "closed_on", "version")
    found: Records = rows.values(*names, card=F("aspect__key"))
    return found


def agreements(
    member: Member, *, group_id: int | None = None, goal_id: int | None = None, state: str | None = None
) -> Records:
    """The agreements the member may read, each with what the group found of it last time; filters are optional."""
    rows = agreements_for(member, group_id=group_id).filter(**_asked({"goal_id": goal_id, "state": state}))
    names = ("id", "group_id", "goal_id", "slot", "text", "state", "changed_into_id", "agreed_on", "ended_on", "last")
    found: Records = rows.values(*names, "kept", "times", "version", tip_key=F("tip__key"))
    return found


def checks_of(agreement_id: int) -> list[Record]:
    """What the group found of one agreement at each closer, the oldest first. One query."""
    rows = AgreementCheck.objects.filter(agreement_id=agreement_id).order_by("closer__closed_at", "pk")
    return list(rows.values("outcome", meeting=F("closer__meeting_id"), day=F("closer__meeting__day")))


def agreement_checks(member: Member, *, group_id: int | None = None, agreement_id: int | None = None) -> Records:
    """What the member's groups found of their agreements at each closer (G6), with the day of its meeting."""
    asked = _asked({"group_id": group_id, "agreement_id": agreement_id})
    rows = AgreementCheck.objects.visible_to(member).filter(**asked)
    found: Records = rows.values(
        "id",
        "group_id",
        "outcome",
        "agreement_id",
        meeting=F("closer__meeting_id"),
        day=F("closer__meeting__day"),
    )
    return found


def goal_checks(member: Member, *, group_id: int | None = None, goal_id: int | None = None) -> Records:
    """What the member's groups found of their goals at each closer (G7), with the day of its meeting."""
    asked = _asked({"group_id": group_id, "goal_id": goal_id})
    rows = GoalCheck.objects.visible_to(member).filter(**asked)
    found: Records = rows.values(
        "id", "group_id", "outcome", "goal_id", meeting=F("closer__meeting_id"), day=F("closer__meeting__day")
    )
    return found


def _asked(given: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in given.items() if value is not None}
