"""A round of the self-scan over REST: opening one, and what the group does with it.

As on the pages, nothing here says who answered or how many did before all may read it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any, ClassVar

from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from cards.models import Aspect
from observations import actions, models, permissions, queries
from observations.api import scans
from observations.models.selfscan import ScanWay
from schools import bodies, scopes
from schools.roles import Member
from workgroups import rest
from workgroups.models import WorkGroup


class NewScan(bodies.Sent):
    """A new round: about the card in focus or all six, with one voice or each alone."""

    aspect = bodies.Text(
        allow_null=True, max_length=40, help_text="Key of the group's card in focus; null: all six, a starting picture."
    )
    way = serializers.ChoiceField(
        choices=ScanWay.choices,
        help_text="`together`: one answer of the whole group, and the picture at once. `sealed`: each alone, from four "
        "people on, until the chair reveals it; per card three weeks apart.",
    )
    closes_at = serializers.DateTimeField(
        required=False,
        allow_null=True,
        default=None,
        default_timezone=dt.UTC,
        help_text="Until when each answers alone: 5 minutes to 21 days from now, with its offset. "
        "For `sealed` alone; passed over when together.",
    )


EXAMPLES = [
    OpenApiExample("together", value={"aspect": "openness", "way": "together"}, request_only=True),
    OpenApiExample(
        "each alone",
        value={"aspect": None, "way": "sealed", "closes_at": "2026-12-01T14:15:00Z"},
        request_only=True,
    ),
]


class GroupScansView(rest.GroupView):
    """The rounds of one group."""

    area = scopes.Area.SCANS
    keeps_calls = False

    @extend_schema(
        operation_id="open_scan",
        tags=["scans"],
        request=NewScan,
        responses={201: scans.WholeScan},
        examples=EXAMPLES,
    )
    def post(self, request: Request, slug: str, group_id: int) -> Response:
        """Start a round (G3), as anybody with a seat; 404 for all others.

        One round at a time (`scan_under_way`). Alone needs four people (`too_few_seats`) and three weeks since the
        last one on the same card (`too_soon`). Who has a seat now may answer, and hears of a sealed round by letter.
        """
        rows = WorkGroup.objects.sat_in_by(self.member)
        group = self.find(rows, group_id, may=permissions.may_open_scan)
        sent = self.sent(NewScan)
        aspect = self._card(group, sent.pop("aspect"))
        scan = actions.open_scan(group=group, aspect=aspect, **sent, by=self.member, now=self.now)
        return self.created(scans.whole(scan, self.member, today=self.today), "scan", scan_id=scan.pk)

    def _card(self, group: WorkGroup, key: str | None) -> Aspect | None:
        """The card in focus, if that is what was named; nothing where none was."""
        if key is None:
            return None
        card = queries.card_of(group, self.member)
        if card is None or card.key != key:
            raise actions.UnknownKey(field="aspect")
        return card


class _Step(rest.GroupView):
    """What becomes of a round, for who may say so."""

    area = scopes.Area.SCANS
    keeps_calls = False
    may: ClassVar[staticmethod[[Member, models.SelfScan], bool]] = staticmethod(permissions.may_steer_scan)

    def step(self, scan_id: int, act: Callable[..., Any]) -> Response:
        """Do it, and tell how the round stands."""
        scan = self.find(queries.scans_whole(self.member), scan_id, may=type(self).may)
        act(scan=scan, by=self.member, now=self.now)
        now_it_is = queries.scan_for(self.member, scan_id)
        return Response(scans.whole(now_it_is, self.member, today=self.today))


class CloseView(_Step):
    """No more answers."""

    @extend_schema(operation_id="close_scan", tags=["scans"], request=None, responses=scans.WholeScan)
    def post(self, request: Request, slug: str, scan_id: int) -> Response:
        """Close a sealed round before its time, as the chair; 403 for other seats.

        It needs four full answers (`not_enough`) and the chair's own (`own_answers_first`); once somebody left the
        group it waits for its time (`somebody_left`). Every single answer is deleted with it.
        """
        return self.step(scan_id, actions.close_scan)


class RevealView(_Step):
    """The picture for all."""

    @extend_schema(operation_id="reveal_scan", tags=["scans"], request=None, responses=scans.WholeScan)
    def post(self, request: Request, slug: str, scan_id: int) -> Response:
        """Show a closed round to all seats at once, as the chair; 403 for other seats. Best when all sit together."""
        return self.step(scan_id, actions.reveal_scan)


class DropView(_Step):
    """Letting go."""

    may = staticmethod(permissions.may_drop_scan)

    @extend_schema(operation_id="drop_scan", tags=["scans"], request=None, responses=scans.WholeScan)
    def post(self, request: Request, slug: str, scan_id: int) -> Response:
        """Let go of a round that is not revealed, its answers unread: they are deleted, and the round is `void`.

        For the chair, and for any seat where the group answers together; 403 for other seats.
        """
        return self.step(scan_id, actions.drop_scan)
