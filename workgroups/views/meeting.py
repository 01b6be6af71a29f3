"""Pages about when and where a group meets, and the page of one meeting."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django import forms as django_forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _, ngettext

from schools.pages import DeedMixin, FormMixin
from workgroups import actions, forms, permissions, queries
from workgroups.forms import agenda as agenda_forms, series
from workgroups.models.group import GroupState
from workgroups.models.meeting import MeetingState
from workgroups.pages import InsideGroup, OneMeeting, only

FORTNIGHT = dt.timedelta(weeks=2)
_DIGITS = 9


class MeetingNew(FormMixin, InsideGroup):
    """Plan a meeting, or a series once its dates were looked at; the form starts from the usual time and place."""

    template_name = "workgroups/meeting_form.html"
    form_class = series.PlanForm
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

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """Plan it at once, or, where it comes back, show its dates first."""
        form = series.PlanForm(request.POST)
        if not form.is_valid() or not form.repeats:
            return super().post(request, **kwargs)
        if "change" in request.POST:
            return self.show(form=form, **self.context())
        return self._plan(form) if form.cleaned_data["seen"] else self._look(form)

    def _plan(self, form: series.PlanForm) -> HttpResponse:
        given = {"rule": form.rule(), "sitting": series.sitting(form), "seen": form.cleaned_data["seen"]}
        try:
            planned = actions.plan_series(group=self.group, **given, by=self.member, now=self.now)
        except (actions.SeriesMoved, actions.LongBreak) as refused:
            return self._look(form, refused)
        except actions.Refused as refused:
            return self._refuse(form, refused)
        messages.success(self.request, _planned(len(planned)))
        return redirect(self.address("group", self.group.pk))

    def _look(self, form: series.PlanForm, refused: actions.Refused | None = None) -> HttpResponse:
        sitting = series.sitting(form)
        try:
            layout = actions.lay_out_series(
                group=self.group, rule=form.rule(), sitting=sitting, by=self.member, now=self.now
            )
        except actions.Refused as unfit:
            return self._refuse(form, unfit)
        if refused:
            form.add_error(refused.field, str(refused.sentence))
        page = {"nav_here": self.nav_here, "form": form, "layout": layout, "sitting": sitting, **self.context()}
        page["seen"] = _written(layout.days)
        return render(self.request, "workgroups/series_look.html", page, status=422 if refused else 200)

    def _refuse(self, form: series.PlanForm, refused: actions.Refused) -> HttpResponse:
        form.add_error(refused.field if refused.field in form.fields else None, str(refused.sentence))
        return self.show(form=form, status=422, **self.context())


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
    """Move a meeting, or in a series also all that follow; other dates are looked at first."""

    template_name = "workgroups/meeting_form.html"
    form_class = forms.MeetingForm
    may = only(permissions.may_plan_meetings)
    done = _("Saved.")

    def form(self, data: Any = None) -> django_forms.Form:
        """Start from what is planned; ask which ones where others follow."""
        shape = series.MoveForm if queries.following(self.meeting, now=self.now) else forms.MeetingForm
        return shape(data, initial=queries.schedule_of(self.meeting))

    def context(self) -> dict[str, Any]:
        """The meeting it is about."""
        return {"meeting": self.meeting, "group": self.meeting.group}

    def act(self, form: django_forms.Form) -> str:
        """Move it alone."""
        actions.move_meeting(meeting=self.meeting, **_scheduled(form), by=self.member, now=self.now)
        return self.address("meeting", self.meeting.pk)

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """Move it at once, or, where the days of all that follow change, show them first."""
        form = self.form(request.POST)
        if not isinstance(form, series.MoveForm) or not form.is_valid() or not form.takes_all:
            return super().post(request, **kwargs)
        if "change" in request.POST:
            return self.show(form=form, **self.context())
        try:
            return self._move(form)
        except actions.Refused as refused:
            form.add_error(refused.field if refused.field in form.fields else None, str(refused.sentence))
            return self.show(form=form, status=422, **self.context())

    def _move(self, form: series.MoveForm) -> HttpResponse:
        given = {"day": form.cleaned_data["day"], "sitting": series.sitting(form), "believes": form.believed}
        given |= {"meeting": self.meeting, "by": self.member, "now": self.now}
        move = actions.lay_out_move(**given)
        seen = form.cleaned_data["seen"] if move.changes_days else move.days
        if not seen:
            return self._look(form, move)
        try:
            actions.move_following(**given, seen=seen)
        except (actions.SeriesMoved, actions.LongBreak) as refused:
            form.add_error(refused.field, str(refused.sentence))
            return self._look(form, move, status=422)
        messages.success(self.request, self.done)
        return redirect(self.address("meeting", self.meeting.pk))

    def _look(self, form: series.MoveForm, move: actions.Move, *, status: int = 200) -> HttpResponse:
        page = {"nav_here": self.nav_here, "form": form, "move": move, "sitting": series.sitting(form)}
        page["seen"] = _written(move.days)
        return render(self.request, "workgroups/series_move.html", page | self.context(), status=status)


class MeetingCancel(FormMixin, OneMeeting):
    """Call a meeting off, or in a series also all that follow, once it was asked whether that is meant."""

    template_name = "workgroups/meeting_cancel.html"
    form_class = django_forms.Form
    may = only(permissions.may_plan_meetings)
    done = _("Called off.")

    def form(self, data: Any = None) -> django_forms.Form:
        """Ask which ones where others follow."""
        shape = series.CancelForm if queries.following(self.meeting, now=self.now) else django_forms.Form
        return shape(data)

    def context(self) -> dict[str, Any]:
        """The meeting it is about."""
        return {"meeting": self.meeting, "group": self.meeting.group}

    def act(self, form: django_forms.Form) -> str:
        """Call it off, or them."""
        all_ = form.cleaned_data.get("which") == series.FOLLOWING
        deed = actions.cancel_following if all_ else actions.cancel_meeting
        deed(meeting=self.meeting, by=self.member, now=self.now)
        return self.address("meeting", self.meeting.pk)


class MeetingRestore(DeedMixin, OneMeeting):
    """Let a cancelled meeting take place after all, or in a series also all that follow."""

    may = only(permissions.may_plan_meetings)
    done = _("It takes place after all.")

    def act(self) -> str:
        """Restore it, or them."""
        all_ = self.request.POST.get("which") == series.FOLLOWING
        deed = actions.restore_following if all_ else actions.restore_meeting
        deed(meeting=self.meeting, by=self.member, now=self.now)
        return self.back()

    def back(self) -> str:
        """The meeting's page."""
        return self.address("meeting", self.meeting.pk)


def _number(text: str | None, *, otherwise: int) -> int:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) <= _DIGITS else otherwise


def _written(days: Iterable[dt.date]) -> str:
    return ",".join(day.isoformat() for day in days)


def _planned(number: int) -> str:
    return ngettext("%(number)s meeting is planned.", "%(number)s meetings are planned.", number) % {"number": number}


def _scheduled(form: django_forms.Form) -> dict[str, Any]:
    names = ("day", "time", "minutes", "place", "title")
    return {name: form.cleaned_data[name] for name in names}
