"""What the work can be asked."""

from __future__ import annotations

import dataclasses
import datetime as dt

from schools.roles import Member
from workgroups.models import Guest, Seat


def at_the_table(member: Member, *, today: dt.date) -> Member:
    """The same hat with the seats and the guest places it holds today. Two queries."""
    mine = {"school_id": member.school.pk, "user_id": member.user.pk}
    seats = Seat.objects.live(today).filter(**mine).values_list("group_id", "is_chair")
    guest_of = Guest.objects.live(today).filter(**mine).values_list("group_id", flat=True)
    return dataclasses.replace(member, seats=dict(seats), guest_of=frozenset(guest_of))
