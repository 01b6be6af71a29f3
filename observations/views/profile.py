"""The group's dialogue profile, and whether its leader sees it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _

from observations import actions, pages, permissions, profile as profiles, queries
from schools.pages import DeedMixin
from workgroups.models.group import GroupState
from workgroups.pages import GroupPage

_SHARED = _("Your school leader can now see this profile, in words.")
_KEPT = _("The profile stays in the group.")


class Profile(GroupPage):
    """The whole profile for the group and its guest; in words for the leader of a group that shares; else 404."""

    template_name = "observations/profile.html"
    nav_here = "groups"

    def enter(self, **kwargs: Any) -> None:
        """Find the group; who may read neither view gets 404."""
        super().enter(**kwargs)
        self.group = queries.group_for(self.member, kwargs["group_id"])
        self.shares = queries.shares_profile(self.group.pk)
        self.is_inside = permissions.may_read_profile(self.member, self.group)
        if not (self.is_inside or permissions.may_read_shared_profile(self.member, self.group, shares=self.shares)):
            raise Http404

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """Show it; a member can ask for the leader's view of it beforehand (?as=leader)."""
        in_words = not self.is_inside or request.GET.get("as") == "leader"
        found = queries.profile_of(self.group, with_answers=not in_words)
        about: dict[str, Any] = {"group": self.group, "profile": found, "shares": self.shares}
        if in_words:
            words = {"nav_here": self.nav_here, "is_preview": self.is_inside, **about}
            return render(request, "observations/profile_leader.html", words)
        is_seated = permissions.may_read_own_mirror(self.member, self.group)
        own = queries.own_mirror(self.group) if is_seated else queries.OwnMirror()
        rounds = [look.day for look in own.looks]
        is_active = self.group.state == GroupState.ACTIVE
        return self.show(
            is_seated=is_seated,
            is_active=is_active,
            own=rounds,
            mirrors=profiles.side_by_side(about["profile"], rounds=rounds, own=own.aspects),
            ahead=queries.next_meeting(self.group, now=self.now) if is_seated and rounds else None,
            visits=queries.visits_of(self.group, self.member),
            may_share=is_active and permissions.may_decide_sharing(self.member, self.group, shares=True),
            may_take_back=permissions.may_decide_sharing(self.member, self.group, shares=False),
            **about,
        )


class Sharing(DeedMixin, GroupPage):
    """The chair opens the profile to the leader; any member takes it back, unnamed."""

    def enter(self, **kwargs: Any) -> None:
        """Find the group; 404 outside it."""
        super().enter(**kwargs)
        self.group = queries.group_for(self.member, kwargs["group_id"])
        if not permissions.may_read_profile(self.member, self.group):
            raise Http404

    def act(self) -> str:
        """Decide it."""
        shares = self.request.POST.get("shares") == "yes"
        actions.decide_sharing(group=self.group, shares=shares, by=self.member, now=self.now)
        messages.success(self.request, str(_SHARED if shares else _KEPT))
        return self.back()

    def back(self) -> str:
        """The profile."""
        return pages.address(self.member, "profile", self.group.pk)
