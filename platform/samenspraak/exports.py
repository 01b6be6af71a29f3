"""What the dashboards show, as files to take along: the same lines, for the same people, in the same order."""

from __future__ import annotations

from collections.abc import Iterator

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _, gettext_lazy

from observations import sheets as mirrors
from observations.outlook import LeaderView
from samenspraak import board_dashboard, school_dashboard
from samenspraak.homes import BoardHome
from schools import sheets
from schools.downloads import SheetMixin
from schools.models import Board, School
from workgroups.pages import GroupPage

_Rows = Iterator[tuple[sheets.Cell, ...]]


class SchoolFile(SheetMixin, GroupPage):
    """The school's dashboard, for everybody who may open it."""

    stem = gettext_lazy("conversations-at-school")

    def sheet(self) -> sheets.Sheet:
        """What this reader sees of the school."""
        return of_school(school_dashboard.of_member(self.member, now=self.now))

    def back(self) -> str:
        """The dashboard."""
        return reverse("school-dashboard", args=[self.member.school.slug])

    def source(self) -> School:
        """The school."""
        return self.member.school


class BoardFile(SheetMixin, BoardHome):
    """The board's schools, for its admins; 404 for everybody else."""

    stem = gettext_lazy("our-schools")

    def sheet(self) -> sheets.Sheet:
        """What the board sees of its schools."""
        return of_board(board_dashboard.of_board(self.board, now=self.now))

    def back(self) -> str:
        """The board's page."""
        return reverse("board-home", args=[self.board.number])

    def source(self) -> Board:
        """The board."""
        return self.board


def of_board(found: board_dashboard.BoardDashboard) -> sheets.Sheet:
    """A row per school by name; its two numbers only where the page has them."""
    columns = [sheets.Column(_("School"), 40), sheets.Column(_("Place"), 24)]
    if not found.is_counted:
        rows: list[tuple[sheets.Cell, ...]] = [(line.school.name, line.school.place) for line in found.lines]
        return sheets.sheet(title=_("Schools"), columns=columns, rows=rows)
    since = _("Meetings since %(day)s") % {"day": date_format(found.since, "j F Y")}
    columns += [sheets.Column(_("Groups"), 12), sheets.Column(since, 24)]
    rows = [(line.school.name, line.school.place, line.groups, line.meetings) for line in found.lines]
    return sheets.sheet(title=_("Schools"), columns=columns, rows=rows)


def of_school(found: school_dashboard.SchoolDashboard) -> sheets.Sheet:
    """A row for each thing that the page tells: of every group by name, then of the school."""
    columns = (
        sheets.Column(_("Group"), 28),
        sheets.Column(_("What"), 26),
        sheets.Column(_("When"), 18),
        sheets.Column(_("Whose"), 20),
        sheets.Column(_("Card"), 8),
        sheets.Column(_("About"), 32),
        sheets.Column(_("In words"), 26),
        sheets.Column(_("Number"), 10),
        sheets.Column(_("Text"), 60),
    )
    rows = [*_groups(found), *_help(found), *_to_board(found)]
    return sheets.sheet(title=_("Conversations at school"), columns=columns, rows=rows)


def _groups(found: school_dashboard.SchoolDashboard) -> _Rows:
    for line in found.lines:
        name = line.group.name
        if line.aspect:
            yield name, _("card"), None, "", line.aspect.number, line.aspect.name, "", None, ""
        for beat in line.rhythm:
            yield name, _("meeting"), beat.day, "", None, "", beat.words, None, ""
        if not found.is_rhythm_only and not line.shows:
            yield name, _("profile"), None, "", None, "", _("stays in the group"), None, ""
        elif line.shows:
            yield from _shared(name, line.shows)


def _shared(name: str, view: LeaderView) -> _Rows:
    """What a group shares, in words; its points stand on its own page only."""
    for when, whose, card, aspect, what, word, _text in mirrors.words_of(view):
        yield name, what, when, whose, card, aspect, word, None, ""


def _help(found: school_dashboard.SchoolDashboard) -> _Rows:
    for asked in found.help:
        name, kind = asked.group.name, str(asked.kind_label)
        yield name, _("help asked"), asked.asked_on, "", None, kind, "", None, asked.words
        if asked.answer:
            yield name, _("answer"), asked.answered_on, asked.by_name, None, kind, "", None, asked.answer


def _to_board(found: school_dashboard.SchoolDashboard) -> _Rows:
    """What the board reads of this school."""
    seen = found.to_board
    if seen is None or not seen.line.is_counted:
        return
    name = seen.line.school.name
    what = _("what the board sees")
    yield name, what, None, "", None, _("groups"), "", seen.line.groups, ""
    since = _("meetings since %(day)s") % {"day": date_format(seen.since, "j F Y")}
    yield name, what, None, "", None, since, "", seen.line.meetings, ""
