"""How a meeting opens, on the wall or on a phone, and how the group closes it, one question at a time."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django import forms as django_forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _

from schools.pages import DeedMixin, FormMixin
from workgroups import actions, forms, permissions, queries
from workgroups.models.agenda import Shows
from workgroups.models.meeting import MeetingState
from workgroups.pages import InsideMeeting, only


class MeetingOpen(DeedMixin, InsideMeeting):
    """The board: the agreements in large type, and one button (G5)."""

    http_method_names = ["get", "head", "post"]
    template_name = "workgroups/board.html"
    done = _("Repeated. At the end you look back on them together.")

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """Show the board."""
        page = queries.meeting_page(self.meeting, member=self.member, now=self.now)
        return self.show(page=page, meeting=page.meeting, group=page.meeting.group, inside=page.inside)

    def act(self) -> str:
        """Note that the group repeated its agreements."""
        actions.open_meeting(meeting=self.meeting, by=self.member, now=self.now)
        return self.back()

    def back(self) -> str:
        """The meeting's page, or the big screen if it was ticked there."""
        from_screen = self.request.POST.get("from") == "screen"
        return self.address("meeting-screen" if from_screen else "meeting", self.meeting.pk)


@dataclass(frozen=True)
class Question:
    """One question of the closer: about which agreement or goal, the how manieth, and the words of the answer."""

    name: str
    said: str
    about: str
    number: int
    of: int
    answer: str
    answer_label: Any


class MeetingClose(InsideMeeting):
    """The closer: each agreement and each goal judged, one screen each, then all of it once more (G6, G7).

    Answers wait in the session until the group closes the meeting; a form with all of them closes it at once.
    """

    template_name = "workgroups/closer.html"
    may = only(permissions.may_hold_meetings)

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """What cannot be closed, or was closed already, says so on the meeting's own page."""
        try:
            return super().dispatch(request, *args, **kwargs)
        except actions.Refused as refused:
            messages.error(request, str(refused.sentence))
            return redirect(self.address("meeting", self.meeting.pk))

    def enter(self, **kwargs: Any) -> None:
        """Find out what there is to judge, and what was answered so far."""
        super().enter(**kwargs)
        self.focus = queries.focus_of(self.meeting.group)
        self.drawer = f"closer-{self.meeting.pk}"
        self.answers: dict[str, str] = self.request.session.get(self.drawer, {})

    def form(self, data: dict[str, Any] | None = None) -> forms.CloserForm:
        """All questions, with the answers until now."""
        agreements, goals = self.focus.agreements, self.focus.live_goals
        return forms.CloserForm(data, initial=self.answers, agreements=agreements, goals=goals)

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """Ask what the address names, else the first open question; without open ones show all answers."""
        self._must_be_going_on()
        form = self.form()
        wanted = request.GET.get("about", "")
        return self._ask(form, wanted if wanted in form.fields else self._first_open(form))

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """Keep the answers; ask the next question, or close the meeting if this was the last word."""
        form = self.form(self.answers | request.POST.dict())
        form.is_valid()
        about = request.POST.get("about", "")
        asked = [about] if about in form.fields else list(form.fields)
        self._keep({name: form.cleaned_data[name] for name in asked if name in form.cleaned_data})
        wrong = next((name for name in asked if name in form.errors), None)
        if wrong:
            return self._ask(form.only(wrong), wrong, status=422)
        if about in form.fields:
            return self._go_on(form, self._after(form, about))
        actions.close_meeting(
            meeting=self.meeting, agreements=form.agreements, goals=form.goals, by=self.member, now=self.now
        )
        return self._closed()

    def _go_on(self, form: forms.CloserForm, about: str) -> HttpResponse:
        """On to the next question, and the big screen along with it."""
        names = list(form.fields)
        place = names.index(about) if about in names else len(names) - 1
        actions.show(meeting=self.meeting, shows=Shows.LOOK_BACK, place=place, by=self.member, now=self.now)
        return redirect(f"{self.request.path}?about={about}")

    def _must_be_going_on(self) -> None:
        if self.meeting.state == MeetingState.HELD:
            raise actions.AlreadyClosed
        if self.meeting.state != MeetingState.PLANNED:
            raise actions.NotPlanned
        if self.now < self.meeting.starts_at:
            raise actions.NotBegun

    def _keep(self, answers: dict[str, str]) -> None:
        self.answers = self.answers | answers
        self.request.session[self.drawer] = self.answers

    def _first_open(self, form: forms.CloserForm) -> str | None:
        return next((name for name in form.fields if name not in self.answers), None)

    def _after(self, form: forms.CloserForm, about: str) -> str:
        names = list(form.fields)
        later = names[names.index(about) + 1 :]
        return next((name for name in later if name not in self.answers), self._first_open(form)) or "all"

    def _ask(self, form: forms.CloserForm, about: str | None, *, status: int = 200) -> HttpResponse:
        questions = self._questions()
        names = [one.name for one in questions]
        place = names.index(about) if about else len(names)
        return self.show(
            status=status,
            form=form,
            field=form[about] if about else None,
            meeting=self.meeting,
            group=self.meeting.group,
            questions=questions,
            place=place + 1,
            question=questions[place] if about else None,
            before=questions[place - 1] if place else None,
        )

    def _questions(self) -> list[Question]:
        rows = [("agreement", one.id, one.text) for one in self.focus.agreements]
        rows += [("goal", one.id, one.text) for one in self.focus.live_goals]
        counts = {"agreement": len(self.focus.agreements), "goal": len(self.focus.live_goals)}
        found = []
        for place, (about, pk, text) in enumerate(rows):
            number = place + 1 - (counts["agreement"] if about == "goal" else 0)
            name = f"{about}-{pk}"
            answer = self.answers.get(name, "")
            label = dict(forms.KEPT if about == "agreement" else forms.STEPS).get(answer, "")
            found.append(Question(name, text, about, number, counts[about], answer, label))
        return found

    def _closed(self) -> HttpResponse:
        del self.request.session[self.drawer]
        messages.success(self.request, str(_("Closed. What you agreed on lives on until you end it.")))
        return redirect(self.address("meeting", self.meeting.pk))


class MeetingSkip(FormMixin, InsideMeeting):
    """Close a meeting without judging, and say why."""

    template_name = "workgroups/skip.html"
    form_class = forms.SkipForm
    may = only(permissions.may_hold_meetings)
    done = _("Saved. Next time you look back on your agreements again.")

    def context(self) -> dict[str, Any]:
        """The meeting it is about."""
        return {"meeting": self.meeting, "group": self.meeting.group}

    def act(self, form: django_forms.Form) -> str:
        """Skip the closer."""
        because = form.cleaned_data["because"]
        actions.skip_closer(meeting=self.meeting, because=because, by=self.member, now=self.now)
        return self.address("meeting", self.meeting.pk)
