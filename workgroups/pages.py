"""The base doors of pages about groups: the hat with its seats, and the one thing that a page is about.

Each looks for its row among those that the reader may know of, else 404; ``may`` says who uses the page, else 403.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar, TypeVar

from django.db.models import QuerySet
from django.urls import reverse

from schools import pages, tenancy
from schools.roles import Member
from workgroups import permissions, queries
from workgroups.models import Agreement, FocusPeriod, Goal, HelpRequest, Meeting, Seat, WorkGroup

_Row = TypeVar("_Row", WorkGroup, Seat, Meeting, FocusPeriod, Goal, Agreement, HelpRequest)


def only(predicate: Callable[[Member, Any], bool]) -> staticmethod[[Member, Any], bool]:
    """Who uses a page: the predicate that its row must pass."""
    return staticmethod(predicate)


class GroupPage(pages.SchoolPage):
    """A page about groups: ``self.member`` knows its seats and the groups it visits."""

    nav_here = "groups"
    may: ClassVar[staticmethod[[Member, Any], bool]]

    def hat(self, slug: str) -> Member:
        """The reader's hat with seats and guest places."""
        member = super().hat(slug)
        return queries.at_the_table(member, today=member.school.today(self.now))

    def find(self, rows: QuerySet[_Row], pk: int) -> _Row:
        """The one row that the page is about; 404 if it is not among these, 403 if ``may`` says no."""
        row = tenancy.fetch(rows, pk=pk)
        permissions.demand(type(self).may(self.member, row))
        return row

    def address(self, name: str, *ids: int) -> str:
        """The address of another page of this floor in the same school."""
        return reverse(f"workgroups:{name}", args=[self.member.school.slug, *ids])


class OneGroup(GroupPage):
    """A page about a group that everyone in the school may know of."""

    may = only(permissions.may_read_directory)

    def enter(self, **kwargs: Any) -> None:
        """Find the group."""
        super().enter(**kwargs)
        self.group = self.find(WorkGroup.objects.visible_to(self.member), kwargs["group_id"])


class InsideGroup(GroupPage):
    """A page about the inside of a group."""

    may = only(permissions.may_enter)

    def enter(self, **kwargs: Any) -> None:
        """Find the group."""
        super().enter(**kwargs)
        self.group = self.find(WorkGroup.objects.entered_by(self.member), kwargs["group_id"])


class OwnGroup(GroupPage):
    """A page of a group that opens by a seat alone: not even to its guest (404)."""

    may = only(permissions.may_enter)

    def enter(self, **kwargs: Any) -> None:
        """Find the group."""
        super().enter(**kwargs)
        self.group = self.find(WorkGroup.objects.sat_in_by(self.member), kwargs["group_id"])


class OneSeat(GroupPage):
    """A page about a seat."""

    may = only(permissions.may_end_seat)

    def enter(self, **kwargs: Any) -> None:
        """Find the seat."""
        super().enter(**kwargs)
        self.seat = self.find(queries.seats_for(self.member, today=self.today), kwargs["seat_id"])


class OneMeeting(GroupPage):
    """A page about the date and place of a meeting."""

    may = only(permissions.may_read_meetings)

    def enter(self, **kwargs: Any) -> None:
        """Find the meeting."""
        super().enter(**kwargs)
        self.meeting = self.find(queries.meetings_for(self.member), kwargs["meeting_id"])


class OwnMeeting(GroupPage):
    """A page of a meeting that opens by a seat alone: not even to the group's guest (404; C6)."""

    may = only(permissions.may_use_agenda)

    def rows(self) -> QuerySet[Meeting]:
        """The meetings among which it is."""
        return queries.meetings_at_own_table(self.member)

    def enter(self, **kwargs: Any) -> None:
        """Find the meeting."""
        super().enter(**kwargs)
        self.meeting = self.find(self.rows(), kwargs["meeting_id"])


class InsideMeeting(GroupPage):
    """A page about what the group does in a meeting."""

    may = only(permissions.may_enter)

    def enter(self, **kwargs: Any) -> None:
        """Find the meeting."""
        super().enter(**kwargs)
        rows = Meeting.objects.visible_to(self.member).select_related("group")
        self.meeting = self.find(rows, kwargs["meeting_id"])


class OnePeriod(GroupPage):
    """A page about a focus period."""

    may = only(permissions.may_write_goals)

    def enter(self, **kwargs: Any) -> None:
        """Find the period."""
        super().enter(**kwargs)
        self.period = self.find(queries.periods_for(self.member), kwargs["period_id"])


class OwnPeriod(GroupPage):
    """A page about a focus period that opens by a seat alone: not even to the group's guest (404)."""

    may = only(permissions.may_write_goals)

    def enter(self, **kwargs: Any) -> None:
        """Find the period."""
        super().enter(**kwargs)
        self.period = self.find(queries.own_periods(self.member), kwargs["period_id"])


class OwnStart(GroupPage):
    """A page about a start that began; it opens by a seat alone: not even to the group's guest (404)."""

    def enter(self, **kwargs: Any) -> None:
        """Find the start with its period."""
        super().enter(**kwargs)
        self.start = tenancy.fetch(queries.own_starts(self.member), period_id=kwargs["period_id"])
        self.period = self.start.period


class OneGoal(GroupPage):
    """A page about a goal."""

    may = only(permissions.may_write_goals)

    def enter(self, **kwargs: Any) -> None:
        """Find the goal."""
        super().enter(**kwargs)
        self.goal = self.find(queries.goals_for(self.member), kwargs["goal_id"])


class OneAgreement(GroupPage):
    """A page about an agreement."""

    may = only(permissions.may_write_goals)

    def enter(self, **kwargs: Any) -> None:
        """Find the agreement."""
        super().enter(**kwargs)
        self.agreement = self.find(queries.agreements_for(self.member), kwargs["agreement_id"])


class OneHelp(GroupPage):
    """A page about a question to the school: of the group that asks, and of whoever leads the school."""

    may = only(permissions.may_ask_help)

    def enter(self, **kwargs: Any) -> None:
        """Find the question."""
        super().enter(**kwargs)
        self.asked = self.find(queries.help_for(self.member), kwargs["help_id"])
