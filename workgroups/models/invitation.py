"""A seat that waits for somebody who was invited to the school."""

from __future__ import annotations

from django.db import models

from schools.models import Invitation
from workgroups.models.group import InGroup, WorkGroup


class GroupInvitation(InGroup):
    """A chair asked somebody to the own table: accepting the invitation gives a seat there too."""

    group = models.ForeignKey(WorkGroup, on_delete=models.CASCADE, related_name="invitations")
    invitation = models.ForeignKey(Invitation, on_delete=models.CASCADE, related_name="seats")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["group", "invitation"], name="one_seat_per_invitation"),
        ]

    def __str__(self) -> str:
        return f"seat in {self.group_id} by invitation {self.invitation_id}"
