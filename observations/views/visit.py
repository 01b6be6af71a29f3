"""Proposing a visit, its own page, and the group's answer."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _

from observations import actions, pages, permissions, queries
from observations.forms.visit import AmendForm, VisitForm
from observations.models.visit import VisitState
from schools.pages import DeedMixin, FormMixin
from workgroups.pages import GroupPage

_FEW_DIGITS = 10


class NewVisit(FormMixin, GroupPage):
    """A coach, or the leader as a visitor, proposes to listen to the next meeting (C1, C2)."""

    template_name = "observations/visit_new.html"
    nav_here = "groups"
    form_class = VisitForm
    done = _("Your proposal is with the group. You hear what they say.")

    def enter(self, **kwargs: Any) -> None:
        """Find the group; only visitors get in."""
        super().enter(**kwargs)
        self.group = queries.group_for(self.member, kwargs["group_id"])
        permissions.demand(permissions.may_propose_visit(self.member, self.group))
        self.meeting = queries.next_meeting(self.group, now=self.now)

    def context(self) -> dict[str, Any]:
        """The group and its next meeting, if one is planned, and whether it can be asked for."""
        ahead = [self.meeting.pk] if self.meeting else []
        return {
            "group": self.group,
            "meeting": self.meeting,
            "is_closed": bool(queries.closed_to(self.member.user.pk, ahead)),
        }

    def act(self, form: forms.Form) -> str:
        """Propose it."""
        if self.meeting is None:
            raise actions.NotNextMeeting
        visit = actions.propose_visit(meeting=self.meeting, **form.cleaned_data, by=self.member, now=self.now)
        return pages.address(self.member, "visit", visit.pk)


class OneVisit(pages.VisitPage):
    """How a visit stands: for the group what it may decide and what was given back, for the visitor the next step."""

    template_name = "observations/visit.html"

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """Show it."""
        visit, member = self.visit, self.member
        shared = visit.state in (VisitState.SHARED, VisitState.CLOSED)
        may_read = shared and permissions.may_read_feedback(member, visit)
        return self.show(
            visit=visit,
            group=visit.group,
            meeting=visit.meeting,
            is_mine=permissions.may_log_observation(member, visit),
            may_answer=permissions.may_answer_visit(member, visit),
            is_shared=shared,
            feedback=queries.feedback_of(visit) if may_read else None,
            is_ahead=self.now < visit.meeting.ends_at,
            is_open_to_change=not actions.may_have_begun(visit, visit.meeting, now=self.now),
            may_correct=permissions.may_correct(member, visit),
            vanishing=queries.vanishing(visit, today=self.today),
        )


class _Answer(DeedMixin, pages.VisitPage):
    """A button of the group's or the visitor's; back to the visit either way."""

    deed: ClassVar[Any]

    def act(self) -> str:
        """Do it."""
        type(self).deed(visit=self.visit, by=self.member, now=self.now)
        return self.to("visit")

    def back(self) -> str:
        """The visit as it stands."""
        return self.to("visit")


class Accept(_Answer):
    """The chair welcomes the visitor, for the group."""

    deed = staticmethod(actions.accept_visit)
    done = _("Your visitor is welcome and hears so.")


class Agree(_Answer):
    """The visitor says yes to what the group changed, as it stood on the page."""

    done = _("Agreed. The group hears so.")

    def act(self) -> str:
        """Agree to the version that was read."""
        version = self.request.POST.get("version", "")
        read = int(version) if version.isdecimal() and len(version) < _FEW_DIGITS else 0
        actions.agree_visit(visit=self.visit, version=read, by=self.member, now=self.now)
        return self.to("visit")


class Amend(FormMixin, pages.VisitPage):
    """The chair says, for the group, what it wants otherwise; the visitor agrees or not (C2)."""

    template_name = "observations/visit_amend.html"
    form_class = AmendForm
    done = _("Your visitor hears what you want otherwise, and says yes or no.")

    def enter(self, **kwargs: Any) -> None:
        """Only the chair gets in."""
        super().enter(**kwargs)
        permissions.demand(permissions.may_answer_visit(self.member, self.visit))

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """Show the form while there is something to amend; else the visit says how it stands."""
        is_open = self.visit.state in (VisitState.PROPOSED, VisitState.ACCEPTED) and not self.visit.is_called_off
        too_late = actions.may_have_begun(self.visit, self.visit.meeting, now=self.now)
        if not is_open or too_late or self.now >= self.visit.meeting.ends_at:
            return redirect(self.to("visit"))
        return super().get(request, **kwargs)

    def form_kwargs(self) -> dict[str, Any]:
        """Start from what stands."""
        return {"initial": {"group_words": self.visit.group_words, "target_minutes": self.visit.target_minutes}}

    def context(self) -> dict[str, Any]:
        """The visit and its meeting."""
        return {"visit": self.visit, "group": self.visit.group, "meeting": self.visit.meeting}

    def act(self, form: forms.Form) -> str:
        """Offer it to the visitor."""
        actions.amend_visit(visit=self.visit, **form.cleaned_data, by=self.member, now=self.now)
        return self.to("visit")


class Decline(_Answer):
    """The chair says not now, for the group."""

    deed = staticmethod(actions.decline_visit)
    done = _("Your visitor hears that it does not suit now.")


class Postpone(_Answer):
    """Any member asks to postpone, unnamed."""

    deed = staticmethod(actions.postpone_visit)
    done = _("The visit waits. Nobody sees who asked for it.")


class Withdraw(_Answer):
    """Any member takes the yes back, unnamed; or the visitor the proposal."""

    deed = staticmethod(actions.withdraw_visit)
    done = _("This visit is off.")
