"""Staff lists of a school or of a whole board: the template, the file, a look at what it would do, and the yes."""

from __future__ import annotations

import datetime as dt
from abc import abstractmethod
from typing import Any, ClassVar, NamedTuple

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.functional import cached_property
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from schools import actions, pages, queries, sheets, tenancy, uploads
from schools.models import Board, School
from schools.roster import columns, plan, telling

MOST_ASKED = 300


class Owner(NamedTuple):
    """Whose list it is: one school's, or a whole board's."""

    school: School | None = None
    board: Board | None = None


class _ListPage(pages.PersonPage):
    """A page about a list; of whom it is, the class beside it says."""

    today: dt.date
    key: ClassVar[str]  # what its address calls a list that was chosen

    @property
    @abstractmethod
    def owner(self) -> Owner:
        """Whose list it is."""

    @abstractmethod
    def at(self, name: str, **more: Any) -> str:
        """The address of another page about the list."""


class _OfSchool(pages.StewardPage, _ListPage):
    """Of one school, for whoever keeps its people."""

    key = "roster_id"

    @property
    def owner(self) -> Owner:
        """Whose list it is."""
        return Owner(school=self.school)

    def at(self, name: str, **more: Any) -> str:
        """The address of another page about the list."""
        return reverse(name, kwargs={"slug": self.school.slug, **more})


class _OfBoard(pages.BoardPage, _ListPage):
    """Of all schools of a board, for its admins."""

    key = "list_id"

    @property
    def owner(self) -> Owner:
        """Whose list it is."""
        return Owner(board=self.board)

    def at(self, name: str, **more: Any) -> str:
        """The address of another page about the list."""
        return reverse(f"board-{name}", kwargs={"number": self.board.number, **more})


class _Choosing(pages.RecentlyProved, pages.FormMixin, _ListPage):
    """Choose the file."""

    template_name = "schools/roster.html"
    form_class = uploads.RosterFile
    proved_for = frozenset({"POST"})

    def form(self, data: Any = None) -> forms.Form:
        """The form with the file that was sent."""
        if data is None:
            return uploads.RosterFile()
        return uploads.RosterFile(
            data,
            self.request.FILES,
            is_too_large=uploads.is_too_large(self.request),
        )

    def context(self) -> dict[str, Any]:
        """Whose list, and where its template lies."""
        return {**self.owner._asdict(), "template": self.at("roster-template"), "columns": columns.COLUMNS}

    def act(self, form: forms.Form) -> str:
        """Read it, and go to the look at it."""
        data = form.cleaned_data["file"].read()
        row = actions.read_roster(data=data, **self.owner._asdict(), by=self.request.user, now=self.now)
        return self.at("roster-look", **{self.key: row.pk})


class SchoolRoster(_Choosing, _OfSchool):
    """Choose the list of one school."""


class BoardRoster(_Choosing, _OfBoard):
    """Choose the list of a whole board."""


