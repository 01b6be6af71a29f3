"""The base door of a page about one paper: it opens by a seat in its group, and to nobody else (404)."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db.models import QuerySet

from schools.roles import Member
from workgroups import permissions
from workgroups.models.group import GroupState
from workgroups.pages import GroupPage, only
from workgroups.queries import papers, peers


class OnePaper(GroupPage):
    """A page about one paper, or a line of it: ``rows`` are those of the reader, ``word`` names it in the address."""

    rows: ClassVar[staticmethod[[Member], QuerySet[Any]]]
    word: ClassVar[str]
    may = only(permissions.may_keep_papers)

    def enter(self, **kwargs: Any) -> None:
        """Find the paper and its group."""
        super().enter(**kwargs)
        self.paper: Any = self.find(type(self).rows(self.member), kwargs[self.word])
        self.group = self.paper.group
        self.may_write = self.group.state == GroupState.ACTIVE


class OneSheet(OnePaper):
    """A page about a know sheet."""

    rows = staticmethod(papers.sheets_for)
    word = "sheet_id"


class OneLine(OnePaper):
    """A page about a line of a know sheet."""

    rows = staticmethod(papers.lines_for)
    word = "line_id"


class OneDecision(OnePaper):
    """A page about a decision note."""

    rows = staticmethod(papers.decisions_for)
    word = "decision_id"


class OneCriterion(OnePaper):
    """A page about a criterion of a decision."""

    rows = staticmethod(papers.criteria_for)
    word = "criterion_id"


class OneOption(OnePaper):
    """A page about an option of a decision."""

    rows = staticmethod(papers.options_for)
    word = "option_id"


class OnePeer(OnePaper):
    """A page about feedback between two people: for these two, whoever chairs or leads."""

    rows = staticmethod(peers.peers_for)
    word = "peer_id"
    may = only(permissions.may_read_feedback)
