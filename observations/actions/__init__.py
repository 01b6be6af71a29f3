"""What can be done with visits, what was heard, and the feedback that comes of it."""

from observations.actions.contents import BadDegree, OneSided, TooLong, TooManyPairs, UnknownKey
from observations.actions.forgetting import forget_notes
from observations.actions.listening import (
    MeetingCancelled,
    MeetingMoved,
    TooEarly,
    TooLate,
    start_listening,
    stop_listening,
)
from observations.actions.observation import (
    AlreadyShared,
    Conflict,
    ListenedStands,
    NotHeardYet,
    NotListened,
    log_observation,
)
from observations.actions.sharing import NamesSomebody, NothingToShare, decide_sharing, share_feedback
from observations.actions.steps import NotPossibleNow
from observations.actions.visit import (
    AlreadyProposed,
    BadTarget,
    MeetingPassed,
    NotNextMeeting,
    accept_visit,
    decline_visit,
    postpone_visit,
    propose_visit,
    withdraw_visit,
)
from observations.queries import Pair

__all__ = [
    "AlreadyProposed",
    "AlreadyShared",
    "BadDegree",
    "BadTarget",
    "Conflict",
    "ListenedStands",
    "MeetingCancelled",
    "MeetingMoved",
    "MeetingPassed",
    "NamesSomebody",
    "NotHeardYet",
    "NotListened",
    "NotNextMeeting",
    "NotPossibleNow",
    "NothingToShare",
    "OneSided",
    "Pair",
    "TooEarly",
    "TooLate",
    "TooLong",
    "TooManyPairs",
    "UnknownKey",
    "accept_visit",
    "decide_sharing",
    "decline_visit",
    "forget_notes",
    "log_observation",
    "postpone_visit",
    "propose_visit",
    "share_feedback",
    "start_listening",
    "stop_listening",
    "withdraw_visit",
]
