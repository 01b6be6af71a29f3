"""The visit and its contract (C2): proposed by the coach, accepted by the group; and what the group shares."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from schools import tenancy
from schools.models import User
from schools.roles import Member
from workgroups.models import Meeting, WorkGroup
from workgroups.models.group import InGroup, InGroupQuerySet
from workgroups.models.meeting import MeetingState


class Purpose(models.TextChoices):
    """Why a coach may want to listen (C3); judging people is not among the reasons."""

    SUPPORT = "support", _("support with the aspect you chose")
    FRESH_EYES = "fresh_eyes", _("fresh eyes on your conversation")
    AFTER_HARD_TIMES = "after_hard_times", _("finding your way again after a hard time")


class Party(models.TextChoices):
    """Who is to say yes to a proposed visit: the group, or the visitor where the group changed something."""

    GROUP = "group", _("the group")
    VISITOR = "visitor", _("the visitor")


class VisitState(models.TextChoices):
    """proposed -> accepted | declined | withdrawn; accepted -> listening -> noting -> shared -> closed."""

    PROPOSED = "proposed", _("proposed")
    ACCEPTED = "accepted", _("welcome")
    DECLINED = "declined", _("not now")
    WITHDRAWN = "withdrawn", _("withdrawn")
    LISTENING = "listening", _("listening")
    NOTING = "noting", _("writing notes")
    SHARED = "shared", _("shared with the group")
    CLOSED = "closed", _("closed")


class VisitQuerySet(tenancy.Scoped["Visit"]):
    """A visit is known to the group's members and to the visitor, to nobody else.

    The visitor, school leader or not, keeps nothing of it: 30 days after sharing it is as if it had never been (C12).
    """

    def visible_to(self, member: Member) -> VisitQuerySet:
        """The visits to the member's own groups, and the member's own visits while these last."""
        own = Q(coach_id=member.user.pk) & (Q(shared_at__isnull=True) | Q(group_id__in=list(member.guest_of)))
        return self.in_school(member).filter(Q(group_id__in=list(member.seats)) | own)


class Visit(InGroup):
    """A coach, or a leader as a guest, comes to listen to one meeting.

    ``accepted_for`` is the start to which the group said yes, or for which it offered something else: a meeting that
    moved needs a new yes.
    ``version`` rises with every change of state; letters speak of one version. ``group_words`` is what the group wants
    to be listened to; where it changed the proposal, ``asks`` is the visitor. ``forgotten_on``: when raw notes went.
    """

    group = models.ForeignKey(WorkGroup, on_delete=models.CASCADE, related_name="visits")
    meeting = models.ForeignKey(Meeting, on_delete=models.CASCADE, related_name="visits")
    coach = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    purpose = models.CharField(max_length=16, choices=Purpose)
    own_words = models.CharField(max_length=300, blank=True)
    group_words = models.CharField(max_length=300, blank=True)
    asks = models.CharField(max_length=7, choices=Party, default=Party.GROUP)
    state = models.CharField(max_length=9, choices=VisitState, default=VisitState.PROPOSED)
    version = models.PositiveIntegerField(default=1)
    proposed_at = models.DateTimeField()
    accepted_for = models.DateTimeField(null=True, blank=True)
    target_minutes = models.PositiveSmallIntegerField(default=20)
    listening_since = models.DateTimeField(null=True, blank=True)
    shared_at = models.DateTimeField(null=True, blank=True)
    forgotten_on = models.DateField(null=True, blank=True)

    objects: ClassVar[VisitQuerySet] = VisitQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(purpose__in=Purpose.values), name="visit_never_appraises"),
            models.CheckConstraint(condition=Q(asks__in=Party.values), name="visit_asks_group_or_visitor"),
            models.CheckConstraint(
                condition=Q(target_minutes__range=(15, 30)), name="listening_takes_15_to_30_minutes"
            ),
            models.UniqueConstraint(
                fields=["meeting", "coach"],
                condition=~Q(state__in=["declined", "withdrawn"]),
                name="one_open_visit_per_meeting_and_coach",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["proposed", "declined", "withdrawn"]) | Q(accepted_for__isnull=False),
                name="no_visit_without_a_yes",
            ),
            models.CheckConstraint(
                condition=~Q(state="listening") | Q(listening_since__isnull=False),
                name="listening_has_a_start",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["shared", "closed"], shared_at__isnull=False)
                | (~Q(state__in=["shared", "closed"]) & Q(shared_at__isnull=True)),
                name="shared_visit_has_a_moment",
            ),
        ]
        indexes = [models.Index(fields=["coach", "school"], name="visit_by_coach")]

    @property
    def needs_new_yes(self) -> bool:
        """Whether the meeting moved since the group welcomed the visit (reads the meeting)."""
        return self.state == VisitState.ACCEPTED and self.accepted_for != self.meeting.starts_at

    @property
    def waits_for_visitor(self) -> bool:
        """Whether the group changed something to which the visitor has not said yes."""
        return self.state == VisitState.PROPOSED and self.asks == Party.VISITOR

    @property
    def is_called_off(self) -> bool:
        """Whether the meeting to which the visitor would come was called off (reads the meeting)."""
        comes = self.state in (VisitState.PROPOSED, VisitState.ACCEPTED)
        return comes and self.meeting.state == MeetingState.CANCELLED

    def __str__(self) -> str:
        return f"visit {self.pk} ({self.state})"


class ShareDecision(InGroup):
    """Whether the group shows its profile to the school leader, from a day on; who decided is not kept.

    A decision with a ``scan`` is about that revealed round alone, which the leader reads while the profile is shown.
    """

    scan = models.ForeignKey("SelfScan", on_delete=models.CASCADE, null=True, blank=True, related_name="+")
    decided_on = models.DateField()
    shares = models.BooleanField()

    objects = InGroupQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["group", "-id"], name="share_decision_by_group")]

    def __str__(self) -> str:
        return "shares" if self.shares else "keeps"
