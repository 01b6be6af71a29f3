"""The chair's planning over REST: a meeting planned, moved, called off, restored; in a series also all that follow."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from schools import bodies, rest as doors
from workgroups import actions, models, permissions, queries, recurrence, rest
from workgroups.api import meetings
from workgroups.models.series import MOST, Every

THIS, FOLLOWING = "this", "following"
WHICH = ((THIS, "this one alone"), (FOLLOWING, "this one and all of its series that follow"))
BECAUSE = (
    ("day_off", "there is no school that day"),
    ("clock", "summer time begins: the clock skips this time"),
    ("taken", "the group already meets then"),
)
_FULL_DAY = 24 * 60
CLOSED = (
    "Whether school is really closed in a break of more than three weeks outside summer, which may be a slip in the "
    "calendar: false plans through it; null: not said. Needed where the preview names such breaks."
)


class Sitting(bodies.Sent):
    """When and where the group meets, on the school's own calendar and wall clock; all of it."""

    day = bodies.Day(help_text="The day. It lies ahead, by two years at most.")
    time = bodies.WallTime(
        help_text="When it starts on the school's wall clock. Of an hour that comes twice it is the first; one that "
        "the clock skips is refused (`no_such_time`)."
    )
    minutes = bodies.Number(min_value=5, max_value=480, help_text="How long it lasts; it ends on the same day.")
    place = bodies.Text(allow_blank=True, max_length=80, help_text="May be empty.")
    title = bodies.Text(allow_blank=True, max_length=80, help_text="What it is about; only the group sees this.")

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """It ends on the day on which it starts; raises OddLength (409)."""
        if attrs["time"].hour * 60 + attrs["time"].minute + attrs["minutes"] >= _FULL_DAY:
            raise actions.OddLength(_("A meeting ends on the day on which it starts."))
        return attrs


class NewMeeting(Sitting):
    """When and where the group meets, on the school's own calendar and wall clock."""

    place = bodies.Text(required=False, default="", allow_blank=True, max_length=80)
    title = bodies.Text(
        required=False, default="", allow_blank=True, max_length=80, help_text="Only the group sees this."
    )


class FollowingMove(Sitting):
    """Where a meeting and all of its series that follow would go; the title is for this one alone."""

    believes = bodies.YesNo(required=False, default=None, allow_null=True, help_text=CLOSED)


class MeetingChange(FollowingMove):
    """Where a meeting goes, alone or with all that follow. A title alone is no move: nobody gets a letter for it."""

    which = serializers.ChoiceField(
        choices=WHICH, required=False, default=THIS, help_text="`following`: also all of its series that follow."
    )
    seen = bodies.Many(
        child=bodies.Day(),
        max_length=MOST,
        required=False,
        default=None,
        allow_null=True,
        help_text="With `following`, where the days change: `days` of the preview that was looked at.",
    )


class WhichMeetings(bodies.Sent):
    """Which meetings."""

    which = serializers.ChoiceField(
        choices=WHICH, required=False, default=THIS, help_text="`following`: also all of its series that follow."
    )


class SchoolBreak(serializers.Serializer[Any]):
    """Days without school on end, weekends between them counted in."""

    first_day = serializers.DateField(help_text="Its first day.")
    last_day = serializers.DateField(help_text="Its last day.")


class SeriesTurn(serializers.Serializer[Any]):
    """One turn of a rhythm: what becomes of it around the days without school."""

    rule_day = serializers.DateField(help_text="The day that the rhythm gives.")
    day = serializers.DateField(
        allow_null=True, help_text="When the group meets for it: another day, where it moved; null: it does not."
    )
    because = serializers.ChoiceField(choices=BECAUSE, allow_null=True, help_text="Why not; null where it meets.")
    holiday = serializers.CharField(allow_blank=True, help_text="What `rule_day` falls into; empty: a school day.")


class MoveStep(SeriesTurn):
    """A turn of the rhythm as it would be, with its meeting."""

    meeting = serializers.IntegerField(
        allow_null=True, min_value=1, help_text="The meeting that it is for; null: no school then."
    )
    goes = serializers.BooleanField(
        help_text="Whether that meeting goes along: what was called off, held, opened or moved alone stays."
    )


