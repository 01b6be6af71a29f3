"""The page of a school's own default for reminders."""

from __future__ import annotations

from typing import Any

from django import forms as django_forms
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from schools.pages import FormMixin
from workgroups import actions, permissions, queries
from workgroups.forms import rules as forms
from workgroups.pages import GroupPage


class SchoolReminders(FormMixin, GroupPage):
    """When groups of the school hear their agreements again, as long as they do not choose otherwise."""

    template_name = "workgroups/reminders.html"
    nav_here = "today"
    form_class = forms.RuleForm
    done = _("Saved. The letters that wait have their new time.")

    def enter(self, **kwargs: Any) -> None:
        """For leaders and admins."""
        super().enter(**kwargs)
        permissions.demand(permissions.may_set_school_rule(self.member))

    def form_kwargs(self) -> dict[str, Any]:
        """The rule as it is."""
        return {"initial": forms.initial_of(queries.school_rule(self.member.school), otherwise=forms.DAYS)}

    def context(self) -> dict[str, Any]:
        """How many groups follow it."""
        return {"following": len(queries.groups_under_school_rule(self.member.school))}

    def act(self, form: django_forms.Form) -> str:
        """Change it."""
        rule = forms.rule_of(form) or queries.school_rule(self.member.school)
        actions.remind_school(rule=rule, by=self.member, now=self.now)
        return reverse("workgroups:reminders", args=[self.member.school.slug])
