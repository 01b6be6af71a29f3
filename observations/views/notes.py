"""What the visitor notes, chooses and shares: for the visitor alone until it is shared."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _

from observations import actions, pages, queries
from observations.forms import PAIRS_AT_MOST, NotesForm, PairsForm, choosing, notes_initial, shown_in
from observations.forms.sharing import ShareForm
from observations.models.visit import VisitState
from observations.wording import starts_for
from schools import refusals
from schools.pages import FormMixin, RecentlyProved, WithinLimits


class _OwnObservation(WithinLimits, FormMixin, pages.OwnVisitPage):
    """A page about the own observation, once there is one."""

    def enter(self, **kwargs: Any) -> None:
        """Find what the visitor wrote; 404 before listening ended (C8)."""
        super().enter(**kwargs)
        found = queries.own_observation(self.member, self.visit)
        if found is None:
            raise Http404
        self.observation = found
        self.notes = queries.notes_in(found)
        self.marks = queries.marks_in(found)
        self.pairs = queries.pairs_of(found)

    @property
    def is_open(self) -> bool:
        """Whether it can be changed; what was shared, or is gone, is read on the visit's page."""
        return self.visit.state == VisitState.NOTING and not self.visit.forgotten_on

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """Show the form while it can be changed."""
        return super().get(request, **kwargs) if self.is_open else redirect(self.to("visit"))

    def log(self, form: forms.Form, **content: Any) -> None:
        """Write the observation down with this content changed; a conflict tells what the form would start from now."""
        whole = {"notes": self.notes, "marks": self.marks, "pairs": self.pairs, **content}
        given = {"version": form.cleaned_data["version"], "by": self.member, "now": self.now}
        try:
            actions.log_observation(id=self.observation.pk, visit=self.visit, listened=None, **whole, **given)
        except refusals.Conflict as conflict:
            theirs = {field.name: str(field.initial or "") for field in form.visible_fields()}
            raise refusals.Conflict(theirs=theirs, version=self.observation.version) from conflict

    def context(self) -> dict[str, Any]:
        """The visit, how long was listened, when the notes vanish, and how many days late it would be shared today."""
        told = {"visit": self.visit, "group": self.visit.group, "observation": self.observation}
        days_late = queries.days_after(self.visit, self.today)
        return {**told, "vanishing": queries.vanishing(self.visit, today=self.today), "days_late": days_late}


class Notes(_OwnObservation):
    """Two fields per aspect and a mark per behaviour, after listening (C8)."""

    template_name = "observations/notes.html"
    form_class = NotesForm
    done = _("Your notes are saved. Only you can read them.")

    def form_kwargs(self) -> dict[str, Any]:
        """The deck, and what was noted before."""
        return {
            "behaviours": queries.behaviours_in_use(self.visit).values(),
            "focus": queries.card_of(self.visit.group, self.member),
            "version": self.observation.version,
            "initial": notes_initial(self.notes, self.marks),
        }

    def act(self, form: forms.Form) -> str:
        """Save, and go on to the feedback or stay."""
        if not isinstance(form, NotesForm):
            raise TypeError
        self.log(form, notes=form.notes, marks=form.marks)
        return self.to("feedback-compose" if "next" in self.request.POST else "notes")


class Compose(_OwnObservation):
    """One to three pairs, beside the own notes (C9, C10)."""

    template_name = "observations/compose.html"
    form_class = PairsForm

    def form_kwargs(self) -> dict[str, Any]:
        """The deck, and the pairs that were saved."""
        return {
            "aspects": self.deck.values(),
            "pairs": self.pairs,
            "version": self.observation.version,
            "shown": shown_in(self.request.POST),
        }

    def enter(self, **kwargs: Any) -> None:
        """Have the cards at hand."""
        super().enter(**kwargs)
        self.deck = queries.aspects_in_use(self.visit)

    def context(self) -> dict[str, Any]:
        """Words to start with, and how many pairs fit."""
        wording = starts_for(self.deck.values())
        return {**super().context(), "wording": wording, "most": PAIRS_AT_MOST, "is_full": False}

    def show(self, *, status: int = 200, **context: Any) -> HttpResponse:
        """The form, beside the own notes to choose from."""
        notes = choosing.noted(self.deck.values(), self.notes, context["form"])
        return super().show(status=status, notes=notes, **context)

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """Show one pair more or a line of the notes in its place, with what was typed; or save."""
        if "more" not in request.POST and "use" not in request.POST:
            return super().post(request, **kwargs)
        return self.show(**self._composed(request.POST.dict())) if self.is_open else redirect(self.to("visit"))

    def _composed(self, typed: dict[str, str]) -> dict[str, Any]:
        form = PairsForm(**self.form_kwargs(), typed=typed)
        if "use" not in typed:
            return {**self.context(), "form": form}
        taken = choosing.take(typed["use"], choosing.noted(self.deck.values(), self.notes, form), typed)
        if taken is None:
            return {**self.context(), "form": form, "is_full": True}
        form = PairsForm(**{**self.form_kwargs(), "shown": shown_in(taken)}, typed=taken)
        return {**self.context(), "form": form}

    def act(self, form: forms.Form) -> str:
        """Save, and show the group's view of it."""
        if not isinstance(form, PairsForm):
            raise TypeError
        if not form.written:
            raise actions.NothingToShare
        self.log(form, pairs=form.written)
        return self.to("feedback-share")


class Share(RecentlyProved, _OwnObservation):
    """The feedback as the group will read it, a question beside each name, and the button that is final (C12, C13)."""

    template_name = "observations/share.html"
    form_class = ShareForm
    proved_for = frozenset({"POST"})
    done = _("Shared with the whole group. They can read it now.")

    def enter(self, **kwargs: Any) -> None:
        """Have the group's view of it at hand."""
        super().enter(**kwargs)
        self.feedback = queries.feedback_of(self.visit)

    def form_kwargs(self) -> dict[str, Any]:
        """What is asked about which point."""
        return {
            "asked": queries.names_asked(self.visit, self.pairs, today=self.today),
            "pairs": self.feedback.pairs if self.feedback else (),
            "version": self.observation.version,
        }

    def context(self) -> dict[str, Any]:
        """The group's view of it."""
        return {**super().context(), "feedback": self.feedback}

    def act(self, form: forms.Form) -> str:
        """Share it; what was answered about names is not kept."""
        if not isinstance(form, ShareForm):
            raise TypeError
        actions.share_feedback(
            observation=self.observation,
            version=form.cleaned_data["version"] or 0,
            no_person=form.no_person,
            by=self.member,
            now=self.now,
        )
        return self.to("visit")
