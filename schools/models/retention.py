"""What went because its time was over: a number, never what it was."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from schools.models.place import School


class Receipt(models.Model):
    """On a day, so many rows of one kind (schools.retention) went, of a school, or of none. Rows are only added."""

    day = models.DateField()
    kind = models.CharField(max_length=30)
    school = models.ForeignKey(School, on_delete=models.CASCADE, null=True, related_name="+")
    number = models.PositiveIntegerField()

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(number__gt=0), name="receipt_of_something")]
        indexes = [models.Index(fields=["school", "-day"], name="receipt_by_school")]

    def __str__(self) -> str:
        return f"{self.number} {self.kind} on {self.day}"
