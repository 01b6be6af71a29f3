"""Calendar feeds over REST: addresses at which the caller's own calendar finds the caller's meetings."""

from __future__ import annotations

from typing import Any

from django.http import Http404
from drf_spectacular.utils import OpenApiExample, OpenApiResponse, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from schools import bodies, problems, rest as doors, scopes
from workgroups import actions, models, queries


class Feed(serializers.Serializer[Any]):
    """An address for a calendar. Its secret is told once, when it is made or renewed."""

    id = serializers.IntegerField(min_value=1)
    group = serializers.IntegerField(
        allow_null=True, min_value=1, help_text="The group whose meetings it shows; null: of all the caller's groups."
    )
    created_at = serializers.DateTimeField(help_text="When this address was made, in UTC.")
    app = serializers.CharField(
        allow_null=True,
        help_text="The name of the app that made it: the address ends when that app's access does. null: the person.",
    )
    shows = serializers.BooleanField(
        help_text="Whether it shows anything: not where the caller has no seat in its group any more."
    )


class NewFeed(Feed):
    """A feed with its secret address. Whoever has that reads the caller's meetings."""

    address = serializers.URLField(
        allow_null=True,
        help_text="Only where it was made or renewed just now; null: there was one, renew it for another.",
    )
    subscribe = serializers.CharField(
        allow_null=True, help_text="The same with `webcal:`, which calendar programs open at a click."
    )


class Feeds(serializers.Serializer[Any]):
    """The caller's feeds; there is one for all groups at most, and one for each group."""

    feeds = Feed(many=True, help_text="The oldest first.")


class FeedToMake(bodies.Sent):
    """What a feed shows."""

    group = bodies.Number(
        required=False,
        default=None,
        allow_null=True,
        min_value=1,
        max_value=bodies.LARGEST_ID,
        help_text="The id of a group in which the caller has a seat, of any school; null: all of the caller's groups.",
    )


class _Own(doors.Door):
    """What is about the caller's own feeds."""

    area = scopes.Area.ACCOUNT
    is_secret = True

    def with_address(self, feed: models.CalendarFeed) -> dict[str, Any]:
        """A feed with its address, if it was made in this call."""
        where = queries.address_of(feed) if feed.created_at == self.now else None
        secret = {"address": where and where.address, "subscribe": where and where.subscribe}
        return {**_feed(feed, shows=True), **secret}


class FeedsView(_Own):
    """The caller's feeds."""

    keeps_calls = False  # an answer with a secret is kept nowhere
    also_reads = (scopes.Area.GROUPS,)  # the address tells the meetings to whoever has it

    @extend_schema(operation_id="list_feeds", tags=["feeds"], responses=Feeds)
    def get(self, request: Request) -> Response:
        """The caller's calendar feeds, without their secret addresses."""
        found = queries.feeds_of(self.caller, now=self.now)
        left = {one.pk for one in found.left}
        return Response({"feeds": [_feed(one, shows=one.pk not in left) for one in found.rows]})

    @extend_schema(
        operation_id="make_feed",
        tags=["feeds"],
        request=FeedToMake,
        responses={
            200: NewFeed,
            201: NewFeed,
            (404, problems.MEDIA_TYPE): OpenApiResponse(problems.Problem, description="No group in which one sits."),
        },
        examples=[OpenApiExample("All my groups", {"group": None}, request_only=True)],
    )
    def post(self, request: Request) -> Response:
        """Make an address for the meetings of all the caller's groups, or of one; 404 for a group without a seat.

        What an app makes ends with the app's access; what a person's own program makes stays until it is removed.
        The one that is there stays, and answers 200 without its address: `renew_feed` gives another.
        """
        self.must_be_proved()
        feed = actions.make_feed(group_id=self.sent(FeedToMake)["group"], app=self.by_app, by=self.caller, now=self.now)
        told = self.with_address(feed)
        return Response(told) if told["address"] is None else self.created(told, "feed", feed_id=feed.pk)


class FeedView(_Own):
    """One feed."""

    @extend_schema(operation_id="read_feed", tags=["feeds"], responses=Feed)
    def get(self, request: Request, feed_id: int) -> Response:
        """One of the caller's calendar feeds, without its secret address."""
        found = queries.feeds_of(self.caller, now=self.now)
        row = next((one for one in found.rows if one.pk == feed_id), None)
        if row is None:
            raise Http404
        return Response(_feed(row, shows=row not in found.left))

    @extend_schema(operation_id="remove_feed", tags=["feeds"], responses={204: None})
    def delete(self, request: Request, feed_id: int) -> Response:
        """Take an address away: it shows nothing from now on."""
        actions.remove_feed(feed_id=feed_id, by=self.caller)
        return Response(status=204)


class FeedRenewView(_Own):
    """Another address in the place of one."""

    keeps_calls, also_reads = False, (scopes.Area.GROUPS,)  # as above

    @extend_schema(operation_id="renew_feed", tags=["feeds"], request=None, responses=NewFeed)
    def post(self, request: Request, feed_id: int) -> Response:
        """A new address, under a new id, for the same meetings; the old one shows nothing any more."""
        self.must_be_proved()
        feed = actions.renew_feed(feed_id=feed_id, app=self.by_app, by=self.caller, now=self.now)
        return Response(self.with_address(feed))


def _feed(row: models.CalendarFeed, *, shows: bool) -> dict[str, Any]:
    app = row.program and row.program.client.name
    return {"id": row.pk, "group": row.group_id, "created_at": row.created_at, "app": app, "shows": shows}
