"""Pages about goals, and how far they are."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms as django_forms
from django.http import HttpRequest, HttpResponse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext_lazy as _

from cards.models import Tip
from schools.pages import FormMixin
from workgroups import actions, forms, permissions, queries
from workgroups.forms import rewording
from workgroups.models import FocusPeriod
from workgroups.models.goal import GoalState, PeriodState
from workgroups.pages import OneGoal, OnePeriod, only


def picked(tips: Iterable[Tip], request: HttpRequest) -> Tip | None:
    """The tip whose button was pressed, if one was."""
    key = request.POST.get("use")
    return next((tip for tip in tips if tip.key == key), None) if key else None


def draft(period: FocusPeriod, request: HttpRequest) -> queries.Draft | None:
    """What the card gave, if the address names a line of it: ``?tip=`` or ``?phrase=``."""
    return queries.draft_for(period, tip=request.GET.get("tip", ""), phrase=request.GET.get("phrase", ""))


class GoalNew(FormMixin, OnePeriod):
    """Set a goal with its first agreements (G4); a line of the card can seed one."""

    template_name = "workgroups/goal_form.html"
    done = _("Your goal is there, and what you agreed on.")

    def enter(self, **kwargs: Any) -> None:
        """Find the period, and what the card gave."""
        super().enter(**kwargs)
        self.draft = draft(self.period, self.request)

    def form(self, data: Any = None) -> forms.GoalForm:
        """The form, which starts from what the card gave."""
        initial = {"agreements": self.draft.text, "tip": self.draft.tip} if self.draft else {}
        return forms.GoalForm(data, initial=initial, tips=queries.tips_for(self.period))

    def context(self) -> dict[str, Any]:
        """The period it is about, and the tips of its card."""
        return {
            "period": self.period,
            "group": self.period.group,
            "aspect": self.period.aspect,
            "tips": queries.tips_for(self.period),
            "from_card": self.draft is not None,
        }

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """Show the form; where no agreement fits any more, say so instead."""
        return self.show(form=self.form(), crowd=queries.crowd_of(self.period.group_id), **self.context())

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """Set the goal; or put a tip into the form, keeping what was typed."""
        tips = queries.tips_for(self.period)
        tip = picked(tips, request)
        if tip is None:
            return super().post(request, **kwargs)
        typed: dict[str, Any] = request.POST.dict()
        text, grown_from = ("another", "another_tip") if typed.get("agreements", "").strip() else ("agreements", "tip")
        initial = typed | {text: tip.agreement, grown_from: tip}
        return self.show(form=forms.GoalForm(initial=initial, tips=tips), **self.context())

    def act(self, form: Any) -> str:
        """Set it."""
        text, written, tips = form.cleaned_data["text"], form.written, form.tips
        actions.set_goal(period=self.period, text=text, agreements=written, tips=tips, by=self.member, now=self.now)
        return self.address("group", self.period.group_id)


class GoalUpdate(FormMixin, OneGoal):
    """Note how far a goal is, with the goal, its agreements and how it went around it."""

    template_name = "workgroups/goal.html"
    form_class = forms.StepForm
    may = only(permissions.may_write_goals)
    http_method_names = ["get", "head", "post"]
    done = _("Noted.")

    def context(self) -> dict[str, Any]:
        """The goal whole, and what the reader may do."""
        live = self.goal.state == GoalState.LIVE and self.goal.period.state == PeriodState.LIVE
        return {
            "page": queries.goal_page(self.goal),
            "goal": self.goal,
            "group": self.goal.group,
            "aspect": self.goal.period.aspect,
            "is_live": live,
            "may_write": permissions.may_write_goals(self.member, self.goal),
        }

    def act(self, form: django_forms.Form) -> str:
        """Note it, and go back to where the reader came from."""
        step, note = form.cleaned_data["step"], form.cleaned_data["note"]
        actions.update_goal(goal=self.goal, step=step, note=note, by=self.member, now=self.now)
        address = form.cleaned_data["next"]
        ours = address.startswith("/") and url_has_allowed_host_and_scheme(address, allowed_hosts=None)
        return address if ours else self.address("goal", self.goal.pk)


class GoalHome(GoalUpdate):
    """The same page at the goal's own address, for all who may read it; notes go to the address above."""

    may = only(permissions.may_read_goals)
    http_method_names = ["get", "head"]


class GoalEdit(FormMixin, OneGoal):
    """Say a goal in other words."""

    template_name = "workgroups/goal_edit.html"
    form_class = rewording.GoalWordsForm
    done = _("Saved.")

    def form_kwargs(self) -> dict[str, Any]:
        """Start from its words until now."""
        return {"initial": {"text": self.goal.text, "version": self.goal.version}}

    def context(self) -> dict[str, Any]:
        """The goal it is about, and whether its words can still change."""
        live = self.goal.state == GoalState.LIVE and self.goal.period.state == PeriodState.LIVE
        return {"goal": self.goal, "group": self.goal.group, "aspect": self.goal.period.aspect, "is_live": live}

    def act(self, form: django_forms.Form) -> str:
        """Change it."""
        text, version = form.cleaned_data["text"], form.cleaned_data["version"]
        actions.edit_goal(goal=self.goal, text=text, version=version, by=self.member, now=self.now)
        return self.address("goal", self.goal.pk)


class GoalEnd(FormMixin, OneGoal):
    """End a goal: reached, or let go."""

    template_name = "workgroups/goal_end.html"
    form_class = forms.EndGoalForm
    done = _("Saved. Your agreements live on until you end them.")

    def context(self) -> dict[str, Any]:
        """The goal it is about."""
        return {"goal": self.goal, "group": self.goal.group, "aspect": self.goal.period.aspect}

    def act(self, form: django_forms.Form) -> str:
        """End it."""
        actions.end_goal(goal=self.goal, how=form.cleaned_data["how"], by=self.member, now=self.now)
        return self.address("group", self.goal.group_id)
