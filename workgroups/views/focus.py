"""Pages about the card a group works on, and why."""

from __future__ import annotations

from typing import Any

from django import forms as django_forms
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from cards import queries as deck
from schools.pages import FormMixin
from workgroups import actions, forms, permissions, queries
from workgroups.forms import rewording
from workgroups.models.group import GroupState
from workgroups.pages import InsideGroup, OnePeriod, only


class GroupCard(InsideGroup):
    """The group's card, unfolded: members make a tip or a phrase on it their agreement (G4b).

    ``?card=`` opens another one of the deck that the group chooses from, to read.
    """

    template_name = "workgroups/card.html"
    may = only(permissions.may_read_goals)

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """Show both sides; a guest reads along."""
        focus = queries.focus_of(self.group)
        may_write = self.group.state == GroupState.ACTIVE and permissions.may_write_goals(self.member, self.group)
        asked = request.GET.get("card")
        cards = queries.deck_of(self.member.school) if asked else ()
        aspect = next((one for one in cards if one.key == asked), None) if asked else focus.aspect
        is_ours = aspect is not None and aspect == focus.aspect
        return self.show(
            group=self.group,
            focus=focus,
            aspect=deck.open_up(aspect) if aspect else None,
            is_ours=is_ours,
            may_write=may_write,
            make=self._form_for(focus) if is_ours and may_write and focus.has_room else "",
        )

    def _form_for(self, focus: queries.Focus) -> str:
        """Where a draft goes: to a goal of now, or along with the first one."""
        if focus.period is None:
            return ""
        if focus.live_goals:
            return self.address("agreement-new", focus.live_goals[0].id)
        return self.address("goal-new", focus.period.pk)


class FocusNew(FormMixin, InsideGroup):
    """Choose a card by its question (G1); then say why it matters (G2) and what becomes of each goal and agreement."""

    template_name = "workgroups/focus_new.html"
    may = only(permissions.may_write_goals)
    done = _("This is your card now.")

    def enter(self, **kwargs: Any) -> None:
        """Find what the group works on until now, and the card that was picked."""
        super().enter(**kwargs)
        self.focus = queries.focus_of(self.group)
        self.aspects = queries.deck_of(self.member.school)
        picked = self.request.POST.get("aspect") or self.request.GET.get("card")
        self.aspect = next((one for one in self.aspects if one.key == picked), None)

    def form(self, data: Any = None) -> forms.FocusForm:
        """The form about the card."""
        initial = {"aspect": self.aspect}
        return forms.FocusForm(data, initial=initial, aspects=self.aspects, focus=self.focus)

    def context(self) -> dict[str, Any]:
        """The deck, or the card that was picked."""
        return {"group": self.group, "focus": self.focus, "aspects": self.aspects, "aspect": self.aspect}

    def act(self, form: Any) -> str:
        """Choose it, and go on to its start."""
        period = actions.choose_aspect(
            group=self.group,
            aspect=form.cleaned_data["aspect"],
            why=form.cleaned_data["why"],
            endings=form.endings,
            goal_endings=form.goal_endings,
            by=self.member,
            now=self.now,
        )
        return self.address("start", period.pk)


class FocusWhy(FormMixin, OnePeriod):
    """Why the card matters to the group (G2)."""

    template_name = "workgroups/why.html"
    form_class = rewording.WhyWordsForm
    done = _("Saved.")

    def form_kwargs(self) -> dict[str, Any]:
        """Start from what stands there."""
        return {"initial": {"why": self.period.why, "version": self.period.version}}

    def context(self) -> dict[str, Any]:
        """The period it is about."""
        return {"period": self.period, "group": self.period.group}

    def act(self, form: django_forms.Form) -> str:
        """Write it down."""
        why, version = form.cleaned_data["why"], form.cleaned_data["version"]
        actions.say_why(period=self.period, why=why, version=version, by=self.member, now=self.now)
        return self.address("group", self.period.group_id)
