"""Inviting people to the own group, for its chair."""

from __future__ import annotations

from typing import Any

from django import forms as django_forms
from django.contrib import messages
from django.utils.translation import gettext_lazy as _

from schools import forms, tenancy
from schools.pages import DeedMixin, FormMixin, RecentlyProved
from schools.roles import Role
from workgroups import actions, permissions, queries
from workgroups.models import GroupInvitation
from workgroups.models.group import GroupState
from workgroups.pages import GroupPage, OwnGroup, only


class GroupInvite(RecentlyProved, FormMixin, OwnGroup):
    """Invite by address, and who has not come yet."""

    template_name = "workgroups/group_invite.html"
    form_class = forms.PeopleForm
    proved_for = frozenset({"POST"})
    may = only(permissions.may_invite_to_group)

    def context(self) -> dict[str, Any]:
        """The group, and which seats wait."""
        waiting = queries.waiting_seats(self.group)
        return {"group": self.group, "waiting": waiting, "is_active": self.group.state == GroupState.ACTIVE}

    def act(self, form: django_forms.Form) -> str:
        """Invite them, and say what became of it."""
        assert isinstance(form, forms.PeopleForm)  # noqa: S101  # tells the type
        asked = form.invitees(Role.TEACHER)
        done = actions.invite_to_group(group=self.group, emails=asked, by=self.member, now=self.now)
        for sentence in done.in_words(tells_known=False, may_leave=self.member.school.may_invite):
            messages.success(self.request, sentence)
        return self.address("group-invite", self.group.pk)


class GroupInvitationWithdraw(DeedMixin, GroupPage):
    """Take a seat back that waits."""

    done = _("The invitation to your group no longer works.")
    waiting: GroupInvitation

    def enter(self, **kwargs: Any) -> None:
        """Find it among those of the groups that the reader chairs."""
        super().enter(**kwargs)
        self.waiting = tenancy.fetch(queries.waiting_seats_for(self.member), pk=kwargs["waiting_id"])

    def act(self) -> str:
        """Take it back."""
        actions.withdraw_group_invitation(group_invitation=self.waiting, by=self.member, now=self.now)
        return self.back()

    def back(self) -> str:
        """Who was invited."""
        return self.address("group-invite", self.waiting.group_id)
