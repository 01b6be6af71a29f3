"""Two short pulses: trust, and what the conversations bring; for the seats of the group alone."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils.cache import patch_cache_control

from observations import actions, pages, permissions, queries
from observations.forms.pulse import PulseForm, StartPulseForm
from observations.models.pulse import PulseState
from observations.pages import OwnMirrorPage
from schools.pages import DeedMixin, FormMixin, state_answer
from schools.refusals import Refused
from workgroups.models.group import GroupState
from workgroups.pages import GroupPage


class Pulses(OwnMirrorPage):
    """Both pulses of the group: what is open, what came of the last one, and a way to begin."""

    template_name = "observations/pulse/pulses.html"

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """Show them."""
        desks = queries.pulse_desks(self.group, today=self.today)
        may_open = self.group.state == GroupState.ACTIVE and permissions.may_open_pulse(self.member, self.group)
        shown = [(desk, StartPulseForm(initial={"kind": desk.kind}, prefix=desk.kind)) for desk in desks]
        first = None if any(desk.open for desk in desks) else next((desk for desk in desks if desk.may_start), None)
        return self.show(group=self.group, desks=shown, may_open=may_open, first=first)


class NewPulse(DeedMixin, OwnMirrorPage):
    """Open one for everybody who has a seat."""

    def act(self) -> str:
        """Open it."""
        kind = self.request.POST.get("start", "")
        form = StartPulseForm(self.request.POST, prefix=kind)
        if not form.is_valid():
            raise Refused(next(str(error) for errors in form.errors.values() for error in errors))
        pulse = actions.open_pulse(
            group=self.group,
            kind=form.cleaned_data["kind"],
            closes_at=form.closes_at(self.now),
            by=self.member,
            now=self.now,
        )
        return pages.address(self.member, "pulse", pulse.pk)

    def back(self) -> str:
        """Both pulses."""
        return pages.address(self.member, "pulses", self.group.pk)


class _PulsePage(GroupPage):
    """A page about one pulse, for those with a seat; 404 for everybody else."""

    def enter(self, **kwargs: Any) -> None:
        """Find the pulse and its group."""
        super().enter(**kwargs)
        self.pulse = queries.pulse_for(self.member, kwargs["pulse_id"])
        self.group = self.pulse.group


class OnePulse(FormMixin, _PulsePage):
    """The sentences while it is open, the own answers kept; the result, or a question instead, once it is closed."""

    template_name = "observations/pulse/open.html"

    def enter(self, **kwargs: Any) -> None:
        """See what the reader answered, if the reader may."""
        super().enter(**kwargs)
        is_open = self.pulse.state == PulseState.OPEN
        self.given = queries.own_pulse_answers(self.pulse, self.member) if is_open else {}
        self.may_vote = is_open and queries.may_vote(self.pulse, self.member)

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Nothing of this stays behind on a shared machine."""
        response = super().dispatch(request, *args, **kwargs)
        patch_cache_control(response, no_store=True, private=True)
        return response

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """Show it as its state asks."""
        if self.pulse.state == PulseState.OPEN:
            return super().get(request, **kwargs)
        self.template_name = "observations/pulse/closed.html"  # type: ignore[misc]
        lines = queries.pulse_lines(self.pulse) if self.pulse.state == PulseState.CLOSED else ()
        return self.show(pulse=self.pulse, group=self.group, lines=lines, is_low=queries.is_low(lines))

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """Keep the answers; a pulse that closed meanwhile is shown as it is."""
        if self.pulse.state != PulseState.OPEN:
            return redirect(pages.address(self.member, "pulse", self.pulse.pk))
        return super().post(request, **kwargs)

    def form(self, data: Any = None) -> forms.Form:
        """The sentences of this pulse."""
        return PulseForm(data, kind=self.pulse.kind, given=self.given)

    def context(self) -> dict[str, Any]:
        """How it stands for this reader; nothing of anybody else."""
        changes = "change" in self.request.GET or self.request.method == "POST"
        return {
            "pulse": self.pulse,
            "group": self.group,
            "mark": mark_of(self.pulse),
            "asks": self.may_vote and (changes or not self.given),
            "is_done": bool(self.given),
            "is_over": self.now >= self.pulse.closes_at,
        }

    def act(self, form: forms.Form) -> str:
        """Keep the own answers."""
        if not isinstance(form, PulseForm):
            raise TypeError
        actions.answer_pulse(pulse=self.pulse, answers=form.answers, by=self.member, now=self.now)
        return pages.address(self.member, "pulse", self.pulse.pk)


def mark_of(pulse: Any) -> str:
    """What changes with the state of the pulse, and with nothing else: answers leave no trace here."""
    return f"{pulse.pk}-{pulse.state}"


class PulseMark(_PulsePage):
    """The mark that an open page asks for."""

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
        """Say it."""
        return state_answer(request, mark_of(self.pulse))
