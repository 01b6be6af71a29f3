"""The rows of the work: groups, meetings, goals and agreements, and the papers that help with an aspect."""

from workgroups.models.agenda import Agenda, Scene
from workgroups.models.edition import BoardEdition
from workgroups.models.goal import Agreement, FocusPeriod, Goal, GoalUpdate
from workgroups.models.group import GroupKind, Guest, Seat, WorkGroup, YearTurn
from workgroups.models.help import HelpKind, HelpRequest
from workgroups.models.helpers import (
    Criterion,
    DecisionNote,
    Interview,
    KnowLine,
    KnowSheet,
    Option,
    OptionFit,
    PeerFeedback,
    RoutineReview,
    Source,
)
from workgroups.models.invitation import GroupInvitation
from workgroups.models.meeting import AgreementCheck, Closer, GoalCheck, Meeting, Opener
from workgroups.models.rule import CalendarFeed, OwnRule, ReminderRule, SchoolRule
from workgroups.models.series import DaysOff, Every, Series
from workgroups.models.start import GuidedStart

__all__ = [
    "Agenda",
    "Agreement",
    "AgreementCheck",
    "BoardEdition",
    "CalendarFeed",
    "Closer",
    "Criterion",
    "DaysOff",
    "DecisionNote",
    "Every",
    "FocusPeriod",
    "Goal",
    "GoalCheck",
    "GoalUpdate",
    "GroupInvitation",
    "GroupKind",
    "Guest",
    "GuidedStart",
    "HelpKind",
    "HelpRequest",
    "Interview",
    "KnowLine",
    "KnowSheet",
    "Meeting",
    "Opener",
    "Option",
    "OptionFit",
    "OwnRule",
    "PeerFeedback",
    "ReminderRule",
    "RoutineReview",
    "Scene",
    "SchoolRule",
    "Seat",
    "Series",
    "Source",
    "WorkGroup",
    "YearTurn",
]
