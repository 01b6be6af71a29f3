"""The group looks at shared feedback together, on one screen and every phone; a point becomes its own plan (C15)."""

from __future__ import annotations

import textwrap
from abc import abstractmethod
from typing import Any

from django import forms as django_forms
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _

from observations import pages, permissions, queries
from observations.actions import debrief as actions
from observations.forms.debrief import PlaceForm
from observations.models.debrief import Answer
from observations.queries import debrief as talking
from schools.pages import DeedMixin, FormMixin, state_answer
from workgroups import forms, queries as work
from workgroups.actions import GoalOver, UnknownWord
from workgroups.models import FocusPeriod

_LONGEST = 300
_CUT = " …"


class Debrief(DeedMixin, pages.SharedVisitPage):
    """The point that the group is at, in large type on every screen; begin, or join (POST)."""

    template_name = "observations/debrief.html"
    http_method_names = ["get", "head", "post"]

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """Show it; lead to the visit before the first point and after the last one."""
        place = talking.place_of(self.visit)
        feedback = queries.feedback_of(self.visit) if place else None
        if feedback is None or place > len(feedback.points):
            return redirect(self.back())
        point = feedback.points[place - 1]
        may_answer = permissions.may_debrief(self.member, self.visit)
        return self.show(
            visit=self.visit,
            group=self.visit.group,
            talk=talking.Talk(feedback, point),
            point=point,
            answers=Answer.choices,
            may_answer=may_answer,
            room=talking.room_of(self.visit.group) if may_answer and point.said else None,
            mark=talking.mark_of_debrief(self.visit),
        )

    def act(self) -> str:
        """Begin it, or join."""
        actions.begin_debrief(visit=self.visit, by=self.member, now=self.now)
        return self.to("debrief")

    def back(self) -> str:
        """The visit."""
        return self.to("visit")


class State(pages.SharedVisitPage):
    """The mark that phones and screens ask for (app.js)."""

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
        """Tell it."""
        return state_answer(request, talking.mark_of_debrief(self.visit))


class _Deed(DeedMixin, pages.SharedVisitPage):
    """A button of the debrief, for who has a seat."""

    def enter(self, **kwargs: Any) -> None:
        """For who may press it."""
        super().enter(**kwargs)
        permissions.demand(permissions.may_debrief(self.member, self.visit))

    def back(self) -> str:
        """Where the group is."""
        return self.to("debrief")

    @property
    def place(self) -> int:
        """The point that the button is about."""
        form = PlaceForm(self.request.POST)
        if not form.is_valid():
            raise UnknownWord(field="place")
        return int(form.cleaned_data["place"])


class Show(_Deed):
    """Another point on every screen."""

    def act(self) -> str:
        """Show it."""
        actions.show_point(visit=self.visit, place=self.place, by=self.member, now=self.now)
        return self.back()


class Say(_Deed):
    """The group's one answer to a point."""

    def act(self) -> str:
        """Write it down."""
        answer = self.request.POST.get("answer", "")
        actions.answer_point(visit=self.visit, place=self.place, answer=answer, by=self.member, now=self.now)
        return self.back()


class End(_Deed):
    """The group talked about it."""

    done = _("You talked about it. What you said stands here.")

    def act(self) -> str:
        """Close the visit."""
        actions.end_debrief(visit=self.visit, by=self.member, now=self.now)
        return self.to("visit")


class _Take(FormMixin, pages.SharedVisitPage):
    """A point as a draft for the group's own plan: nothing of it is kept before the group puts it in its own words."""

    def enter(self, **kwargs: Any) -> None:
        """Find the point and the plan; for who has a seat."""
        super().enter(**kwargs)
        permissions.demand(permissions.may_debrief(self.member, self.visit))
        feedback = queries.feedback_of(self.visit)
        points = feedback.points if feedback else ()
        found = next((point for point in points if point.place == kwargs["place"]), None)
        if found is None:
            raise Http404
        self.point = found
        self.room = talking.room_of(self.visit.group)

    @property
    def period(self) -> FocusPeriod:
        """The period that the point could serve; there is one where no obstacle says otherwise."""
        period = self.room.focus.period
        if period is None:
            raise Http404
        return period

    @abstractmethod
    def obstacle(self) -> talking.Obstacle | None:
        """Why the plan has no place for it now."""

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """Show the form; where the plan has no place for the point, say so instead."""
        return self.show(form=None, **self.context()) if self.obstacle() else super().get(request, **kwargs)

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """Take it over; where there is nothing left that it could belong to, say so."""
        nowhere = self.obstacle() in (talking.Obstacle.NO_CARD, talking.Obstacle.NO_GOAL)
        return self.show(form=None, status=422, **self.context()) if nowhere else super().post(request, **kwargs)

    def context(self) -> dict[str, Any]:
        """The point, what it meets in the plan, and where to go back to."""
        about = {"visit": self.visit, "group": self.visit.group, "focus": self.room.focus}
        return {**about, "point": self.point, "obstacle": self.obstacle(), "is_cut": self.draft.endswith(_CUT)}

    @property
    def draft(self) -> str:
        """The visitor's words, as far as they fit."""
        return textwrap.shorten(self.point.text, _LONGEST, placeholder=_CUT)

    @property
    def given(self) -> dict[str, Any]:
        """What every action is told."""
        return {"visit": self.visit, "place": self.point.place, "by": self.member, "now": self.now}


class TakeAsGoal(_Take):
    """Make a goal of a point, with an agreement (C15)."""

    template_name = "observations/debrief_goal.html"
    done = _("Your goal is there, and what you agreed on.")

    def obstacle(self) -> talking.Obstacle | None:
        """Another card, or no room."""
        return self.room.keeps_from_goal(self.point)

    def form(self, data: Any = None) -> django_forms.Form:
        """The form of a new goal, which starts from the visitor's words."""
        return forms.GoalForm(data, initial={"text": self.draft}, tips=work.tips_for(self.period))

    def act(self, form: Any) -> str:
        """Set it."""
        plan = {"text": form.cleaned_data["text"], "agreements": form.written, "tips": form.tips}
        actions.take_as_goal(period=self.period, **plan, **self.given)
        return self.to("debrief")


class TakeAsAgreement(_Take):
    """Make an agreement of a point, with one of the goals (C15)."""

    template_name = "observations/debrief_agreement.html"
    done = _("Agreed. You read it aloud at the start of your next meeting.")

    def obstacle(self) -> talking.Obstacle | None:
        """No goal, or no room."""
        return self.room.keeps_from_agreement()

    def form(self, data: Any = None) -> django_forms.Form:
        """The form of a new agreement, which starts from the visitor's words; it asks which goal if there are more."""
        goals = work.goals_to_serve(self.period)
        several = goals if len(self.room.focus.live_goals) > 1 else None
        return forms.NewAgreementForm(
            data, initial={"text": self.draft}, tips=work.tips_for(self.period), goals=several
        )

    def act(self, form: django_forms.Form) -> str:
        """Agree on it."""
        goal = form.cleaned_data.get("goal") or work.goals_to_serve(self.period).first()
        if goal is None:
            raise GoalOver
        actions.take_as_agreement(goal=goal, text=form.cleaned_data["text"], **self.given)
        return self.to("debrief")
