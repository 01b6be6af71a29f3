"""A visitor's own visits on a home: what to propose, what is coming, what to finish and what to share."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _, ngettext

from observations.models import Visit
from observations.models.visit import VisitState
from observations.queries import closed_to, vanishing
from samenspraak.today import Row, count_of
from schools.roles import Member
from workgroups.queries import GroupRow

_SOON = 14  # days; what vanishes later than that is no news yet


@dataclass(frozen=True)
class NextVisit:
    """The one visit that asks for something first: where it stands, what to do there, and what can be done besides."""

    visit: Visit
    over: str
    told: str
    deed: Row
    also: Row | None


@dataclass(frozen=True)
class OwnVisits:
    """The visits that the member makes: the first one, and the others as rows under a title each."""

    first: NextVisit | None
    parts: tuple[tuple[str, tuple[Row, ...]], ...]


def own_visits(member: Member, visits: Iterable[Visit], *, ready: Collection[int], today: dt.date) -> OwnVisits:
    """Lay out the visits that the member makes, in the order given; ``ready``: those whose pairs are not shared yet."""
    mine = [visit for visit in visits if visit.coach_id == member.user.pk and not member.sits_in(visit.group_id)]
    first = next((visit for visit in mine if _asks_for_something(visit)), None)
    by_title: dict[str, list[Row]] = {title: [] for title in _titles().values()}
    for visit in mine:
        if visit is not first:
            title = _titles()[_part(visit, ready)]
            by_title[title].append(_row(visit, member, ready=ready, today=today))
    return OwnVisits(
        _first(first, member, ready=ready, today=today) if first else None,
        tuple((title, tuple(rows)) for title, rows in by_title.items() if rows),
    )


def to_propose(member: Member, groups: Iterable[GroupRow], visits: Iterable[Visit]) -> list[GroupRow]:
    """The groups with a meeting ahead to which the member could propose to come. One query, or none."""
    known = {visit.meeting_id for visit in visits if visit.coach_id == member.user.pk}
    ahead = {row.next.pk: row for row in groups if row.next and not member.sits_in(row.group.pk)}
    closed = closed_to(member.user.pk, ahead) if ahead else frozenset()
    return [row for meeting, row in ahead.items() if meeting not in known | closed]


def proposal(member: Member, row: GroupRow) -> Row:
    """The way to propose a visit to a group."""
    href = reverse("observations:visit-new", args=[member.school.slug, row.group.pk])
    day = date_format(row.next.day, "l j F") if row.next else ""
    return Row(href, row.group.name, count_of([row.group.theme, _("Next meeting %(day)s") % {"day": day}]))


def _titles() -> Mapping[str, str]:
    return {"share": _("To share"), "finish": _("To finish"), "coming": _("Coming"), "done": _("Behind you")}


def _part(visit: Visit, ready: Collection[int]) -> str:
    if not _asks_for_something(visit):
        return "done"
    if visit.pk in ready:
        return "share"
    return "finish" if visit.state in (VisitState.LISTENING, VisitState.NOTING) else "coming"


def _asks_for_something(visit: Visit) -> bool:
    return visit.state not in (VisitState.SHARED, VisitState.CLOSED) and not visit.forgotten_on


def _first(visit: Visit, member: Member, *, ready: Collection[int], today: dt.date) -> NextVisit:
    part = _part(visit, ready)
    welcome = visit.state == VisitState.ACCEPTED and not visit.is_called_off
    address = [member.school.slug, visit.pk]
    also = Row(reverse("observations:visit-prepare", args=address), _("Prepare your visit")) if welcome else None
    over = _("Your next visit") if part == "coming" else _titles()[part]
    return NextVisit(visit, over, _stands(visit, ready=ready, today=today), _deed(visit, member, ready), also)


def _row(visit: Visit, member: Member, *, ready: Collection[int], today: dt.date) -> Row:
    day = capfirst(date_format(visit.meeting.day, "l j F"))
    return Row(_visit(visit, member), visit.group.name, f"{day}. {_stands(visit, ready=ready, today=today)}")


def _stands(visit: Visit, *, ready: Collection[int], today: dt.date) -> str:
    return " ".join(part for part in (_where(visit, ready), _vanishes(visit, today)) if part)


def _where(visit: Visit, ready: Collection[int]) -> str:
    checks = (
        (visit.is_called_off, _("This meeting was called off.")),
        (visit.needs_new_yes, _("The meeting moved, so the group is asked again.")),
        (visit.waits_for_visitor, _("The group wants something otherwise. Do you agree?")),
        (visit.forgotten_on and not visit.shared_at, _("Nothing was shared.")),
        (visit.pk in ready, _("Your feedback waits to be shared.")),
    )
    for holds, words in checks:
        if holds:
            return words
    return {
        VisitState.PROPOSED.value: _("The group has not answered yet."),
        VisitState.ACCEPTED.value: _("The group welcomes you."),
        VisitState.LISTENING.value: _("You are listening now."),
        VisitState.NOTING.value: _("Write your notes, then share your feedback."),
    }.get(visit.state, _("Your feedback is shared."))


def _vanishes(visit: Visit, today: dt.date) -> str:
    """The countdown in its last days, then the receipt."""
    if visit.forgotten_on:
        return _("Your notes were deleted on %(day)s.") % {"day": date_format(visit.forgotten_on, "j F")}
    left = vanishing(visit, today=today)
    if left is None or left.days > _SOON:
        return ""
    if left.days == 0:
        return _("Your notes vanish today.")
    words = ngettext("Your notes vanish in %(days)s day.", "Your notes vanish in %(days)s days.", left.days)
    return words % {"days": left.days}


def _deed(visit: Visit, member: Member, ready: Collection[int]) -> Row:
    address = [member.school.slug, visit.pk]
    field = reverse("observations:field", args=address)
    if visit.state == VisitState.LISTENING:
        return Row(reverse("observations:listen", args=address), _("Back to listening"), field=field)
    if visit.pk in ready:
        return Row(reverse("observations:feedback-share", args=address), _("Share your feedback"))
    if visit.state == VisitState.NOTING:
        return Row(reverse("observations:notes", args=address), _("Write your notes"), field=f"{field}#notes")
    return Row(_visit(visit, member), _("See the visit"))


def _visit(visit: Visit, member: Member) -> str:
    return reverse("observations:visit", args=[member.school.slug, visit.pk])
