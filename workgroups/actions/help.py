"""Help that a group asks of its school: asked for the group, answered by a leader, taken back whenever the group wants.

Who of the group did something is not kept, and no letter tells by its time of day when it was done.
"""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from schools import post, refusals
from schools.roles import Member
from workgroups import permissions, queries
from workgroups.actions import notices, nudges, standing, words
from workgroups.models import HelpKind, HelpRequest, Seat, WorkGroup
from workgroups.models.help import HelpState
from workgroups.queries.help import NEWS_FOR

HELP_ASKED, HELP_ANSWERED = "help_asked", "help_answered"
HELP_LETTERS = (HELP_ASKED, HELP_ANSWERED)
MOST_OPEN = 5
TEXT, ANSWER = 500, 1000
_HOUR = dt.timedelta(hours=1)


class EnoughHelp(refusals.Refused):
    """A group waits for five answers at most."""

    message = _("Your group waits for five answers already. Take one question back before you ask another.")
    code = "enough_help"


class AlreadyAnswered(refusals.Refused):
    """The leader answered in the meantime: the question stays as it was answered."""

    message = _(
        "Your question was answered in the meantime, so it stays as it is. Ask a new one for what is still open."
    )
    code = "already_answered"


class NotAnswered(refusals.Refused):
    """A question that nobody answered is not done, but can be taken back."""

    message = _("There is no answer yet. You can take your question back.")
    code = "not_answered"


class HelpOver(refusals.Refused):
    """The group took the question back, or is done with it."""

    message = _("The group is done with this question, or took it back.")
    code = "help_over"


_OTHER_QUESTION = _("The group put its question in other words meanwhile. Read it again, then save your answer.")


@transaction.atomic
def ask_help(*, group: WorkGroup, kind: str, text: str, by: Member, now: dt.datetime) -> HelpRequest:
    """Ask the school for "time", "data", "expert" or "school" (one to visit), in at most 500 characters.

    The same question again, while it waits, is that question. The leaders hear of it at a full hour of a school day.
    Raises EnoughHelp, EmptyText, TextTooLong, UnknownWord, GroupEnded; PermissionDenied unless the member has a seat.
    """
    permissions.demand(permissions.may_ask_help(by, group))
    group = standing.locked(group.pk)
    written = _cleaned(kind, text)
    waiting = list(queries.open_help(group))
    if known := next((row for row in waiting if (row.kind, row.text) == tuple(written.values())), None):
        return known
    if len(waiting) >= MOST_OPEN:
        raise EnoughHelp
    row: HelpRequest = HelpRequest.objects.create(
        school=by.school, group=group, asked_on=by.school.today(now), **written
    )
    _tell_leaders(row, by=by, now=now)
    return row


@transaction.atomic
def reword_help(
    *,
    help_request: HelpRequest,
    kind: str,
    text: str,
    version: int | None,
    by: Member,
    now: dt.datetime,  # noqa: ARG001  # every action takes it
) -> HelpRequest:
    """Put a question that waits in other words; the same words again change nothing.

    ``version`` is the one whose words were read. Raises Conflict with the words that were saved since,
    AlreadyAnswered, HelpOver, EmptyText, TextTooLong, UnknownWord, GroupEnded; PermissionDenied unless the member has
    a seat.
    """
    permissions.demand(permissions.may_ask_help(by, help_request))
    row = _kept(help_request)
    written = _cleaned(kind, text)
    if row.state == HelpState.WITHDRAWN:
        raise HelpOver
    if row.state != HelpState.ASKED:
        raise AlreadyAnswered
    theirs = {name: getattr(row, name) for name in written}
    if theirs == written:
        return row
    if row.version != version:
        raise refusals.Conflict(theirs=theirs, version=row.version)
    return _moved(row, since=(HelpState.ASKED,), to=HelpState.ASKED, **written)


@transaction.atomic
def answer_help(
    *, help_request: HelpRequest, answer: str, version: int | None, by: Member, now: dt.datetime
) -> HelpRequest:
    """Answer in office, in at most 1000 characters, or put an answer in other words until the group is done.

    ``version`` is the one that was read: where the group or another leader wrote since, Conflict keeps both texts.
    Everybody with a seat hears of it by day; of other words too, once. The same words again change nothing.
    Raises HelpOver, EmptyText, TextTooLong, GroupEnded; PermissionDenied for all but a leader of the school.
    """
    permissions.demand(permissions.may_answer_help(by, help_request))
    row = _kept(help_request)
    answer = words.needed_lines(answer, limit=ANSWER, field="answer")
    if row.state not in {HelpState.ASKED, HelpState.ANSWERED}:
        raise HelpOver
    if row.answer == answer:
        return row
    if row.version != version:
        _refuse_unread(row)
    given = {"answer": answer, "answered_by": by.user, "answered_on": by.school.today(now)}
    row = _moved(row, since=(HelpState.ASKED, HelpState.ANSWERED), to=HelpState.ANSWERED, **given)
    _tell_group(row, by=by, now=now)
    return row


