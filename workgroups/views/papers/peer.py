"""Pages of feedback between two colleagues (A6): asked, given, read, thanked. Nobody else gets in."""

from __future__ import annotations

from typing import Any

from django import forms as django_forms
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from schools.pages import DeedMixin, FormMixin
from workgroups import permissions
from workgroups.actions import papers as actions
from workgroups.forms import papers as forms
from workgroups.pages import only
from workgroups.queries import papers
from workgroups.views.papers.doors import NewPaper, OnePeer


class PeerNew(FormMixin, NewPaper):
    """Ask one colleague at the table."""

    number = papers.PEER
    template_name = "workgroups/papers/peer_new.html"
    done = _("Asked. Only the two of you can see it.")

    def form(self, data: Any = None) -> django_forms.Form:
        """The form, which offers everybody at the table but oneself."""
        people = papers.colleagues_of(self.group, today=self.today).exclude(pk=self.member.user.pk)
        return forms.AskForm(data, people=people)

    def act(self, form: django_forms.Form) -> str:
        """Ask."""
        request = actions.ask_feedback(group=self.group, **form.cleaned_data, by=self.member, now=self.now)
        return self.address("peer", request.pk)


class PeerHome(OnePeer):
    """What was asked and what was answered, for each of the two."""

    template_name = "workgroups/papers/peer.html"

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """Show it."""
        return self.show(
            peer=self.paper,
            is_mine=permissions.asked_for_feedback(self.member, self.paper),
            may_give=self.may_write and permissions.may_give_feedback(self.member, self.paper),
        )


class PeerGive(FormMixin, OnePeer):
    """Answer: affirm, critique, constructive."""

    template_name = "workgroups/papers/peer_give.html"
    form_class = forms.GiveForm
    may = only(permissions.may_give_feedback)

    def context(self) -> dict[str, Any]:
        """The question it answers."""
        return {"peer": self.paper}

    def act(self, form: django_forms.Form) -> str:
        """Give it."""
        actions.give_feedback(request=self.paper, **form.cleaned_data, by=self.member, now=self.now)
        return self.address("peer", self.paper.pk)


class PeerDeed(DeedMixin, OnePeer):
    """One step of the exchange that is only a button."""

    def back(self) -> str:
        """The exchange."""
        return self.address("peer", self.paper.pk)


class PeerDecline(PeerDeed):
    """Say "not now", without a reason."""

    may = only(permissions.may_give_feedback)
    done = _("You said: not now. That is fine, and needs no reason.")

    def act(self) -> str:
        """Decline."""
        actions.decline_feedback(request=self.paper, by=self.member, now=self.now)
        return self.address("papers", self.group.pk)


class PeerTakeBack(PeerDeed):
    """Take the question back."""

    may = only(permissions.asked_for_feedback)
    done = _("You took your question back.")

    def act(self) -> str:
        """Take it back."""
        actions.take_back(request=self.paper, by=self.member, now=self.now)
        return self.address("papers", self.group.pk)


class PeerThank(PeerDeed):
    """Thank the colleague."""

    may = only(permissions.asked_for_feedback)

    def act(self) -> str:
        """Thank."""
        actions.thank(request=self.paper, by=self.member, now=self.now)
        return self.back()
