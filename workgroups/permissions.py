"""Who may do what with groups, meetings and goals: pure predicates, the same for pages and API.

What a group keeps to itself opens by a seat or a guest's place only, never by a role.
"""

from __future__ import annotations

from django.core.exceptions import PermissionDenied

from schools.roles import Member, Role
from workgroups.models import PeerFeedback, Seat, WorkGroup
from workgroups.models.group import InGroup


def demand(allowed: bool) -> None:  # noqa: FBT001  # reads as a sentence: demand(may_plan(...))
    """Stop an action that the predicate does not allow; raises PermissionDenied (403)."""
    if not allowed:
        raise PermissionDenied


def _group_id(of: WorkGroup | InGroup | int) -> int:
    if isinstance(of, int):
        return of
    return of.pk if isinstance(of, WorkGroup) else of.group_id


def _serves_the_school(member: Member, school_id: int) -> bool:
    return member.school.pk == school_id and member.has(Role.LEADER, Role.ADMIN)


def may_start_group(member: Member) -> bool:
    """A leader or an admin starts a group in the own school."""
    return _serves_the_school(member, member.school.pk)


def may_read_directory(member: Member, group: WorkGroup) -> bool:
    """Everyone in the school may know the group's name, theme and chair."""
    return member.school.pk == group.school_id and bool(member.roles)


def may_enter(member: Member, of: WorkGroup | InGroup | int) -> bool:
    """The inside of a group (or of the one with this id) opens by a seat, or as the group's guest."""
    return member.sits_in(_group_id(of)) or member.visits(_group_id(of))


def may_describe_group(member: Member, group: WorkGroup) -> bool:
    """The chair, a leader and an admin may change name, theme and kind."""
    return member.chairs(group.pk) or _serves_the_school(member, group.school_id)


def may_write_why(member: Member, group: WorkGroup) -> bool:
    """The present and the desired practice are the group's own words: its chair writes them down."""
    return member.chairs(group.pk)


def may_read_seats(member: Member, of: WorkGroup | InGroup) -> bool:
    """Who sits in the group: its members, its guest, the leader and the admin."""
    return may_enter(member, of) or _serves_the_school(member, of.school_id)


def may_seat(member: Member, of: WorkGroup | InGroup) -> bool:
    """The chair, a leader and an admin give seats."""
    return member.chairs(_group_id(of)) or _serves_the_school(member, of.school_id)


def may_invite_to_group(member: Member, of: WorkGroup | InGroup) -> bool:
    """The chair invites to the own table; leaders and admins invite to the school."""
    return member.chairs(_group_id(of))


def may_end_seat(member: Member, of: WorkGroup | InGroup) -> bool:
    """The chair and an admin end seats."""
    by_admin = member.school.pk == of.school_id and member.has(Role.ADMIN)
    return member.chairs(_group_id(of)) or by_admin


def may_hand_over_chair(member: Member, of: WorkGroup | InGroup) -> bool:
    """The chair and an admin hand the chair over."""
    return may_end_seat(member, of)


def may_rotate_chair(member: Member, of: WorkGroup | InGroup) -> bool:
    """The chair lets the chair go round, and holds it once more."""
    return member.chairs(_group_id(of))


def may_read_meetings(member: Member, of: WorkGroup | InGroup) -> bool:
    """Date, time and place: the group, its guest, the leader and the admin."""
    return may_enter(member, of) or _serves_the_school(member, of.school_id)


def may_plan_meetings(member: Member, of: WorkGroup | InGroup) -> bool:
    """The chair plans, moves, cancels and restores meetings."""
    return member.chairs(_group_id(of))


def may_read_goals(member: Member, of: WorkGroup | InGroup) -> bool:
    """Card in focus, goals, agreements, opener and closer: the group and its guest, nobody else."""
    return may_enter(member, of)


def may_know_card(member: Member, of: WorkGroup | InGroup) -> bool:
    """On which card a group works stands on the dashboard: for all at school but who is only an admin there."""
    at_school = member.school.pk == of.school_id and member.has(Role.TEACHER, Role.COACH, Role.LEADER)
    return at_school or may_read_goals(member, of)


def may_write_goals(member: Member, of: WorkGroup | InGroup) -> bool:
    """Only members choose the card and write goals and agreements (C15); a guest reads along."""
    return member.sits_in(_group_id(of))


def may_read_letters(member: Member, of: WorkGroup | InGroup) -> bool:
    """What will go out, and when: everybody with a seat; a guest gets no letters of the group."""
    return member.sits_in(_group_id(of))


def may_choose_letters(member: Member, of: WorkGroup | InGroup) -> bool:
    """The chair says when the group is reminded, and what is not sent."""
    return member.chairs(_group_id(of))


def may_set_school_rule(member: Member) -> bool:
    """A leader or an admin sets the school's default for reminders."""
    return _serves_the_school(member, member.school.pk)


def may_hold_meetings(member: Member, of: WorkGroup | InGroup) -> bool:
    """Any member may tick the opener and write down the closer for the group (G5-G7)."""
    return member.sits_in(_group_id(of))


def may_write_line(member: Member, seat: Seat) -> bool:
    """Everybody writes the own line on what colleagues may come and ask (P8)."""
    return seat.user_id == member.user.pk and member.sits_in(seat.group_id)


def may_ask_help(member: Member, of: WorkGroup | InGroup) -> bool:
    """Any seat asks the school for help, for the group, and reads what came of it; a guest does not."""
    return member.sits_in(_group_id(of))


def may_answer_help(member: Member, of: WorkGroup | InGroup) -> bool:
    """A leader of the school answers, in office."""
    return member.school.pk == of.school_id and member.has(Role.LEADER)


def may_end_group(member: Member, of: WorkGroup | InGroup) -> bool:
    """The chair answers for the group at the turn of the school year, and ends it in the group's own words."""
    return member.chairs(_group_id(of))


def may_keep_papers(member: Member, of: WorkGroup | InGroup) -> bool:
    """The papers that help with a card are for the seats alone: a guest listens to the talk (C6)."""
    return member.sits_in(_group_id(of))


def asked_for_feedback(member: Member, request: PeerFeedback) -> bool:
    """Who asked reads the answer, thanks for it, or takes the question back (A6)."""
    return request.asker_id == member.user.pk


def may_give_feedback(member: Member, request: PeerFeedback) -> bool:
    """Only who was asked answers, while at the same table."""
    return request.giver_id == member.user.pk and may_keep_papers(member, request)


def may_use_agenda(member: Member, of: WorkGroup | InGroup | int) -> bool:
    """Agenda, notes and big screen open by a seat alone: a guest listens, and stays out of the content (C6)."""
    return member.sits_in(_group_id(of))


def may_read_feedback(member: Member, request: PeerFeedback) -> bool:
    """It stays between the two: who asked and who was asked (A6)."""
    return asked_for_feedback(member, request) or request.giver_id == member.user.pk
