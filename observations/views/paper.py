"""The self-scan on paper: a sheet per card to fill in together, and one page to take it over."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from cards.models import Aspect, Behaviour
from observations import actions, pages, permissions, queries
from observations.forms.scan import AnswersForm, Line
from observations.models.observation import Degree
from observations.pages import OwnMirrorPage
from schools.pages import FormMixin
from workgroups import permissions as work

ALL = "all"


@dataclass(frozen=True)
class Leaf:
    """One card on paper, with its behaviours."""

    aspect: Aspect
    behaviours: tuple[Behaviour, ...]


@dataclass(frozen=True)
class Part:
    """One card on the page that takes the sheets over, with its fields."""

    aspect: Aspect
    lines: tuple[Line, ...]


class PaperPage(OwnMirrorPage):
    """About the card in focus, or about all six (?about=all, and where no card is chosen yet)."""

    def enter(self, **kwargs: Any) -> None:
        """Find out which behaviours are asked."""
        super().enter(**kwargs)
        self.card = queries.card_of(self.group, self.member)
        self.aspect = None if self.request.GET.get("about") == ALL else self.card
        self.scan = queries.scan_on_paper(self.group, self.aspect)
        self.asked = queries.behaviours_of(self.scan) if self.scan else queries.asked_on_paper(self.group, self.aspect)

    def about(self) -> dict[str, Any]:
        """What both pages say of themselves; ``query`` keeps an address about the same cards."""
        whole = self.aspect is None
        return {"group": self.group, "card": self.card, "whole": whole, "query": f"?about={ALL}" if whole else ""}


class ScanSheet(PaperPage):
    """The sheets to print: a page of A4 per card, with four degrees to tick and room for the manner."""

    template_name = "observations/scan/sheet.html"

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """Lay them out."""
        leaves = [Leaf(aspect, tuple(lines)) for aspect, lines in groupby(self.asked, key=lambda line: line.aspect)]
        return self.show(**self.about(), leaves=leaves, degrees=[Degree(value).label for value in Degree.values])


class ScanPaper(FormMixin, PaperPage):
    """Every answer from the sheets on one page; the picture is there at once."""

    template_name = "observations/scan/paper.html"
    form_class = AnswersForm
    done = _("Saved. This is your picture.")

    def enter(self, **kwargs: Any) -> None:
        """For those who may start a round."""
        super().enter(**kwargs)
        work.demand(permissions.may_open_scan(self.member, self.group))

    def form_kwargs(self) -> dict[str, Any]:
        """Every behaviour, with what the group answered together before."""
        given = queries.own_answers(self.scan, self.member) if self.scan else {}
        return {"behaviours": self.asked, "given": given}

    def context(self) -> dict[str, Any]:
        """The group and the cards; the fields per card come with the form."""
        return self.about()

    def show(self, *, status: int = 200, **context: Any) -> HttpResponse:
        """Lay the fields out card by card."""
        form = context["form"]
        pairs = zip(self.asked, form.lines, strict=True)
        parts = [
            Part(aspect, tuple(line for _asked, line in lines))
            for aspect, lines in groupby(pairs, key=lambda pair: pair[0].aspect)
        ]
        return super().show(status=status, parts=parts, **context)

    def act(self, form: forms.Form) -> str:
        """Take them over."""
        if not isinstance(form, AnswersForm):
            raise TypeError
        scan = actions.enter_scan(
            group=self.group,
            aspect=self.aspect,
            answers=form.answers,
            version=form.cleaned_data["version"],
            by=self.member,
            now=self.now,
        )
        return pages.address(self.member, "scan", scan.pk)
