"""The school's dashboard as a page: what school_dashboard.py tells, made ready to be written down."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse

from samenspraak import board_dashboard, glances, school_dashboard
from schools.roles import Role
from workgroups import permissions, queries
from workgroups.pages import GroupPage

UNFOLDED = 6


class Dashboard(GroupPage):
    """Every group of the school, by name."""

    template_name = "samenspraak/dashboard.html"
    nav_here = "groups"

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """Show the groups; whoever is only an admin sees their rhythm and nothing else."""
        dashboard = school_dashboard.of_member(self.member, now=self.now)
        return self.show(
            dashboard=dashboard,
            shared=[(line, _glances_at(line)) for line in dashboard.shared],
            folded=len(dashboard.shared) > UNFOLDED,
            fewest=board_dashboard.FEWEST_SCHOOLS,
            answers_help=self.member.has(Role.LEADER),
            may_start_group=permissions.may_start_group(self.member),
            ended=queries.ended_groups(self.member),
        )


def _glances_at(line: school_dashboard.GroupLine) -> list[glances.Glance]:
    """The six aspects of what a group shares; none while there is nothing to read."""
    return [] if line.shows is None or line.shows.is_empty else glances.glances(line.shows)
