"""Who may do what on the schools floor: pure predicates, shared by pages and API."""

from __future__ import annotations

from schools.roles import Member, Role


def may_set_days_off(member: Member) -> bool:
    """A leader or an admin says on which days there is no school; everybody of the school reads them."""
    return member.has(Role.LEADER, Role.ADMIN)
