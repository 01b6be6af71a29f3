"""A staff list that was read and waits for a yes."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from schools.models.people import User
from schools.models.place import Board, School


class Roster(models.Model):
    """The lines of a staff list, of one school or of a whole board, between choosing the file and saying yes to it.

    ``lines`` holds what was read (schools.roster.Line as JSON), and nothing any more once it was taken; the file itself
    is kept nowhere. ``tally`` says what came of it. The row goes after a day.
    """

    school = models.ForeignKey(School, on_delete=models.CASCADE, null=True, related_name="+")
    board = models.ForeignKey(Board, on_delete=models.CASCADE, null=True, related_name="+")
    by = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    made_at = models.DateTimeField()
    lines = models.JSONField()
    unread = models.JSONField(default=list)
    tally = models.JSONField(default=dict)
    taken_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(school__isnull=False, board__isnull=True) | Q(school__isnull=True, board__isnull=False),
                name="roster_of_a_school_or_a_board",
            ),
            models.CheckConstraint(condition=Q(taken_at__isnull=True) | Q(lines=[]), name="taken_roster_keeps_no_line"),
        ]
        indexes = [models.Index(fields=["made_at"], name="roster_by_time")]

    def __str__(self) -> str:
        return f"roster {self.pk}"
