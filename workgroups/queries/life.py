"""A group through the years: the question at the turn of the school year, whose turn the chair is, and its end."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet, Subquery

from schools.roles import Member
from workgroups.models import Closer, Meeting, Seat, WorkGroup
from workgroups.models.group import GroupState, YearTurn
from workgroups.models.meeting import MeetingState
from workgroups.queries.meetings import unclosed

ASKED_FROM, ASKED_UNTIL = (6, 1), (10, 15)
YOUNG_SINCE = (5, 1)


@dataclass(frozen=True)
class Life:
    """What a group's life asks of its chair now: an answer for the new school year, and to pass the chair on."""

    turn: bool = False
    chair: bool = False


@dataclass(frozen=True)
class EndPage:
    """What to know before a group ends: how many meetings lie ahead, and the one that nobody closed yet, if any."""

    ahead: int
    unclosed: Meeting | None


def turn_year(today: dt.date) -> int | None:
    """The year whose new school year the groups are asked about: from 1 June to 15 October, else none. No query."""
    return today.year if ASKED_FROM <= (today.month, today.day) <= ASKED_UNTIL else None


def answer_of(group: WorkGroup, *, year: int) -> str:
    """What the group said about the school year that begins in this year; empty while it did not. One query."""
    return YearTurn.objects.filter(group=group, year=year).values_list("answer", flat=True).first() or ""


def lives(member: Member, groups: Iterable[WorkGroup], *, today: dt.date) -> dict[int, Life]:
    """What the active groups that the member chairs ask now. One query, none where nothing can be asked.

    A group is asked once about each school year, unless it began after April. A chair that rotates goes round after
    each meeting that was closed since it was settled.
    """
    year = turn_year(today)
    asked = [one.pk for one in groups if member.chairs(one.pk) and (one.chair_rotates or year)]
    if not asked:
        return {}
    closed = Closer.objects.filter(group=OuterRef("pk")).order_by("-closed_at").values("closed_at")[:1]
    since = dt.date(year or today.year, *YOUNG_SINCE)
    rows = WorkGroup.objects.filter(pk__in=asked, state=GroupState.ACTIVE).annotate(
        answered=Exists(YearTurn.objects.filter(group=OuterRef("pk"), year=year or 0)),
        is_of_old=Exists(Seat.objects.filter(group=OuterRef("pk"), from_date__lt=since)),
        closed_at=Subquery(closed),
    )
    names = ("pk", "answered", "is_of_old", "chair_rotates", "closed_at", "chair_settled_at")
    return {row["pk"]: _life(row, year) for row in rows.values(*names)}


def _life(row: dict[str, Any], year: int | None) -> Life:
    closed, settled = row["closed_at"], row["chair_settled_at"]
    return Life(
        turn=year is not None and row["is_of_old"] and not row["answered"],
        chair=row["chair_rotates"] and closed is not None and (settled is None or settled < closed),
    )


def next_in_turn(seats: Sequence[Seat]) -> Seat | None:
    """Who holds the chair after the one who holds it now: the table by name, round and round. No query.

    Seats that have not begun or have an end are left out; None where nobody else stays.
    """
    stays = [seat for seat in seats if seat.until_date is None]
    circle = sorted(stays, key=lambda seat: (seat.user.given_name, seat.user.family_name, seat.pk))
    place = next((place for place, seat in enumerate(circle) if seat.is_chair), -1)
    following = circle[(place + 1) % len(circle)] if circle else None
    return None if following is None or following.is_chair else following


def end_page(group: WorkGroup, *, now: dt.datetime) -> EndPage:
    """What to know before the group ends. Two queries."""
    ahead = Meeting.objects.filter(group=group, state=MeetingState.PLANNED, starts_at__gt=now)
    return EndPage(ahead=ahead.count(), unclosed=unclosed([group.pk], now=now).first())


def ended_groups(member: Member) -> QuerySet[WorkGroup]:
    """The ended groups of which the member may still read everything, the last one first. One query."""
    own = WorkGroup.objects.sat_in_by(member).filter(state=GroupState.ENDED)
    return own.order_by("-ended_on", "name", "pk")
