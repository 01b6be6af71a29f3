"""What a school still needs until it runs: four steps, each with the page that does it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _, ngettext

from schools import permissions, queries as places
from schools.models import Board, School
from schools.queries import Beginning
from schools.roles import Role, Steward
from workgroups import queries

ENOUGH_TEACHERS = 4  # who fill in a self-scan without being recognised


@dataclass(frozen=True)
class Step:
    """A step: whether it is done, what it is, how it stands, and where it is done by this reader, if anywhere."""

    key: str
    words: str
    hint: str
    is_done: bool
    href: str = ""
    deed: str = ""


@dataclass(frozen=True)
class Start:
    """How far a school is."""

    school: School
    steps: tuple[Step, ...]
    teachers: int
    invited: int

    @property
    def done(self) -> int:
        """How many steps are done."""
        return sum(step.is_done for step in self.steps)

    @property
    def runs(self) -> bool:
        """Whether nothing is left."""
        return self.done == len(self.steps)


def start_of(steward: Steward, *, now: dt.datetime) -> Start:
    """The steps of one school, with where this reader does them. Two queries."""
    school = steward.school
    only = places.open_schools(school.board_id).filter(pk=school.pk)
    [found] = places.beginnings(only, today=school.today(now))
    return _start(found, has_groups=school.pk in queries.schools_with_groups([school.pk]), steward=steward)


def starts_of(board: Board, *, now: dt.datetime) -> list[Start]:
    """The steps of all open schools of a board, by name. Two queries, however many schools."""
    found = places.beginnings(places.open_schools(board.pk), today=timezone.localdate(now))
    with_groups = queries.schools_with_groups([one.school.pk for one in found])
    return [_start(one, has_groups=one.school.pk in with_groups) for one in found]


def runs(school: School, *, staff: Sequence[places.Colleague], has_groups: bool) -> bool:
    """Whether nothing is left, from what a page knows already. No query."""
    teachers = sum(Role.TEACHER in one.roles for one in staff)
    checked = school.location_code is not None or school.region_checked_on is not None
    return school.may_invite and checked and has_groups and teachers >= ENOUGH_TEACHERS


def _start(found: Beginning, *, has_groups: bool, steward: Steward | None = None) -> Start:
    school = found.school
    steps: Iterable[Step] = (
        _council(school),
        _region(school),
        _people(found, steward),
        _groups(school, steward, has_groups=has_groups),
    )
    return Start(school, tuple(steps), found.teachers, found.invited)


def _council(school: School) -> Step:
    if school.consented_on:
        hint = _("Your council agreed on %(day)s.") % {"day": date_format(school.consented_on, "j F Y")}
    elif school.started_because:
        hint = _("Your board lets the school start: %(why)s") % {"why": school.started_because}
    else:
        hint = _("Until then no invitation leaves. There is a paper for the council that tells who sees what.")
    return Step(
        "council", _("The participation council agrees"), hint, school.may_invite,
        reverse("school-council", args=[school.slug]), _("Change it") if school.may_invite else _("Write down the day"),
    )  # fmt: skip


def _region(school: School) -> Step:
    listed = school.location_code is not None
    if listed or school.region_checked_on:
        hint = _("Region %(region)s. Reminders keep clear of your holidays.") % {"region": school.get_region_display()}
    else:
        hint = _("Look whether %(region)s is your region.") % {"region": school.get_region_display()}
    return Step(
        "region", _("The school holidays are right"), hint, listed or school.region_checked_on is not None,
        reverse("school-region", args=[school.slug]), _("Look at the region"),
    )  # fmt: skip


def _people(found: Beginning, steward: Steward | None) -> Step:
    teach = ngettext("%(count)s teacher is here", "%(count)s teachers are here", found.teachers)
    wait = ngettext("%(count)s invitation is open", "%(count)s invitations are open", found.invited)
    said = [
        teach % {"count": found.teachers} if found.teachers else _("No teacher is here yet"),
        *([wait % {"count": found.invited}] if found.invited else []),
    ]
    hint = f"{', '.join(said)}."
    keeps = steward is not None and permissions.may_keep_people(steward)
    where = "people-invitations" if keeps and found.invited else "people-invite"
    return Step(
        "people", _("The people are in"), hint, found.teachers >= ENOUGH_TEACHERS,
        reverse(where, args=[found.school.slug]), _("Invite people"),
    )  # fmt: skip


def _groups(school: School, steward: Steward | None, *, has_groups: bool) -> Step:
    hint = _("The first group works.") if has_groups else _("A leader or administrator of the school starts it.")
    starts = steward is not None and steward.has(Role.LEADER, Role.ADMIN)
    href = reverse("workgroups:group-new", args=[school.slug]) if starts else ""
    return Step("groups", _("A working group starts"), hint, has_groups, href, _("Start a group"))
