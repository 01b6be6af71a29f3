"""What goes out to a group, over REST: when, what became of it in numbers, never to whom; and the chair's say in it."""

from __future__ import annotations

from typing import Any

from django.http import Http404
from django.utils import translation
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from workgroups import actions, letters, models, permissions, queries, rest
from workgroups.actions import notices
from workgroups.models.group import GroupState

KINDS = (
    ("reminder", "the agreements again, before a meeting"),
    ("invitation", "a meeting that is soon, with the agreements"),
    ("moved", "a meeting moved"),
    ("cancelled", "a meeting is off"),
    ("evaluate", "to the chair: a meeting waits to be looked back on"),
)
WAITING, LEAVING, TAKEN_BACK = "waiting", "leaving", "taken_back"
STATES = (
    (WAITING, "it will go out"),
    (LEAVING, "it is on its way to somebody"),
    (TAKEN_BACK, "the chair took it back: it will not be sent"),
)


class ComingLetter(serializers.Serializer[Any]):
    """A letter about a meeting that did not go out yet, to everybody who sits there then."""

    meeting = serializers.IntegerField(min_value=1, help_text="The meeting's id.")
    kind = serializers.ChoiceField(choices=KINDS)
    state = serializers.ChoiceField(choices=STATES)
    due_at = serializers.DateTimeField(
        allow_null=True,
        help_text="When it leaves to most of them, in UTC. null unless it waits, and where it is for so few that the "
        "time would tell what one of them chose.",
    )
    people = serializers.IntegerField(allow_null=True, min_value=1, help_text="To how many; null unless it waits.")
    some_choose_otherwise = serializers.BooleanField(help_text="Whether some of them chose another time.")
    may_take_back = serializers.BooleanField(help_text="Whether the caller can take it back now.")
    may_send = serializers.BooleanField(help_text="Whether the caller can have it sent after all now.")


class UnsentLetters(serializers.Serializer[Any]):
    """How many letters were not sent, by why."""

    late = serializers.IntegerField(min_value=0, help_text="The meeting had begun.")
    gone = serializers.IntegerField(min_value=0, help_text="No seat or account any more.")
    address = serializers.IntegerField(min_value=0, help_text="No e-mail address; told of letters to four or more.")
    unwanted = serializers.IntegerField(min_value=0, help_text="Not wanted; told of letters to four or more.")
    back = serializers.IntegerField(min_value=0, help_text="The chair took them back.")
    unknown = serializers.IntegerField(
        min_value=0, help_text="They may have left: the site was put back from a copy, and nobody knows."
    )


class GoneLetter(serializers.Serializer[Any]):
    """What became of the letters of one kind about a meeting. Numbers, never who."""

    meeting = serializers.IntegerField(min_value=1, help_text="The meeting's id.")
    kind = serializers.ChoiceField(choices=KINDS)
    sent = serializers.IntegerField(min_value=0, help_text="How many went out.")
    left_at = serializers.DateTimeField(
        allow_null=True, help_text="When the last of these left, in UTC; null: none did."
    )
    failed = serializers.IntegerField(min_value=0, help_text="How many could not be delivered.")
    unsent = UnsentLetters(help_text="How many were not sent, by why.")


class GroupLetters(serializers.Serializer[Any]):
    """What will go out to a group about its meetings, and what went out in the last sixty days."""

    group = serializers.IntegerField(min_value=1, help_text="The group's id.")
    coming = ComingLetter(many=True, help_text="The first to leave first.")
    gone = GoneLetter(many=True, help_text="Of the latest meeting first.")


class Letter(serializers.Serializer[Any]):
    """A letter about a meeting as it is when it leaves, in the caller's language."""

    meeting = serializers.IntegerField(min_value=1, help_text="The meeting's id.")
    kind = serializers.ChoiceField(choices=KINDS)
    leaves_at = serializers.DateTimeField(
        allow_null=True,
        help_text="When it leaves to most of them, or left, in UTC; null where that would tell what one of them chose.",
    )
    subject = serializers.CharField(help_text="Its subject.")
    text = serializers.CharField(help_text="Its words without the foot that says how to get no more.")
    html = serializers.CharField(help_text="The whole letter as a mail program shows it. Show it in a sandbox.")


