"""The guided start of a period: one address for every phone and for the big screen (``?screen=1``)."""

from __future__ import annotations

from typing import Any

from django import forms as django_forms
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _

from cards import queries as deck
from schools import pages
from schools.pages import DeedMixin, FormMixin
from workgroups import actions, queries
from workgroups.forms import start as forms
from workgroups.models import FocusPeriod, GuidedStart
from workgroups.models.goal import PeriodState
from workgroups.models.start import StartState, StartStep
from workgroups.pages import GroupPage, OwnPeriod, OwnStart
from workgroups.views import goal as goal_pages

SCREEN = "?screen=1"


class _Sitting(GroupPage):
    """What all pages of a start share: where they lead, and how a step is drawn."""

    template_name = "workgroups/start/step.html"
    period: FocusPeriod

    @property
    def how(self) -> str:
        """What keeps the big screen the big screen, from page to page."""
        return SCREEN if "screen" in self.request.GET else ""

    def back(self) -> str:
        """The address of the start."""
        return self.address("start", self.period.pk) + self.how

    def frame(self) -> dict[str, Any]:
        """What every template of a start needs."""
        frame = "base_bare.html" if self.how else "base.html"
        return {"frame": frame, "how": self.how, "period": self.period, "group": self.period.group}


class _AtStep(_Sitting):
    """A step of a start: shown by itself, or again with what was typed."""

    def about(self, start: GuidedStart, step: str, form: Any = None) -> dict[str, Any]:
        """What the step's template needs."""
        page = queries.start_page(start, now=self.now)
        aspect = self.period.aspect
        shown: dict[str, Any] = {"aspect": aspect}
        if step == StartStep.READ:
            shown = {"aspect": deck.open_up(aspect), "side": self.request.GET.get("side", "front")}
        elif step == StartStep.WHY:
            initial = {"why": self.period.why, "version": self.period.version}
            shown["form"] = form or forms.WhyForm(initial=initial)
        elif step == StartStep.GOALS:
            shown["form"] = form or forms.DraftGoalForm(needs_words=not page.goals)
        elif step == StartStep.AGREEMENTS:
            shown["tips"] = tips = queries.tips_for(self.period)
            shown["form"] = form or forms.DraftAgreementForm(goals=page.goals, tips=tips, needs_words=bool(page.bare))
        mark = queries.mark_of_start(start, now=self.now)
        return {**self.frame(), "page": page, "start": start, "step": step, "mark": mark, **shown}


class Start(_AtStep, DeedMixin, OwnPeriod):
    """Where the group is in its start; before it began, what it is (GET). Begin (POST)."""

    http_method_names = ["get", "head", "post"]

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """Show the step now; lead to the group when it is done, or when it has another card now."""
        start = queries.start_of(self.period)
        if self.period.state != PeriodState.LIVE:
            return redirect(self.address("group", self.period.group_id))
        if start is None:
            mark = queries.mark_of_start(None, now=self.now)
            return self.show(**self.frame(), aspect=self.period.aspect, step="intro", mark=mark)
        if start.state == StartState.DONE:
            return redirect(self._after())
        step = "paused" if start.state == StartState.PAUSED else start.step
        return self.show(**self.about(start, step))

    def _after(self) -> str:
        """The group with its plan; where all its goals have ended, the way to the next one."""
        if queries.goals_to_serve(self.period).exists():
            return self.address("group", self.period.group_id)
        return self.address("goal-new", self.period.pk)

    def act(self) -> str:
        """Begin it, or join the start that began already."""
        actions.begin_start(period=self.period, by=self.member, now=self.now)
        return self.back()


class State(OwnPeriod):
    """The mark that phones and screens ask for (app.js)."""

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
        """Tell it."""
        start = queries.start_of(self.period)
        return pages.state_answer(request, queries.mark_of_start(start, now=self.now))


class _StartDeed(_Sitting, DeedMixin, OwnStart):
    """A button of a start."""


class Step(_StartDeed):
    """On, back, or to a step by name."""

    def act(self) -> str:
        """Move the whole group."""
        sent = self.request.POST
        step, at = sent.get("step", ""), sent.get("at", "")
        actions.go_to_step(start=self.start, step=step, at=at, by=self.member, now=self.now)
        return self.back()


class Pause(_StartDeed):
    """Stop for now."""

    def act(self) -> str:
        """Stop the clock."""
        actions.pause_start(start=self.start, by=self.member, now=self.now)
        return self.back()


class Resume(_StartDeed):
    """Go on."""

    def act(self) -> str:
        """Let the clock run again."""
        actions.resume_start(start=self.start, by=self.member, now=self.now)
        return self.back()


