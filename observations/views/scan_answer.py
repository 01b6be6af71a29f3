"""Answering in a round, one card per page: the own answers alone, or the group's one voice."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.cache import patch_cache_control

from observations import actions, queries
from observations.forms.scan import AnswersForm
from observations.models.selfscan import ScanState, ScanWay
from observations.pages import ScanPage
from schools.pages import FormMixin


class AnswerPage(FormMixin, ScanPage):
    """One card of an open round; what was answered before stands there, and nobody else's."""

    template_name = "observations/scan/answer.html"
    form_class = AnswersForm

    def enter(self, **kwargs: Any) -> None:
        """Find the card among those that the round asks about."""
        super().enter(**kwargs)
        asked = queries.behaviours_of(self.scan)
        self.aspects = list(dict.fromkeys(line.aspect for line in asked))
        found = next((one for one in self.aspects if one.number == kwargs["card"]), None)
        if found is None:
            raise Http404
        self.aspect = found
        self.behaviours = [line for line in asked if line.aspect == self.aspect]
        self.given = queries.own_answers(self.scan, self.member)
        self.left = {line.aspect for line in asked if line.pk not in self.given}

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Nothing of this stays behind on a shared machine."""
        response = super().dispatch(request, *args, **kwargs)
        patch_cache_control(response, no_store=True, private=True)
        return response

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """Show it to those who may answer while it is open; the round's own page tells the others how it stands."""
        if self.scan.state == ScanState.OPEN and queries.is_elector(self.scan, self.member):
            return super().get(request, **kwargs)
        return redirect(self.to("scan"))

    def form_kwargs(self) -> dict[str, Any]:
        """The behaviours, and what was answered."""
        return {"behaviours": self.behaviours, "given": self.given}

    def context(self) -> dict[str, Any]:
        """Where this card stands in the round."""
        place = self.aspects.index(self.aspect)
        return {
            "scan": self.scan,
            "group": self.group,
            "aspects": self.aspects,
            "aspect": self.aspect,
            "place": place + 1,
            "before": self.aspects[place - 1] if place else None,
            "is_last": self._next() is None,
        }

    def _next(self) -> Any:
        """The next card that still asks for answers, besides this one; after this one first."""
        place = self.aspects.index(self.aspect)
        turned = [*self.aspects[place + 1 :], *self.aspects[:place]]
        return next((one for one in turned if one in self.left), None)

    def act(self, form: forms.Form) -> str:
        """Keep the answers; go on with the next card, or to the round's own page."""
        if not isinstance(form, AnswersForm):
            raise TypeError
        actions.answer_scan(
            scan=self.scan,
            aspect=self.aspect,
            answers=form.answers,
            version=form.cleaned_data["version"],
            by=self.member,
            now=self.now,
        )
        later = self._next()
        if later is None:
            return f"{self.to('scan')}?at=1" if self.scan.way == ScanWay.TOGETHER else self.to("scan")
        return reverse("observations:scan-answer", args=[self.member.school.slug, self.scan.pk, later.number])
