"""The operator's page: looking inside a school or a group, with a reason, told to all whom it concerns."""

from __future__ import annotations

from contextlib import AbstractContextManager
from typing import Any

from django import forms
from django.http import Http404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from schools import pages, queries as places, tenancy
from workgroups import actions
from workgroups.forms.glass import GlassForm


def _door() -> AbstractContextManager[None]:
    """An operator is nobody at the school: opening and closing are the product's own work."""
    return tenancy.acting_for_system("break glass")


class _Operators(pages.RecentlyProved, pages.WithinLimits, pages.PersonPage):
    """For whoever keeps the site running; 404 for everybody else."""

    proved_for = frozenset({"POST"})
    nav_here = "today"

    def enter(self, **kwargs: Any) -> None:
        """Make sure of it."""
        if not places.is_operator(user=self.request.user, today=timezone.localdate(self.now)):
            raise Http404


class Glass(pages.FormMixin, _Operators):
    """Where one looks in now, where one did, and the form to look in somewhere."""

    template_name = "samenspraak/glass.html"
    form_class = GlassForm

    def context(self) -> dict[str, Any]:
        """One's own looks."""
        looks = places.looks_of(user=self.request.user)
        return {
            "open_looks": [look for look in looks if look.is_open(self.now)],
            "past_looks": [look for look in looks if not look.is_open(self.now)],
        }

    def act(self, form: forms.Form) -> str:
        """Open it and go there."""
        with _door():
            look = actions.break_glass(**form.cleaned_data, by=self.request.user, now=self.now)
        if look.group_id is None:
            return reverse("school-home", args=[look.school.slug])
        return reverse("workgroups:group", args=[look.school.slug, look.group_id])


class GlassClose(pages.DeedMixin, _Operators):
    """Close a look before its time."""

    done = _("You no longer look in there.")

    def act(self) -> str:
        """Close it."""
        with _door():
            actions.close_glass(glass_id=self.kwargs["look_id"], by=self.request.user, now=self.now)
        return reverse("glass")

    def back(self) -> str:
        """The list."""
        return reverse("glass")
