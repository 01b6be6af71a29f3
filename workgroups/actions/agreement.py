"""Agreements: what the group does in its meetings from now on (G4b), until it ends them (G8)."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from cards.models import Tip
from schools import refusals
from schools.roles import Member
from workgroups import permissions
from workgroups.actions import standing, words
from workgroups.models import Agreement, Goal
from workgroups.models.goal import SLOTS, AgreementState, GoalState, PeriodState


class EnoughAgreements(refusals.Refused):
    """Five live agreements is what can be read aloud in two minutes."""

    message = _("Five agreements is the most. Let one become a habit, or drop one, before you add another.")
    field = "agreements"
    code = "enough_agreements"


class SameAgreement(refusals.Refused):
    """The same words twice."""

    message = _("Your group already has this agreement.")
    field = "text"
    code = "same_agreement"


class AgreementEnded(refusals.Refused):
    """The agreement became a habit, was changed or was dropped in the meantime."""

    message = _("This agreement is no longer a live one.")
    code = "agreement_ended"


class GoalOver(refusals.Refused):
    """New agreements belong to a goal that the group still works on."""

    message = _("Your group has finished with this goal. Choose one of your goals of now.")
    field = "goal"
    code = "goal_over"


@transaction.atomic
def agree_on(*, goal: Goal, text: str, tip: Tip | None, by: Member, now: dt.datetime) -> Agreement:
    """Add an agreement to a live goal (G4b); ``tip`` is the tip it grew from.

    Raises EmptyText, SameAgreement, EnoughAgreements, GoalOver, GroupEnded; PermissionDenied unless the member has
    a seat (C15).
    """
    permissions.demand(permissions.may_write_goals(by, goal))
    standing.locked(goal.group_id)
    if not Goal.objects.filter(pk=goal.pk, state=GoalState.LIVE, period__state=PeriodState.LIVE).exists():
        raise GoalOver
    return write_down(goal, text, tip=tip, today=by.school.today(now), field="text")


@transaction.atomic
def change_agreement(
    *, agreement: Agreement, text: str, version: int | None, by: Member, now: dt.datetime
) -> Agreement:
    """Change an agreement's words; returns the agreement that holds now.

    Until its first check the words are simply corrected. Afterwards the old one ends as "changed" and points at its
    successor, which takes its place (G8). ``version`` is the one whose words were read; it rises along the successors.
    Raises Conflict with the words that were saved since, EmptyText, SameAgreement, AgreementEnded, GroupEnded;
    PermissionDenied unless the member has a seat.
    """
    permissions.demand(permissions.may_write_goals(by, agreement))
    standing.locked(agreement.group_id)
    text = words.one_line(text, limit=300, field="text")
    old = _living(agreement)
    if old.text == text:
        return old
    if old.version != version:
        raise refusals.Conflict(theirs={"text": old.text}, version=old.version)
    _must_be_new(old.group_id, text, field="text")
    if not old.checks.exists():
        Agreement.objects.filter(pk=old.pk).update(text=text, version=F("version") + 1)
        old.refresh_from_db()
        return old
    return _succeed(old, text, today=by.school.today(now))


@transaction.atomic
def end_agreement(*, agreement: Agreement, how: str, by: Member, now: dt.datetime) -> Agreement:
    """Say that an agreement is a "habit" now, or "dropped".

    Raises AgreementEnded, UnknownWord, GroupEnded; PermissionDenied unless the member has a seat.
    """
    permissions.demand(permissions.may_write_goals(by, agreement))
    standing.locked(agreement.group_id)
    how = words.chosen(how, [AgreementState.HABIT.value, AgreementState.DROPPED.value], field="how")
    today = by.school.today(now)
    _end(agreement, how, today=today)
    agreement.state, agreement.slot, agreement.ended_on = how, None, today
    return agreement


def write_down(goal: Goal, text: str, *, tip: Tip | None, today: dt.date, field: str) -> Agreement:
    """Put a live agreement in the group's first free slot; the caller has locked the group."""
    text = words.one_line(text, limit=300, field=field)
    _must_be_new(goal.group_id, text, field=field)
    live = Agreement.objects.filter(group_id=goal.group_id, state=AgreementState.LIVE)
    taken = set(live.values_list("slot", flat=True))
    free = [slot for slot in SLOTS if slot not in taken]
    if not free:
        raise EnoughAgreements(field=field)
    row: Agreement = Agreement.objects.create(
        school_id=goal.school_id, group_id=goal.group_id, goal=goal, slot=free[0], text=text, tip=tip, agreed_on=today
    )
    return row


def _living(agreement: Agreement) -> Agreement:
    """The agreement as it holds now, under the words that it was changed into; raises AgreementEnded."""
    row: Agreement | None = Agreement.objects.filter(pk=agreement.pk).first()
    while row is not None and row.state == AgreementState.CHANGED:
        row = row.changed_into
    if row is None or row.state != AgreementState.LIVE:
        raise AgreementEnded
    return row


def _must_be_new(group_id: int, text: str, *, field: str) -> None:
    if Agreement.objects.filter(group_id=group_id, state=AgreementState.LIVE, text=text).exists():
        raise SameAgreement(field=field)


def _succeed(old: Agreement, text: str, *, today: dt.date) -> Agreement:
    slot = old.slot
    _end(old, AgreementState.CHANGED, today=today)
    successor: Agreement = Agreement.objects.create(
        school_id=old.school_id,
        group_id=old.group_id,
        goal_id=old.goal_id,
        slot=slot,
        text=text,
        tip_id=old.tip_id,
        agreed_on=today,
        version=old.version + 1,
    )
    Agreement.objects.filter(pk=old.pk).update(changed_into=successor)
    return successor


def _end(agreement: Agreement, how: str, *, today: dt.date) -> None:
    live = Agreement.objects.filter(pk=agreement.pk, state=AgreementState.LIVE)
    if not live.update(state=how, slot=None, ended_on=today):
        raise AgreementEnded
