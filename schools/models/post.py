"""The ledger of every letter: who must hear what, when, and what became of it. It holds no text, name or address."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _, pgettext_lazy

from schools import tenancy


class DeliveryState(models.TextChoices):
    """Where a letter stands; the last three are ends. Held is one of a restored database that may have left before."""

    WAITING = "waiting", _("waiting")
    LEASED = "leased", _("on its way")
    HELD = "held", pgettext_lazy("letter", "held")  # another word than that of a meeting that was held
    SENT = "sent", _("sent")
    FAILED = "failed", _("could not be delivered")
    DROPPED = "dropped", _("not sent")


class Delivery(tenancy.SchoolOwned):
    """One letter to one person.

    ``key`` is kind:subject:version:person:channel, so the same letter can never be written down twice.
    ``subject_id`` is the row the letter is about (for a reminder: the meeting); ``version`` the version it speaks of.
    ``attempts`` counts how often the letter was taken out of the box, ``doubts`` how often nobody knows what became
    of a try: the mail server took the text and did not answer. ``together``: with what else is due for this person
    in this school, as one message.
    """

    key = models.CharField(max_length=120, unique=True)
    kind = models.CharField(max_length=30)
    subject_id = models.BigIntegerField()
    version = models.PositiveIntegerField(default=1)
    user = models.ForeignKey("schools.User", on_delete=models.SET_NULL, null=True, related_name="+")
    due_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    state = models.CharField(max_length=7, choices=DeliveryState, default=DeliveryState.WAITING)
    reason = models.CharField(max_length=60, blank=True)
    lease = models.UUIDField(null=True)
    leased_until = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    doubts = models.PositiveSmallIntegerField(default=0)
    together = models.BooleanField(default=False, db_default=False)
    next_try_at = models.DateTimeField()
    message_id = models.CharField(max_length=120, blank=True)
    message_date = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(state=DeliveryState.SENT)
                | (~models.Q(message_id="") & models.Q(sent_at__isnull=False)),
                name="sent_letter_has_a_message_id",
            ),
            models.CheckConstraint(
                condition=~models.Q(state=DeliveryState.LEASED)
                | models.Q(lease__isnull=False, leased_until__isnull=False),
                name="leased_letter_has_a_lease",
            ),
        ]
        indexes = [
            models.Index(
                fields=["next_try_at"],
                condition=models.Q(state__in=["waiting", "leased"]),
                name="delivery_to_do",
            ),
            models.Index(
                fields=["next_try_at"],
                condition=models.Q(together=True, state__in=["waiting", "leased"]),
                name="delivery_together",
            ),
            models.Index(fields=["expires_at"], condition=models.Q(state="held"), name="delivery_held"),
            models.Index(fields=["kind", "subject_id"], name="delivery_by_subject"),
            models.Index(fields=["user", "due_at"], name="delivery_by_user"),
            # What the clock of retention asks for: to whom a letter went, and a year later that it did.
            models.Index(
                fields=["expires_at"],
                condition=models.Q(state__in=["sent", "failed", "dropped"], user__isnull=False),
                name="delivery_known",
            ),
            models.Index(
                fields=["expires_at"],
                condition=models.Q(state__in=["sent", "failed", "dropped"], user__isnull=True),
                name="delivery_nameless",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.key} ({self.state})"
