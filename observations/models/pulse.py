"""Two short pulses, anonymous and for the group alone: trust (P7) and the three aims of the dialogue (P4-P6)."""

from __future__ import annotations

from typing import ClassVar, Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from schools import tenancy
from schools.models import User
from schools.roles import Member
from workgroups.models.agenda import SeatsOnlyQuerySet
from workgroups.models.group import InGroup


class PulseKind(models.TextChoices):
    """What a pulse asks about."""

    TRUST = "trust", _("trust")
    AIMS = "aims", _("what it brings us")


class Often(models.IntegerChoices):
    """The four answers to a sentence of a pulse."""

    SELDOM = 1, _("seldom")
    SOMETIMES = 2, _("sometimes")
    OFTEN = 3, _("often")
    NEARLY_ALWAYS = 4, _("nearly always")


class PulseQuestion(models.TextChoices):
    """The sentences: four on trust and respect (P7), one on each aim of the dialogue (P4-P6)."""

    DARE = "dare", _("I dare to say here that I do not know something, or that something goes wrong.")
    DIFFER = "differ", _("I can disagree here, and it stays pleasant.")
    COUNT = "count", _("What I bring in counts.")
    INSIDE = "inside", _("What we say to each other stays between us.")
    VIEWS = "views", _("Through our conversations I understand better how colleagues look at things.")
    DECISIONS = "decisions", _("When we decide something, we have first weighed what we know about it.")
    INQUIRY = "inquiry", _("Our conversations make me look at my own lessons with a question in mind.")


QUESTIONS: dict[str, tuple[PulseQuestion, ...]] = {
    PulseKind.TRUST: (PulseQuestion.DARE, PulseQuestion.DIFFER, PulseQuestion.COUNT, PulseQuestion.INSIDE),
    PulseKind.AIMS: (PulseQuestion.VIEWS, PulseQuestion.DECISIONS, PulseQuestion.INQUIRY),
}


class PulseState(models.TextChoices):
    """open -> closed, with a result; open -> void, when fewer than four answered."""

    OPEN = "open", _("open")
    CLOSED = "closed", _("closed")
    VOID = "void", _("without a result")


class Pulse(InGroup):
    """One round of a pulse; only days are kept of what happened."""

    kind = models.CharField(max_length=5, choices=PulseKind)
    state = models.CharField(max_length=6, choices=PulseState, default=PulseState.OPEN)
    opened_on = models.DateField()
    closes_at = models.DateTimeField()
    closed_on = models.DateField(null=True, blank=True)

    objects = SeatsOnlyQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["group", "kind"], condition=Q(state="open"), name="one_open_pulse_per_kind"
            ),
            models.CheckConstraint(condition=Q(kind__in=PulseKind.values), name="pulse_kind"),
            models.CheckConstraint(
                condition=Q(state="open", closed_on__isnull=True)
                | Q(state__in=["closed", "void"], closed_on__isnull=False),
                name="closed_pulse_has_a_date",
            ),
        ]
        indexes = [models.Index(fields=["closes_at"], condition=Q(state="open"), name="pulse_open")]

    def __str__(self) -> str:
        return f"pulse {self.pk} ({self.kind})"


class PulseElector(InGroup):
    """Who had a seat when the pulse opened; gone when it closes."""

    pulse = models.ForeignKey(Pulse, on_delete=models.CASCADE, related_name="electors")
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["pulse", "user"], name="one_voice_per_pulse")]

    def __str__(self) -> str:
        return f"elector {self.pk}"


class OwnPulseAnswerQuerySet(tenancy.Scoped["PulseAnswer"]):
    """Until the pulse closes, each reads the own answers alone."""

    def visible_to(self, member: Member) -> Self:
        """The member's own answers."""
        return self.in_school(member).filter(user_id=member.user.pk, group_id__in=list(member.seats))


class PulseAnswer(InGroup):
    """One person's answer to one question, until the pulse closes."""

    pulse = models.ForeignKey(Pulse, on_delete=models.CASCADE, related_name="answers")
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    question = models.CharField(max_length=20)
    degree = models.PositiveSmallIntegerField()

    objects: ClassVar[OwnPulseAnswerQuerySet] = OwnPulseAnswerQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["pulse", "user", "question"], name="one_pulse_answer_per_question"),
            models.CheckConstraint(condition=Q(degree__range=(1, 4)), name="pulse_has_four_degrees"),
        ]

    def __str__(self) -> str:
        return f"answer {self.pk}"


class PulseReading(InGroup):
    """What the group reads of one question: twice the degree, clamped (3-7)."""

    pulse = models.ForeignKey(Pulse, on_delete=models.CASCADE, related_name="readings")
    question = models.CharField(max_length=20)
    halves = models.PositiveSmallIntegerField()

    objects = SeatsOnlyQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["pulse", "question"], name="one_pulse_reading_per_question"),
            models.CheckConstraint(condition=Q(halves__range=(3, 7)), name="pulse_readings_are_clamped"),
        ]

    def __str__(self) -> str:
        return f"reading {self.pk}"
