"""Pages about help: what a group asks its school for, and where a leader answers."""

from __future__ import annotations

from abc import abstractmethod
from typing import Any

from django import forms as django_forms
from django.utils.translation import gettext_lazy as _

from schools import refusals
from schools.pages import DeedMixin, FormMixin
from workgroups import actions, permissions, queries
from workgroups.actions.help import MOST_OPEN
from workgroups.forms import help as forms
from workgroups.models.group import GroupState
from workgroups.models.help import HelpState
from workgroups.pages import OneHelp, OwnGroup, only


class GroupHelp(FormMixin, OwnGroup):
    """What the group asked and what came of it, and room for another question."""

    template_name = "workgroups/help.html"
    form_class = forms.HelpForm
    may = only(permissions.may_ask_help)
    done = _("Asked. The school leader hears of it.")

    def context(self) -> dict[str, Any]:
        """What stands there already, and whether there is room."""
        found = queries.help_of(self.group)
        active = self.group.state == GroupState.ACTIVE
        return {"group": self.group, "asked_help": found, "active": active, "full": len(found.waiting) >= MOST_OPEN}

    def act(self, form: django_forms.Form) -> str:
        """Ask."""
        actions.ask_help(group=self.group, **form.cleaned_data, by=self.member, now=self.now)
        return self.address("help", self.group.pk)


class _WithWords(FormMixin, OneHelp):
    """A page on which one side of the question is written."""

    def context(self) -> dict[str, Any]:
        """The question, and whether the group goes on."""
        line = queries.help_line(self.asked)
        return {"line": line, "group": line.group, "active": line.group.state == GroupState.ACTIVE}

    def act(self, form: django_forms.Form) -> str:
        """Write it; what was saved meanwhile stands on the page that says so."""
        try:
            return self.write(form)
        except refusals.Refused:
            self.asked.refresh_from_db()
            raise

    @abstractmethod
    def write(self, form: django_forms.Form) -> str:
        """One domain call; returns the address of the next page. Raises Refused with a sentence."""


class HelpEdit(_WithWords):
    """Put a question in other words, while nobody answered."""

    template_name = "workgroups/help_edit.html"
    form_class = forms.HelpWordsForm
    done = _("Saved.")

    def form_kwargs(self) -> dict[str, Any]:
        """Start from its words until now."""
        return {"initial": {name: getattr(self.asked, name) for name in ("kind", "text", "version")}}

    def write(self, form: django_forms.Form) -> str:
        """Say it otherwise."""
        actions.reword_help(help_request=self.asked, **form.cleaned_data, by=self.member, now=self.now)
        return self.address("help", self.asked.group_id)


class HelpAnswer(_WithWords):
    """Answer a group, or say the answer in other words until the group is done with it."""

    template_name = "workgroups/help_answer.html"
    form_class = forms.AnswerHelpForm
    may = only(permissions.may_answer_help)
    done = _("Answered. The group hears of it.")

    def form_kwargs(self) -> dict[str, Any]:
        """Start from the answer until now."""
        return {"initial": {"answer": self.asked.answer, "version": self.asked.version}}

    def context(self) -> dict[str, Any]:
        """The same, and whether the group is not done with it."""
        may_write = self.asked.state in {HelpState.ASKED, HelpState.ANSWERED}
        return {**super().context(), "may_write": may_write}

    def write(self, form: django_forms.Form) -> str:
        """Answer."""
        actions.answer_help(help_request=self.asked, **form.cleaned_data, by=self.member, now=self.now)
        return self.address("help-answer", self.asked.pk)


class _Deed(DeedMixin, OneHelp):
    """A step that is only a button."""

    def back(self) -> str:
        """What the group asked."""
        return self.address("help", self.asked.group_id)


class HelpBack(_Deed):
    """Take a question back."""

    done = _("Taken back. Nobody at school reads it any more.")

    def act(self) -> str:
        """Take it back."""
        actions.take_help_back(help_request=self.asked, by=self.member, now=self.now)
        return self.back()


class HelpDone(_Deed):
    """Be done with an answer."""

    def act(self) -> str:
        """Say so."""
        actions.finish_help(help_request=self.asked, by=self.member, now=self.now)
        return self.back()
