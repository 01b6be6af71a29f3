"""The base door of a page about one paper: it opens by a seat in its group, and to nobody else (404)."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db.models import QuerySet
from django.http import HttpResponse

from schools.roles import Member
from workgroups import permissions
from workgroups.models import WorkGroup
from workgroups.models.group import GroupState
from workgroups.pages import GroupPage, OwnGroup, only
from workgroups.queries import papers, peers


class OfAspect(GroupPage):
    """A page that helps with one aspect: ``number`` is that of its card, shown in its ink."""

    number: ClassVar[int]
    group: WorkGroup

    def show(self, *, status: int = 200, **context: Any) -> HttpResponse:
        """The page, with its group and the card of the group's own deck."""
        aspect = papers.aspect_of(self.group, self.number)
        return super().show(status=status, group=self.group, aspect=aspect, **context)


class NewPaper(OfAspect, OwnGroup):
    """A page on which a paper begins."""

    may = only(permissions.may_keep_papers)


class OnePaper(OfAspect):
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

    number = papers.KNOW
    rows = staticmethod(papers.sheets_for)
    word = "sheet_id"


class OneLine(OnePaper):
    """A page about a line of a know sheet."""

    number = papers.KNOW
    rows = staticmethod(papers.lines_for)
    word = "line_id"


class OneDecision(OnePaper):
    """A page about a decision note."""

    number = papers.DECISION
    rows = staticmethod(papers.decisions_for)
    word = "decision_id"


class OneCriterion(OnePaper):
    """A page about a criterion of a decision."""

    number = papers.DECISION
    rows = staticmethod(papers.criteria_for)
    word = "criterion_id"


class OneOption(OnePaper):
    """A page about an option of a decision."""

    number = papers.DECISION
    rows = staticmethod(papers.options_for)
    word = "option_id"


class OnePeer(OnePaper):
    """A page about feedback between two people: for these two, whoever chairs or leads."""

    number = papers.PEER
    rows = staticmethod(peers.peers_for)
    word = "peer_id"
    may = only(permissions.may_read_feedback)
