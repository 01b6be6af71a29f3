"""Pages of the sheet on which a group lays out a problem (A3)."""

from __future__ import annotations

from typing import Any

from django import forms as django_forms
from django.utils.translation import gettext_lazy as _

from schools.pages import DeedMixin, FormMixin
from workgroups.actions import papers as actions
from workgroups.forms import papers as forms
from workgroups.models.helpers import KnowColumn
from workgroups.queries import papers
from workgroups.views.papers.doors import NewPaper, OneLine, OneSheet


class KnowNew(FormMixin, NewPaper):
    """Begin with the question."""

    number = papers.KNOW
    template_name = "workgroups/papers/know_new.html"
    form_class = forms.SheetForm

    def act(self, form: django_forms.Form) -> str:
        """Lay it out."""
        question = form.cleaned_data["question"]
        sheet = actions.start_sheet(group=self.group, question=question, by=self.member, now=self.now)
        return self.address("know", sheet.pk)


class KnowAdd(FormMixin, OneSheet):
    """Add a line, with the sheet above it."""

    template_name = "workgroups/papers/know.html"
    http_method_names = ["get", "head", "post"]

    def form(self, data: Any = None) -> django_forms.Form:
        """The form, in the column of the line before."""
        people = papers.colleagues_of(self.group, today=self.today)
        return forms.LineForm(data, initial={"column": self.request.GET.get("column")}, people=people)

    def context(self) -> dict[str, Any]:
        """The sheet whole."""
        return {"page": papers.know_page(self.paper), "may_write": self.may_write}

    def act(self, form: django_forms.Form) -> str:
        """Add it, and go on with the next one."""
        line = actions.add_line(sheet=self.paper, **form.cleaned_data, by=self.member, now=self.now)
        return f"{self.address('know', self.paper.pk)}?column={line.column}#add"


class KnowHome(KnowAdd):
    """The same page at the sheet's own address; lines go to the address above."""

    http_method_names = ["get", "head"]


class LineEdit(FormMixin, OneLine):
    """Say a line in other words, or move it to another column."""

    template_name = "workgroups/papers/know_line.html"
    done = _("Saved.")

    def form(self, data: Any = None) -> django_forms.Form:
        """The form, from what stands there."""
        initial = {name: getattr(self.paper, name) for name in ("column", "text", "owner")}
        initial["version"] = actions.mark_of_line(self.paper)
        people = papers.colleagues_of(self.group, today=self.today)
        return forms.LineWordsForm(data, initial=initial, people=people)

    def context(self) -> dict[str, Any]:
        """The line it is about."""
        return {"line": self.paper, "may_write": self.may_write}

    def act(self, form: django_forms.Form) -> str:
        """Change it."""
        actions.change_line(line=self.paper, **form.cleaned_data, by=self.member, now=self.now)
        return self.address("know", self.paper.sheet_id)


class LineFound(FormMixin, OneLine):
    """Write down what was found."""

    template_name = "workgroups/papers/know_found.html"
    form_class = forms.FoundForm
    done = _("It stands on the sheet: you know this now.")

    def context(self) -> dict[str, Any]:
        """The line it is about."""
        is_open = self.paper.column == KnowColumn.FIND_OUT and self.paper.done_on is None
        return {"line": self.paper, "may_write": self.may_write and is_open}

    def act(self, form: django_forms.Form) -> str:
        """Write it down."""
        actions.note_found(line=self.paper, found=form.cleaned_data["found"], by=self.member, now=self.now)
        return self.address("know", self.paper.sheet_id)


class LineAway(DeedMixin, OneLine):
    """Take a line from the sheet."""

    done = _("The line is gone.")

    def act(self) -> str:
        """Take it away."""
        actions.take_away(line=self.paper, by=self.member, now=self.now)
        return self.address("know", self.paper.sheet_id)

    def back(self) -> str:
        """The sheet."""
        return self.address("know", self.paper.sheet_id)
