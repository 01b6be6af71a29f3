"""The contract of a visit (C2): proposed by the visitor, answered by the chair; any member can hold it off (C4)."""

from __future__ import annotations

import datetime as dt

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from observations import permissions, queries
from observations.actions import listening, steps, telling
from observations.choices import LetterKind
from observations.models import Observation, Visit
from observations.models.visit import Party, Purpose, VisitState
from schools.refusals import Refused
from schools.roles import Member
from workgroups.actions import words
from workgroups.models import Meeting
from workgroups.models.meeting import MeetingState

_SHORTEST, _LONGEST = 15, 30
_OPEN = (VisitState.PROPOSED, VisitState.ACCEPTED)
_STANDING = (VisitState.ACCEPTED, VisitState.LISTENING, VisitState.NOTING)


class AlreadyProposed(Refused):
    """One open visit per meeting and visitor."""

    message = _("You already proposed to visit this meeting.")
    code = "already_proposed"


class NotAgain(Refused):
    """A no to one meeting stands."""

    message = _("You cannot ask for this meeting once more. You can propose to visit another one.")
    code = "not_again"


class NotNextMeeting(Refused):
    """A visit is bound to the next planned meeting: the only date that a visitor can know."""

    message = _("You can only propose to visit the next meeting that the group planned.")
    code = "not_next_meeting"


class BadTarget(Refused):
    """Listening takes about 20 minutes, 15 at least and 30 at most (C7)."""

    message = _("Listen for 15 to 30 minutes.")
    field = "target_minutes"
    code = "target_minutes"


class MeetingPassed(Refused):
    """A yes is for a meeting that still lies ahead."""

    message = _("This meeting is over or called off. The visit can be proposed again for the next one.")
    code = "meeting_passed"


class MayHaveBegun(Refused):
    """What a visitor writes down without a network rests on the yes under which it began."""

    message = _("Your visitor may be listening already, so this stays as it was agreed. You can still stop the visit.")
    field = "group_words"
    code = "may_have_begun"


class NothingAmended(Refused):
    """Words and minutes are as they were."""

    message = _("Nothing changed. Say what you want otherwise, or welcome the visitor as it is.")
    field = "group_words"
    code = "nothing_amended"


@transaction.atomic
def propose_visit(
    *,
    meeting: Meeting,
    purpose: str,
    own_words: str = "",
    target_minutes: int = 20,
    by: Member,
    now: dt.datetime,
) -> Visit:
    """Propose to listen to the group's next planned meeting, with a purpose from the fixed list (C2, C3).

    ``purpose`` is a value of models.visit.Purpose, ``own_words`` at most 300 characters, ``target_minutes`` 15-30.
    Raises NotNextMeeting, NotAgain, AlreadyProposed, BadTarget, UnknownWord, TextTooLong; PermissionDenied for all but
    coaches and leaders without a seat (C1).
    """
    permissions.demand(permissions.may_propose_visit(by, meeting.group))
    if not _SHORTEST <= target_minutes <= _LONGEST:
        raise BadTarget
    upcoming = Meeting.objects.filter(
        group_id=meeting.group_id, state=MeetingState.PLANNED, starts_at__gt=now
    ).order_by("starts_at", "pk")
    if upcoming.first() != meeting:
        raise NotNextMeeting
    if queries.closed_to(by.user.pk, [meeting.pk]):
        raise NotAgain
    try:
        with transaction.atomic():
            visit = Visit.objects.create(
                school_id=meeting.school_id,
                group_id=meeting.group_id,
                meeting=meeting,
                coach=by.user,
                purpose=words.chosen(purpose, Purpose.values, field="purpose"),
                own_words=words.lines(own_words, limit=300, field="own_words"),
                target_minutes=target_minutes,
                proposed_at=now,
            )
    except IntegrityError as error:
        if "one_open_visit" in str(error) or "UNIQUE" in str(error):
            raise AlreadyProposed from None
        raise
    telling.tell_group(visit, LetterKind.PROPOSED, now=now, until=meeting.starts_at)
    return visit


@transaction.atomic
def amend_visit(*, visit: Visit, group_words: str, target_minutes: int, by: Member, now: dt.datetime) -> Visit:
    """Change what the visitor is asked to listen to, or for how long, for the group (C2); the visitor says yes or no.

    ``group_words`` at most 300 characters, ``target_minutes`` 15-30. A yes that stood waits until then; what the group
    offers is for the time at which its meeting stands now. Once a welcome visitor may have come, nothing is amended.
    Raises NothingAmended, MayHaveBegun, BadTarget, TextTooLong, MeetingPassed, NotPossibleNow; PermissionDenied for all
    but the chair.
    """
    permissions.demand(permissions.may_answer_visit(by, visit))
    if not _SHORTEST <= target_minutes <= _LONGEST:
        raise BadTarget
    steps.hold(visit)
    said = words.lines(group_words, limit=300, field="group_words")
    if (said, target_minutes) == (visit.group_words, visit.target_minutes):
        raise NothingAmended
    meeting = _must_lie_ahead(visit, now=now)
    if listening.may_have_begun(visit, meeting, now=now):
        raise MayHaveBegun
    if visit.state == VisitState.ACCEPTED:
        steps.see_out(visit)
    change = {"group_words": said, "target_minutes": target_minutes, "accepted_for": meeting.starts_at}
    steps.step(visit, since=_OPEN, to=VisitState.PROPOSED, asks=Party.VISITOR, **change)
    telling.tell_visitor(visit, until=meeting.starts_at, now=now)
    return visit