class MovePreview(serializers.Serializer[Any]):
    """What moving all that follow would bring; nothing is written."""

    changes_days = serializers.BooleanField(help_text="Whether there are days to look at and to send as `seen`.")
    every = serializers.ChoiceField(
        choices=Every.choices, allow_null=True, help_text="The rhythm from then on; null: the days stay as they are."
    )
    days = serializers.ListField(child=serializers.DateField(), help_text="Of the meetings that go along, in order.")
    steps = MoveStep(many=True, help_text="Every turn, in order.")
    breaks = SchoolBreak(many=True, help_text="Long breaks outside summer: say of them what `believes` is.")


class ProposedMeeting(serializers.Serializer[Any]):
    """When and where a group would meet next, to send to `plan_meeting` as it is or changed."""

    day = serializers.DateField(help_text="After the group's usual gap, on a day with school.")
    time = bodies.WallTime(help_text="The usual time on the school's wall clock.")
    minutes = serializers.IntegerField(min_value=5, max_value=480, help_text="How long it usually lasts.")
    place = serializers.CharField(allow_blank=True, help_text="Where it usually is; may be empty.")


class Proposal(serializers.Serializer[Any]):
    """A proposal for a group's next meeting."""

    proposal = ProposedMeeting(allow_null=True, help_text="null: the group never met.")


class ChairedGroup(rest.GroupView):
    """A group of which the chair plans the meetings."""

    def own_group(self, group_id: int) -> models.WorkGroup:
        """The group, for its chair; 403 for its other members and its guest."""
        rows = models.WorkGroup.objects.entered_by(self.member)
        return self.find(rows, group_id, may=permissions.may_plan_meetings)


class ProposalView(ChairedGroup):
    """A proposal for the next meeting of one group."""

    @extend_schema(operation_id="propose_meeting", tags=["meetings"], responses=Proposal)
    def get(self, request: Request, slug: str, group_id: int) -> Response:
        """When the group would meet next: as it usually does, not in a holiday. For the chair."""
        found = queries.proposal(self.own_group(group_id), today=self.today)
        return Response({"proposal": _proposed(found) if found else None})


class GroupMeetingsView(ChairedGroup, meetings.OneMeeting):
    """The meetings of one group."""

    @extend_schema(
        operation_id="plan_meeting",
        tags=["meetings"],
        request=NewMeeting,
        responses={201: meetings.OpenMeeting},
        examples=[
            OpenApiExample(
                "An hour in the staff room",
                {"day": "2026-12-01", "time": "15:15", "minutes": 60, "place": "Teamkamer", "title": ""},
                request_only=True,
            )
        ],
    )
    def post(self, request: Request, slug: str, group_id: int) -> Response:
        """Plan one meeting, as the chair; everybody at the table is reminded in time. 403 for other members."""
        group = self.own_group(group_id)
        made = actions.plan_meeting(group=group, **self.sent(NewMeeting), by=self.member, now=self.now)
        row = self.row(made.pk)
        return self.created(row, "meeting", version=row["version"], meeting_id=made.pk)


class PlannedMeeting(meetings.OneMeeting):
    """A meeting that the chair plans."""

    def own(self, meeting_id: int) -> models.Meeting:
        """The meeting, for the chair; 403 for who may only know when it is."""
        return self.find(queries.meetings_for(self.member), meeting_id, may=permissions.may_plan_meetings)


