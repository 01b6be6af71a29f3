"""What the visitor heard, written down after listening (C8); sending the same thing twice changes nothing."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import F
from django.http import Http404
from django.utils.translation import gettext_lazy as _

from observations import permissions, queries
from observations.actions import contents, listening, steps
from observations.models import Observation, Visit
from observations.models.visit import VisitState
from observations.queries import Pair
from schools.refusals import Conflict, Gone, Refused
from schools.roles import Member
from workgroups.models import Meeting

ELSEWHERE = _("This was changed elsewhere in the meantime. Look at it again before you save.")


class AnotherId(Refused):
    """A visit and the id of its observation belong together for good."""

    code = "conflict"


class AlreadyShared(Refused):
    """Shared feedback cannot change."""

    message = _("This feedback was already shared with the group and stays as it is.")
    code = "already_shared"


class VisitGone(Gone):
    """The group's yes ended, and what was noted under it went with it (C4)."""

    message = _("This visit is off. What was noted of it is deleted.")
    code = "visit_gone"


class NotesForgotten(Gone):
    """Notes that had their time do not come back."""

    message = _("The time for notes of this visit is over, and they were deleted.")
    code = "notes_forgotten"


class NothingKept(Gone):
    """A version was read of something that is not there any more: it went with its yes, and a later yes is another."""

    message = _("What was kept under this id is deleted.")
    code = "nothing_kept"


class NotListened(Refused):
    """First listen, then note (C7, C8)."""

    message = _("Listen first: your notes open afterwards.")
    field = "listened"
    code = "not_listened"


class NotHeardYet(Refused):
    """More minutes than the meeting has lasted."""

    message = _("You cannot have listened longer than the meeting has lasted.")
    field = "listened"
    code = "listened"


class ListenedStands(Refused):
    """The minutes listened are counted once."""

    message = _("The minutes you listened were already counted and stay as they are.")
    field = "listened"
    code = "listened_stands"


@transaction.atomic
def log_observation(  # noqa: PLR0913  # everything that a client sends
    *,
    id: UUID,  # noqa: A002  # the client's own id of the observation
    visit: Visit,
    listened: int | None,
    notes: Mapping[str, tuple[str, str]],
    marks: Mapping[str, int | None],
    pairs: Sequence[Pair],
    version: int | None,
    by: Member,
    now: dt.datetime,
) -> tuple[Observation, bool]:
    """Write down what was heard, whole, under an id that the client made; says whether it is new.

    ``listened`` in minutes; a visitor's own device that kept the clock gives it once the meeting began, also where
    listening was started here; else None. ``notes`` per aspect key (going well, chances); ``marks`` per behaviour key a
    degree 1-4 or None (no occasion); none to three ``pairs`` (C9, C10). ``version`` is the one that was read. The same
    content again leaves the row untouched; other content needs the right version (Conflict). What is over stays over,
    whatever is sent (VisitGone, NotesForgotten, NothingKept).

    Raises these, and AnotherId, AlreadyShared, NotListened, NotHeardYet, ListenedStands, TooEarly,
    MeetingMoved, MeetingCancelled, TooManyPairs, OneSided, UnknownKey, BadDegree, TooLong, NotPossibleNow; Http404 for
    somebody else's id; PermissionDenied for all but the visitor.
    """
    permissions.demand(permissions.may_log_observation(by, visit))
    steps.hold(visit)
    if queries.is_off(visit):
        raise VisitGone
    found = _own(id, visit, version, by)
    content = contents.checked(notes, marks, pairs)
    same = found is not None and content == contents.content_of(found) and listened in (None, found.listened)
    if found is not None and same:
        return found, False
    if queries.had_its_time(visit, now=now):
        raise NotesForgotten
    if visit.state in (VisitState.SHARED, VisitState.CLOSED):
        raise AlreadyShared
    if found is None:
        fresh = _begin(id, visit, listened, now)
        contents.write(fresh, content)
        return fresh, True
    _change(found, content, listened, version, now)
    return found, False


def _own(wanted: UUID, visit: Visit, version: int | None, by: Member) -> Observation | None:
    """The observation with this id; 404 for somebody else's, AnotherId where the visit has another one."""
    found = Observation.objects.select_related("visit").filter(pk=wanted).first()
    is_own = found is not None and (found.visit.coach_id, found.school_id) == (by.user.pk, by.school.pk)
    if version is not None and not is_own:
        raise NothingKept
    if found is None:
        if Observation.objects.filter(visit=visit).exists():
            raise AnotherId(_("This visit already has its observation, under another id."))
        return None
    if not is_own:
        raise Http404
    if found.visit_id != visit.pk:
        raise AnotherId(_("This id belongs to another visit."))
    return found


def _change(
    found: Observation, content: contents.Content, listened: int | None, version: int | None, now: dt.datetime
) -> None:
    """Put other content in its place, where the version that was read is the one that is kept."""
    if listened is not None and listened != found.listened:
        raise ListenedStands
    if found.visit.state != VisitState.NOTING:
        raise steps.NotPossibleNow
    kept = Observation.objects.filter(pk=found.pk, version=version or 0)
    if not kept.update(version=F("version") + 1, updated_at=now):
        raise Conflict(ELSEWHERE)
    found.refresh_from_db()
    contents.write(found, content)


def _begin(wanted: UUID, visit: Visit, listened: int | None, now: dt.datetime) -> Observation:
    """Open the observation of a visit whose clock the visitor's own device kept, at least at the end (C7, C8)."""
    if visit.state not in (VisitState.ACCEPTED, VisitState.LISTENING):
        raise steps.NotPossibleNow
    if not listened:
        raise NotListened
    meeting = Meeting.objects.get(pk=visit.meeting_id)
    begins = listening.welcome_from(visit, meeting)
    if now < (visit.listening_since or meeting.starts_at):
        raise listening.TooEarly(_("Your notes open once the meeting began."))
    since = (visit.listening_since or begins) - listening.EARLY
    if not 0 < listened <= min((now - since).total_seconds() / 60, listening.LONGEST):
        raise NotHeardYet
    steps.step(visit, since=(VisitState.ACCEPTED, VisitState.LISTENING), to=VisitState.NOTING)
    steps.keep_in(visit, today=visit.school.today(now))
    try:
        with transaction.atomic():
            return Observation.objects.create(
                id=wanted,
                visit=visit,
                school_id=visit.school_id,
                group_id=visit.group_id,
                listened=listened,
                updated_at=now,
            )
    except IntegrityError:  # the id exists where this person may not look
        raise Http404 from None