class GroupLettersView(rest.GroupView):
    """The letters of one group."""

    @extend_schema(operation_id="list_letters", tags=["letters"], responses=GroupLetters)
    def get(self, request: Request, slug: str, group_id: int) -> Response:
        """What will go out to the group and when, and what became of what went: for its members."""
        rows = models.WorkGroup.objects.sat_in_by(self.member)
        group = self.find(rows, group_id, may=permissions.may_read_letters)
        return _told(self, group)


class _OneLetter(rest.GroupView):
    """What is about the letters of one kind about a meeting."""

    def meeting(self, meeting_id: int, kind: str) -> models.Meeting:
        """The meeting, for who has a seat; not even the group's guest may know that it has letters (404)."""
        if kind not in letters.KINDS:
            raise Http404
        return self.find(queries.meetings_at_own_table(self.member), meeting_id, may=permissions.may_read_letters)


class LetterView(_OneLetter):
    """One letter in words."""

    @extend_schema(operation_id="read_letter", tags=["letters"], responses=Letter)
    def get(self, request: Request, slug: str, meeting_id: int, kind: str) -> Response:
        """The letter as most of its readers get it; what the group agrees until then comes along. For members."""
        meeting = self.meeting(meeting_id, kind)
        leaving = queries.letter_leaves_at(meeting, kind)
        if leaving is None:
            raise Http404
        meeting.school = self.member.school
        language = translation.get_language() or meeting.school.language
        words = letters.preview(kind, meeting, language=language, now=leaving.at)
        told = {"leaves_at": leaving.at if leaving.is_told else None, "subject": words.subject}
        return Response({"meeting": meeting.pk, "kind": kind, **told, "text": words.words, "html": words.html})


class LetterBackView(_OneLetter):
    """A letter that the chair takes back."""

    @extend_schema(operation_id="take_letter_back", tags=["letters"], request=None, responses=GroupLetters)
    def post(self, request: Request, slug: str, meeting_id: int, kind: str) -> Response:
        """Do not send a reminder or an invitation to whoever has none yet. For the chair; 403 for other members.

        News that a meeting moved or is off cannot be taken back. Answers what goes out to the group as it is now.
        """
        meeting = self.meeting(meeting_id, kind)
        actions.take_letter_back(meeting=meeting, kind=kind, by=self.member, now=self.now)
        return _told(self, meeting.group)


class LetterSendView(_OneLetter):
    """A letter that is sent after all."""

    @extend_schema(operation_id="send_letter", tags=["letters"], request=None, responses=GroupLetters)
    def post(self, request: Request, slug: str, meeting_id: int, kind: str) -> Response:
        """Send what was taken back after all: at its time, or at once where that has passed. For the chair.

        Answers what goes out to the group as it is now.
        """
        meeting = self.meeting(meeting_id, kind)
        actions.send_letter_after_all(meeting=meeting, kind=kind, by=self.member, now=self.now)
        return _told(self, meeting.group)


def _told(view: rest.GroupView, group: models.WorkGroup) -> Response:
    """What goes out, and went; two queries, and two more where a reminder is for fewer than four."""
    found = queries.letters_of(group, letters.KINDS, now=view.now)
    chooses = group.state == GroupState.ACTIVE and permissions.may_choose_letters(view.member, group)
    gone = [_gone(row.meeting.pk, letter) for row in found.gone for letter in row.letters]
    coming = [_coming(one, chooses=chooses) for one in found.coming]
    return Response({"group": group.pk, "coming": coming, "gone": gone})


def _coming(one: queries.ComingLetter, *, chooses: bool) -> dict[str, Any]:
    state = TAKEN_BACK if one.is_back else LEAVING if one.is_leaving else WAITING
    stoppable = chooses and one.kind in notices.TELLING
    waits = state == WAITING
    return {
        "meeting": one.meeting.pk,
        "kind": one.kind,
        "state": state,
        "due_at": one.due_at if waits else None,
        "people": one.people if waits else None,
        "some_choose_otherwise": waits and one.apart > 0,
        "may_take_back": stoppable and not one.is_back,
        "may_send": stoppable and one.is_back,
    }


def _gone(meeting_id: int, letter: queries.GoneLetter) -> dict[str, Any]:
    why = ("late", "gone", "address", "unwanted", "back", "unknown")
    return {
        "meeting": meeting_id,
        "kind": letter.kind,
        "sent": letter.sent,
        "left_at": letter.left_at,
        "failed": letter.failed,
        "unsent": {name: letter.unsent.get(name, 0) for name in why},
    }
