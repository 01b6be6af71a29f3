"""The papers that help with a card: what the group wrote on them. For its seats alone, never for a guest.

Peer feedback is not among them: see ``peers``.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from django.db.models import QuerySet
from django.utils.functional import Promise

from cards.models import Aspect
from schools.models import User
from schools.roles import Member
from workgroups.models import (
    Criterion,
    DecisionNote,
    FocusPeriod,
    Interview,
    KnowLine,
    KnowSheet,
    Option,
    OptionFit,
    RoutineReview,
    Seat,
    Source,
    WorkGroup,
)
from workgroups.models.goal import PeriodState
from workgroups.models.group import GroupState
from workgroups.models.helpers import DecisionState, Fit, KnowColumn
from workgroups.queries.edition import deck_of

ROUND, ROUTINE, KNOW, DECISION, OUTSIDE, PEER = range(1, 7)


@dataclass(frozen=True)
class Paper:
    """One paper on the shelf: ``page`` is the page it opens on, ``told`` how far it is, in a word if there is one."""

    page: str
    id: int
    text: str
    day: dt.date
    told: str | Promise = ""


@dataclass(frozen=True)
class Shelf:
    """The papers of one aspect, the newest first; ``in_focus``: it is the card the group works on."""

    aspect: Aspect
    in_focus: bool
    papers: tuple[Paper, ...] = ()


@dataclass(frozen=True)
class KnowPage:
    """A problem laid out: each column in the order of writing. What was found is something the group knows now."""

    sheet: KnowSheet
    known: tuple[KnowLine, ...]
    thought: tuple[KnowLine, ...]
    to_find: tuple[KnowLine, ...]
    found: tuple[KnowLine, ...]


@dataclass(frozen=True)
class Weighed:
    """How an option fits one criterion; ``fit`` is well, partly, hardly or None: not weighed yet."""

    criterion: Criterion
    fit: str | None

    @property
    def label(self) -> str | Promise:
        """The word for ``fit``, in the reader's language."""
        return Fit(self.fit).label if self.fit else ""


@dataclass(frozen=True)
class OnTheTable:
    """An option with how it fits every criterion, the heaviest first. There is no total: that would decide."""

    option: Option
    weighed: tuple[Weighed, ...]


@dataclass(frozen=True)
class DecisionPage:
    """A decision note whole: criteria by weight, the heaviest first, and options in order of place."""

    note: DecisionNote
    criteria: tuple[Criterion, ...]
    options: tuple[OnTheTable, ...] = field(default=())

    @property
    def has_criteria(self) -> bool:
        """Whether there is something to weigh by beside what pupils learn."""
        return any(not criterion.is_learning for criterion in self.criteria)

    @property
    def has_options(self) -> bool:
        """Whether there is something to choose from."""
        return len(self.options) > 1

    @property
    def may_be_decided(self) -> bool:
        """Whether nothing is missing any more: options side by side, and another view heard."""
        return self.note.state == DecisionState.OPTIONS and self.has_options and bool(self.note.other_view)


def sheets_for(member: Member) -> QuerySet[KnowSheet]:
    """The sheets of the groups in which the member sits, each with its group; for fetch."""
    return KnowSheet.objects.visible_to(member).select_related("group")


def lines_for(member: Member) -> QuerySet[KnowLine]:
    """The lines of those sheets; for fetch."""
    return KnowLine.objects.visible_to(member).select_related("group", "sheet", "owner")


def decisions_for(member: Member) -> QuerySet[DecisionNote]:
    """The decision notes of the groups in which the member sits; for fetch."""
    return DecisionNote.objects.visible_to(member).select_related("group")


def criteria_for(member: Member) -> QuerySet[Criterion]:
    """The criteria of those notes; for fetch."""
    return Criterion.objects.visible_to(member).select_related("group", "note")


def options_for(member: Member) -> QuerySet[Option]:
    """The options of those notes; for fetch."""
    return Option.objects.visible_to(member).select_related("group", "note")


def routines_for(member: Member) -> QuerySet[RoutineReview]:
    """The routines that the member's groups looked at again; for fetch."""
    return RoutineReview.objects.visible_to(member).select_related("group")


def sources_for(member: Member) -> QuerySet[Source]:
    """What stands on the shelves of the member's groups; for fetch."""
    return Source.objects.visible_to(member).select_related("group")


def interviews_for(member: Member) -> QuerySet[Interview]:
    """The interviews that the member's groups prepared; for fetch."""
    return Interview.objects.visible_to(member).select_related("group")


