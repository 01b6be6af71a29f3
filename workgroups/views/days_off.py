"""The days without school, as a school keeps them."""

from __future__ import annotations

from typing import Any

from django import forms as django_forms
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from schools import holidays, permissions as school_permissions
from schools.pages import DeedMixin, FormMixin, SchoolPage
from workgroups import actions, permissions
from workgroups.forms import days_off as forms


class DaysOff(FormMixin, SchoolPage):
    """When there is no school, for everybody of the school; leaders and admins add the school's own days."""

    template_name = "workgroups/days_off.html"
    nav_here = "today"
    form_class = forms.DaysOffForm
    done = _("Saved. The letters that wait have their new time.")

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """Add days."""
        permissions.demand(school_permissions.may_set_days_off(self.member))
        return super().post(request, **kwargs)

    def context(self) -> dict[str, Any]:
        """The days, and what the reader may do about them."""
        return {
            "breaks": holidays.ahead(self.member.school, today=self.today),
            "may_set": school_permissions.may_set_days_off(self.member),
        }

    def act(self, form: django_forms.Form) -> str:
        """Write them down."""
        actions.add_days_off(**form.cleaned_data, by=self.member, now=self.now)
        return _here(self)


class DaysOffRemove(DeedMixin, SchoolPage):
    """A button beside days that the school wrote down."""

    done = _("Saved. The letters that wait have their new time.")

    def act(self) -> str:
        """Take them away."""
        actions.remove_days_off(holiday_id=self.kwargs["holiday_id"], by=self.member, now=self.now)
        return self.back()

    def back(self) -> str:
        """The days."""
        return _here(self)


def _here(page: SchoolPage) -> str:
    return reverse("workgroups:days-off", args=[page.member.school.slug])
