"""What a group shows its school leader: the leader's page, the group's preview of it, and the group's decisions."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _

from observations import actions, pages, permissions, queries
from observations.models import SelfScan
from observations.models.selfscan import ScanState
from schools import tenancy
from schools.pages import DeedMixin
from schools.roles import Member
from workgroups.models import WorkGroup
from workgroups.models.group import GroupState
from workgroups.pages import GroupPage

_PROFILE_SHOWN = _("Your school leader can now see this profile, in words.")
_PROFILE_KEPT = _("The profile stays in the group.")
_ROUND_SHOWN = _("Your school leader can now read this picture, in words.")
_ROUND_KEPT = _("This picture stays in the group.")
_MOST_DIGITS = 18  # of an id; what is longer is none, and far longer no number to Python


def leader_page(page: GroupPage, group: WorkGroup) -> HttpResponse:
    """The profile as the leader reads it; for a seat a preview, with one round more where ``?scan=`` names it."""
    is_preview = permissions.may_read_own_mirror(page.member, group)
    scan = round_named(page.member, group, page.request.GET.get("scan", "")) if is_preview else None
    view = queries.leader_view_of(group, with_scan=scan.pk if scan else None)
    about = {"nav_here": page.nav_here, "group": group, "view": view, "is_preview": is_preview, "scan": scan}
    return render(page.request, "observations/profile_leader.html", about)


def round_named(member: Member, group: WorkGroup, named: str) -> SelfScan | None:
    """The group's own revealed round with this id; None where none is named, 404 where there is no such round."""
    if not named:
        return None
    if not named.isdecimal() or len(named) > _MOST_DIGITS:
        raise Http404
    return tenancy.fetch(queries.scans(member, group_id=group.pk, state=ScanState.REVEALED), pk=int(named))


def may_share(member: Member, group: WorkGroup) -> bool:
    """Whether a page offers to show something: to the chair, of a group that has not ended."""
    return group.state == GroupState.ACTIVE and permissions.may_decide_sharing(member, group, shares=True)


class Sharing(DeedMixin, pages.OwnMirrorPage):
    """What the leader sees now, round by round: the chair opens, any member takes back, unnamed."""

    template_name = "observations/sharing.html"
    http_method_names = ["get", "head", "post"]

    def get(self, request: HttpRequest, **kwargs: object) -> HttpResponse:
        """Show it, with the buttons."""
        sharing = queries.sharing_of(self.group)
        return self.show(group=self.group, sharing=sharing, may_share=may_share(self.member, self.group))

    def act(self) -> str:
        """Decide about the profile, or about the one round that was sent along."""
        scan = round_named(self.member, self.group, self.request.POST.get("scan", ""))
        shares = self.request.POST.get("shares") == "yes"
        actions.decide_sharing(group=self.group, shares=shares, scan=scan, by=self.member, now=self.now)
        told = (_ROUND_SHOWN if shares else _ROUND_KEPT) if scan else (_PROFILE_SHOWN if shares else _PROFILE_KEPT)
        messages.success(self.request, str(told))
        return self.back()

    def back(self) -> str:
        """The page with the button: a round, the list of what is shown, or else the profile."""
        came_from, scan = self.request.POST.get("from"), self.request.POST.get("scan", "")
        if came_from == "scan" and scan.isdecimal():
            return pages.address(self.member, "scan", int(scan))
        return pages.address(self.member, "sharing" if came_from == "sharing" else "profile", self.group.pk)
