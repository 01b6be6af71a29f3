"""A problem laid out (A3): what we know, what we think, and what somebody finds out."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from schools import refusals
from schools.models import User
from schools.roles import Member
from workgroups.actions import words
from workgroups.actions.papers import table
from workgroups.models import KnowLine, KnowSheet, WorkGroup
from workgroups.models.helpers import KnowColumn

QUESTION, LINE, FOUND = 200, 300, 500


class OwnerMissing(refusals.Refused):
    """What must be found out is somebody's to find out."""

    message = _("Say who finds this out.")
    field = "owner"
    code = "owner_missing"


class AlreadyFound(refusals.Refused):
    """What was found stands: it is something the group knows now."""

    message = _("This has been found out already. What was found stands on the sheet.")
    code = "already_found"


class NothingToFind(refusals.Refused):
    """Only what must be found out can be found."""

    message = _("This is not something that you had to find out.")
    code = "nothing_to_find"


class LineGone(refusals.Refused):
    """Somebody took the line from the sheet meanwhile."""

    message = _("Somebody took this line from the sheet.")
    code = "line_gone"


@transaction.atomic
def start_sheet(*, group: WorkGroup, question: str, by: Member, now: dt.datetime) -> KnowSheet:
    """Lay out a problem; the question is at most 200 characters. The same question twice in a day is one sheet.

    Raises EmptyText, TextTooLong, GroupEnded; PermissionDenied unless the member has a seat.
    """
    group = table.opened(group, by=by)
    question = words.one_line(question, limit=QUESTION, field="question")
    sheet: KnowSheet
    sheet, _new = KnowSheet.objects.get_or_create(
        school=by.school, group=group, question=question, made_on=by.school.today(now)
    )
    return sheet


@transaction.atomic
def add_line(
    *, sheet: KnowSheet, column: str, text: str, owner: User | None = None, by: Member, now: dt.datetime
) -> KnowLine:
    """Put a line in a column: "know", "think" or "find_out"; only what must be found out has an owner, and must.

    The same words twice in one column are one line.
    Raises EmptyText, TextTooLong, UnknownWord, OwnerMissing, NotAtTheTable, GroupEnded; PermissionDenied unless the
    member has a seat.
    """
    group = table.opened(sheet, by=by)
    column, text = _column(column), words.one_line(text, limit=LINE, field="text")
    line: KnowLine
    line, _new = KnowLine.objects.get_or_create(
        school=by.school,
        group=group,
        sheet=sheet,
        column=column,
        text=text,
        defaults={"owner": _owner(group, column, owner, today=by.school.today(now))},
    )
    return line


@transaction.atomic
def change_line(
    *,
    line: KnowLine,
    column: str,
    text: str,
    owner: User | None = None,
    version: int | None = None,
    by: Member,
    now: dt.datetime,
) -> KnowLine:
    """Say a line in other words, or move it: what the group thinks may turn out to be known.

    ``version`` is the ``mark_of_line`` that the writer had before the eyes, None replaces whatever stands there.
    Raises Conflict with what was saved since, AlreadyFound, LineGone and what ``add_line`` raises.
    """
    group = table.opened(line, by=by)
    fresh = _fresh(line)
    if fresh.done_on:
        raise AlreadyFound
    mark, theirs = mark_of_line(fresh), {"text": fresh.text, "column": fresh.column}
    fresh.column, fresh.text = _column(column), words.one_line(text, limit=LINE, field="text")
    fresh.owner = _owner(group, fresh.column, owner, today=by.school.today(now))
    if version not in {None, mark} and mark_of_line(fresh) != mark:
        raise refusals.Conflict(theirs=theirs, version=mark)
    fresh.save(update_fields=["column", "text", "owner"])
    return fresh


def mark_of_line(line: KnowLine) -> int:
    """A number that is another one as soon as the line says something else, or is somebody else's to find out."""
    return words.mark_of(line.text, line.column, str(line.owner_id))


@transaction.atomic
def note_found(*, line: KnowLine, found: str, by: Member, now: dt.datetime) -> KnowLine:
    """Write down what was found, at most 500 characters; any member may, also for the one who went to look.

    Raises EmptyText, TextTooLong, NothingToFind, AlreadyFound, LineGone, GroupEnded; PermissionDenied unless the
    member has a seat.
    """
    table.opened(line, by=by)
    fresh = _fresh(line)
    if fresh.column != KnowColumn.FIND_OUT:
        raise NothingToFind
    found = words.needed_lines(found, limit=FOUND, field="found")
    open_lines = KnowLine.objects.filter(pk=line.pk, column=KnowColumn.FIND_OUT, done_on__isnull=True)
    if not open_lines.update(found=found, done_on=by.school.today(now)):
        raise AlreadyFound
    return _fresh(line)


@transaction.atomic
def take_away(
    *,
    line: KnowLine,
    by: Member,
    now: dt.datetime,  # noqa: ARG001  # every action takes it
) -> None:
    """Take a line from the sheet, unless something was found: that stays. Twice is once.

    Raises AlreadyFound, GroupEnded; PermissionDenied unless the member has a seat.
    """
    table.opened(line, by=by)
    if KnowLine.objects.filter(pk=line.pk, done_on__isnull=False).exists():
        raise AlreadyFound
    KnowLine.objects.filter(pk=line.pk).delete()


def _fresh(line: KnowLine) -> KnowLine:
    row: KnowLine | None = KnowLine.objects.filter(pk=line.pk).first()
    if row is None:
        raise LineGone
    return row


def _column(column: str) -> str:
    return words.chosen(column, KnowColumn.values, field="column")


def _owner(group: WorkGroup, column: str, owner: User | None, *, today: dt.date) -> User | None:
    if column != KnowColumn.FIND_OUT:
        return None
    if owner is None:
        raise OwnerMissing
    return table.seated(group, owner, today=today, field="owner")
