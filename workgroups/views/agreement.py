"""Pages about what a group agreed on: making it, saying it differently, its life line, and ending it on purpose."""

from __future__ import annotations

from typing import Any

from django import forms as django_forms
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from schools.pages import FormMixin
from workgroups import actions, forms, permissions, queries
from workgroups.forms import rewording
from workgroups.models.goal import AgreementState
from workgroups.pages import InsideGroup, OneAgreement, OneGoal, only
from workgroups.views import goal as goals


class GroupAgreements(InsideGroup):
    """Everything the group ever agreed on: what holds now, and what ended, by school year (G8)."""

    template_name = "workgroups/agreements.html"
    may = only(permissions.may_read_goals)

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """Show them; a guest reads along."""
        return self.show(group=self.group, page=queries.agreements_over_time(self.group))


class AgreementHome(OneAgreement):
    """An agreement's life: its words until now, and every answer to whether it was kept (G6, G8)."""

    template_name = "workgroups/agreement.html"
    may = only(permissions.may_read_goals)

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """Show it; members can change and end it while it lives."""
        return self.show(
            agreement=self.agreement,
            group=self.agreement.group,
            aspect=self.agreement.goal.period.aspect,
            life=queries.life_of(self.agreement),
            is_live=self.agreement.state == AgreementState.LIVE,
            may_write=permissions.may_write_goals(self.member, self.agreement),
        )


class AgreementNew(FormMixin, OneGoal):
    """Add an agreement to a goal (G4b); one from the card goes to the goal of the group's choice."""

    template_name = "workgroups/agreement_form.html"
    done = _("Agreed. You read it aloud at the start of your next meeting.")

    def enter(self, **kwargs: Any) -> None:
        """Find the goal, and what the card gave; then there may be several goals to choose from."""
        super().enter(**kwargs)
        self.draft = goals.draft(self.goal.period, self.request)
        choice = queries.goals_to_serve(self.goal.period) if self.draft else None
        self.goals = choice if choice and len(choice) > 1 else None

    def form(self, data: Any = None) -> forms.NewAgreementForm:
        """The form, which knows the tips of the card and starts from what it gave."""
        initial = {"text": self.draft.text, "tip": self.draft.tip} if self.draft else {}
        return self._form(data, initial=initial)

    def _form(self, data: Any = None, **kwargs: Any) -> forms.NewAgreementForm:
        return forms.NewAgreementForm(data, tips=queries.tips_for(self.goal.period), goals=self.goals, **kwargs)

    def context(self) -> dict[str, Any]:
        """The goal it belongs to, and the tips of its card."""
        return {
            "goal": self.goal,
            "group": self.goal.group,
            "aspect": self.goal.period.aspect,
            "tips": queries.tips_for(self.goal.period),
            "from_card": self.draft is not None,
        }

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """Show the form; where no agreement fits any more, say so instead."""
        return self.show(form=self.form(), crowd=queries.crowd_of(self.goal.group_id), **self.context())

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """Agree on it; or put a tip into the form."""
        tip = goals.picked(queries.tips_for(self.goal.period), request)
        if tip is None:
            return super().post(request, **kwargs)
        initial = {"text": tip.agreement, "tip": tip, "goal": request.POST.get("goal")}
        return self.show(form=self._form(initial=initial), **self.context())

    def act(self, form: django_forms.Form) -> str:
        """Agree on it."""
        text, tip = form.cleaned_data["text"], form.cleaned_data["tip"]
        goal = form.cleaned_data.get("goal", self.goal)
        actions.agree_on(goal=goal, text=text, tip=tip, by=self.member, now=self.now)
        return self.address("goal", goal.pk)


class _Living(FormMixin, OneAgreement):
    """A page that changes an agreement: under the words that hold now, also where the address names earlier ones."""

    def enter(self, **kwargs: Any) -> None:
        """Find its life, and the words of now."""
        super().enter(**kwargs)
        self.life = queries.life_of(self.agreement)
        self.now_holds = self.life[-1].agreement

    def form_kwargs(self) -> dict[str, Any]:
        """Start from its words until now."""
        return {"initial": {"text": self.now_holds.text, "version": self.now_holds.version}}

    def context(self) -> dict[str, Any]:
        """The agreement it is about, and its life until now."""
        return {
            "agreement": self.now_holds,
            "group": self.agreement.group,
            "life": self.life,
            "was_checked": bool(self.life[-1].checks),
            "is_live": self.now_holds.state == AgreementState.LIVE,
        }

    def change(self, form: django_forms.Form) -> None:
        """Say it in the words of the form."""
        text, version = form.cleaned_data["text"], form.cleaned_data["version"]
        actions.change_agreement(agreement=self.agreement, text=text, version=version, by=self.member, now=self.now)


class AgreementEdit(_Living):
    """Say an agreement in other words."""

    template_name = "workgroups/agreement_edit.html"
    form_class = rewording.AgreementWordsForm
    done = _("Saved.")

    def act(self, form: django_forms.Form) -> str:
        """Change it."""
        self.change(form)
        return self.address("goal", self.agreement.goal_id)


class AgreementEnd(_Living):
    """End an agreement on purpose: a habit now, changed into other words, or let go (G8)."""

    template_name = "workgroups/agreement_end.html"
    form_class = rewording.EndAgreementForm
    done = _("Saved.")

    def act(self, form: django_forms.Form) -> str:
        """End it, or put its new words in its place."""
        how = form.cleaned_data["how"]
        if how == rewording.CHANGED:
            self.change(form)
        else:
            actions.end_agreement(agreement=self.agreement, how=how, by=self.member, now=self.now)
        return self.address("goal", self.agreement.goal_id)
