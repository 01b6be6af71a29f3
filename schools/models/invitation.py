"""Invitations: the key with which somebody comes in, kept as a keyed hash."""

from __future__ import annotations

import datetime as dt
from typing import ClassVar, Self

from django.db import models
from django.db.models import Q

from schools import roles, tenancy
from schools.models.people import User

MOST_SENDS = 10
PAUSE = dt.timedelta(minutes=10)


class InvitationQuerySet(models.QuerySet["Invitation"]):
    """Invitations, by where they stand."""

    def open(self) -> Self:
        """Neither accepted nor withdrawn; the key of an open one may have expired, or not been made yet."""
        return self.filter(accepted_at__isnull=True, revoked_at__isnull=True)

    def without_key(self) -> Self:
        """Those that wait for their letter, oldest first; each with school and inviter."""
        waits = self.open().filter(digest__isnull=True, email__isnull=False)
        return waits.select_related("school", "invited_by").order_by("pk")

    def to_send(self, now: dt.datetime) -> Self:
        """Those whose letter may leave: of schools that may invite.

        What could not be delivered is tried again after a while, and ten times at most. Held are those of a restored
        database that may have left before.
        """
        may_leave = Q(school__consented_on__isnull=False) | ~Q(school__started_because="")
        may_try = Q(sent_at__isnull=True) | Q(sent_at__lt=now - PAUSE, sends__lt=MOST_SENDS)
        return self.without_key().filter(may_leave, may_try, school__closed_on__isnull=True, held_at__isnull=True)

    def over(self, now: dt.datetime, *, closed: dt.timedelta, unanswered: dt.timedelta) -> Self:
        """Those that were closed, or expired without an answer, so long ago."""
        return self.filter(
            Q(accepted_at__lt=now - closed)
            | Q(revoked_at__lt=now - closed)
            | Q(accepted_at__isnull=True, expires_at__lt=now - unanswered)
        )


class Invitation(tenancy.SchoolOwned):
    """A place at a school that waits for somebody, bound to a role and, but for a code on paper, to an address.

    Without a ``digest`` no key was made yet: it waits until the school may invite, or until the post comes by. Sending
    again makes a new key, and the old one opens nothing. ``user`` is the account that a code on paper opens again: only
    one without an address, into which no other way leads.
    """

    role = models.CharField(max_length=8, choices=roles.Role)
    email = models.EmailField(null=True, blank=True)  # noqa: DJ001  # absent, not empty
    user = models.ForeignKey(User, on_delete=models.CASCADE, null=True, blank=True, related_name="+")
    given_name = models.CharField(max_length=60, blank=True)
    infix = models.CharField(max_length=20, blank=True)
    family_name = models.CharField(max_length=80, blank=True)
    digest = models.CharField(max_length=64, unique=True, null=True, blank=True)
    invited_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    made_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True, blank=True)
    sends = models.PositiveSmallIntegerField(default=0)
    expires_at = models.DateTimeField(null=True, blank=True)
    accepted_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)
    held_at = models.DateTimeField(null=True, blank=True)

    objects: ClassVar[InvitationQuerySet] = InvitationQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["school", "email", "role"],
                condition=Q(accepted_at__isnull=True, revoked_at__isnull=True, email__isnull=False),
                name="one_open_invitation_per_address_and_role",
            ),
            models.CheckConstraint(
                condition=Q(email__isnull=True) | (Q(email=models.functions.Lower("email")) & ~Q(email="")),
                name="invited_address_is_absent_or_lower_case",
            ),
            models.CheckConstraint(
                condition=Q(digest__isnull=True, expires_at__isnull=True)
                | Q(digest__isnull=False, expires_at__isnull=False, sent_at__isnull=False),
                name="invitation_with_a_key_expires",
            ),
            models.CheckConstraint(
                condition=Q(accepted_at__isnull=True) | Q(digest__isnull=False, revoked_at__isnull=True),
                name="accepted_invitation_had_a_key",
            ),
            models.CheckConstraint(
                condition=Q(user__isnull=True) | Q(email__isnull=True), name="account_or_address_of_an_invitation"
            ),
            models.CheckConstraint(condition=Q(role__in=roles.Role.values), name="invitation_role"),
        ]
        indexes = [
            models.Index(
                fields=["school"],
                condition=Q(accepted_at__isnull=True, revoked_at__isnull=True),
                name="invitation_open",
            ),
            models.Index(
                fields=["id"],
                condition=Q(
                    digest__isnull=True, accepted_at__isnull=True, revoked_at__isnull=True, email__isnull=False
                ),
                name="invitation_to_send",
            ),
        ]

    def __str__(self) -> str:
        return f"invitation {self.pk} ({self.role})"

    @property
    def name(self) -> str:
        """The full name, as far as whoever invited knew it."""
        return " ".join(part for part in (self.given_name, self.infix, self.family_name) if part)
