"""Pages about when and where a group meets, and the page of one meeting."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms as django_forms
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from schools.pages import DeedMixin, FormMixin
from workgroups import actions, forms, permissions, queries
from workgroups.forms import agenda as agenda_forms
from workgroups.models.group import GroupState
from workgroups.models.meeting import MeetingState
from workgroups.pages import InsideGroup, OneMeeting, only

FORTNIGHT = dt.timedelta(weeks=2)
_DIGITS = 9


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
        """Show it; to who sits in the group also what is on the table."""
        meeting = queries.at_own_table(self.meeting, member=self.member)
        page = queries.meeting_page(meeting or self.meeting, member=self.member, now=self.now)
        group = page.meeting.group
        active = group.state == GroupState.ACTIVE
        writes = active and permissions.may_write_goals(self.member, group)
        table = self._table(page, active=active) if meeting else {}
        return self.show(page=page, meeting=page.meeting, inside=page.inside, group=group, may_write=writes, **table)

    def _table(self, page: queries.MeetingPage, *, active: bool) -> dict[str, Any]:
        meeting, now = page.meeting, self.now
        planned = active and meeting.state == MeetingState.PLANNED
        screen = queries.screen_of(meeting, focus=page.inside.focus, now=now)  # type: ignore[union-attr]  # a seat
        return {
            "screen": screen,
            "mark": queries.mark_of(meeting, now=now),
            "begun": now >= meeting.opens_at,
            "together": planned and now >= meeting.opens_at,
            "point_form": agenda_forms.PointForm() if planned else None,
            "starter": screen.starter(_number(self.request.GET.get("starter"), otherwise=self.member.user.pk)),
            **(self._next() if active and screen.act == "done" and now < meeting.ends_at + FORTNIGHT else {}),
        }

    def _next(self) -> dict[str, Any]:
        group = self.meeting.group
        whats_next = queries.whats_next(self.meeting, today=self.today, now=self.now)
        plans = whats_next.proposal and permissions.may_plan_meetings(self.member, group)
        return {
            "whats_next": whats_next,
            "next_form": forms.MeetingForm(initial=whats_next.proposal) if plans else None,
            "chair": None if plans else queries.chairs_of([group.pk], today=self.today).get(group.pk),
        }


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


def _number(text: str | None, *, otherwise: int) -> int:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) <= _DIGITS else otherwise


def _scheduled(form: django_forms.Form) -> dict[str, Any]:
    names = ("day", "time", "minutes", "place", "title")
    return {name: form.cleaned_data[name] for name in names}