class Finish(_StartDeed):
    """Make the drafts real."""

    done = _("This is your plan. You read your agreements aloud at the start of every meeting.")

    def act(self) -> str:
        """Finish, and go to the group."""
        actions.finish_start(start=self.start, by=self.member, now=self.now)
        return self.address("group", self.period.group_id)


class LineAway(_StartDeed):
    """Take a draft off the list."""

    def act(self) -> str:
        """Take it away."""
        actions.take_line_away(start=self.start, line=self.kwargs["line"], by=self.member, now=self.now)
        return self.back()


class _WordsOfStep(FormMixin, _AtStep, OwnStart):
    """What is typed at one step; shown by the start itself, so that reading it leads there."""

    step: StartStep

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """Lead to where the group is."""
        return redirect(self.back())

    def show(self, *, status: int = 200, **context: Any) -> HttpResponse:
        """The step, with what was typed."""
        return super().show(status=status, **self.about(self.start, self.step, context["form"]))

    @property
    def then(self) -> str:
        """What was pressed besides keeping the words: "next", "finish" or nothing."""
        return self.request.POST.get("then", "")


class Why(_WordsOfStep):
    """Why the card matters to the group (G2)."""

    step = StartStep.WHY
    form_class = forms.WhyForm

    def act(self, form: django_forms.Form) -> str:
        """Write it down and go on."""
        why, version = form.cleaned_data["why"], form.cleaned_data["version"]
        actions.write_why(start=self.start, why=why, version=version, go_on=True, by=self.member, now=self.now)
        return self.back()


class Goals(_WordsOfStep):
    """One goal more (G4a), and on if that was pressed."""

    step = StartStep.GOALS

    def form(self, data: Any = None) -> forms.DraftGoalForm:
        """The form; who only goes on leaves it empty."""
        return forms.DraftGoalForm(data, needs_words=not self.then)

    def act(self, form: django_forms.Form) -> str:
        """Put it on the list, or only go on."""
        text, go_on = form.cleaned_data["text"], self.then == "next"
        if text:
            actions.draft_goal(start=self.start, text=text, go_on=go_on, by=self.member, now=self.now)
        else:
            actions.go_to_step(start=self.start, step=self.then, at=self.step, by=self.member, now=self.now)
        return self.back()


class Agreements(_WordsOfStep):
    """One agreement more (G4b), a tip into the form, or the end of the start."""

    step = StartStep.AGREEMENTS

    def form(self, data: Any = None, **kwargs: Any) -> forms.DraftAgreementForm:
        """The form, which knows the goals and the tips of the card."""
        goals, tips = queries.drafts_of(self.start), queries.tips_for(self.period)
        typed = bool(self.request.POST.get("text", "").strip())
        return forms.DraftAgreementForm(data, goals=goals, tips=tips, needs_words=typed or not self.then, **kwargs)

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """Put a tip into the form beside what was typed; or do what was asked."""
        tip = goal_pages.picked(queries.tips_for(self.period), request)
        if tip is None:
            return super().post(request, **kwargs)
        typed = request.POST.get("text", "").strip()
        text = f"{typed}\n{tip.agreement}" if typed and typed != tip.agreement else tip.agreement
        goal = {"goal": request.POST["goal"]} if request.POST.get("goal") else {}
        return self.show(form=self.form(initial={"text": text, "tip": tip, **goal}))

    def act(self, form: django_forms.Form) -> str:
        """Put it on the list; or finish, where nothing was typed."""
        sent = form.cleaned_data
        if sent["text"]:
            given = {"goal": sent["goal"], "text": sent["text"], "tip": sent["tip"]}
            actions.draft_agreement(start=self.start, **given, by=self.member, now=self.now)
            return self.back()
        actions.finish_start(start=self.start, by=self.member, now=self.now)
        return self.address("group", self.period.group_id)


class Line(FormMixin, _Sitting, OwnStart):
    """A draft in other words, or off the list."""

    template_name = "workgroups/start/line.html"
    form_class = forms.LineForm

    def enter(self, **kwargs: Any) -> None:
        """Find the line, if it is still there."""
        super().enter(**kwargs)
        self.line = queries.line_of(self.start, kwargs["line"])

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """Show it; lead back to the list where somebody took it away."""
        return super().get(request, **kwargs) if self.line else redirect(self.back())

    def form_kwargs(self) -> dict[str, Any]:
        """Start from its words until now."""
        return {"initial": {"text": self.line.text, "version": self.line.version}} if self.line else {}

    def context(self) -> dict[str, Any]:
        """The line it is about."""
        return {**self.frame(), "line": self.line, "line_id": self.kwargs["line"]}

    def act(self, form: django_forms.Form) -> str:
        """Put it in other words."""
        text, version = form.cleaned_data["text"], form.cleaned_data["version"]
        line = self.kwargs["line"]
        actions.rewrite_line(start=self.start, line=line, text=text, version=version, by=self.member, now=self.now)
        return self.back()
