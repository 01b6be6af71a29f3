"""A decision with its reasons (A4): criteria first, then options, then another view, and only then the choice."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.db.models import F, Max
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from schools import refusals
from schools.roles import Member
from workgroups.actions import words
from workgroups.actions.papers import table
from workgroups.models import Criterion, DecisionNote, Option, WorkGroup
from workgroups.models.helpers import DecisionState

QUESTION, LONG, CHOICE = 200, 1000, 300
ENOUGH_OPTIONS = 2


class CriteriaStand(refusals.Refused):
    """Once an option is on the table, nobody bends the criteria towards it."""

    message = _("Your options are on the table, so the criteria stand as they are.")
    code = "criteria_stand"


class CriteriaMissing(refusals.Refused):
    """Pupils' learning and at least one more."""

    message = _("Write down at least one more thing that matters, beside what pupils learn.")
    code = "criteria_missing"


class NotOpened(refusals.Refused):
    """Options come after the criteria."""

    message = _("First agree on what matters. The options come after that.")
    code = "not_opened"


class Decided(refusals.Refused):
    """A decision stands with its reasons; who thinks again starts a new note."""

    message = _("You have decided this. The note stands as it is; for a new choice, start a new note.")
    code = "decided"


class OptionsMissing(refusals.Refused):
    """A choice out of one is no choice."""

    message = _("Put at least two options side by side. Leaving it as it is can be one of them.")
    code = "options_missing"


class OtherViewMissing(refusals.Refused):
    """Somebody sees it differently: ask first."""

    message = _("First ask who sees it differently, and write down what you heard.")
    code = "other_view_missing"


@transaction.atomic
def start_decision(*, group: WorkGroup, question: str, vision: str = "", by: Member, now: dt.datetime) -> DecisionNote:
    """Begin a decision note; what pupils learn from it is there as a criterion from the start, and weighs most.

    ``question`` has at most 200 characters, ``vision`` (what the school stands for in this) at most 1000. The same
    question twice in a day is one note.
    Raises EmptyText, TextTooLong, GroupEnded; PermissionDenied unless the member has a seat.
    """
    group = table.opened(group, by=by)
    question = words.one_line(question, limit=QUESTION, field="question")
    vision = words.lines(vision, limit=LONG, field="vision")
    of = {"school": by.school, "group": group}
    note: DecisionNote
    note, new = DecisionNote.objects.get_or_create(
        **of,
        question=question,
        made_on=by.school.today(now),
        state=DecisionState.CRITERIA,
        defaults={"vision": vision},
    )
    if new:
        with translation.override(by.school.language):
            text = translation.gettext("What pupils learn from it")
        Criterion.objects.create(**of, note=note, position=1, text=text, weight=3, is_learning=True)
    return note


@transaction.atomic
def describe_decision(
    *,
    note: DecisionNote,
    question: str,
    vision: str,
    version: int | None,
    by: Member,
    now: dt.datetime,  # noqa: ARG001  # every action takes it
) -> DecisionNote:
    """Say the question (before the options) and the school's vision (until you decided) in other words.

    Raises Conflict when somebody else wrote meanwhile, CriteriaStand, Decided, EmptyText, TextTooLong, GroupEnded;
    PermissionDenied unless the member has a seat.
    """
    fresh = undecided(note, by=by)
    question = words.one_line(question, limit=QUESTION, field="question")
    if fresh.state != DecisionState.CRITERIA and question != fresh.question:
        raise CriteriaStand(field="question")
    vision = words.lines(vision, limit=LONG, field="vision")
    return table.rewritten(fresh, {"question": question, "vision": vision}, version)


@transaction.atomic
def open_options(
    *,
    note: DecisionNote,
    by: Member,
    now: dt.datetime,  # noqa: ARG001  # every action takes it
) -> DecisionNote:
    """Put the options on the table: from now on the criteria stand. Twice is once.

    Raises CriteriaMissing, Decided, GroupEnded; PermissionDenied unless the member has a seat.
    """
    fresh = undecided(note, by=by)
    if not Criterion.objects.filter(note=fresh, is_learning=False).exists():
        raise CriteriaMissing
    open_notes = DecisionNote.objects.filter(pk=fresh.pk, state=DecisionState.CRITERIA)
    open_notes.update(state=DecisionState.OPTIONS, version=F("version") + 1)
    fresh.refresh_from_db()
    return fresh


@transaction.atomic
def hear_other_view(
    *,
    note: DecisionNote,
    other_view: str,
    version: int | None,
    by: Member,
    now: dt.datetime,  # noqa: ARG001  # every action takes it
) -> DecisionNote:
    """Write down who sees it differently, and how; also that you asked and nobody does. At most 1000 characters.

    Raises Conflict, EmptyText, TextTooLong, NotOpened, Decided, GroupEnded; PermissionDenied unless the member has a
    seat.
    """
    fresh = opened(note, by=by)
    other_view = words.needed_lines(other_view, limit=LONG, field="other_view")
    return table.rewritten(fresh, {"other_view": other_view}, version)


@transaction.atomic
def decide(
    *, note: DecisionNote, decision: str, because: str, conditions: str = "", by: Member, now: dt.datetime
) -> DecisionNote:
    """Decide, with the reason; from then on nothing of the note changes.

    ``decision`` has at most 300 characters, ``because`` and ``conditions`` at most 1000.
    Raises OptionsMissing, OtherViewMissing, EmptyText, TextTooLong, NotOpened, Decided, GroupEnded; PermissionDenied
    unless the member has a seat.
    """
    fresh = opened(note, by=by)
    if Option.objects.filter(note=fresh).count() < ENOUGH_OPTIONS:
        raise OptionsMissing
    if not fresh.other_view:
        raise OtherViewMissing
    written = {
        "decision": words.one_line(decision, limit=CHOICE, field="decision"),
        "because": words.needed_lines(because, limit=LONG, field="because"),
        "conditions": words.lines(conditions, limit=LONG, field="conditions"),
    }
    undecided_notes = DecisionNote.objects.filter(pk=fresh.pk, state=DecisionState.OPTIONS)
    state = {"state": DecisionState.DECIDED, "decided_on": by.school.today(now)}
    if not undecided_notes.update(**state, **written, version=F("version") + 1):
        raise Decided
    fresh.refresh_from_db()
    return fresh


def undecided(note: DecisionNote, *, by: Member) -> DecisionNote:
    """The note as it is now, under the lock of its group; raises Decided, GroupEnded, PermissionDenied."""
    table.opened(note, by=by)
    fresh: DecisionNote = DecisionNote.objects.get(pk=note.pk)
    if fresh.state == DecisionState.DECIDED:
        raise Decided
    return fresh


def opened(note: DecisionNote, *, by: Member) -> DecisionNote:
    """The same, once its options are on the table; also raises NotOpened."""
    fresh = undecided(note, by=by)
    if fresh.state != DecisionState.OPTIONS:
        raise NotOpened
    return fresh


def weighing(note: DecisionNote, *, by: Member) -> DecisionNote:
    """The same, while its criteria can change; raises CriteriaStand."""
    fresh = undecided(note, by=by)
    if fresh.state != DecisionState.CRITERIA:
        raise CriteriaStand
    return fresh


def next_position(model: type[Criterion | Option], note: DecisionNote) -> int:
    """The place after the last one of this note."""
    last: int | None = model.objects.filter(note=note).aggregate(last=Max("position"))["last"]
    return (last or 0) + 1
