"""A routine looked at again (A2), and knowledge from outside (A5): written down, and written on together."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any, TypeVar

from django.db import transaction

from schools.roles import Member
from workgroups.actions import words
from workgroups.actions.papers import table
from workgroups.models import Interview, RoutineReview, Source, WorkGroup

_Paper = TypeVar("_Paper", RoutineReview, Source, Interview)
# The most characters of each text; what stands first is needed and is one line.
ROUTINE = {"routine": 200, "aim_for_pupils": 300, "method": 300, "keep": 1000, "change": 1000, "stop": 1000}
SOURCE = {"title": 200, "where": 400, "says": 1000, "reliability": 500, "fit": 500, "counter_voice": 500}
INTERVIEW = {"whom": 200, "questions": 2000, "learned": 2000, "problems": 1000}
NEEDED = {"routine", "aim_for_pupils", "title", "whom"}
ONE_LINE = NEEDED | {"where", "method"}


@transaction.atomic
def review_routine(*, group: WorkGroup, written: Mapping[str, str], by: Member, now: dt.datetime) -> RoutineReview:
    """Look at one routine again; ``written`` holds the texts of ROUTINE, and always what it is for, for pupils (A2).

    Raises EmptyText, TextTooLong, GroupEnded; PermissionDenied unless the member has a seat.
    """
    group = table.opened(group, by=by)
    values = _cleaned(written, ROUTINE)
    row: RoutineReview
    row, _new = RoutineReview.objects.get_or_create(
        school=by.school, group=group, **values, made_on=by.school.today(now)
    )
    return row


@transaction.atomic
def rewrite_routine(
    *,
    routine: RoutineReview,
    written: Mapping[str, str],
    version: int | None,
    by: Member,
    now: dt.datetime,  # noqa: ARG001  # every action takes it
) -> RoutineReview:
    """Write on; raises Conflict when somebody else did meanwhile, and what ``review_routine`` raises."""
    return table.rewritten(_found(RoutineReview, routine, by=by), _cleaned(written, ROUTINE), version)


@transaction.atomic
def add_source(*, group: WorkGroup, written: Mapping[str, str], by: Member, now: dt.datetime) -> Source:
    """Put knowledge from outside on the group's shelf; ``written`` holds the texts of SOURCE (A5).

    Raises EmptyText, TextTooLong, GroupEnded; PermissionDenied unless the member has a seat.
    """
    group = table.opened(group, by=by)
    values = _cleaned(written, SOURCE)
    row: Source
    row, _new = Source.objects.get_or_create(school=by.school, group=group, **values, added_on=by.school.today(now))
    return row


@transaction.atomic
def rewrite_source(
    *,
    source: Source,
    written: Mapping[str, str],
    version: int | None,
    by: Member,
    now: dt.datetime,  # noqa: ARG001  # every action takes it
) -> Source:
    """Write on; raises Conflict when somebody else did meanwhile, and what ``add_source`` raises."""
    return table.rewritten(_found(Source, source, by=by), _cleaned(written, SOURCE), version)


@transaction.atomic
def prepare_interview(
    *, group: WorkGroup, written: Mapping[str, str], may_record: bool, by: Member, now: dt.datetime
) -> Interview:
    """Prepare questions for an expert or another school; ``may_record`` says that they gave leave to (A5).

    ``written`` holds the texts of INTERVIEW. Raises EmptyText, TextTooLong, GroupEnded; PermissionDenied unless the
    member has a seat.
    """
    group = table.opened(group, by=by)
    values = _cleaned(written, INTERVIEW)
    row: Interview
    row, _new = Interview.objects.get_or_create(
        school=by.school, group=group, **values, may_record=may_record, made_on=by.school.today(now)
    )
    return row


@transaction.atomic
def rewrite_interview(
    *,
    interview: Interview,
    written: Mapping[str, str],
    may_record: bool,
    version: int | None,
    by: Member,
    now: dt.datetime,  # noqa: ARG001  # every action takes it
) -> Interview:
    """Write on; raises Conflict when somebody else did meanwhile, and what ``prepare_interview`` raises."""
    fresh = _found(Interview, interview, by=by)
    return table.rewritten(fresh, _cleaned(written, INTERVIEW), version, may_record=may_record)


def _cleaned(written: Mapping[str, str], limits: Mapping[str, int]) -> dict[str, Any]:
    return {name: _text(written.get(name, ""), name, limit) for name, limit in limits.items()}


def _text(text: str, name: str, limit: int) -> str:
    if name in ONE_LINE:
        return words.one_line(text, limit=limit, field=name, may_be_empty=name not in NEEDED)
    return words.lines(text, limit=limit, field=name)


def _found(model: type[_Paper], paper: _Paper, *, by: Member) -> _Paper:
    table.opened(paper, by=by)
    return model.objects.get(pk=paper.pk)
