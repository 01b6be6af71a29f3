"""What happened with accounts, roles and keys: who, what, with which thing, when. Never a word of what people wrote.

Nothing is told here of what stays unnamed: who answered a round, postponed, or took a yes back.
"""

from __future__ import annotations

import datetime as dt
import uuid
from typing import TYPE_CHECKING, Any, Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from schools import roles, tenancy
from schools.models.people import User
from schools.models.place import Board, School

if TYPE_CHECKING:
    from schools.roles import Member


class What(models.TextChoices):
    """What can happen; the words are those that people read."""

    SIGNED_IN = "signed_in", _("Signed in")
    SIGN_IN_HALTED = "sign_in_halted", _("Sign-in halted after too many tries")
    SESSION_ENDED = "session_ended", _("Signed out on a device")
    SESSIONS_ENDED = "sessions_ended", _("Signed out on all other devices")
    PASSWORD_CHANGED = "password_changed", _("Password changed")  # what happened
    METHOD_ADDED = "method_added", _("Way to sign in added")
    METHOD_REMOVED = "method_removed", _("Way to sign in removed")
    CODES_MADE = "codes_made", _("Recovery codes made")
    ADDRESS_CHANGED = "address_changed", _("E-mail address changed")
    ADDRESS_RESTORED = "address_restored", _("E-mail address put back")
    SERVICE_LINKED = "service_linked", _("Sign-in service linked")
    SERVICE_UNLINKED = "service_unlinked", _("Sign-in service unlinked")
    TOKEN_MADE = "token_made", _("API token made")  # what happened
    TOKEN_REVOKED = "token_revoked", _("API token revoked")  # what happened
    APP_ALLOWED = "app_allowed", _("App let into your account")
    APP_ENDED = "app_ended", _("App shut out of your account")
    DATA_TAKEN = "data_taken", _("Own data taken along")
    ERASURE_ASKED = "erasure_asked", _("Asked to erase the account")
    ERASURE_UNDONE = "erasure_undone", _("Erasing the account taken back")
    FILE_TAKEN = "file_taken", _("File taken along")
    ROLE_GIVEN = "role_given", _("Role given")
    ROLE_ENDED = "role_ended", _("Role ended")
    INVITED = "invited", _("Invited")
    INVITED_AGAIN = "invited_again", _("Invitation sent again")
    INVITATION_REVOKED = "invitation_revoked", _("Invitation withdrawn")
    INVITATION_ACCEPTED = "invitation_accepted", _("Invitation accepted")
    CONSENT_WRITTEN = "consent_written", _("Consent of the council written down")
    ROSTER_IMPORTED = "roster_imported", _("List of people read in")
    SETTINGS_CHANGED = "settings_changed", _("Settings of the school changed")
    SERVICE_CHANGED = "service_changed", _("Sign-in service of the board changed")
    GROUP_MADE = "group_made", _("Group started")
    GROUP_ENDED = "group_ended", _("Group ended")
    SEAT_GIVEN = "seat_given", _("Seat given")
    SEAT_ENDED = "seat_ended", _("Seat ended")
    CHAIR_HANDED = "chair_handed", _("Chair handed over")
    GUEST_WELCOMED = "guest_welcomed", _("Visitor welcomed by the group")
    GLASS_BROKEN = "glass_broken", _("Opened for an operator")
    GLASS_CLOSED = "glass_closed", _("Closed for the operator again")


# What the admins of a school read of it; the rest is between a person and the product.
TOLD_AT_SCHOOL = frozenset(
    {
        What.ROLE_GIVEN,
        What.ROLE_ENDED,
        What.INVITED,
        What.INVITED_AGAIN,
        What.INVITATION_REVOKED,
        What.INVITATION_ACCEPTED,
        What.CONSENT_WRITTEN,
        What.ROSTER_IMPORTED,
        What.SETTINGS_CHANGED,
        What.GROUP_MADE,
        What.GROUP_ENDED,
        What.SEAT_GIVEN,
        What.SEAT_ENDED,
        What.CHAIR_HANDED,
        What.GLASS_BROKEN,
        What.GLASS_CLOSED,
    }
)
# What the admins of a board read of its schools; of the board itself they read everything.
TOLD_AT_BOARD = frozenset(
    {
        What.ROLE_GIVEN,
        What.ROLE_ENDED,
        What.CONSENT_WRITTEN,
        What.ROSTER_IMPORTED,
        What.SETTINGS_CHANGED,
        What.GLASS_BROKEN,
        What.GLASS_CLOSED,
    }
)


