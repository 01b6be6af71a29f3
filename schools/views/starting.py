"""What a school needs before it starts: consent, or the board's reason, and the region of its holidays."""

from __future__ import annotations

from typing import Any

from django import forms as django_forms
from django.utils.translation import gettext_lazy as _

from schools import actions, forms, pages, permissions


class _Step(pages.RecentlyProved, pages.FormMixin, pages.StewardPage):
    """A step of the start."""

    proved_for = frozenset({"POST"})
    may = staticmethod(permissions.may_start_school)
    done = _("Saved.")

    def context(self) -> dict[str, Any]:
        """The school, and whether its board may say more."""
        return {"school": self.school, "for_board": permissions.may_start_without_consent(self.steward)}


class Council(_Step):
    """The day on which the participation council agreed."""

    template_name = "schools/start_council.html"
    form_class = forms.ConsentForm

    def form_kwargs(self) -> dict[str, Any]:
        """The day as it is written down."""
        return {"initial": {"consented_on": self.school.consented_on}}

    def act(self, form: django_forms.Form) -> str:
        """Write it down."""
        actions.write_consent(consented_on=form.cleaned_data["consented_on"], by=self.steward, now=self.now)
        return self.address("school-start")


class Reason(_Step):
    """Why the school starts before its council agreed, said by the board."""

    template_name = "schools/start_reason.html"
    form_class = forms.StartForm
    may = staticmethod(permissions.may_start_without_consent)

    def form_kwargs(self) -> dict[str, Any]:
        """The reason as it is written down."""
        return {"initial": {"because": self.school.started_because}}

    def act(self, form: django_forms.Form) -> str:
        """Write it down."""
        actions.start_without_consent(because=form.cleaned_data["because"], by=self.steward, now=self.now)
        return self.address("school-start")


class HolidayRegion(_Step):
    """In which region the school has its holidays."""

    template_name = "schools/start_region.html"
    form_class = forms.RegionForm

    def form_kwargs(self) -> dict[str, Any]:
        """The region as it is."""
        return {"initial": {"region": self.school.region}}

    def act(self, form: django_forms.Form) -> str:
        """Choose it."""
        actions.choose_region(region=form.cleaned_data["region"], by=self.steward, now=self.now)
        return self.address("school-start")