class _Looking(pages.RecentlyProved, pages.FormMixin, _ListPage):
    """See what every line would do, and say yes to all of it; afterwards: what was done."""

    template_name = "schools/roster_look.html"
    form_class = uploads.RosterTake
    proved_for = frozenset({"POST"})

    def enter(self, **kwargs: Any) -> None:
        """Find the list among those that the reader chose for this school or board."""
        super().enter(**kwargs)
        rows = queries.rosters_of(by=self.request.user, **self.owner._asdict())
        self.roster = tenancy.fetch(rows, pk=kwargs[self.key])

    @cached_property
    def plan(self) -> plan.Plan:
        """What it would do now."""
        return actions.look_at_roster(roster=self.roster, now=self.now)

    @property
    def too_many(self) -> bool:
        """Whether more people are missing than anybody looks through."""
        return len(self.plan.missing) > MOST_ASKED

    def form_kwargs(self) -> dict[str, Any]:
        """Ask about namesakes, and about people who are missing."""
        asked = [entry for entry in self.plan.entries if entry.asks]
        names = {entry.place.pk: entry.place.name for entry in self.plan.entries if entry.place}
        names = names if len(names) > 1 else {}
        missing = [
            (actions.key_of(one), telling.leaver(one, names.get(one.school_id, ""))) for one in self.plan.missing
        ]
        return {
            "gone": [] if self.too_many else missing,
            "others": [(str(entry.number), telling.namesake(entry)) for entry in asked],
            "initial": {"last_day": self.today},
        }

    def context(self) -> dict[str, Any]:
        """The lines, those that are wrong first, and a count of each school where there are several."""
        shown = self.request.GET.get("school", "")
        schools = _by_school(self.plan)
        is_one = len(schools) == 1
        chosen = [entry for entry in self.plan.entries if entry.place and (is_one or entry.place.slug == shown)]
        return {
            **self.owner._asdict(),
            "plan": self.plan,
            "summary": telling.summary(self.plan.counts),
            "refused": [entry for entry in self.plan.entries if entry.kind is plan.Kind.REFUSED],
            "schools": () if is_one else schools,
            "shown": next((place for place, _counts in schools if place.slug == shown), None),
            "lines": [(entry, telling.told(entry)) for entry in chosen if entry.kind is not plan.Kind.REFUSED],
            "too_many": self.too_many,
            "unread": self.roster.unread,
            "again": self.at("roster"),
        }

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """Show the plan; once it was taken, what was done."""
        if not self.roster.taken_at:
            return super().get(request, **kwargs)
        told = telling.done(self.roster.tally)
        return self.show(**self.owner._asdict(), done=told, roster=self.roster, again=self.at("roster"))

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """Take it in; a second yes to the same list leads to what the first did."""
        if self.roster.taken_at:
            return redirect(self.at("roster-look", **{self.key: self.roster.pk}))
        return super().post(request, **kwargs)

    def act(self, form: forms.Form) -> str:
        """Take it in."""
        said = form.cleaned_data
        actions.take_roster(
            roster=self.roster,
            seen=said["seen"],
            others=frozenset(int(number) for number in said.get("others", ())),
            gone=frozenset(said.get("gone", ())),
            last_day=said.get("last_day"),
            by=self.request.user,
            now=self.now,
        )
        return self.at("roster-look", **{self.key: self.roster.pk})


@method_decorator(never_cache, name="dispatch")
class SchoolRosterLook(_Looking, _OfSchool):
    """Look at the list of one school."""


@method_decorator(never_cache, name="dispatch")
class BoardRosterLook(_Looking, _OfBoard):
    """Look at the list of a whole board."""


def _by_school(drawn: plan.Plan) -> list[tuple[plan.Place, dict[str, int]]]:
    """The schools of the list by name, each with how many lines are new, known and refused."""
    counts: dict[int, dict[str, int]] = {}
    places: dict[int, plan.Place] = {}
    for entry in drawn.entries:
        if entry.place:
            places[entry.place.pk] = entry.place
            count = counts.setdefault(entry.place.pk, {"new": 0, "known": 0, "refused": 0})
            new = entry.kind in {plan.Kind.INVITE, plan.Kind.MOVE}
            count["refused" if entry.kind is plan.Kind.REFUSED else "new" if new else "known"] += 1
    return [(place, counts[place.pk]) for place in sorted(places.values(), key=lambda place: place.name)]


class _Template(_ListPage):
    """An empty list with the columns that we read; nothing of anybody stands in it."""

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """Answer with the file."""
        answer = HttpResponse(sheets.as_csv(self.sheet()), content_type="text/csv; charset=utf-8")
        answer["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=_("people.csv")) or ""
        return answer

    def sheet(self) -> sheets.Sheet:
        """The columns; for a board a line for each school with its code, to begin with."""
        heads = [columns.NAMES[name][0] for name in columns.COLUMNS]
        if self.owner.board is None:
            return sheets.sheet(title=_("People"), columns=[sheets.Column(head) for head in heads[:-1]], rows=[])
        codes = [row.location_code or row.slug for row in queries.open_schools(self.owner.board.pk).order_by("name")]
        rows = [(*[""] * (len(heads) - 1), code) for code in codes]
        return sheets.sheet(title=_("People"), columns=[sheets.Column(head) for head in heads], rows=rows)


class SchoolRosterTemplate(_Template, _OfSchool):
    """The template of one school."""


class BoardRosterTemplate(_Template, _OfBoard):
    """The template of a board."""
