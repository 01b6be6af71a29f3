"""The rows of the schools floor."""

from schools.models.people import ApiToken, BoardMembership, Membership, OperatorGrant, User
from schools.models.place import Board, Holiday, School
from schools.models.post import Delivery

__all__ = [
    "ApiToken",
    "Board",
    "BoardMembership",
    "Delivery",
    "Holiday",
    "Membership",
    "OperatorGrant",
    "School",
    "User",
]
