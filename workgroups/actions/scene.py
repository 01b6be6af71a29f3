"""What the big screen of a meeting shows, and its clock: any member steers, from the screen itself or from a phone."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.db.models import F

from schools.roles import Member
from workgroups import permissions
from workgroups.actions import standing, words
from workgroups.actions.meeting import NotPlanned
from workgroups.models import Meeting, Scene
from workgroups.models.agenda import Shows
from workgroups.models.meeting import MeetingState

SILENCE = dt.timedelta(minutes=1)
LONGEST_CLOCK = 60
_LAST_PLACE = 999


@transaction.atomic
def show(*, meeting: Meeting, shows: str, place: int, by: Member, now: dt.datetime) -> Scene:
    """Let every screen of the meeting show this; ``place`` counts from 0 within it.

    A silent minute starts its clock when it comes, and takes it along when it goes; another clock runs on.
    Raises UnknownWord, NotPlanned, GroupEnded; PermissionDenied unless the member has a seat (C6).
    """
    scene = _locked(meeting, by=by)
    words.chosen(shows, Shows.values, field="shows")
    if Shows.SILENCE in {shows, scene.shows} and shows != scene.shows:
        scene.clock_until = now + SILENCE if shows == Shows.SILENCE else None
    scene.shows, scene.place = shows, min(max(place, 0), _LAST_PLACE)
    return _kept(scene)


@transaction.atomic
def set_clock(*, meeting: Meeting, minutes: int | None, by: Member, now: dt.datetime) -> Scene:
    """Start the clock for some minutes (at most an hour), or stop it with None; it never ends anything by itself.

    Raises UnknownWord, NotPlanned, GroupEnded; PermissionDenied unless the member has a seat (C6).
    """
    scene = _locked(meeting, by=by)
    if minutes is not None and not 1 <= minutes <= LONGEST_CLOCK:
        raise words.UnknownWord(field="clock")
    scene.clock_until = None if minutes is None else now + dt.timedelta(minutes=minutes)
    return _kept(scene)


def follow_again(meeting: Meeting, *, after: Shows) -> None:
    """Where the screen stood still at what has just been done, let it follow the meeting again."""
    Scene.objects.filter(meeting=meeting, shows=after).update(shows=Shows.NOW, place=0, version=F("version") + 1)


def _locked(meeting: Meeting, *, by: Member) -> Scene:
    permissions.demand(permissions.may_use_agenda(by, meeting))
    group = standing.locked(meeting.group_id)
    if not Meeting.objects.filter(pk=meeting.pk, state=MeetingState.PLANNED).exists():
        raise NotPlanned
    row, _new = Scene.objects.get_or_create(meeting=meeting, defaults={"school": by.school, "group": group})
    return row


def _kept(scene: Scene) -> Scene:
    scene.version += 1
    scene.save(update_fields=["shows", "place", "clock_until", "version"])
    return scene
