"""Joining on a phone what the group does together, by the code on its screen or on its paper."""

from __future__ import annotations

from typing import Any

from django import forms as django_forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from schools import refusals
from schools.pages import FormMixin, PersonPage
from workgroups import codes, queries
from workgroups.forms import start as forms
from workgroups.models import WorkGroup
from workgroups.pages import OwnGroup


class Join(FormMixin, PersonPage):
    """Type the short code. Whether it is nobody's or another group's, the answer is the same sentence."""

    template_name = "workgroups/join.html"
    form_class = forms.JoinForm

    def act(self, form: django_forms.Form) -> str:
        """Lead a member to what the group does now."""
        group = queries.group_of_seat(form.cleaned_data["code"], user=self.request.user, now=self.now)
        if group is None:
            raise refusals.Refused(_no_such_code(), field="code")
        return _now_of(group)


class JoinCode(PersonPage):
    """The address behind the code to scan."""

    template_name = "workgroups/join.html"

    def get(self, request: HttpRequest, code: str, **kwargs: Any) -> HttpResponse:
        """Lead a member to what the group does now; everybody else gets the form to try another code (404)."""
        group_id = codes.group_id_of(code)
        group = queries.group_of_seat(group_id or 0, user=self.request.user, now=self.now)
        if group is None:
            return self.show(status=404, form=forms.JoinForm(), trouble=_no_such_code())
        return redirect(_now_of(group))


class GroupNow(OwnGroup):
    """Where the group is at this moment: its start, its meeting, else its own page, where an open scan is."""

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """Lead there."""
        start = queries.start_under_way(self.group)
        if start is not None:
            how = "?screen=1" if "screen" in request.GET else ""
            return redirect(self.address("start", start.period_id) + how)
        meeting = queries.meeting_going_on(self.group, now=self.now)
        if meeting is not None:
            return redirect(self.address("meeting", meeting.pk))
        return redirect(self.address("group", self.group.pk))


def _now_of(group: WorkGroup) -> str:
    return reverse("workgroups:now", args=[group.school.slug, group.pk])


def _no_such_code() -> str:
    return _("This code leads to no group in which you have a seat. Look at the screen again, or ask the chair.")
