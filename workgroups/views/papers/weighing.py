"""Pages about one criterion or one option of a decision note (A4)."""

from __future__ import annotations

from typing import Any

from django import forms as django_forms
from django.utils.translation import gettext_lazy as _

from schools.pages import DeedMixin, FormMixin
from workgroups.actions import papers as actions
from workgroups.forms import papers as forms
from workgroups.models.helpers import DecisionState
from workgroups.queries import papers
from workgroups.views.papers.doors import OneCriterion, OneDecision, OneOption


class CriterionNew(FormMixin, OneDecision):
    """Add what matters; who comes with an old page, when the options are there already, hears why not."""

    template_name = "workgroups/papers/criterion.html"
    form_class = forms.CriterionForm

    def context(self) -> dict[str, Any]:
        """The note it belongs to."""
        return {"note": self.paper, "is_open": self.paper.state == DecisionState.CRITERIA}

    def act(self, form: django_forms.Form) -> str:
        """Add it, and go on with the next one."""
        actions.add_criterion(note=self.paper, **form.cleaned_data, by=self.member, now=self.now)
        return f"{self.address('decision', self.paper.pk)}#add"


class CriterionEdit(FormMixin, OneCriterion):
    """Say a criterion in other words, or weigh it otherwise."""

    template_name = "workgroups/papers/criterion.html"
    form_class = forms.CriterionWordsForm
    done = _("Saved.")

    def form_kwargs(self) -> dict[str, Any]:
        """Start from what stands there."""
        version = actions.mark_of_criterion(self.paper)
        return {"initial": {"text": self.paper.text, "weight": self.paper.weight, "version": version}}

    def context(self) -> dict[str, Any]:
        """The criterion and its note."""
        note = self.paper.note
        is_open = note.state == DecisionState.CRITERIA
        return {"criterion": self.paper, "note": note, "is_open": is_open}

    def act(self, form: django_forms.Form) -> str:
        """Change it."""
        actions.change_criterion(criterion=self.paper, **form.cleaned_data, by=self.member, now=self.now)
        return self.address("decision", self.paper.note_id)


class CriterionDrop(DeedMixin, OneCriterion):
    """Take a criterion from the note."""

    done = _("The criterion is gone.")

    def act(self) -> str:
        """Take it away."""
        actions.drop_criterion(criterion=self.paper, by=self.member, now=self.now)
        return self.back()

    def back(self) -> str:
        """The note."""
        return self.address("decision", self.paper.note_id)


class OptionNew(FormMixin, OneDecision):
    """Put an option on the table."""

    template_name = "workgroups/papers/option_new.html"
    form_class = forms.OptionForm

    def context(self) -> dict[str, Any]:
        """The note it belongs to."""
        return {"note": self.paper, "is_open": self.paper.state == DecisionState.OPTIONS}

    def act(self, form: django_forms.Form) -> str:
        """Add it, and weigh it at once."""
        option = actions.add_option(note=self.paper, text=form.cleaned_data["text"], by=self.member, now=self.now)
        return self.address("option", option.pk)


class OptionEdit(FormMixin, OneOption):
    """Weigh an option: what speaks for and against it, and how it fits what matters."""

    template_name = "workgroups/papers/option.html"
    done = _("Saved.")

    def form(self, data: Any = None) -> forms.WeighForm:
        """The form, from what stands there, with a question for each criterion."""
        fits = papers.fits_of(self.paper)
        initial: dict[str, Any] = {name: getattr(self.paper, name) for name in ("text", "pros", "cons")}
        initial |= {f"fit-{pk}": fit for pk, fit in fits.items()}
        initial["version"] = actions.mark_of_option(self.paper, fits)
        return forms.WeighForm(data, initial=initial, criteria=papers.by_weight(self.paper.note))

    def context(self) -> dict[str, Any]:
        """The option and its note."""
        note = self.paper.note
        is_open = note.state == DecisionState.OPTIONS
        return {"option": self.paper, "note": note, "is_open": is_open}

    def act(self, form: Any) -> str:
        """Weigh it."""
        written = {name: form.cleaned_data[name] for name in ("text", "pros", "cons")}
        version = form.cleaned_data["version"]
        actions.weigh_option(
            option=self.paper, written=written, fits=form.fits, version=version, by=self.member, now=self.now
        )
        return self.address("decision", self.paper.note_id)


class OptionDrop(DeedMixin, OneOption):
    """Take an option from the table."""

    done = _("The option is gone.")

    def act(self) -> str:
        """Take it away."""
        actions.drop_option(option=self.paper, by=self.member, now=self.now)
        return self.back()

    def back(self) -> str:
        """The note."""
        return self.address("decision", self.paper.note_id)
