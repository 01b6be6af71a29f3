"""What the chair does about letters that will go out: take them back, or send them after all."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from schools import post, refusals
from schools.models import Delivery
from schools.models.post import DeliveryState
from schools.roles import Member
from workgroups import permissions
from workgroups.actions import notices, rules, standing, words
from workgroups.models import Meeting


class LetterLeft(refusals.Refused):
    """The letter is on its way, or the meeting has begun."""

    message = _("This letter has left already, or is not needed any more.")
    code = "letter_left"


@transaction.atomic
def take_letter_back(
    *,
    meeting: Meeting,
    kind: str,
    by: Member,
    now: dt.datetime,  # noqa: ARG001  # every action takes it
) -> None:
    """Do not send the letters of a kind about a meeting, a reminder or an invitation, to whoever has none yet.

    Whoever heard of a meeting always hears that it moved or is off: such letters cannot be taken back.
    Raises LetterLeft, UnknownWord, GroupEnded; PermissionDenied unless chair.
    """
    meeting = _checked(meeting, kind, by)
    given = {"kinds": [kind], "subject_ids": [meeting.pk]}
    if not post.drop(**given, reason=post.TAKEN_BACK) and not _taken_back(meeting, kind):  # type: ignore[arg-type]
        raise LetterLeft
    notices.stay_back([meeting])


@transaction.atomic
def send_letter_after_all(*, meeting: Meeting, kind: str, by: Member, now: dt.datetime) -> None:
    """Send what was taken back after all: at its time, or at once where that has passed.

    Raises LetterLeft, UnknownWord, GroupEnded; PermissionDenied unless chair.
    """
    meeting = _checked(meeting, kind, by)
    about = {"subject_id": meeting.pk, "version": meeting.schedule_version}
    for one in notices.TELLING:  # any of them that stayed back would keep the others back
        post.send_after_all(kind=one, **about, now=now)
    rules.lay_out_anew([meeting.group_id], now=now)
    if not _waits(meeting, kind):
        raise LetterLeft


def _checked(meeting: Meeting, kind: str, by: Member) -> Meeting:
    permissions.demand(permissions.may_choose_letters(by, meeting))
    words.chosen(kind, list(notices.TELLING), field="kind")
    standing.locked(meeting.group_id)
    return Meeting.objects.get(pk=meeting.pk)


def _taken_back(meeting: Meeting, kind: str) -> bool:
    return _rows(meeting, kind).filter(state=DeliveryState.DROPPED, reason=post.TAKEN_BACK).exists()


def _waits(meeting: Meeting, kind: str) -> bool:
    return _rows(meeting, kind).filter(state=DeliveryState.WAITING).exists()


def _rows(meeting: Meeting, kind: str) -> QuerySet[Delivery]:
    return Delivery.objects.filter(kind=kind, subject_id=meeting.pk, version=meeting.schedule_version)
