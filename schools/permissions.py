"""Who may do what on the schools floor: pure predicates, shared by pages and API."""

from __future__ import annotations

from schools.roles import Member, Role, Steward


def may_set_days_off(member: Member) -> bool:
    """A leader or an admin says on which days there is no school; everybody of the school reads them."""
    return member.has(Role.LEADER, Role.ADMIN)


def may_be_invited_as(steward: Steward) -> tuple[Role, ...]:
    """The roles to which the person may invite: an admin to all, a leader those who teach and who coach."""
    if may_keep_people(steward):
        return tuple(Role)
    return (Role.TEACHER, Role.COACH) if steward.has(Role.LEADER) else ()


def may_keep_people(steward: Steward) -> bool:
    """An admin of the school or of its board reads addresses, gives and ends roles, and withdraws invitations."""
    return steward.for_board or steward.has(Role.ADMIN)


def may_start_school(steward: Steward) -> bool:
    """Leader and admins write down what the school needs before it starts."""
    return may_keep_people(steward) or steward.has(Role.LEADER)


def may_start_without_consent(steward: Steward) -> bool:
    """Only the board says why a school starts before its participation council agreed."""
    return steward.for_board
