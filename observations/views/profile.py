"""The group's dialogue profile."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse

from observations import permissions, queries
from observations.pages import ProfilePage
from observations.views import sharing
from workgroups.models.group import GroupState
from workgroups.pages import GroupPage


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
        is_seated = permissions.may_read_own_mirror(self.member, self.group)
        if not self.is_inside or (is_seated and request.GET.get("as") == "leader"):
            return sharing.leader_page(self, self.group)
        asked = request.GET.get("year", "")
        whole = queries.whole_of(self.group, with_own=is_seated, today=self.today, asked=asked)
        return self.show(
            group=self.group,
            shares=self.shares,
            whole=whole,
            is_seated=is_seated,
            is_active=self.group.state == GroupState.ACTIVE,
            ahead=queries.next_meeting(self.group, now=self.now) if is_seated and whole.difference else None,
            visits=queries.visits_of(self.group, self.member),
            sharing=queries.sharing_of(self.group) if is_seated else None,
            may_share=sharing.may_share(self.member, self.group),
        )


class AspectFromNear(ProfilePage):
    """One aspect of the profile from near: what was heard of it, said about it and agreed on (C14, G3, G6)."""

    template_name = "observations/profile_aspect.html"

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """Show it; the group's guest sees the coach's part of it. A card that the group does not use is not there."""
        aspect = queries.aspects_in_use(self.group).get(kwargs["key"])
        if aspect is None:
            raise Http404
        is_seated = permissions.may_read_own_mirror(self.member, self.group)
        about: dict[str, Any] = {"asked": request.GET.get("year", ""), "aspect": aspect.key}
        whole = queries.whole_of(self.group, with_own=is_seated, today=self.today, **about)
        line, shown = whole.mirrors.about(aspect.key), whole.shown.about(aspect.key)
        heard = queries.behaviours_heard(self.group, aspect, whole.shown.rounds) if is_seated else ()
        asks = is_seated and whole.years.is_now and line.differs
        return self.show(
            group=self.group,
            aspect=aspect,
            whole=whole,
            line=line,
            shown=shown,
            heard=heard,
            is_told=bool(shown.coach.values) or any(one.readings for one in heard),
            is_seated=is_seated,
            asks=asks,
            ahead=queries.next_meeting(self.group, now=self.now) if asks else None,
            own_visits={visit.pk for visit in queries.visits_of(self.group, self.member)},
        )
