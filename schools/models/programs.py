"""Apps that people let into their account: what each may, and the keys that it holds."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any, ClassVar

from django.db import models
from django.db.models import F, Q

from schools import scopes
from schools.models.people import User


class Program(models.Model):
    """That somebody lets an app work in the own name: for what, since when, and on which day it last did.

    ``client``: the app, as the sign-in library keeps it. ``seal``: a keyed hash of the password of that day; with
    another password it is over.
    """

    LASTS: ClassVar = dt.timedelta(days=365)

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="programs")
    client = models.ForeignKey("allauth_idp_oidc.Client", on_delete=models.CASCADE, related_name="programs")
    scopes = models.CharField(max_length=scopes.MOST)
    seal = models.CharField(max_length=64)
    allowed_at = models.DateTimeField()
    last_used_on = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "client"], name="one_yes_per_app"),
            models.CheckConstraint(condition=~Q(scopes=""), name="app_is_for_something"),
        ]

    def __str__(self) -> str:
        return f"{self.client_id} of {self.user_id}"


class ProgramKeyQuerySet(models.QuerySet["ProgramKey"]):
    """Keys of apps, with whose they are."""

    def living(self, kind: str, digest: str, *, now: dt.datetime, to_use_up: bool = False) -> Any:
        """The key of this kind with this hash, unless it ended, or its app's year or its owner's account did.

        ``to_use_up``: nobody else takes or ends keys of the same yes until the transaction is over.
        """
        rows = self.select_for_update(of=("program",)) if to_use_up else self
        found = rows.select_related("program__user", "program__client").filter(
            kind=kind,
            digest=digest,
            expires_at__gt=now,
            program__user__is_active=True,
            program__allowed_at__gt=now - Program.LASTS,
        )
        return found.first()


class ProgramKey(models.Model):
    """A key that an app holds; only its hash is kept. A code or a refresh key works once (``used_at``).

    ``line``: the one time that somebody said yes, from which it comes; what looks stolen ends the whole line.
    """

    class Kind(models.TextChoices):
        """What it opens."""

        CODE = "code"
        ACCESS = "access"
        REFRESH = "refresh"

    program = models.ForeignKey(Program, on_delete=models.CASCADE, related_name="keys")
    kind = models.CharField(max_length=7, choices=Kind)
    digest = models.CharField(max_length=64, unique=True)
    scopes = models.CharField(max_length=scopes.MOST)
    line = models.UUIDField(default=uuid.uuid4)
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField(db_index=True)
    used_at = models.DateTimeField(null=True, blank=True)
    # Of a code alone: what has to come back with it.
    back_to = models.CharField(max_length=500, blank=True)
    challenge = models.CharField(max_length=128, blank=True)
    nonce = models.CharField(max_length=200, blank=True)

    objects = ProgramKeyQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(expires_at__gt=F("made_at")), name="app_key_ends_after_it_is_made"),
            models.CheckConstraint(
                condition=~Q(kind="code") | ~Q(back_to="") & ~Q(challenge=""), name="app_code_has_its_proof"
            ),
        ]
        indexes = [models.Index(fields=["line"], name="app_key_by_line")]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"
