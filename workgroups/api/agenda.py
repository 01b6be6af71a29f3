"""The agenda over REST: what a meeting is about and what the group keeps of it; for its seats alone (C6)."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from schools import bodies, refusals, rest as doors
from workgroups import actions, models, permissions, queries, rest
from workgroups.actions.agenda import MOST_POINTS

POINT, NOTES = 160, 8000


class Agenda(serializers.Serializer[Any]):
    """What a meeting is about."""

    meeting = serializers.IntegerField(min_value=1, help_text="The meeting's id.")
    points = serializers.ListField(child=serializers.CharField(), help_text="In order; empty: nobody wrote yet.")
    version = serializers.IntegerField(min_value=1, help_text="Rises with every change of the points.")


class Notes(serializers.Serializer[Any]):
    """What the group keeps of a meeting. Only its members read this."""

    meeting = serializers.IntegerField(min_value=1, help_text="The meeting's id.")
    notes = serializers.CharField(allow_blank=True, help_text="With its line ends; empty: nobody wrote yet.")
    version = serializers.IntegerField(min_value=1, help_text="Rises with every change of the notes.")


class Points(bodies.Sent):
    """All points in their order: what stands elsewhere moved, what is missing is dropped."""

    points = bodies.Many(
        child=bodies.Text(max_length=POINT),
        max_length=MOST_POINTS,
        help_text="One line each; 2000 characters in all.",
    )


class NewPoint(bodies.Sent):
    """One more point."""

    point = bodies.Text(max_length=POINT, help_text="One line.")


class NotesToKeep(bodies.Sent):
    """The notes, whole."""

    notes = bodies.Text(allow_blank=True, max_length=NOTES, help_text="What was decided, and who does what.")


class _OwnMeeting(rest.GroupView):
    """What belongs to the seats of a group alone: not even its guest may know that it is there (404; C6)."""

    def own(self, meeting_id: int) -> models.Meeting:
        """The meeting, for who has a seat."""
        return self.find(queries.meetings_at_own_table(self.member), meeting_id, may=permissions.may_use_agenda)

    def given(self, meeting_id: int) -> dict[str, Any]:
        """What every change takes."""
        return {"meeting": self.own(meeting_id), "by": self.member, "now": self.now}


class AgendaView(_OwnMeeting):
    """The points of one meeting."""

    @extend_schema(operation_id="read_agenda", tags=["agenda"], responses=Agenda)
    def get(self, request: Request, slug: str, meeting_id: int) -> Response:
        """The points of a meeting, for who has a seat in the group."""
        return self.versioned(*_agenda(queries.agenda_of(self.own(meeting_id))))

    @doors.edit_schema(
        operation_id="change_agenda",
        tags=["agenda"],
        request=Points,
        responses={200: Agenda},
        examples=[
            OpenApiExample("Two points", {"points": ["Terugkijken op les 3", "Wie leest mee?"]}, request_only=True)
        ],
    )
    def put(self, request: Request, slug: str, meeting_id: int) -> Response:
        """Change, move or drop points: send all of them. The same again changes nothing."""
        given, version = self.given(meeting_id), self.version_read()
        lines = [" ".join(point.split()) for point in self.sent(Points)["points"]]
        try:
            agenda = actions.write_agenda(**given, points="\n".join(lines), version=version)
        except refusals.Conflict as conflict:
            raise refusals.Conflict(
                theirs={"points": conflict.theirs["points"].splitlines()}, version=conflict.version
            ) from None
        return self.versioned(*_agenda(agenda))


class PointsView(_OwnMeeting):
    """One more point for one meeting."""

    @extend_schema(operation_id="add_agenda_point", tags=["agenda"], request=NewPoint, responses={201: Agenda})
    def post(self, request: Request, slug: str, meeting_id: int) -> Response:
        """Add a point at the end; this hinders nobody, so it takes no version. The same words twice are one point."""
        agenda = actions.add_point(**self.given(meeting_id), **self.sent(NewPoint))
        told, version = _agenda(agenda)
        return self.created(told, "meeting-agenda", version=version, meeting_id=meeting_id)


class NotesView(_OwnMeeting):
    """The notes of one meeting."""

    @extend_schema(operation_id="read_meeting_notes", tags=["agenda"], responses=Notes)
    def get(self, request: Request, slug: str, meeting_id: int) -> Response:
        """The notes of a meeting, for who has a seat in the group."""
        return self.versioned(*_notes(queries.agenda_of(self.own(meeting_id))))

    @doors.edit_schema(
        operation_id="change_meeting_notes", tags=["agenda"], request=NotesToKeep, responses={200: Notes}
    )
    def put(self, request: Request, slug: str, meeting_id: int) -> Response:
        """Write the notes, whole; before, during and after the meeting. The same again changes nothing."""
        given, version = self.given(meeting_id), self.version_read()
        return self.versioned(*_notes(actions.write_notes(**given, **self.sent(NotesToKeep), version=version)))


def _agenda(row: models.Agenda) -> tuple[dict[str, Any], int]:
    return {"meeting": row.meeting_id, "points": row.lines, "version": row.version}, row.version


def _notes(row: models.Agenda) -> tuple[dict[str, Any], int]:
    return {"meeting": row.meeting_id, "notes": row.notes, "version": row.notes_version}, row.notes_version
