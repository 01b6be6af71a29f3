"""A group's profile as a file, for pages and API: to whoever may open it, with what they read there."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.template.loader import render_to_string
from django.utils.translation import gettext_lazy as _

from observations import permissions, queries, sheets as mirrors
from observations.queries.whole import WholeProfile
from schools import downloads, press
from schools.roles import Member
from workgroups.models import WorkGroup

STEM = _("dialogue-profile")


@dataclass(frozen=True)
class ProfileToTake:
    """The profile as one reader may take it along, of the years that are ``asked`` for (queries.whole_of)."""

    group: WorkGroup
    member: Member
    today: dt.date
    asked: str = ""

    @property
    def is_inside(self) -> bool:
        """Whether the reader is of the group or its guest: these read figures."""
        return permissions.may_read_profile(self.member, self.group)

    @property
    def is_seated(self) -> bool:
        """Whether the reader reads the group's own mirror too."""
        return permissions.may_read_own_mirror(self.member, self.group)

    def is_shown(self) -> bool:
        """Whether the reader leads the school of a group that shares: a leader reads words. One query."""
        shares = queries.shares_profile(self.group.pk)
        return permissions.may_read_shared_profile(self.member, self.group, shares=shares)

    def whole(self) -> WholeProfile:
        """What the page of the group, or of its guest, shows."""
        return queries.whole_of(self.group, with_own=self.is_seated, today=self.today, asked=self.asked)

    def as_table(self, kind: str) -> bytes:
        """CSV or XLSX: with its figures inside, in words for the leader. The caller asked whether it may be read."""
        if self.is_inside:
            return downloads.as_table(mirrors.of_profile(self.whole()), kind=kind)
        return downloads.as_table(mirrors.of_leader_view(queries.leader_view_of(self.group)), kind=kind)

    def as_paper(self) -> bytes:
        """PDF: pages of A4 for the group and its guest."""
        about = {
            "found": self.whole(),
            "group": self.group,
            "school": self.member.school,
            "today": self.today,
            "is_seated": self.is_seated,
        }
        page = render_to_string("observations/paper/profile.html", about)
        return press.as_pdf(page, look=render_to_string("observations/paper/look.css"))
