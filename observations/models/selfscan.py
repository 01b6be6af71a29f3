"""The group's own mirror: to what degree and in what manner it hears the behaviours of a card in its talk (G3).

Nothing here says who answered or when. Individual answers live until the round closes; then a snapshot takes their
place in the same transaction, and they are gone.
"""

from __future__ import annotations

from typing import ClassVar, Self, TypeVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from cards.models import Aspect, Behaviour, Edition
from schools import tenancy
from schools.models import User
from schools.roles import Member
from workgroups.models.agenda import SeatsOnlyQuerySet
from workgroups.models.group import InGroup

_Row = TypeVar("_Row", bound=models.Model)


class ScanWay(models.TextChoices):
    """How the group answers: with one voice, or each alone and sealed until all is revealed together."""

    TOGETHER = "together", _("together")
    SEALED = "sealed", _("each alone first")


class ScanState(models.TextChoices):
    """open -> closed -> revealed; open -> void, when too few answered or the group lets it go."""

    OPEN = "open", _("open")
    CLOSED = "closed", _("closed")
    REVEALED = "revealed", _("revealed")
    VOID = "void", _("without a picture")


class SelfScan(InGroup):
    """One round: of one aspect, or of all six (``aspect`` is None: a starting picture).

    A sealed round closes when every elector has answered, or at ``closes_at``. Only days are kept of what happened.
    ``edition`` is the one that the round began with, whatever the board chooses meanwhile.
    """

    edition = models.ForeignKey(Edition, on_delete=models.PROTECT, related_name="+")
    aspect = models.ForeignKey(Aspect, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    way = models.CharField(max_length=8, choices=ScanWay)
    state = models.CharField(max_length=8, choices=ScanState, default=ScanState.OPEN)
    opened_on = models.DateField()
    closes_at = models.DateTimeField(null=True, blank=True)
    closed_on = models.DateField(null=True, blank=True)

    objects = SeatsOnlyQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["group"], condition=Q(state__in=["open", "closed"]), name="one_scan_under_way_per_group"
            ),
            models.CheckConstraint(condition=Q(state__in=ScanState.values), name="scan_state"),
            models.CheckConstraint(
                condition=Q(way="together", closes_at__isnull=True) | Q(way="sealed", closes_at__isnull=False),
                name="only_a_sealed_scan_has_a_closing_time",
            ),
            models.CheckConstraint(
                condition=Q(state="open", closed_on__isnull=True) | (~Q(state="open") & Q(closed_on__isnull=False)),
                name="closed_scan_has_a_date",
            ),
        ]
        indexes = [models.Index(fields=["closes_at"], condition=Q(state="open"), name="scan_open")]

    def __str__(self) -> str:
        return f"scan {self.pk} ({self.state})"


class Elector(InGroup):
    """Who had a seat when a sealed round opened, and so may answer in it; gone when it closes."""

    scan = models.ForeignKey(SelfScan, on_delete=models.CASCADE, related_name="electors")
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["scan", "user"], name="one_voice_per_elector")]

    def __str__(self) -> str:
        return f"elector {self.pk}"


class OwnAnswerQuerySet(tenancy.Scoped["ScanAnswer"]):
    """Until a round closes, each reads the own answers, and those that the group gives with one voice."""

    def visible_to(self, member: Member) -> Self:
        """The member's own answers, and the group's shared ones."""
        mine = Q(user_id=member.user.pk) | Q(user__isnull=True)
        return self.in_school(member).filter(mine, group_id__in=list(member.seats))


class ScanAnswer(InGroup):
    """One answer on one behaviour: a degree (none: cannot say) and the manner in words; by nobody when together."""

    scan = models.ForeignKey(SelfScan, on_delete=models.CASCADE, related_name="answers")
    user = models.ForeignKey(User, on_delete=models.CASCADE, null=True, blank=True, related_name="+")
    behaviour = models.ForeignKey(Behaviour, on_delete=models.PROTECT, related_name="+")
    degree = models.PositiveSmallIntegerField(null=True, blank=True)
    manner = models.CharField(max_length=300, blank=True)

    objects: ClassVar[OwnAnswerQuerySet] = OwnAnswerQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["scan", "user", "behaviour"], condition=Q(user__isnull=False), name="one_answer_per_elector"
            ),
            models.UniqueConstraint(
                fields=["scan", "behaviour"], condition=Q(user__isnull=True), name="one_answer_together"
            ),
            models.CheckConstraint(
                condition=Q(degree__isnull=True) | Q(degree__range=(1, 4)), name="scan_has_four_degrees"
            ),
        ]

    def __str__(self) -> str:
        return f"answer {self.pk}"


class RevealedQuerySet(SeatsOnlyQuerySet[_Row]):
    """What a round gave opens to the seats once it is revealed; guest and leader never read it here."""

    path: ClassVar[str] = "snapshot__scan__state"

    def visible_to(self, member: Member) -> Self:
        """The rows of revealed rounds of the groups in which the member has a seat."""
        return super().visible_to(member).filter(**{self.path: ScanState.REVEALED})


class SnapshotQuerySet(RevealedQuerySet[_Row]):
    """The same, one table nearer to the round."""

    path = "scan__state"


class Snapshot(InGroup):
    """What remains of a round (one per round); ``respondents`` is None when the group answered together."""

    scan = models.OneToOneField(SelfScan, on_delete=models.CASCADE, related_name="snapshot")
    respondents = models.PositiveSmallIntegerField(null=True, blank=True)

    objects = SnapshotQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(respondents__isnull=True) | Q(respondents__gte=4), name="no_picture_of_fewer_than_four"
            ),
        ]

    def __str__(self) -> str:
        return f"snapshot of {self.scan_id}"


class Spread(models.TextChoices):
    """Whether the answers lie together; said from eight answers on only."""

    ALIKE = "alike", _("alike")
    MIXED = "mixed", _("mixed")


class ScanReading(InGroup):
    """One behaviour in a snapshot: ``halves`` is twice the degree (2-8), none where too few could say.

    A sealed reading is clamped (3-7), so that nobody's extreme can be read from it.
    """

    snapshot = models.ForeignKey(Snapshot, on_delete=models.CASCADE, related_name="readings")
    behaviour = models.ForeignKey(Behaviour, on_delete=models.PROTECT, related_name="+")
    is_sealed = models.BooleanField()
    halves = models.PositiveSmallIntegerField(null=True, blank=True)
    spread = models.CharField(max_length=5, choices=Spread, blank=True)

    objects = RevealedQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["snapshot", "behaviour"], name="one_reading_per_behaviour"),
            models.CheckConstraint(
                condition=Q(halves__isnull=True)
                | Q(is_sealed=False, halves__in=[2, 4, 6, 8])
                | Q(is_sealed=True, halves__range=(3, 7)),
                name="sealed_readings_are_clamped",
            ),
            models.CheckConstraint(condition=Q(spread="") | Q(is_sealed=True), name="only_sealed_readings_spread"),
        ]

    def __str__(self) -> str:
        return f"reading {self.pk}"


class Remark(InGroup):
    """The manner in somebody's words; the rows were shuffled before they were written, across the whole round."""

    snapshot = models.ForeignKey(Snapshot, on_delete=models.CASCADE, related_name="remarks")
    behaviour = models.ForeignKey(Behaviour, on_delete=models.PROTECT, related_name="+")
    text = models.CharField(max_length=300)

    objects = RevealedQuerySet.as_manager()

    class Meta:
        constraints = [models.CheckConstraint(condition=~Q(text=""), name="remark_has_words")]

    def __str__(self) -> str:
        return f"remark {self.pk}"