class EventQuerySet(models.QuerySet["Event"]):
    """Events, by who may read them."""

    def visible_to(self, member: Member) -> Self:
        """What an admin of the school reads of it, as this person; nobody else reads anything."""
        tenancy.inside()
        if not member.has(roles.Role.ADMIN):
            return self.none()
        own_files = Q(what=What.FILE_TAKEN, kind="schools.school")  # what a group takes along stays with its people
        return self.filter(Q(what__in=TOLD_AT_SCHOOL) | own_files, school_id=member.school.pk)

    def of_board(self, board: Board) -> Self:
        """What the admins of a board read: the board's own events, and those of its schools that are theirs."""
        tenancy.inside()
        theirs = Q(school__board=board, what__in=TOLD_AT_BOARD)
        return self.filter(theirs | Q(board=board, school__isnull=True))

    def about(self, user: User) -> Self:
        """What the person did, and what was done about the person, everywhere."""
        tenancy.inside()
        return self.filter(Q(by=user) | Q(person=user))


class Event(models.Model):
    """Something that happened: what, with which thing (kind and id), about whom, by whom, in which school or board.

    ``by`` is empty where the product did it, or where nobody is to be named. Rows are only added, and forgotten.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)  # asks the table nothing when added
    at = models.DateTimeField()
    what = models.CharField(max_length=20, choices=What)
    by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    person = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    role = models.CharField(max_length=8, blank=True, choices=roles.Role)
    kind = models.CharField(max_length=40, blank=True)
    object_id = models.CharField(max_length=36, blank=True)
    school = models.ForeignKey(School, on_delete=models.CASCADE, null=True, related_name="+")
    board = models.ForeignKey(Board, on_delete=models.CASCADE, null=True, related_name="+")

    objects = EventQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(kind="", object_id="") | ~Q(kind=""), name="event_id_has_a_kind"),
        ]
        indexes = [
            models.Index(fields=["school", "-at"], name="event_by_school"),
            models.Index(fields=["board", "-at"], name="event_by_board"),
            models.Index(fields=["person", "-at"], name="event_by_person"),
            models.Index(fields=["by", "-at"], name="event_by_who"),
            models.Index(fields=["at"], name="event_by_time"),
        ]

    def __str__(self) -> str:
        return f"{self.what} {self.kind} {self.object_id}".strip()


class GlassQuerySet(models.QuerySet["BreakGlass"]):
    """Openings, by time."""

    def open_at(self, now: dt.datetime) -> Self:
        """Those that let somebody in now."""
        return self.filter(opened_at__lte=now, ends_at__gt=now)

    def visible_to(self, member: Member) -> Self:
        """Everybody of a school may know who looked in, when and why; newest first."""
        tenancy.inside()
        rows = self.filter(school_id=member.school.pk) if member.roles else self.none()
        return rows.order_by("-opened_at", "-pk")


class BreakGlass(tenancy.SchoolOwned):
    """An operator reads in one school, or as a guest in one group, for a stated reason, until a moment: no more.

    ``group_id`` is the group of the floor above; None opens the school itself. ``group_name`` is what it was called.
    """

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    group_id = models.BigIntegerField(null=True, blank=True)
    group_name = models.CharField(max_length=80, blank=True)
    reason = models.CharField(max_length=300)
    opened_at = models.DateTimeField()
    ends_at = models.DateTimeField()

    objects = GlassQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(reason=""), name="glass_has_a_reason"),
            models.CheckConstraint(
                condition=Q(ends_at__gte=models.F("opened_at"))
                & Q(ends_at__lte=models.F("opened_at") + dt.timedelta(hours=4)),
                name="glass_closes_within_four_hours",
            ),
        ]
        indexes = [
            models.Index(fields=["user", "-ends_at"], name="glass_by_user"),
            models.Index(fields=["school", "-opened_at"], name="glass_by_school"),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} in {self.school_id} until {self.ends_at}"

    def is_open(self, now: dt.datetime) -> bool:
        """Whether it lets the operator in at this moment."""
        return self.opened_at <= now < self.ends_at


def describe(on: Any) -> tuple[str, str]:
    """A row's kind and id, as an event keeps them; two empty texts for none."""
    return (on._meta.label_lower, str(on.pk)) if on is not None else ("", "")
