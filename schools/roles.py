"""The hats that people wear: a person in a school, with roles and the groups that let the person in."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from django.db import models
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from schools.models import School, User


class Role(models.TextChoices):
    """What someone is in one school; a person can be several things at once."""

    TEACHER = "teacher", _("teacher")
    COACH = "coach", _("coach")
    LEADER = "leader", _("school leader")
    ADMIN = "admin", _("school admin")


@dataclass(frozen=True)
class Member:
    """One person's hat in one school, as it is today.

    ``seats`` maps the groups in which the person has a seat onto "is the chair"; ``guest_of`` holds the groups that
    welcomed the person for a visit. The floor of the groups fills both (workgroups.queries.at_the_table).
    ``asleep`` names roles that the person holds and that ask for a proof first (schools.proof); ``elsewhere``: the
    person has another hat too.
    ``opened_until`` is when an operator's look inside ends, who is nobody here: reading only, and as a guest of
    ``opened_groups`` at most.
    """

    user: User
    school: School
    roles: frozenset[Role]
    seats: Mapping[int, bool] = field(default_factory=dict)
    guest_of: frozenset[int] = frozenset()
    asleep: frozenset[Role] = frozenset()
    elsewhere: bool = False
    opened_until: dt.datetime | None = None
    opened_groups: frozenset[int] = frozenset()

    @property
    def standing(self) -> frozenset[str]:
        """All that lets the person in here, in words that can be kept and compared."""
        seats = (f"{'chair' if chairs else 'seat'}-{group_id}" for group_id, chairs in self.seats.items())
        return frozenset({*map(str, self.roles), *seats, *(f"guest-{group_id}" for group_id in self.guest_of)})

    def has(self, *roles: Role) -> bool:
        """Whether the person holds any of these roles here."""
        return not self.roles.isdisjoint(roles)

    def sits_in(self, group_id: int) -> bool:
        """Whether the person has a seat in the group."""
        return group_id in self.seats

    def chairs(self, group_id: int) -> bool:
        """Whether the person holds the chair of the group."""
        return self.seats.get(group_id, False)

    def visits(self, group_id: int) -> bool:
        """Whether the group has welcomed the person as its guest."""
        return group_id in self.guest_of


@dataclass(frozen=True)
class Steward:
    """Somebody who looks after the people of one school, as of today: by roles there, or as an admin of its board."""

    user: User
    school: School
    member: Member | None = None
    for_board: bool = False

    @property
    def standing(self) -> frozenset[str]:
        """All that lets the person in here, in words that can be kept and compared."""
        own = self.member.standing if self.member else frozenset()
        return own | {"board"} if self.for_board else own

    def has(self, *roles: Role) -> bool:
        """Whether the person holds any of these roles at the school itself."""
        return self.member is not None and self.member.has(*roles)
