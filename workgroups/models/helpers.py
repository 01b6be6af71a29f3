"""The papers that help with one aspect: what we know, a decision, feedback on request, a routine, a source.

All of them belong to the group's seats alone; peer feedback to the two people it is between.
"""

from __future__ import annotations

from typing import ClassVar, Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from schools import tenancy
from schools.models import User
from schools.roles import Member
from workgroups.models.agenda import SeatsOnlyQuerySet
from workgroups.models.group import InGroup


class KnowSheet(InGroup):
    """A problem laid out (A3): what we know, what we think, what we must find out."""

    question = models.CharField(max_length=200)
    made_on = models.DateField()

    objects = SeatsOnlyQuerySet.as_manager()

    class Meta:
        constraints = [models.CheckConstraint(condition=~Q(question=""), name="know_sheet_has_a_question")]

    def __str__(self) -> str:
        return self.question


class KnowColumn(models.TextChoices):
    """The three columns of the sheet."""

    KNOW = "know", _("We know")
    THINK = "think", _("We think")
    FIND_OUT = "find_out", _("We must find out")


class KnowLine(InGroup):
    """One line of the sheet; what must be found out has an owner and becomes an action."""

    sheet = models.ForeignKey(KnowSheet, on_delete=models.CASCADE, related_name="lines")
    column = models.CharField(max_length=8, choices=KnowColumn)
    text = models.CharField(max_length=300)
    owner = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    found = models.CharField(max_length=500, blank=True)
    done_on = models.DateField(null=True, blank=True)

    objects = SeatsOnlyQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(column__in=KnowColumn.values), name="know_line_column"),
            models.CheckConstraint(condition=~Q(text=""), name="know_line_has_words"),
            models.CheckConstraint(
                condition=Q(column="find_out") | Q(owner__isnull=True, done_on__isnull=True, found=""),
                name="only_finding_out_has_an_owner",
            ),
        ]

    def __str__(self) -> str:
        return self.text


class DecisionState(models.TextChoices):
    """criteria -> options -> decided: once options are on the table, the criteria stand."""

    CRITERIA = "criteria", _("criteria")
    OPTIONS = "options", _("options")
    DECIDED = "decided", _("decided")


class DecisionNote(InGroup):
    """A decision with its reasons (A4, P5)."""

    question = models.CharField(max_length=200)
    vision = models.TextField(max_length=1000, blank=True)
    other_view = models.TextField(max_length=1000, blank=True)
    decision = models.CharField(max_length=300, blank=True)
    because = models.TextField(max_length=1000, blank=True)
    conditions = models.TextField(max_length=1000, blank=True)
    state = models.CharField(max_length=8, choices=DecisionState, default=DecisionState.CRITERIA)
    made_on = models.DateField()
    decided_on = models.DateField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    objects = SeatsOnlyQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(question=""), name="decision_has_a_question"),
            models.CheckConstraint(
                condition=Q(state="decided", decided_on__isnull=False) & ~Q(decision="") & ~Q(because="")
                | Q(state__in=["criteria", "options"], decided_on__isnull=True),
                name="a_decision_has_a_reason",
            ),
        ]

    def __str__(self) -> str:
        return self.question


class Criterion(InGroup):
    """What an option must do, and how heavily that weighs (1-3); pupils' learning always weighs 3."""

    note = models.ForeignKey(DecisionNote, on_delete=models.CASCADE, related_name="criteria")
    position = models.PositiveSmallIntegerField()
    text = models.CharField(max_length=200)
    weight = models.PositiveSmallIntegerField(default=2)
    is_learning = models.BooleanField(default=False)

    objects = SeatsOnlyQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["note", "position"], name="one_criterion_per_position"),
            models.UniqueConstraint(
                fields=["note"], condition=Q(is_learning=True), name="one_criterion_about_learning"
            ),
            models.CheckConstraint(condition=Q(weight__range=(1, 3)), name="criterion_weighs_1_to_3"),
            models.CheckConstraint(condition=Q(is_learning=False) | Q(weight=3), name="learning_weighs_most"),
            models.CheckConstraint(condition=~Q(text=""), name="criterion_has_words"),
        ]

    def __str__(self) -> str:
        return self.text


class Option(InGroup):
    """One way to go, with what speaks for and against it."""

    note = models.ForeignKey(DecisionNote, on_delete=models.CASCADE, related_name="options")
    position = models.PositiveSmallIntegerField()
    text = models.CharField(max_length=200)
    pros = models.TextField(max_length=1000, blank=True)
    cons = models.TextField(max_length=1000, blank=True)

    objects = SeatsOnlyQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["note", "position"], name="one_option_per_position"),
            models.CheckConstraint(condition=~Q(text=""), name="option_has_words"),
        ]

    def __str__(self) -> str:
        return self.text


