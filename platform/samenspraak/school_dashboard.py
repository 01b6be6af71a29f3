"""What a school sees of its groups, one source for its page, the API and what is downloaded.

Leaders, teachers and coaches read the same: the rhythm of every group, the card it works on, what groups ask for with
the leader's answer, and of groups that chose to share their talk in three words over time. An admin reads the rhythm.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from cards.models import Aspect
from observations import permissions, queries as observing
from observations.outlook import LeaderView
from samenspraak import board_dashboard
from schools.models import School
from schools.roles import Member, Role
from workgroups import queries
from workgroups.models import Meeting, WorkGroup
from workgroups.models.meeting import MeetingState
from workgroups.queries import Beat, GroupRow, HelpLine


@dataclass(frozen=True)
class GroupLine:
    """One group: nothing of what it says but what it shares.

    ``shows`` is None where it keeps its talk to itself; ``opens`` says whether this reader may open the whole of it,
    the one thing in which readers differ. Who reads the rhythm only gets neither card nor ``shows``.
    """

    group: WorkGroup
    aspect: Aspect | None
    rhythm: tuple[Beat, ...]
    last: dt.date | None
    next: dt.date | None
    shows: LeaderView | None
    opens: bool

    @property
    def shares(self) -> bool:
        """Whether the group shows its talk in words."""
        return self.shows is not None


@dataclass(frozen=True)
class OwnLine:
    """What the school's board sees of it, since the first day of the school year."""

    since: dt.date
    line: board_dashboard.SchoolLine


@dataclass(frozen=True)
class SchoolDashboard:
    """The active groups of a school by name, never in the order of a value; no total, no mean."""

    school: School
    lines: tuple[GroupLine, ...]
    help: tuple[HelpLine, ...] = ()
    to_board: OwnLine | None = None

    @property
    def is_rhythm_only(self) -> bool:
        """Whether this reader gets nothing but the rhythm."""
        return self.to_board is None

    @property
    def shared(self) -> tuple[GroupLine, ...]:
        """The groups that show their talk."""
        return tuple(line for line in self.lines if line.shares)


def of_member(member: Member, *, now: dt.datetime) -> SchoolDashboard:
    """What the member sees of the own school. A fixed number of queries, however many groups, meetings and words."""
    if not member.has(Role.TEACHER, Role.COACH, Role.LEADER):
        rows = queries.groups_in_school(member, now=now)
        return SchoolDashboard(member.school, tuple(_rhythm_only(row) for row in rows))
    sharing = observing.groups_that_share_in_school(member)
    rows = queries.groups_in_school(member, now=now, shared=sharing)
    shown = observing.leader_views([row.group for row in rows if row.group.pk in sharing])
    return SchoolDashboard(
        member.school,
        tuple(_line(row, shown.get(row.group.pk), member) for row in rows),
        queries.help_in_school(member, now=now),
        OwnLine(*board_dashboard.of_school(member.school, now=now)),
    )


def _line(row: GroupRow, shows: LeaderView | None, member: Member) -> GroupLine:
    shares = shows is not None
    opens = shares and (
        permissions.may_read_profile(member, row.group)
        or permissions.may_read_shared_profile(member, row.group, shares=shares)
    )
    rhythm = row.rhythm if shares else _outside(row.rhythm)
    return GroupLine(row.group, row.aspect, rhythm, _day_of(row.last), _day_of(row.next), shows, opens)


def _rhythm_only(row: GroupRow) -> GroupLine:
    return GroupLine(row.group, None, _outside(row.rhythm), _day_of(row.last), _day_of(row.next), None, opens=False)


def _day_of(meeting: Meeting | None) -> dt.date | None:
    return meeting.day if meeting else None


def _outside(rhythm: tuple[Beat, ...]) -> tuple[Beat, ...]:
    """What a group that keeps to itself shows of its rhythm: the meetings that were and the one that is planned."""
    return tuple(beat for beat in rhythm if beat.state != MeetingState.CANCELLED)