class MeetingView(PlannedMeeting):
    """One meeting."""

    @extend_schema(operation_id="read_meeting", tags=["meetings"], responses=meetings.OpenMeeting)
    def get(self, request: Request, slug: str, meeting_id: int) -> Response:
        """A meeting; what the group keeps to itself is null for who may only know date, time and place."""
        return self.told(meeting_id)

    @doors.edit_schema(
        operation_id="change_meeting",
        tags=["meetings"],
        request=MeetingChange,
        responses={200: meetings.OpenMeeting},
    )
    def put(self, request: Request, slug: str, meeting_id: int) -> Response:
        """Move a planned meeting, or say what it is about; with `following` all of its series that follow go along.

        Whoever heard of it hears the news. The same again changes nothing. Where the days of all that follow change,
        look at them first (`preview_meeting_change`). 403 unless the caller is the chair.
        """
        meeting, version = self.own(meeting_id), self.version_read()
        sent = self.sent(MeetingChange)
        given = {"meeting": meeting, "day": sent.pop("day"), "version": version, "by": self.member, "now": self.now}
        which, seen, believes = (sent.pop(name) for name in ("which", "seen", "believes"))
        if which == FOLLOWING:
            actions.move_following(**given, sitting=recurrence.Sitting(**sent), seen=seen, believes=believes)
        else:
            actions.move_meeting(**given, **sent)
        return self.told(meeting_id)


class MeetingPreviewView(PlannedMeeting):
    """A look at what moving all that follow would bring."""

    @extend_schema(
        operation_id="preview_meeting_change", tags=["meetings"], request=FollowingMove, responses=MovePreview
    )
    def post(self, request: Request, slug: str, meeting_id: int) -> Response:
        """The days that a meeting of a series and all that follow would have; nothing is written. For the chair."""
        meeting, sent = self.own(meeting_id), self.sent(FollowingMove)
        day, believes = sent.pop("day"), sent.pop("believes")
        given = {"meeting": meeting, "day": day, "believes": believes, "by": self.member, "now": self.now}
        return Response(_previewed(actions.lay_out_move(**given, sitting=recurrence.Sitting(**sent))))


class MeetingCancelView(PlannedMeeting):
    """Calling a meeting off."""

    @extend_schema(
        operation_id="cancel_meeting", tags=["meetings"], request=WhichMeetings, responses=meetings.OpenMeeting
    )
    def post(self, request: Request, slug: str, meeting_id: int) -> Response:
        """Call a planned meeting off, or with `following` also all planned ones of its series after it. For the chair.

        Whoever heard of one hears that it is off.
        """
        meeting, all_ = self.own(meeting_id), self.sent(WhichMeetings)["which"] == FOLLOWING
        deed = actions.cancel_following if all_ else actions.cancel_meeting
        deed(meeting=meeting, by=self.member, now=self.now)
        return self.told(meeting_id)


class MeetingRestoreView(PlannedMeeting):
    """A meeting that takes place after all."""

    @extend_schema(
        operation_id="restore_meeting", tags=["meetings"], request=WhichMeetings, responses=meetings.OpenMeeting
    )
    def post(self, request: Request, slug: str, meeting_id: int) -> Response:
        """Let a cancelled meeting that lies ahead take place after all, or also all that follow it. For the chair."""
        meeting, all_ = self.own(meeting_id), self.sent(WhichMeetings)["which"] == FOLLOWING
        deed = actions.restore_following if all_ else actions.restore_meeting
        deed(meeting=meeting, by=self.member, now=self.now)
        return self.told(meeting_id)


def turn(one: recurrence.Turn) -> dict[str, Any]:
    """One turn as ``SeriesTurn`` has it."""
    return {
        "rule_day": one.own,
        "day": one.day,
        "because": one.because and one.because.value,
        "holiday": one.holiday,
    }


def school_break(one: recurrence.Break) -> dict[str, Any]:
    """One break as ``SchoolBreak`` has it."""
    return {"first_day": one.first, "last_day": one.last}


def _proposed(found: dict[str, Any]) -> dict[str, Any]:
    start, until = found["time"], found["until"]
    minutes = (until.hour - start.hour) * 60 + until.minute - start.minute
    usual = {"day": found["day"], "time": f"{start:%H:%M}", "place": found["place"]}
    return {**usual, "minutes": minutes % _FULL_DAY}


def _previewed(move: actions.Move) -> dict[str, Any]:
    return {
        "changes_days": move.changes_days,
        "every": move.rule and move.rule.every,
        "days": move.days,
        "steps": [
            {**turn(step.turn), "meeting": step.meeting and step.meeting.pk, "goes": step.goes} for step in move.steps
        ],
        "breaks": [school_break(one) for one in move.doubtful],
    }
