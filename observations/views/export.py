"""A group's profile to take along: a table for the group, its guest and its leader; on paper for the next meeting."""

from __future__ import annotations

from typing import Any

from django.http import Http404

from observations import pages, queries
from observations.downloads import STEM, ProfileToTake
from schools.downloads import FileMixin
from workgroups.models import WorkGroup
from workgroups.pages import GroupPage


class ProfileFile(FileMixin, GroupPage):
    """For whoever may open the profile, of the years that the page shows (?year=); 404 for everybody else."""

    stem = STEM

    def enter(self, **kwargs: Any) -> None:
        """Find the group."""
        super().enter(**kwargs)
        self.group = queries.group_for(self.member, kwargs["group_id"])
        self.profile = ProfileToTake(self.group, self.member, self.today, self.request.GET.get("year", ""))
        if not (self.profile.is_inside or self.is_shown()):
            raise Http404

    def is_shown(self) -> bool:
        """Whether somebody outside the group may take it along."""
        return False

    def back(self) -> str:
        """The profile."""
        return pages.address(self.member, "profile", self.group.pk)

    def source(self) -> WorkGroup:
        """The group."""
        return self.group


class ProfileSheet(ProfileFile):
    """As a table: with its figures inside, in words for the leader of a group that shares."""

    def is_shown(self) -> bool:
        """To its leader, while the group shares."""
        return self.profile.is_shown()

    def body(self) -> bytes:
        """The table."""
        return self.profile.as_table(self.kind)


class ProfilePaper(ProfileFile):
    """On paper, for the group and its guest."""

    kind = "pdf"

    def body(self) -> bytes:
        """The pages of A4."""
        return self.profile.as_paper()
