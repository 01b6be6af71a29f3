"""Setting right what was shared: by the visitor, for the group."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _

from observations import actions, pages, permissions, queries
from observations.forms.correction import CorrectionForm
from observations.models.correction import LONGEST_CORRECTION
from schools.pages import FormMixin
from workgroups.models.group import GroupState


class Correct(FormMixin, pages.SharedVisitPage):
    """Add to shared feedback what was not right; a name in it is a question first (C13)."""

    template_name = "observations/correct.html"
    done = _("Added. The group reads it under your feedback.")

    def enter(self, **kwargs: Any) -> None:
        """Find the feedback; only its visitor gets in."""
        super().enter(**kwargs)
        permissions.demand(permissions.may_correct(self.member, self.visit))
        self.feedback = queries.feedback_of(self.visit)
        self.left = self.feedback.corrections_left if self.feedback else 0

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """Show the form while something can be added; else the visit says how it stands."""
        is_open = self.left and self.visit.group.state == GroupState.ACTIVE
        return super().get(request, **kwargs) if is_open else redirect(self.to("visit"))

    def form(self, data: Any = None) -> CorrectionForm:
        """The words, with what is asked about those that were sent."""
        sent = " ".join(data.get("text", "").split()) if data else ""
        is_asked = 0 < len(sent) <= LONGEST_CORRECTION
        return CorrectionForm(data, asked=queries.names_in(self.visit, sent, today=self.today) if is_asked else ())

    def context(self) -> dict[str, Any]:
        """The feedback that it is about, and how often something can be added."""
        told = {"visit": self.visit, "group": self.visit.group}
        return {**told, "feedback": self.feedback, "left": self.left}

    def act(self, form: forms.Form) -> str:
        """Add it; what was answered about names is not kept."""
        if not isinstance(form, CorrectionForm):
            raise TypeError
        text = form.cleaned_data["text"]
        actions.add_correction(visit=self.visit, text=text, no_person=form.no_person, by=self.member, now=self.now)
        return self.to("visit")
