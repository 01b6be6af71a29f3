"""Who may do what with visits and what came of them; the same predicates for pages and API.

What a group keeps to itself comes only from a seat or an accepted visit, never from leader or admin.
"""

from __future__ import annotations

from observations.models import Pulse, SelfScan, Visit
from observations.models.selfscan import ScanWay
from schools.roles import Member, Role
from workgroups.models import WorkGroup
from workgroups.permissions import demand

__all__ = [
    "demand",
    "may_answer_pulse",
    "may_answer_scan",
    "may_answer_visit",
    "may_correct",
    "may_debrief",
    "may_decide_sharing",
    "may_drop_scan",
    "may_log_observation",
    "may_open_pulse",
    "may_open_scan",
    "may_postpone_visit",
    "may_propose_visit",
    "may_read_feedback",
    "may_read_own_mirror",
    "may_read_profile",
    "may_read_shared_profile",
    "may_steer_scan",
    "may_withdraw_visit",
]


def may_propose_visit(member: Member, group: WorkGroup) -> bool:
    """A coach of the school, or its leader as a visitor, without a seat in the group (C1)."""
    return group.school_id == member.school.pk and member.has(Role.COACH, Role.LEADER) and not member.sits_in(group.pk)


def may_answer_visit(member: Member, visit: Visit) -> bool:
    """The chair accepts or declines for the group (C2), never an own visit."""
    return member.chairs(visit.group_id) and visit.coach_id != member.user.pk


def may_postpone_visit(member: Member, visit: Visit) -> bool:
    """Any member of the group, unnamed (C4)."""
    return member.sits_in(visit.group_id)


def may_withdraw_visit(member: Member, visit: Visit) -> bool:
    """Any member of the group, unnamed, and the visitor (C4)."""
    return member.sits_in(visit.group_id) or may_log_observation(member, visit)


def may_log_observation(member: Member, visit: Visit) -> bool:
    """The visitor of this visit alone: listening, notes, marks and pairs before they are shared."""
    return (
        visit.school_id == member.school.pk and visit.coach_id == member.user.pk and not member.sits_in(visit.group_id)
    )


def may_read_feedback(member: Member, visit: Visit) -> bool:
    """The group, and the visitor until 30 days after sharing (C12)."""
    return member.sits_in(visit.group_id) or may_correct(member, visit)


def may_correct(member: Member, visit: Visit) -> bool:
    """The visitor adds to shared feedback what was not right, until 30 days after sharing."""
    return may_log_observation(member, visit) and member.visits(visit.group_id)


def may_debrief(member: Member, visit: Visit) -> bool:
    """Any seat steps, answers for the group and takes a point over (C15); the visitor only reads along (C6)."""
    return member.sits_in(visit.group_id)


def may_read_profile(member: Member, group: WorkGroup) -> bool:
    """The group and its guest read the whole profile."""
    return member.sits_in(group.pk) or member.visits(group.pk)


def may_read_shared_profile(member: Member, group: WorkGroup, *, shares: bool) -> bool:
    """The leader reads it in words, of a group that chose to share."""
    return shares and group.school_id == member.school.pk and member.has(Role.LEADER)


def may_decide_sharing(member: Member, group: WorkGroup, *, shares: bool) -> bool:
    """The chair decides to share; any member can take it back."""
    return member.chairs(group.pk) if shares else member.sits_in(group.pk)


def may_open_scan(member: Member, group: WorkGroup) -> bool:
    """Any seat starts a round of the self-scan (G3)."""
    return member.sits_in(group.pk)


def may_answer_scan(member: Member, scan: SelfScan) -> bool:
    """Only who sits in the group; in a sealed round the action also asks for a seat when it opened."""
    return member.sits_in(scan.group_id)


def may_steer_scan(member: Member, scan: SelfScan) -> bool:
    """The chair closes and reveals a round for the group."""
    return member.chairs(scan.group_id)


def may_drop_scan(member: Member, scan: SelfScan) -> bool:
    """The chair lets go of a round; any seat does of one that is answered together, as that keeps others waiting."""
    together = scan.way == ScanWay.TOGETHER and member.sits_in(scan.group_id)
    return together or may_steer_scan(member, scan)


def may_open_pulse(member: Member, group: WorkGroup) -> bool:
    """Any seat asks the group about trust (P7) or its aims (P4-P6)."""
    return member.sits_in(group.pk)


def may_answer_pulse(member: Member, pulse: Pulse) -> bool:
    """Only who sits in the group; the action also asks for a seat when it opened."""
    return member.sits_in(pulse.group_id)


def may_read_own_mirror(member: Member, group: WorkGroup) -> bool:
    """The group's own mirror is for its seats."""
    return member.sits_in(group.pk)
