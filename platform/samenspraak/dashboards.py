"""The school's dashboard as a page: what school_dashboard.py tells, made ready to be written down."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse

from samenspraak import board_dashboard, glances, school_dashboard
from workgroups import permissions, queries
from workgroups.models.help import HelpState
from workgroups.pages import GroupPage
from workgroups.queries import HelpLine

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
            to_answer={asked.id for asked in dashboard.help if self._may_answer(asked)},
            may_start_group=permissions.may_start_group(self.member),
            ended=queries.ended_groups(self.member),
        )

    def _may_answer(self, asked: HelpLine) -> bool:
        """Whether the reader answers it, or says an answer differently while the group is not done with it."""
        return asked.state != HelpState.DONE and permissions.may_answer_help(self.member, asked.group)


def _glances_at(line: school_dashboard.GroupLine) -> list[glances.Glance]:
    """The six aspects of what a group shares; none while there is nothing to read."""
    return [] if line.shows is None or line.shows.is_empty else glances.glances(line.shows)
