"""Feedback between two colleagues (A6): it starts from a question, and has all three parts or is not given.

Nobody else hears of it: no letter, no trace beside the row, which only the two can read.
"""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from schools import refusals
from schools.models import User
from schools.roles import Member
from workgroups import permissions
from workgroups.actions import standing, words
from workgroups.actions.papers import table
from workgroups.models import PeerFeedback, WorkGroup
from workgroups.models.helpers import PeerState

QUESTION, PART = 300, 1000
SAW, ASKED, CONCLUDED = "saw", "asked", "concluded"
GROUNDS = (SAW, ASKED, CONCLUDED)


class NotYourself(refusals.Refused):
    """Feedback is between two."""

    message = _("Ask somebody else than yourself.")
    field = "giver"
    code = "not_yourself"


class AlreadyAsked(refusals.Refused):
    """One open question at a time between two people: asking is no nagging."""

    message = _("You have asked this colleague something already. Wait for the answer, or take your question back.")
    field = "giver"
    code = "already_asked"


class NotOpen(refusals.Refused):
    """The question was answered, declined or taken back in the meantime."""

    message = _("This question is no longer open.")
    code = "not_open"


class OnlyConcluded(refusals.Refused):
    """What somebody concludes is not yet feedback."""

    message = _("Then first write what you saw or heard, and ask whether your conclusion is right.")
    field = "ground"
    code = "only_concluded"


@transaction.atomic
def ask_feedback(*, group: WorkGroup, giver: User | None, question: str, by: Member, now: dt.datetime) -> PeerFeedback:
    """Ask a colleague at the table something about your own work, at most 300 characters.

    Raises NotYourself, NotAtTheTable, AlreadyAsked, EmptyText, TextTooLong, GroupEnded; PermissionDenied unless the
    member has a seat.
    """
    group = table.opened(group, by=by)
    today = by.school.today(now)
    if giver is not None and giver.pk == by.user.pk:
        raise NotYourself
    giver = table.seated(group, giver, today=today, field="giver")
    question = words.one_line(question, limit=QUESTION, field="question")
    if PeerFeedback.objects.filter(group=group, asker=by.user, giver=giver, state=PeerState.ASKED).exists():
        raise AlreadyAsked
    row: PeerFeedback = PeerFeedback.objects.create(
        school=by.school, group=group, asker=by.user, giver=giver, question=question, asked_on=today
    )
    return row


@transaction.atomic
def give_feedback(
    *,
    request: PeerFeedback,
    affirm: str,
    critique: str,
    constructive: str,
    ground: str,
    by: Member,
    now: dt.datetime,  # noqa: ARG001  # every action takes it
) -> PeerFeedback:
    """Answer: what goes well, what is missing, what could help; all three, each at most 1000 characters.

    ``ground`` says where it comes from: "saw" (or heard), "asked" (a conclusion, with the question whether it is
    right) or "concluded", which is refused. It is not kept.
    Raises OnlyConcluded, EmptyText, TextTooLong, UnknownWord, NotOpen, GroupEnded; PermissionDenied unless the member
    was asked and still has a seat.
    """
    permissions.demand(permissions.may_give_feedback(by, request))
    standing.locked(request.group_id)
    parts = {"affirm": affirm, "critique": critique, "constructive": constructive}
    written = {name: words.needed_lines(text, limit=PART, field=name) for name, text in parts.items()}
    if words.chosen(ground, list(GROUNDS), field="ground") == CONCLUDED:
        raise OnlyConcluded
    return _moved(request, PeerState.ASKED, PeerState.GIVEN, **written)


@transaction.atomic
def decline_feedback(
    *,
    request: PeerFeedback,
    by: Member,
    now: dt.datetime,  # noqa: ARG001  # every action takes it
) -> PeerFeedback:
    """Say "not now"; no reason is asked and none is kept.

    Raises NotOpen, GroupEnded; PermissionDenied unless the member was asked and still has a seat.
    """
    permissions.demand(permissions.may_give_feedback(by, request))
    standing.locked(request.group_id)
    return _moved(request, PeerState.ASKED, PeerState.DECLINED)


@transaction.atomic
def take_back(
    *,
    request: PeerFeedback,
    by: Member,
    now: dt.datetime,  # noqa: ARG001  # every action takes it
) -> PeerFeedback:
    """Take the question back while it is open; raises NotOpen; PermissionDenied unless the member asked it."""
    permissions.demand(permissions.asked_for_feedback(by, request))
    return _moved(request, PeerState.ASKED, PeerState.WITHDRAWN)


@transaction.atomic
def thank(
    *,
    request: PeerFeedback,
    by: Member,
    now: dt.datetime,  # noqa: ARG001  # every action takes it
) -> PeerFeedback:
    """Thank the colleague, after reading; raises NotOpen; PermissionDenied unless the member asked. Twice is once."""
    permissions.demand(permissions.asked_for_feedback(by, request))
    return _moved(request, PeerState.GIVEN, PeerState.THANKED)


def _moved(request: PeerFeedback, old: PeerState, new: PeerState, **written: str) -> PeerFeedback:
    fresh: PeerFeedback = PeerFeedback.objects.select_for_update().get(pk=request.pk)
    if fresh.state == new and all(getattr(fresh, name) == text for name, text in written.items()):
        return fresh
    if not PeerFeedback.objects.filter(pk=request.pk, state=old).update(state=new, **written):
        raise NotOpen
    fresh.refresh_from_db()
    return fresh
