"""A group's profile to take along: a table for the group, its guest and its leader; on paper for the next meeting."""

from __future__ import annotations

from typing import Any

from django.http import Http404
from django.template.loader import render_to_string
from django.utils.translation import gettext_lazy as _

from observations import pages, permissions, queries, sheets as mirrors
from observations.queries.whole import WholeProfile
from schools import press, sheets
from schools.downloads import FileMixin, SheetMixin
from workgroups.models import WorkGroup
from workgroups.pages import GroupPage


class ProfileFile(FileMixin, GroupPage):
    """For whoever may open the profile, of the years that the page shows (?year=); 404 for everybody else."""

    stem = _("dialogue-profile")

    def enter(self, **kwargs: Any) -> None:
        """Find the group."""
        super().enter(**kwargs)
        self.group = queries.group_for(self.member, kwargs["group_id"])
        self.is_inside = permissions.may_read_profile(self.member, self.group)
        self.is_seated = permissions.may_read_own_mirror(self.member, self.group)
        if not (self.is_inside or self.is_shown()):
            raise Http404

    def is_shown(self) -> bool:
        """Whether somebody outside the group may take it along."""
        return False

    def whole(self) -> WholeProfile:
        """What the page of the group, or of its guest, shows."""
        asked = self.request.GET.get("year", "")
        return queries.whole_of(self.group, with_own=self.is_seated, today=self.today, asked=asked)

    def back(self) -> str:
        """The profile."""
        return pages.address(self.member, "profile", self.group.pk)

    def source(self) -> WorkGroup:
        """The group."""
        return self.group


class ProfileSheet(SheetMixin, ProfileFile):
    """As a table: with its figures inside, in words for the leader of a group that shares."""

    def is_shown(self) -> bool:
        """To its leader, while the group shares."""
        shares = queries.shares_profile(self.group.pk)
        return permissions.may_read_shared_profile(self.member, self.group, shares=shares)

    def sheet(self) -> sheets.Sheet:
        """The table."""
        if self.is_inside:
            return mirrors.of_profile(self.whole())
        return mirrors.of_leader_view(queries.leader_view_of(self.group))


class ProfilePaper(ProfileFile):
    """On paper, for the group and its guest."""

    kind = "pdf"

    def body(self) -> bytes:
        """The pages of A4."""
        about = {
            "found": self.whole(),
            "group": self.group,
            "school": self.member.school,
            "today": self.today,
            "is_seated": self.is_seated,
        }
        page = render_to_string("observations/paper/profile.html", about)
        return press.as_pdf(page, look=render_to_string("observations/paper/look.css"))
