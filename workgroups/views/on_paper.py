"""A meeting on paper: the sheet to print, and the form that takes over what was ticked and written on it."""

from __future__ import annotations

from typing import Any

from django import forms as django_forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _

from schools.pages import FormMixin
from workgroups import actions, permissions, queries
from workgroups.forms.on_paper import PaperForm
from workgroups.models.meeting import MeetingState
from workgroups.pages import OwnMeeting, only


class MeetingSheet(OwnMeeting):
    """The meeting on one sheet of A4: agreements and goals with boxes to tick, the agenda, and room to write."""

    template_name = "workgroups/meeting_sheet.html"

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """Lay it out."""
        sheet = queries.sheet_of(self.meeting)
        return self.show(meeting=self.meeting, group=self.meeting.group, sheet=sheet, focus=sheet.focus)


class MeetingPaper(FormMixin, OwnMeeting):
    """Everything from the sheet on one page: repeated or not, every outcome, and notes."""

    template_name = "workgroups/meeting_paper.html"
    form_class = PaperForm
    may = only(permissions.may_hold_meetings)
    done = _("Saved. It counts as if you had closed the meeting here.")

    def enter(self, **kwargs: Any) -> None:
        """Find out what there is to judge."""
        super().enter(**kwargs)
        self.focus = queries.focus_of(self.meeting.group)

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """Show the form; what cannot be taken over now says so on the meeting's own page."""
        if self.meeting.state == MeetingState.PLANNED and self.now >= self.meeting.starts_at:
            return super().get(request, **kwargs)
        if self.meeting.state == MeetingState.PLANNED:
            messages.error(request, str(actions.NotBegun.message))
        return redirect(self.address("meeting", self.meeting.pk))

    def form_kwargs(self) -> dict[str, Any]:
        """The agreements and goals to judge."""
        return {"agreements": self.focus.agreements, "goals": self.focus.live_goals}

    def context(self) -> dict[str, Any]:
        """The meeting, and whether its opener is there already."""
        return {"meeting": self.meeting, "group": self.meeting.group, "opened": hasattr(self.meeting, "opener")}

    def act(self, form: django_forms.Form) -> str:
        """Take it over."""
        if not isinstance(form, PaperForm):
            raise TypeError
        actions.enter_paper(
            meeting=self.meeting,
            repeated=form.cleaned_data["repeated"],
            agreements=form.agreements,
            goals=form.goals,
            notes=form.cleaned_data["notes"],
            by=self.member,
            now=self.now,
        )
        return self.address("meeting", self.meeting.pk)
