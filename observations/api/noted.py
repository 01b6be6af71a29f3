"""What the caller noted and has not shared yet, and how long it is kept."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from observations import models, queries
from observations.api import observation
from schools import bodies, paging


class UnsharedObservation(serializers.Serializer[Any]):
    """An observation that waits for its visitor; what is in it is read by its id."""

    id = serializers.UUIDField(help_text="Made by the client.")
    visit = serializers.IntegerField(min_value=1, help_text="Id of the caller's own visit.")
    group = serializers.IntegerField(min_value=1, help_text="The group's id.")
    day = serializers.DateField(help_text="Day of the meeting.")
    listened = serializers.IntegerField(min_value=1, max_value=240, help_text="Minutes really listened (C7).")
    version = serializers.IntegerField(min_value=1, help_text="Rises with every change.")
    updated_at = serializers.DateTimeField(help_text="In UTC.")
    has_pairs = serializers.BooleanField(help_text="Whether there is something to share.")
    days_late = serializers.IntegerField(
        min_value=0, help_text="Days from the meeting's day to today, at school: best shared on the day itself (C11)."
    )
    vanishes_on = serializers.DateField(
        allow_null=True,
        help_text="The day on which all of it is deleted unless it is shared, 90 days after the meeting; "
        "null: its notes are gone already.",
    )
    days_left = serializers.IntegerField(
        allow_null=True, min_value=0, help_text="Days until then; 0 is today, null: its notes are gone already."
    )


class UnsharedView(observation.OwnObservationView):
    """The caller's own observations."""

    pagination_class = paging.Pages
    ordering = ("visit_id",)

    @extend_schema(
        operation_id="list_unshared_observations", tags=["observations"], responses=UnsharedObservation(many=True)
    )
    def get(self, request: Request, slug: str) -> Response:
        """What the caller noted at own visits and has not shared, the oldest visit first; nobody else's, ever."""
        self.stay_awake()
        self.asked(bodies.Asked)
        return self.page_of(queries.unshared_observations(self.member), self._told)

    def _told(self, page: list[models.Observation]) -> list[dict[str, Any]]:
        visits = [row.visit for row in page]
        ready = queries.ready_to_share(visits)
        return [self._one(row, has_pairs=row.visit_id in ready) for row in page]

    def _one(self, row: models.Observation, *, has_pairs: bool) -> dict[str, Any]:
        vanishing = queries.vanishing(row.visit, today=self.today)
        return {
            "id": row.pk,
            "visit": row.visit_id,
            "group": row.group_id,
            "day": row.visit.meeting.day,
            "listened": row.listened,
            "version": row.version,
            "updated_at": row.updated_at,
            "has_pairs": has_pairs,
            "days_late": queries.days_after(row.visit, self.today),
            "vanishes_on": vanishing and vanishing.on,
            "days_left": vanishing and vanishing.days,
        }
