"""The base door of API views about groups: the hat with its seats."""

from __future__ import annotations

from schools import rest, scopes
from schools.roles import Member
from workgroups import queries


class GroupView(rest.SchoolView):
    """An API view about groups: ``self.member`` knows its seats and the groups it visits."""

    area = scopes.Area.GROUPS

    def hat(self, slug: str) -> Member:
        """The caller's hat with seats and guest places."""
        member = super().hat(slug)
        return queries.at_the_table(member, today=member.school.today(self.now))