class Fit(models.TextChoices):
    """How far an option does what a criterion asks."""

    WELL = "well", _("well")
    PARTLY = "partly", _("partly")
    HARDLY = "hardly", _("hardly")


class OptionFit(InGroup):
    """What the group found of one option on one criterion."""

    option = models.ForeignKey(Option, on_delete=models.CASCADE, related_name="fits")
    criterion = models.ForeignKey(Criterion, on_delete=models.CASCADE, related_name="+")
    fit = models.CharField(max_length=6, choices=Fit)

    objects = SeatsOnlyQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["option", "criterion"], name="one_fit_per_option_and_criterion"),
            models.CheckConstraint(condition=Q(fit__in=Fit.values), name="option_fit_words"),
        ]

    def __str__(self) -> str:
        return self.fit


class PeerState(models.TextChoices):
    """asked -> given -> thanked; asked -> declined | withdrawn."""

    ASKED = "asked", _("asked")
    GIVEN = "given", _("given")
    THANKED = "thanked", _("thanked")
    DECLINED = "declined", _("not now")
    WITHDRAWN = "withdrawn", _("withdrawn")


class BetweenTwoQuerySet(tenancy.Scoped["PeerFeedback"]):
    """Peer feedback stays between the two people."""

    def visible_to(self, member: Member) -> Self:
        """What the member asked, or was asked."""
        mine = Q(asker_id=member.user.pk) | Q(giver_id=member.user.pk)
        return self.in_school(member).filter(mine)


class PeerFeedback(InGroup):
    """Feedback that somebody asked a colleague for (A6): affirm, critique, constructive, all three or nothing."""

    asker = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    giver = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    question = models.CharField(max_length=300)
    affirm = models.TextField(max_length=1000, blank=True)
    critique = models.TextField(max_length=1000, blank=True)
    constructive = models.TextField(max_length=1000, blank=True)
    state = models.CharField(max_length=9, choices=PeerState, default=PeerState.ASKED)
    asked_on = models.DateField()

    objects: ClassVar[BetweenTwoQuerySet] = BetweenTwoQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(question=""), name="feedback_starts_from_a_question"),
            models.CheckConstraint(condition=~Q(asker=F("giver")), name="feedback_is_between_two"),
            models.UniqueConstraint(
                fields=["group", "asker", "giver"], condition=Q(state="asked"), name="one_open_question_between_two"
            ),
            models.CheckConstraint(
                condition=Q(state__in=["given", "thanked"]) & ~Q(affirm="") & ~Q(critique="") & ~Q(constructive="")
                | Q(state__in=["asked", "declined", "withdrawn"], affirm="", critique="", constructive=""),
                name="feedback_has_all_three_parts",
            ),
        ]

    def __str__(self) -> str:
        return f"feedback {self.pk} ({self.state})"


class RoutineReview(InGroup):
    """One routine looked at again (A2): what it is for, and what to keep, change and stop."""

    routine = models.CharField(max_length=200)
    aim_for_pupils = models.CharField(max_length=300)
    method = models.CharField(max_length=300, blank=True)
    keep = models.TextField(max_length=1000, blank=True)
    change = models.TextField(max_length=1000, blank=True)
    stop = models.TextField(max_length=1000, blank=True)
    made_on = models.DateField()
    version = models.PositiveIntegerField(default=1)

    objects = SeatsOnlyQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(routine="") & ~Q(aim_for_pupils=""), name="routine_serves_pupils"),
        ]

    def __str__(self) -> str:
        return self.routine


class Source(InGroup):
    """Knowledge from outside on the group's shelf (A5), never adopted blindly."""

    title = models.CharField(max_length=200)
    where = models.CharField(max_length=400, blank=True)
    says = models.TextField(max_length=1000, blank=True)
    reliability = models.TextField(max_length=500, blank=True)
    fit = models.TextField(max_length=500, blank=True)
    counter_voice = models.TextField(max_length=500, blank=True)
    added_on = models.DateField()
    version = models.PositiveIntegerField(default=1)

    objects = SeatsOnlyQuerySet.as_manager()

    class Meta:
        constraints = [models.CheckConstraint(condition=~Q(title=""), name="source_has_a_title")]

    def __str__(self) -> str:
        return self.title


class Interview(InGroup):
    """Questions for an expert or another school (A5), prepared beforehand; recording only with leave."""

    whom = models.CharField(max_length=200)
    questions = models.TextField(max_length=2000, blank=True)
    may_record = models.BooleanField(default=False)
    learned = models.TextField(max_length=2000, blank=True)
    problems = models.TextField(max_length=1000, blank=True)
    made_on = models.DateField()
    version = models.PositiveIntegerField(default=1)

    objects = SeatsOnlyQuerySet.as_manager()

    class Meta:
        constraints = [models.CheckConstraint(condition=~Q(whom=""), name="interview_is_with_somebody")]

    def __str__(self) -> str:
        return f"interview {self.pk}"
