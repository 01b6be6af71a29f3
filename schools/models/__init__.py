"""The rows of the schools floor."""

from schools.models.calls import KeptAnswer
from schools.models.events import BreakGlass, Event
from schools.models.invitation import Invitation
from schools.models.people import ApiToken, BoardMembership, Membership, OperatorGrant, User
from schools.models.place import Board, Holiday, School
from schools.models.post import Delivery
from schools.models.programs import Program, ProgramKey
from schools.models.providers import SignInService
from schools.models.retention import Receipt
from schools.models.roster import Roster
from schools.models.sessions import AddressChange, Session
from schools.models.wishes import LetterWishes, UnwantedLetters

__all__ = [
    "AddressChange",
    "ApiToken",
    "Board",
    "BoardMembership",
    "BreakGlass",
    "Delivery",
    "Event",
    "Holiday",
    "Invitation",
    "KeptAnswer",
    "LetterWishes",
    "Membership",
    "OperatorGrant",
    "Program",
    "ProgramKey",
    "Receipt",
    "Roster",
    "School",
    "Session",
    "SignInService",
    "UnwantedLetters",
    "User",
]