@transaction.atomic
def agree_visit(*, visit: Visit, version: int | None = None, by: Member, now: dt.datetime) -> Visit:
    """Say yes to what the group changed, as the visitor: with that the visit is welcome (C2).

    ``version`` is the one that the visitor read, None where nobody read: a later change is not agreed to unseen. Where
    the meeting moved since, the group says yes to the new time first (Visit.needs_new_yes).
    Raises MeetingPassed, NotPossibleNow; PermissionDenied for all but the visitor.
    """
    permissions.demand(permissions.may_log_observation(by, visit))
    steps.hold(visit)
    if visit.asks != Party.VISITOR or version not in (None, visit.version):
        raise steps.NotPossibleNow
    meeting = _must_lie_ahead(visit, now=now)
    steps.step(visit, since=(VisitState.PROPOSED,), to=VisitState.ACCEPTED, asks=Party.GROUP)
    steps.let_in(visit, today=by.school.today(now), now=now)
    telling.tell_group(visit, LetterKind.AGREED, now=now, until=meeting.starts_at)
    return visit


@transaction.atomic
def accept_visit(*, visit: Visit, by: Member, now: dt.datetime) -> Visit:
    """Welcome the visitor, for the group (C2); from now on the visitor reads along as its guest.

    Again for a meeting that moved. Raises MeetingPassed, NotPossibleNow; PermissionDenied for all but the chair.
    """
    permissions.demand(permissions.may_answer_visit(by, visit))
    steps.hold(visit)
    meeting = _must_lie_ahead(visit, now=now)
    if visit.asks == Party.VISITOR or (visit.state == VisitState.ACCEPTED and visit.accepted_for == meeting.starts_at):
        raise steps.NotPossibleNow
    if visit.state == VisitState.ACCEPTED:
        steps.see_out(visit)
    steps.step(
        visit,
        since=_OPEN,
        to=VisitState.ACCEPTED,
        accepted_for=meeting.starts_at,
    )
    steps.let_in(visit, today=by.school.today(now), now=now)
    telling.tell_visitor(visit, until=meeting.ends_at, now=now)
    return visit


@transaction.atomic
def decline_visit(*, visit: Visit, by: Member, now: dt.datetime) -> Visit:
    """Say "not now" for the group (C2). Raises NotPossibleNow; PermissionDenied for all but the chair."""
    permissions.demand(permissions.may_answer_visit(by, visit))
    steps.step(visit, since=(VisitState.PROPOSED,), to=VisitState.DECLINED)
    telling.tell_visitor(visit, now=now)
    return visit


@transaction.atomic
def postpone_visit(*, visit: Visit, by: Member, now: dt.datetime) -> Visit:
    """Take the yes back for now: the visit is only proposed again (C4). Any member may, until feedback is shared.

    What the visitor noted under that yes goes with it; what the group offered instead waits as well. Neither who asked
    nor when is kept.
    Raises NotPossibleNow; PermissionDenied for who has no seat.
    """
    permissions.demand(permissions.may_postpone_visit(by, visit))
    steps.hold(visit)
    _end_the_yes(visit)
    offered = (VisitState.PROPOSED,) if visit.asks == Party.VISITOR else ()
    change = {"asks": Party.GROUP, "accepted_for": None, "listening_since": None}
    steps.step(visit, since=(*_STANDING, *offered), to=VisitState.PROPOSED, **change)
    telling.tell_visitor_unnamed(visit, now=now)
    return visit


@transaction.atomic
def withdraw_visit(*, visit: Visit, by: Member, now: dt.datetime) -> Visit:
    """End it: any member withdraws consent, unnamed, or the visitor the proposal; until feedback is shared (C4).

    The visitor's notes are deleted and the guest's place ends at once. Neither who withdrew nor when is kept.
    Raises NotPossibleNow; PermissionDenied for others.
    """
    permissions.demand(permissions.may_withdraw_visit(by, visit))
    steps.hold(visit)
    _end_the_yes(visit)
    steps.step(visit, since=(VisitState.PROPOSED, *_STANDING), to=VisitState.WITHDRAWN, listening_since=None)
    if by.sits_in(visit.group_id):
        telling.tell_visitor_unnamed(visit, now=now)
    else:
        telling.tell_group(visit, LetterKind.OFF, until=telling.while_ahead(visit, now=now), now=now)
    return visit


def _must_lie_ahead(visit: Visit, *, now: dt.datetime) -> Meeting:
    meeting = Meeting.objects.get(pk=visit.meeting_id)
    if visit.state in _OPEN and (meeting.state != MeetingState.PLANNED or meeting.ends_at <= now):
        raise MeetingPassed
    return meeting


def _end_the_yes(visit: Visit) -> None:
    if visit.state not in _STANDING:
        return
    steps.see_out(visit)
    Observation.objects.filter(visit_id=visit.pk).delete()