def colleagues_of(group: WorkGroup, *, today: dt.date) -> QuerySet[User]:
    """Who sits in the group today, by name. One query."""
    seated = Seat.objects.live(today).filter(group=group).values("user_id")
    return User.objects.filter(pk__in=seated).order_by("given_name", "family_name", "pk")


def aspect_of(group: WorkGroup, number: int) -> Aspect | None:
    """The card with this number in the deck that the group works with. One query."""
    return deck_of(group).filter(number=number).first()


def shelves_of(group: WorkGroup) -> list[Shelf]:
    """All papers of the group by aspect, the card in focus first, then by number. Seven queries, however many."""
    live = FocusPeriod.objects.filter(group=group, state=PeriodState.LIVE).values_list("aspect__number", flat=True)
    number = live.first()
    papers = _papers(group)
    shelves = [Shelf(one, one.number == number, papers.get(one.number, ())) for one in deck_of(group)]
    return sorted(shelves, key=lambda shelf: not shelf.in_focus)


def open_finds(group: WorkGroup) -> int:
    """How many things wait to be found out in the group. One query."""
    return KnowLine.objects.filter(group=group, column=KnowColumn.FIND_OUT, done_on__isnull=True).count()


def finds_of(member: Member) -> list[KnowLine]:
    """What this member has yet to find out, in all own groups that still work, the oldest first. One query."""
    mine = lines_for(member).filter(owner=member.user, done_on__isnull=True, group__state=GroupState.ACTIVE)
    return list(mine.order_by("pk"))


def know_page(sheet: KnowSheet) -> KnowPage:
    """A sheet whole. One query."""
    rows = list(KnowLine.objects.filter(sheet=sheet).select_related("owner").order_by("pk"))
    column = {key: tuple(row for row in rows if row.column == key) for key in KnowColumn.values}
    asked = column[KnowColumn.FIND_OUT]
    return KnowPage(
        sheet=sheet,
        known=column[KnowColumn.KNOW],
        thought=column[KnowColumn.THINK],
        to_find=tuple(row for row in asked if not row.done_on),
        found=tuple(row for row in asked if row.done_on),
    )


def decision_page(note: DecisionNote) -> DecisionPage:
    """A decision note whole. Three queries."""
    criteria = by_weight(note)
    fits = OptionFit.objects.filter(option__note=note).values_list("option_id", "criterion_id", "fit")
    found = {(option, criterion): fit for option, criterion, fit in fits}
    options = Option.objects.filter(note=note).order_by("position")
    return DecisionPage(note, criteria, tuple(OnTheTable(one, _weighed(one, criteria, found)) for one in options))


def by_weight(note: DecisionNote) -> tuple[Criterion, ...]:
    """The criteria of a note, the heaviest first; what pupils learn comes before the others. One query."""
    return tuple(Criterion.objects.filter(note=note).order_by("-weight", "-is_learning", "position"))


def fits_of(option: Option) -> dict[int, str]:
    """How the option fits, by the id of the criterion. One query."""
    return dict(OptionFit.objects.filter(option=option).values_list("criterion_id", "fit"))


def _weighed(
    option: Option, criteria: Iterable[Criterion], found: Mapping[tuple[int, int], str]
) -> tuple[Weighed, ...]:
    return tuple(Weighed(one, found.get((option.pk, one.pk))) for one in criteria)


def _papers(group: WorkGroup) -> dict[int, tuple[Paper, ...]]:
    of = {"group": group}
    return {
        ROUTINE: _newest(
            Paper("routine", one.pk, one.routine, one.made_on) for one in RoutineReview.objects.filter(**of)
        ),
        KNOW: _newest(Paper("know", one.pk, one.question, one.made_on) for one in KnowSheet.objects.filter(**of)),
        DECISION: _newest(
            Paper("decision", one.pk, one.question, one.decided_on or one.made_on, _stage(one))
            for one in DecisionNote.objects.filter(**of)
        ),
        OUTSIDE: _newest(
            [
                *(Paper("source", one.pk, one.title, one.added_on) for one in Source.objects.filter(**of)),
                *(Paper("interview", one.pk, one.whom, one.made_on) for one in Interview.objects.filter(**of)),
            ]
        ),
    }


def _newest(papers: Iterable[Paper]) -> tuple[Paper, ...]:
    return tuple(sorted(papers, key=lambda paper: (paper.day, paper.id), reverse=True))


def _stage(note: DecisionNote) -> str | Promise:
    return DecisionState(note.state).label
