"""The papers as pages to read and print, and as PDF: for leaders and admins of a school, and admins of its board."""

from __future__ import annotations

import datetime as dt
from abc import abstractmethod
from dataclasses import dataclass

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from samenspraak.papers import PAPERS
from samenspraak.papers.kinds import Paper
from schools import downloads, pages, permissions, press, refusals
from schools.models import Board, School


@dataclass(frozen=True)
class Whose:
    """For whom a paper is: what stands at its head, and where its addresses begin."""

    space: str  # "school" or "board"
    place: str | int  # the school's slug, the board's number
    name: str
    facts: tuple[tuple[str, str], ...]
    back: str
    back_text: str

    def address(self, name: str, *more: str) -> str:
        """The address of one of the pages below."""
        return reverse(f"{self.space}-{name}", args=[self.place, *more])


def of_school(school: School, *, back: str, back_text: str) -> Whose:
    """The papers of a school, with its board and the day on which its council agreed."""
    place = f"{school.name}, {school.place}" if school.place else school.name
    agreed = date_format(school.consented_on, "j F Y") if school.consented_on else ""
    facts = [(_("School"), place), (_("School board"), str(school.board))]
    return Whose("school", school.slug, school.name, (*facts, (_("Council agreed on"), agreed)), back, back_text)


def of_board(board: Board) -> Whose:
    """The papers of a board, for all its schools."""
    facts = ((_("School board"), str(board)), (_("Schools"), ""))
    return Whose(
        "board", board.number, str(board), facts, reverse("board-home", args=[board.number]), _("Back to your schools")
    )


class PapersPage(pages.PersonPage):
    """What all of them need: for whom."""

    nav_here = "today"
    today: dt.date

    @abstractmethod
    def whose(self) -> Whose:
        """For whom it is."""

    @property
    def paper(self) -> Paper:
        """The paper that the address names; 404 for others."""
        try:
            return PAPERS[self.kwargs["paper"]]
        except KeyError:
            raise Http404 from None


class _List(PapersPage):
    """The papers that there are."""

    template_name = "samenspraak/papers/list.html"

    def get(self, request: HttpRequest, **kwargs: object) -> HttpResponse:
        """Lay them out."""
        whose = self.whose()
        papers = [(paper, whose.address("paper", paper.key)) for paper in PAPERS.values()]
        return self.show(whose=whose, papers=papers)


class _Paper(PapersPage):
    """One of them, to read, to print, to copy from."""

    template_name = "samenspraak/papers/paper.html"

    def get(self, request: HttpRequest, **kwargs: object) -> HttpResponse:
        """Show it."""
        whose, paper = self.whose(), self.paper
        back, pdf = whose.address("papers"), whose.address("paper-pdf", paper.key)
        return self.show(whose=whose, paper=paper, back=back, pdf=pdf if press.has("pdf") else "", today=self.today)


class _Pdf(PapersPage):
    """One of them as a file. It holds nothing about anybody, so it asks for no proof and is no event."""

    http_method_names = ("get", "head")

    def get(self, request: HttpRequest, **kwargs: object) -> HttpResponse:
        """Answer with the file, or lead back with a sentence."""
        whose, paper = self.whose(), self.paper
        about = {"whose": whose, "paper": paper, "today": self.today}
        page = render_to_string("samenspraak/papers/pdf.html", about)
        try:
            body = press.as_pdf(page, look=render_to_string("samenspraak/papers/look.css"))
        except refusals.Refused as refused:
            messages.error(request, str(refused.sentence))
            return redirect(whose.address("paper", paper.key))
        return downloads.a_file(body, kind="pdf", stem=paper.stem, now=self.now)


class OfSchool(pages.StewardPage, PapersPage):
    """The papers of one school."""

    nav_here = "today"
    may = staticmethod(permissions.may_start_school)

    def whose(self) -> Whose:
        """The school, its board and its council."""
        return of_school(self.school, back=self.address("school-start"), back_text=_("Back to the start of the school"))


class OfBoard(pages.BoardPage, PapersPage):
    """The papers of a board."""

    def whose(self) -> Whose:
        """The board."""
        return of_board(self.board)


class SchoolPapers(OfSchool, _List):
    """The papers that there are, for a school."""


class SchoolPaper(OfSchool, _Paper):
    """A paper of a school."""


class SchoolPdf(OfSchool, _Pdf):
    """A paper of a school as a file."""


class BoardPapers(OfBoard, _List):
    """The papers that there are, for a board."""


class BoardPaper(OfBoard, _Paper):
    """A paper of a board."""


class BoardPdf(OfBoard, _Pdf):
    """A paper of a board as a file."""