@transaction.atomic
def finish_help(*, help_request: HelpRequest, by: Member, now: dt.datetime) -> HelpRequest:
    """Say that the group is done with an answer; twice is once.

    Raises NotAnswered, HelpOver, GroupEnded; PermissionDenied unless the member has a seat.
    """
    permissions.demand(permissions.may_ask_help(by, help_request))
    row = _kept(help_request)
    if row.state == HelpState.ASKED:
        raise NotAnswered
    if row.state == HelpState.DONE:
        return row
    return _moved(row, since=(HelpState.ANSWERED,), to=HelpState.DONE, done_on=by.school.today(now))


@transaction.atomic
def take_help_back(
    *,
    help_request: HelpRequest,
    by: Member,
    now: dt.datetime,  # noqa: ARG001  # every action takes it
) -> None:
    """Take a question back: nobody reads it any more, nor what was answered. Goes always, and twice is once.

    Raises PermissionDenied unless the member has a seat.
    """
    permissions.demand(permissions.may_ask_help(by, help_request))
    stands = HelpRequest.objects.filter(pk=help_request.pk).exclude(state=HelpState.WITHDRAWN)
    stands.update(state=HelpState.WITHDRAWN, version=F("version") + 1)
    post.drop(kinds=HELP_LETTERS, subject_ids=[help_request.pk], reason="the group took it back")


def _cleaned(kind: str, text: str) -> dict[str, str]:
    return {
        "kind": words.chosen(kind, HelpKind.values, field="kind"),
        "text": words.needed_lines(text, limit=TEXT, field="text"),
    }


def _kept(help_request: HelpRequest) -> HelpRequest:
    """The row as it is now, under the lock of its group; raises GroupEnded."""
    standing.locked(help_request.group_id)
    row: HelpRequest = HelpRequest.objects.select_for_update().get(pk=help_request.pk)
    return row


def _moved(row: HelpRequest, *, since: tuple[HelpState, ...], to: HelpState, **values: object) -> HelpRequest:
    """The one step from these states to that; raises HelpOver where it stands elsewhere."""
    stands = HelpRequest.objects.filter(pk=row.pk, state__in=since)
    if not stands.update(state=to, version=F("version") + 1, **values):
        raise HelpOver
    row.refresh_from_db()
    return row


def _refuse_unread(row: HelpRequest) -> None:
    """Something was written since the leader read it: another leader's answer, or other words of the group."""
    if row.answer:
        raise refusals.Conflict(theirs={"answer": row.answer}, version=row.version)
    raise refusals.Conflict(_OTHER_QUESTION, version=row.version)


def _tell_leaders(row: HelpRequest, *, by: Member, now: dt.datetime) -> None:
    """Due half an hour later or more, on a full hour: what is taken back at once stays unheard."""
    leaders = {user_id for _school, user_id in queries.leaders_of([by.school], now=now)}
    full_hour = (now + _HOUR / 2).replace(minute=0, second=0, microsecond=0) + _HOUR
    _write(row, HELP_ASKED, leaders, version=1, at=full_hour, by=by, now=now)


def _tell_group(row: HelpRequest, *, by: Member, now: dt.datetime) -> None:
    """A little later, so that a slip put right at once is one letter; what other leaders still wait to hear goes."""
    post.drop(kinds=HELP_LETTERS, subject_ids=[row.pk], reason="answered since")
    seats = Seat.objects.live(by.school.today(now)).filter(group_id=row.group_id)
    people = set(seats.values_list("user_id", flat=True))
    _write(row, HELP_ANSWERED, people, version=row.version, at=now + notices.SETTLES, by=by, now=now)


def _write(
    row: HelpRequest, kind: str, people: set[int], *, version: int, at: dt.datetime, by: Member, now: dt.datetime
) -> None:
    until = at + NEWS_FOR
    post.write_down(
        kind=kind,
        subject_id=row.pk,
        version=version,
        school_id=row.school_id,
        user_ids=people,
        due_at=nudges.by_day(at, school=by.school, before=until),
        expires_at=until,
        now=now,
    )
