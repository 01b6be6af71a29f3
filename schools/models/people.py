"""People, what they are where and since when, and their keys to the API."""

from __future__ import annotations

import datetime as dt
from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext as _

from schools import roles, scopes, tenancy


class UserManager(BaseUserManager["User"]):
    """How accounts come to be."""

    def create_user(self, email: str | None, password: str | None = None, **names: Any) -> User:
        """An account; without a password nobody can sign in with one. An e-mail address may be absent."""
        user = self.model(email=email.strip().lower() if email else None, **names)
        user.set_password(password)
        user.save(using=self._db)
        return user


class User(AbstractBaseUser):
    """A person. What the person may do comes from dated memberships, never from this row.

    From ``erase_at`` on the account is erased, unless its owner takes that back; ``undo_digest`` is a keyed hash of the
    key in the letter that does so. ``is_former``: a nameless row, for what stays of somebody who was erased.
    """

    email = models.EmailField(unique=True, null=True, blank=True)
    given_name = models.CharField(max_length=60)
    infix = models.CharField(max_length=20, blank=True)
    family_name = models.CharField(max_length=80, blank=True)
    nickname = models.CharField(max_length=60, blank=True)
    language = models.CharField(max_length=2, blank=True)
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField(db_default=Now())
    erase_at = models.DateTimeField(null=True, blank=True)
    undo_digest = models.CharField(max_length=64, unique=True, null=True, blank=True)
    is_former = models.BooleanField(default=False, db_default=False)

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["given_name"]
    objects: ClassVar[UserManager] = UserManager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(email__isnull=True)
                | (models.Q(email=models.functions.Lower("email")) & ~models.Q(email="")),
                name="email_is_absent_or_lower_case",
            ),
            models.CheckConstraint(
                condition=models.Q(undo_digest__isnull=True) | models.Q(erase_at__isnull=False),
                name="only_an_erasure_is_undone",
            ),
            models.CheckConstraint(
                condition=models.Q(is_former=False)
                | models.Q(email__isnull=True, is_active=False, family_name="", nickname=""),
                name="who_was_erased_has_no_name",
            ),
        ]
        indexes = [
            models.Index(fields=["erase_at"], condition=models.Q(erase_at__isnull=False), name="user_to_erase"),
            models.Index(fields=["id"], condition=models.Q(is_former=True), name="user_former"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        """The full name, with the infix ("van der") in its place; of who was erased only that it was a colleague."""
        if self.is_former:
            return _("former colleague")
        return " ".join(part for part in (self.given_name, self.infix, self.family_name) if part)

    @property
    def stays_until(self) -> dt.date | None:
        """The last day on which the owner can keep an account that is to be erased; None for all others."""
        return self.erase_at and timezone.localdate(self.erase_at - dt.timedelta(seconds=1))

    @property
    def called(self) -> str:
        """How colleagues call the person."""
        return self.name if self.is_former else self.nickname or self.given_name


class DatedQuerySet(models.QuerySet[Any]):
    """Rows that hold from a first day until a last day, both included."""

    def live(self, today: dt.date) -> DatedQuerySet:
        """The rows that hold on this day."""
        return self.not_over(today).filter(from_date__lte=today)

    def not_over(self, today: dt.date) -> DatedQuerySet:
        """The rows that hold on this day or begin later."""
        return self.filter(models.Q(until_date__isnull=True) | models.Q(until_date__gte=today))


class Dated(models.Model):
    """Holds from a first day until a last day, both included; no last day means: still."""

    from_date = models.DateField()
    until_date = models.DateField(null=True, blank=True)

    class Meta:
        abstract = True

    def holds_on(self, day: dt.date) -> bool:
        """Whether the row holds on this day."""
        return self.from_date <= day and (self.until_date is None or day <= self.until_date)


class Membership(tenancy.SchoolOwned, Dated):
    """A person in a school with a role."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="memberships")
    role = models.CharField(max_length=8, choices=roles.Role)

    objects = DatedQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["school", "user", "role"],
                condition=models.Q(until_date__isnull=True),
                name="one_open_membership_per_role",
            ),
            models.CheckConstraint(
                condition=models.Q(until_date__isnull=True) | models.Q(until_date__gte=models.F("from_date")),
                name="membership_ends_after_it_starts",
            ),
        ]
        indexes = [models.Index(fields=["user", "school"], name="membership_by_user")]

    def __str__(self) -> str:
        return f"{self.role} {self.user_id} @ {self.school_id}"


class BoardMembership(Dated):
    """An admin of a whole board."""

    board = models.ForeignKey("schools.Board", on_delete=models.PROTECT, related_name="memberships")
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="board_memberships")

    objects = DatedQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["board", "user"],
                condition=models.Q(until_date__isnull=True),
                name="one_open_board_membership",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} @ board {self.board_id}"


class OperatorGrant(Dated):
    """Someone who keeps the site running: counts and the national list, never a school's content."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="operator_grants")

    objects = DatedQuerySet.as_manager()

    def __str__(self) -> str:
        return f"operator {self.user_id}"


class ApiToken(models.Model):
    """A personal key for the REST API: only its hash is kept, it always ends, it acts as its owner in some areas.

    ``scopes``: which (schools.scopes), with spaces.
    """

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="tokens")
    name = models.CharField(max_length=60)
    digest = models.CharField(max_length=64, unique=True)
    scopes = models.CharField(max_length=scopes.MOST)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    last_used_on = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "name"], name="one_token_per_name"),
            models.CheckConstraint(
                condition=models.Q(expires_at__gt=models.F("created_at"))
                & models.Q(expires_at__lte=models.F("created_at") + dt.timedelta(days=366)),
                name="token_lives_a_year_at_most",
            ),
            models.CheckConstraint(condition=~models.Q(scopes=""), name="token_is_for_something"),
        ]

    def __str__(self) -> str:
        return self.name
