"""The question of the new school year, and the end of a group."""

from __future__ import annotations

from typing import Any

from django import forms as django_forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _

from schools.pages import FormMixin
from workgroups import actions, permissions, queries
from workgroups.forms import life as forms
from workgroups.models.group import GroupState, TurnAnswer
from workgroups.pages import InsideGroup, only


class _ChairsForm(FormMixin, InsideGroup):
    """A form of the chair's; a group that ended is only read."""

    may = only(permissions.may_end_group)

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """Show the form, or go to the group where nothing is asked any more."""
        if self.group.state == GroupState.ENDED:
            return redirect(self.address("group", self.group.pk))
        return super().get(request, **kwargs)


class GroupTurn(_ChairsForm):
    """Go on, change people, or end: asked once about each school year."""

    template_name = "workgroups/group_turn.html"
    form_class = forms.TurnForm

    def enter(self, **kwargs: Any) -> None:
        """Find out about which school year the group is asked; outside the season about none."""
        super().enter(**kwargs)
        self.year = queries.turn_year(self.today)
        self.answer = queries.answer_of(self.group, year=self.year) if self.year else ""

    def form_kwargs(self) -> dict[str, Any]:
        """The answer as it is now."""
        return {"initial": {"answer": self.answer}}

    def context(self) -> dict[str, Any]:
        """The group, and the school year by the two years it touches."""
        years = f"{self.year}-{self.year + 1}" if self.year else ""
        return {"group": self.group, "years": years, "answered": self.answer}

    def act(self, form: django_forms.Form) -> str:
        """Write the answer down and go where it leads; who wants to end says why first."""
        answer = form.cleaned_data["answer"]
        if answer == TurnAnswer.END:
            return self.address("group-end", self.group.pk)
        actions.answer_turn(group=self.group, answer=answer, by=self.member, now=self.now)
        messages.success(self.request, str(_("Saved. You are ready for the new school year.")))
        return self.address("group" if answer == TurnAnswer.GO_ON else "group-seats", self.group.pk)


class GroupEnd(_ChairsForm):
    """End the group, with the reason in its own words."""

    template_name = "workgroups/group_end.html"
    form_class = forms.EndForm
    done = _("The group has ended. You can keep reading everything.")

    def context(self) -> dict[str, Any]:
        """The group, and what to know before it ends."""
        return {"group": self.group, "page": queries.end_page(self.group, now=self.now)}

    def act(self, form: django_forms.Form) -> str:
        """End it."""
        actions.end_group(group=self.group, because=form.cleaned_data["because"], by=self.member, now=self.now)
        return self.address("group", self.group.pk)
