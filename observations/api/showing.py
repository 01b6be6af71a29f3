"""What a group shows its school leader over REST: the profile, and which rounds of its own mirror with it."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from observations import actions, queries
from observations.api import profile
from observations.models import SelfScan
from observations.models.selfscan import ScanState
from schools import bodies, scopes, tenancy
from workgroups import rest
from workgroups.models import WorkGroup


class ShownRound(serializers.Serializer[Any]):
    """A revealed round that has something to show."""

    scan = serializers.IntegerField(min_value=1, help_text="The round's id.")
    aspect = serializers.CharField(allow_null=True, help_text="Key of the card; null: all six.")
    shares = serializers.BooleanField(allow_null=True, help_text="null: the group has not decided about it.")


class Showing(serializers.Serializer[Any]):
    """What the leader reads now. Who decided is not kept."""

    group = serializers.IntegerField(min_value=1, help_text="The group's id.")
    shares = serializers.BooleanField(help_text="Whether the leader reads the profile, in words.")
    rounds = ShownRound(many=True, help_text="The newest first.")


class Decision(bodies.Sent):
    """A decision of the group."""

    shares = bodies.YesNo(help_text="Yes is the chair's to send, no anybody's with a seat.")
    scan = bodies.Number(
        min_value=1,
        required=False,
        allow_null=True,
        default=None,
        help_text="About this round alone; null: about the profile, and with no about every round.",
    )


class PreviewFilter(bodies.Asked):
    """With what."""

    scan = bodies.AskedNumber(help_text="As if this revealed round were shown too, by its id.")


class OwnGroupView(rest.GroupView):
    """About what a group shows its leader, for its seats; who decided is not kept."""

    area = scopes.Area.PROFILES
    keeps_calls = False

    def group(self, group_id: int) -> WorkGroup:
        """The group; 404 without a seat in it."""
        return tenancy.fetch(WorkGroup.objects.sat_in_by(self.member), pk=group_id)

    def revealed(self, group: WorkGroup, scan_id: int | None) -> SelfScan | None:
        """The group's revealed round with this id, None without one; 404 where there is no such round."""
        rounds = queries.scans(self.member, group_id=group.pk, state=ScanState.REVEALED)
        return tenancy.fetch(rounds, pk=scan_id) if scan_id else None


class PreviewView(OwnGroupView):
    """The leader's page beforehand."""

    @extend_schema(
        operation_id="preview_sharing", tags=["sharing"], parameters=[PreviewFilter], responses=profile.Profile
    )
    def get(self, request: Request, slug: str, group_id: int) -> Response:
        """The profile as the leader would read it, in words, for who has a seat in the group; 404 for everybody else.

        It shows what the leader reads where the group shares, whether it does or not: nothing is decided by it.
        """
        group = self.group(group_id)
        scan = self.revealed(group, self.asked(PreviewFilter).get("scan"))
        return Response(profile.in_words(queries.leader_view_of(group, with_scan=scan.pk if scan else None)))


class ShowingView(OwnGroupView):
    """What a group shows its leader."""

    @extend_schema(operation_id="read_sharing", tags=["sharing"], responses=Showing)
    def get(self, request: Request, slug: str, group_id: int) -> Response:
        """What the leader reads of the group now, for who has a seat in it; 404 for everybody else."""
        return Response(_showing(self.group(group_id)))

    @extend_schema(operation_id="decide_sharing", tags=["sharing"], request=Decision, responses=Showing)
    def post(self, request: Request, slug: str, group_id: int) -> Response:
        """Show the profile or a round to the leader, or take it back. The same again changes nothing.

        To show a round shows the profile too. To take the profile back takes every round back; a leader's copy of
        what was shown before stays with the leader.
        """
        group = self.group(group_id)
        sent = self.sent(Decision)
        scan = self.revealed(group, sent["scan"])
        actions.decide_sharing(group=group, shares=sent["shares"], scan=scan, by=self.member, now=self.now)
        return Response(_showing(group))


def _showing(group: WorkGroup) -> dict[str, Any]:
    shown = queries.sharing_of(group)
    return {
        "group": group.pk,
        "shares": shown.shares,
        "rounds": [
            {"scan": one.scan_id, "aspect": one.aspect and one.aspect.key, "shares": one.shown} for one in shown.rounds
        ],
    }
