"""Pages of a decision note (A4): what matters, the options, another view, the decision."""

from __future__ import annotations

from typing import Any

from django import forms as django_forms
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from schools.pages import DeedMixin, FormMixin
from workgroups.actions import papers as actions
from workgroups.forms import papers as forms
from workgroups.models.helpers import DecisionState
from workgroups.queries import papers
from workgroups.views.papers.doors import NewPaper, OneDecision


class DecisionNew(FormMixin, NewPaper):
    """Begin with the question, and what the school stands for in it."""

    number = papers.DECISION
    template_name = "workgroups/papers/decision_form.html"
    form_class = forms.DecisionForm

    def act(self, form: django_forms.Form) -> str:
        """Begin the note."""
        written = {name: form.cleaned_data[name] for name in ("question", "vision")}
        note = actions.start_decision(group=self.group, **written, by=self.member, now=self.now)
        return self.address("decision", note.pk)


class DecisionHome(OneDecision):
    """The note as far as it is, with the one thing to do now."""

    template_name = "workgroups/papers/decision.html"

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """Show it."""
        state = self.paper.state
        form = {DecisionState.CRITERIA: forms.CriterionForm, DecisionState.OPTIONS: forms.OptionForm}.get(state)
        return self.show(
            page=papers.decision_page(self.paper),
            note=self.paper,
            form=form() if form and self.may_write else None,
            may_write=self.may_write,
        )


class DecisionEdit(FormMixin, OneDecision):
    """Say the question or the vision in other words."""

    template_name = "workgroups/papers/decision_form.html"
    form_class = forms.DecisionForm
    done = _("Saved.")

    def form_kwargs(self) -> dict[str, Any]:
        """Start from what stands there."""
        return {"initial": {name: getattr(self.paper, name) for name in ("question", "vision", "version")}}

    def context(self) -> dict[str, Any]:
        """The note it is about."""
        return {"note": self.paper}

    def act(self, form: django_forms.Form) -> str:
        """Describe it."""
        actions.describe_decision(note=self.paper, **form.cleaned_data, by=self.member, now=self.now)
        return self.address("decision", self.paper.pk)


class OptionsOpen(DeedMixin, OneDecision):
    """Put the options on the table: from then on the criteria stand."""

    done = _("What matters stands. Now the options.")

    def act(self) -> str:
        """Open them."""
        actions.open_options(note=self.paper, by=self.member, now=self.now)
        return self.back()

    def back(self) -> str:
        """The note."""
        return self.address("decision", self.paper.pk)


class OtherView(FormMixin, OneDecision):
    """Ask who sees it differently, before anything is decided."""

    template_name = "workgroups/papers/other_view.html"
    form_class = forms.OtherViewForm
    done = _("Saved.")

    def form_kwargs(self) -> dict[str, Any]:
        """Start from what stands there."""
        return {"initial": {name: getattr(self.paper, name) for name in ("other_view", "version")}}

    def context(self) -> dict[str, Any]:
        """The note it is about."""
        return {"note": self.paper}

    def act(self, form: django_forms.Form) -> str:
        """Write it down."""
        actions.hear_other_view(note=self.paper, **form.cleaned_data, by=self.member, now=self.now)
        return self.address("decision", self.paper.pk)


class Decide(FormMixin, OneDecision):
    """Decide, with the reason."""

    template_name = "workgroups/papers/decide.html"
    form_class = forms.DecideForm
    done = _("Decided. The note keeps your reasons.")

    def context(self) -> dict[str, Any]:
        """The note whole, to decide by."""
        return {"note": self.paper, "page": papers.decision_page(self.paper)}

    def act(self, form: django_forms.Form) -> str:
        """Decide."""
        actions.decide(note=self.paper, **form.cleaned_data, by=self.member, now=self.now)
        return self.address("decision", self.paper.pk)
