"""Pages about when and where a group meets, and the page of one meeting."""

from __future__ import annotations

from typing import Any

from django import forms as django_forms
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from schools.pages import DeedMixin, FormMixin
from workgroups import actions, forms, permissions, queries
from workgroups.models.group import GroupState
from workgroups.pages import InsideGroup, OneMeeting, only


class MeetingNew(FormMixin, InsideGroup):
    """Plan a meeting; the form starts from the group's usual time and place."""

    template_name = "workgroups/meeting_form.html"
    form_class = forms.MeetingForm
    may = only(permissions.may_plan_meetings)
    done = _("The meeting is planned.")

    def form_kwargs(self) -> dict[str, Any]:
        """Propose a day, a time and a place."""
        return {"initial": queries.proposal(self.group, today=self.today)}

    def context(self) -> dict[str, Any]:
        """The group it is about."""
        return {"group": self.group}

    def act(self, form: django_forms.Form) -> str:
        """Plan it."""
        actions.plan_meeting(group=self.group, **_scheduled(form), by=self.member, now=self.now)
        return self.address("group", self.group.pk)


class MeetingHome(OneMeeting):
    """One meeting: when and where; and for the group what it agreed, and how that went."""

    template_name = "workgroups/meeting.html"

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """Show it."""
        page = queries.meeting_page(self.meeting, member=self.member, now=self.now)
        group = page.meeting.group
        writes = group.state == GroupState.ACTIVE and permissions.may_write_goals(self.member, group)
        return self.show(page=page, meeting=page.meeting, inside=page.inside, group=group, may_write=writes)


class MeetingEdit(FormMixin, OneMeeting):
    """Move a meeting."""

    template_name = "workgroups/meeting_form.html"
    form_class = forms.MeetingForm
    may = only(permissions.may_plan_meetings)
    done = _("Saved.")

    def form_kwargs(self) -> dict[str, Any]:
        """Start from what is planned."""
        return {"initial": queries.schedule_of(self.meeting)}

    def context(self) -> dict[str, Any]:
        """The meeting it is about."""
        return {"meeting": self.meeting, "group": self.meeting.group}

    def act(self, form: django_forms.Form) -> str:
        """Move it."""
        actions.move_meeting(meeting=self.meeting, **_scheduled(form), by=self.member, now=self.now)
        return self.address("meeting", self.meeting.pk)


class MeetingCancel(FormMixin, OneMeeting):
    """Call a meeting off, once it was asked whether that is meant."""

    template_name = "workgroups/meeting_cancel.html"
    form_class = django_forms.Form
    may = only(permissions.may_plan_meetings)
    done = _("The meeting is called off.")

    def context(self) -> dict[str, Any]:
        """The meeting it is about."""
        return {"meeting": self.meeting, "group": self.meeting.group}

    def act(self, form: django_forms.Form) -> str:
        """Call it off."""
        actions.cancel_meeting(meeting=self.meeting, by=self.member, now=self.now)
        return self.address("meeting", self.meeting.pk)


class MeetingRestore(DeedMixin, OneMeeting):
    """Let a cancelled meeting take place after all."""

    may = only(permissions.may_plan_meetings)
    done = _("The meeting takes place after all.")

    def act(self) -> str:
        """Restore it."""
        actions.restore_meeting(meeting=self.meeting, by=self.member, now=self.now)
        return self.back()

    def back(self) -> str:
        """The meeting's page."""
        return self.address("meeting", self.meeting.pk)


def _scheduled(form: django_forms.Form) -> dict[str, Any]:
    names = ("day", "time", "minutes", "place", "title")
    return {name: form.cleaned_data[name] for name in names}
