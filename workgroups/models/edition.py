"""Which edition of the instrument a board works with, where it has the right to one of its own."""

from __future__ import annotations

from django.db import models

from cards.models import Edition
from schools.models import Board


class BoardEdition(models.Model):
    """New periods of the board's schools take their cards from this edition; running ones keep theirs."""

    board = models.OneToOneField(Board, on_delete=models.CASCADE, related_name="+")
    edition = models.ForeignKey(Edition, on_delete=models.PROTECT, related_name="+")
    since = models.DateField()

    def __str__(self) -> str:
        return f"edition {self.edition_id} of board {self.board_id}"
