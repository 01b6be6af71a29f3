"""What a meeting is about, and what the group writes down there."""

from __future__ import annotations

from typing import Any

from django import forms as django_forms
from django.utils.translation import gettext_lazy as _

from schools.pages import FormMixin
from workgroups import actions, queries
from workgroups.forms import agenda as forms
from workgroups.pages import OwnMeeting


class AgendaPage(FormMixin, OwnMeeting):
    """A form about the agenda or the notes of a meeting."""

    def enter(self, **kwargs: Any) -> None:
        """Find what stands there until now."""
        super().enter(**kwargs)
        self.agenda = queries.agenda_of(self.meeting)

    def context(self) -> dict[str, Any]:
        """The meeting it is about."""
        return {"meeting": self.meeting, "group": self.meeting.group, "agenda": self.agenda}

    def home(self, part: str) -> str:
        """The place on the meeting's page where it stands."""
        return f"{self.address('meeting', self.meeting.pk)}#{part}"


class MeetingAgenda(AgendaPage):
    """What the meeting is about: a point a line, by anybody with a seat, beforehand and during."""

    template_name = "workgroups/agenda.html"
    form_class = forms.AgendaForm

    def form_kwargs(self) -> dict[str, Any]:
        """Start from the points until now."""
        return {"initial": {"points": self.agenda.points, "version": self.agenda.version}}

    def act(self, form: django_forms.Form) -> str:
        """Write it down."""
        points, version = form.cleaned_data["points"], form.cleaned_data["version"]
        actions.write_agenda(meeting=self.meeting, points=points, version=version, by=self.member, now=self.now)
        return self.home("agenda")


class MeetingPoint(AgendaPage):
    """One more point, from the meeting's page."""

    template_name = "workgroups/point.html"
    form_class = forms.PointForm

    def act(self, form: django_forms.Form) -> str:
        """Add it."""
        actions.add_point(meeting=self.meeting, point=form.cleaned_data["point"], by=self.member, now=self.now)
        return self.home("agenda")


class MeetingNotes(AgendaPage):
    """What the group wants to keep of the meeting; only the group reads it."""

    template_name = "workgroups/notes.html"
    form_class = forms.NotesForm
    done = _("Saved. Only your group reads this.")

    def form_kwargs(self) -> dict[str, Any]:
        """Start from the notes until now."""
        return {"initial": {"notes": self.agenda.notes, "version": self.agenda.notes_version}}

    def act(self, form: django_forms.Form) -> str:
        """Write them down."""
        notes, version = form.cleaned_data["notes"], form.cleaned_data["version"]
        actions.write_notes(meeting=self.meeting, notes=notes, version=version, by=self.member, now=self.now)
        return self.home("notes")
