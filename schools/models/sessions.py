"""Where people are signed in, and the changes of their addresses that can still be undone."""

from __future__ import annotations

import datetime as dt
from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from schools.models.people import User


class Session(models.Model):
    """One browser that somebody is signed in with; of its key only the hash is kept, of its place nothing.

    ``seen_on`` is a day and not a moment: nobody reads from this table who wrote what.
    """

    session_key = models.CharField(max_length=64, primary_key=True)
    session_data = models.TextField()
    expire_date = models.DateTimeField(db_index=True)
    user = models.ForeignKey(User, on_delete=models.CASCADE, null=True, related_name="sessions")
    device = models.CharField(max_length=60, blank=True)
    began_on = models.DateField(null=True)
    seen_on = models.DateField(null=True)

    def __str__(self) -> str:
        return f"{self.device or 'a browser'} of {self.user_id}"


class AddressChange(models.Model):
    """Another e-mail address for somebody: confirmed by a key to the new one, undone by a key to the old one.

    Both keys are kept as keyed hashes. ``undone_at`` also ends a change that nobody confirmed.
    """

    TO_CONFIRM: ClassVar = dt.timedelta(days=1)
    TO_UNDO: ClassVar = dt.timedelta(days=7)

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="address_changes")
    old = models.EmailField(blank=True)
    new = models.EmailField()
    confirm_digest = models.CharField(max_length=64, unique=True)
    undo_digest = models.CharField(max_length=64, unique=True)
    asked_at = models.DateTimeField()
    confirmed_at = models.DateTimeField(null=True, blank=True)
    undone_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(old=F("new")), name="address_change_changes_something"),
            models.CheckConstraint(
                condition=Q(confirmed_at__isnull=True) | Q(confirmed_at__gte=F("asked_at")),
                name="address_confirmed_after_it_was_asked",
            ),
        ]
        indexes = [models.Index(fields=["user", "asked_at"], name="address_change_by_user")]

    def __str__(self) -> str:
        return f"address change {self.pk} of {self.user_id}"

    @property
    def can_be_undone_until(self) -> dt.datetime:
        """Until when the old address can take it back: seven days after the last day on which it can be confirmed."""
        return self.asked_at + self.TO_CONFIRM + self.TO_UNDO
