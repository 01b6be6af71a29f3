"""Starting a group, and what it is called and works on."""

from __future__ import annotations

import datetime as dt

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from schools import events, refusals
from schools.models import User
from schools.roles import Member
from workgroups import permissions, queries
from workgroups.actions import seats, standing, words
from workgroups.models import GroupKind, ReminderRule, Seat, WorkGroup


class NameTaken(refusals.Refused):
    """One active group per name in a school."""

    message = _("There already is a group with this name. Choose another name.")
    field = "name"
    code = "name_taken"


@transaction.atomic
def start_group(
    *,
    name: str,
    theme: str,
    kind: str,
    present_practice: str,
    desired_practice: str,
    chair: User,
    by: Member,
    now: dt.datetime,
) -> WorkGroup:
    """Start a group around one theme (P1, P2), with its chair and the school's rule for reminders.

    Raises EmptyText, NameTaken, NotInSchool; PermissionDenied unless the member leads or runs the school.
    """
    permissions.demand(permissions.may_start_group(by))
    today = by.school.today(now)
    seats.must_work_here(chair, by.school, today=today, field="chair")
    group = WorkGroup(school=by.school)
    why = {"present_practice": present_practice, "desired_practice": desired_practice}
    _store(group, _cleaned({"name": name, "theme": theme, "kind": kind, **why}))
    standing.school_locked(by.school.pk)
    told = queries.school_rule(by.school)
    ReminderRule.objects.create(
        school=by.school, group=group, days_before=told.days_before, at=told.at, hours_before=told.hours_before
    )
    Seat.objects.create(school=by.school, group=group, user=chair, is_chair=True, from_date=today)
    events.record(what=events.What.GROUP_MADE, by=by.user, on=group, person=chair, school=by.school, now=now)
    return group


@transaction.atomic
def describe_group(  # noqa: PLR0913  # four texts, and who changes them
    *,
    group: WorkGroup,
    name: str,
    theme: str,
    kind: str,
    present_practice: str | None = None,
    desired_practice: str | None = None,
    version: int | None = None,
    by: Member,
    now: dt.datetime,  # noqa: ARG001  # every action takes it
) -> WorkGroup:
    """Change the group's name, theme and kind, and its why (P1); a practice that is None stays as it is.

    ``version`` is the one that was read; None replaces whatever stands there. The same words again change nothing.
    Raises Conflict with what was saved since, EmptyText, NameTaken, GroupEnded; PermissionDenied unless chair, leader
    or admin, for the why unless chair.
    """
    permissions.demand(permissions.may_describe_group(by, group))
    why = {"present_practice": present_practice, "desired_practice": desired_practice}
    written = {name: text for name, text in why.items() if text is not None}
    permissions.demand(not written or permissions.may_write_why(by, group))
    group = standing.locked(group.pk)
    written = _cleaned({"name": name, "theme": theme, "kind": kind} | written)
    theirs = {name: str(getattr(group, name)) for name in written}
    if theirs == written:
        return group
    if version not in {None, group.version}:
        raise refusals.Conflict(theirs=theirs, version=group.version)
    group.version += 1
    _store(group, written)
    return group


def _cleaned(written: dict[str, str]) -> dict[str, str]:
    cleaned = {
        "name": words.one_line(written["name"], limit=80, field="name"),
        "theme": words.one_line(written["theme"], limit=160, field="theme"),
        "kind": words.chosen(written["kind"], GroupKind.values, field="kind"),
    }
    for name in ("present_practice", "desired_practice"):
        if name in written:
            cleaned[name] = words.lines(written[name], limit=400, field=name)
    return cleaned


def _store(group: WorkGroup, written: dict[str, str]) -> None:
    for name, text in written.items():
        setattr(group, name, text)
    try:
        with transaction.atomic():
            group.save()
    except IntegrityError:
        raise NameTaken from None
