"""The school's dashboard: the rhythm of every group, and what groups chose to share. Never a total, never an order
by value; teachers, coaches and leaders see the same page.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse

from observations import permissions as mirror, queries as observing
from schools.roles import Role
from workgroups import permissions, queries
from workgroups.models.meeting import MeetingState
from workgroups.pages import GroupPage
from workgroups.queries import Beat, GroupRow


@dataclass(frozen=True)
class Line:
    """One group on the dashboard; ``opens`` says whether the reader may open its profile."""

    row: GroupRow
    shares: bool
    opens: bool
    rhythm: tuple[Beat, ...]


class Dashboard(GroupPage):
    """Every group of the school, by name."""

    template_name = "samenspraak/dashboard.html"
    nav_here = "groups"

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """Show the groups; whoever is only an admin sees their rhythm and nothing else."""
        only_rhythm = not self.member.has(Role.TEACHER, Role.COACH, Role.LEADER)
        sharing = set() if only_rhythm else observing.groups_that_share_in_school(self.member)
        rows = queries.groups_in_school(self.member, now=self.now, shared=sharing)
        return self.show(
            lines=[self._line(row, shares=row.group.pk in sharing) for row in rows],
            sharing=len([row for row in rows if row.group.pk in sharing]),
            only_rhythm=only_rhythm,
            is_leader=self.member.has(Role.LEADER),
            may_start_group=permissions.may_start_group(self.member),
            ended=queries.ended_groups(self.member),
        )

    def _line(self, row: GroupRow, *, shares: bool) -> Line:
        opens = mirror.may_read_profile(self.member, row.group) or mirror.may_read_shared_profile(
            self.member, row.group, shares=shares
        )
        return Line(row, shares, shares and opens, row.rhythm if shares else _outside(row.rhythm))


def _outside(rhythm: tuple[Beat, ...]) -> tuple[Beat, ...]:
    """What a group that keeps to itself shows of its rhythm: the meetings that were and the one that is planned."""
    return tuple(beat for beat in rhythm if beat.state != MeetingState.CANCELLED)
