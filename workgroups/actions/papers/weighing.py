"""What a decision is weighed by and what is weighed (A4): criteria, options, and how well they fit in words."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from schools import refusals
from schools.roles import Member
from workgroups.actions import words
from workgroups.actions.papers import decision
from workgroups.models import Criterion, DecisionNote, Option, OptionFit
from workgroups.models.helpers import Fit
from workgroups.queries import papers

TEXT, LONG = 200, 1000
WEIGHTS = (1, 2, 3)
MOST_CRITERIA, MOST_OPTIONS = 7, 5


class EnoughCriteria(refusals.Refused):
    """A list that everybody can hold in mind."""

    message = _("Seven criteria is the most that you can weigh together. Take one away first.")
    code = "enough_criteria"


class EnoughOptions(refusals.Refused):
    """As many options as fit side by side."""

    message = _("Five options is the most that you can weigh together. Take one away first.")
    code = "enough_options"


class LearningWeighsMost(refusals.Refused):
    """What pupils learn always weighs most, and stays."""

    message = _("What pupils learn from it always counts, and weighs most.")
    field = "weight"
    code = "learning_weighs_most"


class Gone(refusals.Refused):
    """Somebody took it from the note meanwhile."""

    message = _("Somebody took this from the note.")
    code = "gone"


@transaction.atomic
def add_criterion(
    *,
    note: DecisionNote,
    text: str,
    weight: int,
    by: Member,
    now: dt.datetime,  # noqa: ARG001  # every action takes it
) -> Criterion:
    """Add what matters in the choice, and how heavily: 1 a little, 2 much, 3 most. The same words twice are one.

    Raises CriteriaStand once the options are on the table, EnoughCriteria, EmptyText, TextTooLong, UnknownWord,
    Decided, GroupEnded; PermissionDenied unless the member has a seat.
    """
    note = decision.weighing(note, by=by)
    text = words.one_line(text, limit=TEXT, field="text")
    weight = _weight(weight)
    same: Criterion | None = Criterion.objects.filter(note=note, text=text).first()
    if same:
        return same
    if Criterion.objects.filter(note=note).count() >= MOST_CRITERIA:
        raise EnoughCriteria
    row: Criterion = Criterion.objects.create(
        school_id=note.school_id,
        group_id=note.group_id,
        note=note,
        position=decision.next_position(Criterion, note),
        text=text,
        weight=weight,
    )
    return row


@transaction.atomic
def change_criterion(
    *,
    criterion: Criterion,
    text: str,
    weight: int,
    version: int | None = None,
    by: Member,
    now: dt.datetime,  # noqa: ARG001  # every action takes it
) -> Criterion:
    """Say a criterion in other words, or weigh it otherwise.

    ``version`` is the ``mark_of_criterion`` that the writer had before the eyes, None replaces whatever stands there.
    Raises Conflict with what was saved since, LearningWeighsMost, Gone, and what ``add_criterion`` raises.
    """
    decision.weighing(criterion.note, by=by)
    text = words.one_line(text, limit=TEXT, field="text")
    if criterion.is_learning and weight != max(WEIGHTS):
        raise LearningWeighsMost
    fresh: Criterion | None = Criterion.objects.filter(pk=criterion.pk).first()
    if fresh is None:
        raise Gone
    mark, theirs = mark_of_criterion(fresh), {"text": fresh.text, "weight": str(fresh.weight)}
    fresh.text, fresh.weight = text, _weight(weight)
    if version not in {None, mark} and mark_of_criterion(fresh) != mark:
        raise refusals.Conflict(theirs=theirs, version=mark)
    fresh.save(update_fields=["text", "weight"])
    return fresh


def mark_of_criterion(criterion: Criterion) -> int:
    """A number that is another one as soon as the criterion says or weighs something else."""
    return words.mark_of(criterion.text, str(criterion.weight))


@transaction.atomic
def drop_criterion(
    *,
    criterion: Criterion,
    by: Member,
    now: dt.datetime,  # noqa: ARG001  # every action takes it
) -> None:
    """Take a criterion from the note; twice is once.

    Raises CriteriaStand, LearningWeighsMost, Decided, GroupEnded; PermissionDenied unless the member has a seat.
    """
    decision.weighing(criterion.note, by=by)
    if criterion.is_learning:
        raise LearningWeighsMost
    Criterion.objects.filter(pk=criterion.pk).delete()


@transaction.atomic
def add_option(
    *,
    note: DecisionNote,
    text: str,
    by: Member,
    now: dt.datetime,  # noqa: ARG001  # every action takes it
) -> Option:
    """Put an option on the table, at most five. The same words twice are one.

    Raises NotOpened while the criteria are still being made, EnoughOptions, EmptyText, TextTooLong, Decided,
    GroupEnded; PermissionDenied unless the member has a seat.
    """
    note = decision.opened(note, by=by)
    text = words.one_line(text, limit=TEXT, field="text")
    same: Option | None = Option.objects.filter(note=note, text=text).first()
    if same:
        return same
    if Option.objects.filter(note=note).count() >= MOST_OPTIONS:
        raise EnoughOptions
    of = {"school_id": note.school_id, "group_id": note.group_id, "note": note}
    row: Option = Option.objects.create(**of, position=decision.next_position(Option, note), text=text)
    return row


@transaction.atomic
def weigh_option(
    *,
    option: Option,
    written: Mapping[str, str],
    fits: Mapping[int, str],
    version: int | None,
    by: Member,
    now: dt.datetime,  # noqa: ARG001  # every action takes it
) -> Option:
    """Write down what speaks for and against an option, and how it fits each criterion, in words.

    ``written`` holds "text", "pros" and "cons"; ``fits`` maps criteria of the same note onto "well", "partly",
    "hardly" or "" (not weighed yet). ``version`` is the ``mark_of_option`` that the writer had before the eyes.
    Raises Conflict, Gone, UnknownWord, EmptyText, TextTooLong, NotOpened, Decided, GroupEnded; PermissionDenied
    unless the member has a seat.
    """
    note = decision.opened(option.note, by=by)
    fresh: Option | None = Option.objects.filter(pk=option.pk).first()
    if fresh is None:
        raise Gone
    mine = {"text": words.one_line(written["text"], limit=TEXT, field="text")}
    mine |= {name: words.lines(written[name], limit=LONG, field=name) for name in ("pros", "cons")}
    _as_before(fresh, version, mine, fits)
    Option.objects.filter(pk=fresh.pk).update(**mine)
    fresh.refresh_from_db()
    _fit(fresh, note, fits)
    return fresh


@transaction.atomic
def drop_option(
    *,
    option: Option,
    by: Member,
    now: dt.datetime,  # noqa: ARG001  # every action takes it
) -> None:
    """Take an option from the table; raises NotOpened, Decided, GroupEnded, PermissionDenied. Twice is once."""
    decision.opened(option.note, by=by)
    Option.objects.filter(pk=option.pk).delete()


def mark_of_option(option: Option, fits: Mapping[int, str]) -> int:
    """A number that is another one as soon as the words of the option are, or how it fits a criterion."""
    told = (f"{pk} {fit}" for pk, fit in sorted(fits.items()) if fit)
    return words.mark_of(option.text, option.pros, option.cons, *told)


def _as_before(option: Option, version: int | None, mine: dict[str, str], fits: Mapping[int, str]) -> None:
    stored = papers.fits_of(option)
    theirs = {name: getattr(option, name) for name in mine} | {f"fit-{pk}": stored.get(pk, "") for pk in fits}
    mark = mark_of_option(option, stored)
    if theirs != mine | {f"fit-{pk}": fit for pk, fit in fits.items()} and version not in {None, mark}:
        raise refusals.Conflict(theirs=theirs, version=mark)


def _fit(option: Option, note: DecisionNote, fits: Mapping[int, str]) -> None:
    criteria = set(Criterion.objects.filter(note=note).values_list("pk", flat=True))
    if not set(fits) <= criteria:
        raise words.UnknownWord(field="fits")
    told = {pk: words.chosen(fit, Fit.values, field=f"fit-{pk}") for pk, fit in fits.items() if fit}
    OptionFit.objects.filter(option=option, criterion_id__in=fits).delete()
    of = {"school_id": note.school_id, "group_id": note.group_id, "option": option}
    OptionFit.objects.bulk_create(OptionFit(**of, criterion_id=pk, fit=fit) for pk, fit in told.items())


def _weight(weight: int) -> int:
    if weight not in WEIGHTS:
        raise words.UnknownWord(field="weight")
    return weight
