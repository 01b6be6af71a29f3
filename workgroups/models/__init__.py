"""The rows of the work: groups, meetings, goals and agreements."""

from workgroups.models.goal import Agreement, FocusPeriod, Goal, GoalUpdate
from workgroups.models.group import GroupKind, Guest, ReminderRule, Seat, WorkGroup
from workgroups.models.meeting import AgreementCheck, Closer, GoalCheck, Meeting, Opener

__all__ = [
    "Agreement",
    "AgreementCheck",
    "Closer",
    "FocusPeriod",
    "Goal",
    "GoalCheck",
    "GoalUpdate",
    "GroupKind",
    "Guest",
    "Meeting",
    "Opener",
    "ReminderRule",
    "Seat",
    "WorkGroup",
]
