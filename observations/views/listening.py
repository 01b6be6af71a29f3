"""The clock (C7): a start, a page without inputs, and a stop that asks once when it is early."""

from __future__ import annotations

import dataclasses
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from observations import actions, pages
from observations.actions import listening
from observations.actions.listening import EARLY
from observations.forms import PlainForm
from observations.models.visit import VisitState
from schools.pages import FormMixin


class Listen(FormMixin, pages.OwnVisitPage):
    """Before the meeting the way to start; during it a calm clock and nothing else."""

    template_name = "observations/listen_start.html"
    form_class = PlainForm

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """Show the start, or the clock while it runs; otherwise the visit says how it stands."""
        if self.visit.state == VisitState.ACCEPTED and not self.visit.is_called_off:
            return super().get(request, **kwargs)
        if self.visit.state != VisitState.LISTENING:
            return redirect(self.to("visit"))
        clock = {"visit": self.visit, "group": self.visit.group, **_clock(self)}
        return render(request, "observations/listen.html", clock)

    def context(self) -> dict[str, Any]:
        """From when it can start."""
        meeting = self.visit.meeting
        opens = meeting.starts_at - EARLY
        return {
            "visit": self.visit,
            "group": self.visit.group,
            "opens": opens.astimezone(meeting.zone).time(),
            "is_open": opens <= self.now < meeting.ends_at and not self.visit.needs_new_yes,
            "is_over": self.now >= meeting.ends_at,
        }

    def act(self, form: forms.Form) -> str:
        """Start the clock."""
        actions.start_listening(visit=self.visit, by=self.member, now=self.now)
        return self.to("listen")


class Stop(FormMixin, pages.OwnVisitPage):
    """Stopping: asks once before the target; then the notes open."""

    template_name = "observations/listen_stop.html"
    form_class = PlainForm

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """Say how long it was, and ask."""
        if self.visit.state != VisitState.LISTENING:
            return redirect(self.to("visit"))
        return super().get(request, **kwargs)

    def context(self) -> dict[str, Any]:
        """How long it was."""
        return {"visit": self.visit, "group": self.visit.group, **_clock(self)}

    def act(self, form: forms.Form) -> str:
        """Stop the clock and go to the notes."""
        actions.stop_listening(visit=self.visit, by=self.member, now=self.now)
        return self.to("notes")


def _clock(page: pages.VisitPage) -> dict[str, Any]:
    """The clock as it stands, its end as the wall shows it."""
    clock = listening.clock_of(page.visit, now=page.now)
    return {**dataclasses.asdict(clock), "until": clock.until.astimezone(page.visit.meeting.zone).time()}
