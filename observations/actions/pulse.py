"""Two short pulses (P4-P7): opening one, answering it, and what remains when it closes.

Nothing here writes down who answered, nor at what time of day: no audit, no actor, no key of a repeated call.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from django.db import transaction
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from observations import permissions, picture, queries
from observations.actions.contents import BadDegree
from observations.actions.scan import LONGEST, SHORTEST, BadClosingTime
from observations.models import Pulse, PulseAnswer, PulseElector, PulseReading
from observations.models.pulse import QUESTIONS, Often, PulseKind, PulseState
from schools.refusals import Refused
from schools.roles import Member
from workgroups.actions import standing, words
from workgroups.models import WorkGroup
from workgroups.models.group import GroupState


class PulseIsOpen(Refused):
    """One of a kind at a time."""

    message = _("Your group is answering this already.")
    code = "pulse_open"


class TooFewForPulse(Refused):
    """With fewer than four, everybody could read who answered what."""

    message = _("This needs at least four people. With fewer, talk about it: there is a question to begin with.")
    code = "too_few_seats"


class PulseTooSoon(Refused):
    """From two close ones, a single change could be read."""

    message = _("This is possible again three weeks after the last time.")
    code = "too_soon"


class PulseOver(Refused):
    """It closed before this answer came."""

    message = _("This round is closed, so your answers cannot be added any more. They were not kept.")
    code = "late_answer"


class NoPulseVoice(Refused):
    """It asks those who sat in the group as it opened."""

    message = _("This round began before you joined the group. You take part in the next one.")
    code = "no_voice"


class PulseAnswersMissing(Refused):
    """A pulse is answered whole: else one could tell its sentences apart by their number of answers."""

    message = _("Answer every sentence.")
    code = "answers_missing"


@transaction.atomic
def open_pulse(*, group: WorkGroup, kind: str, closes_at: dt.datetime, by: Member, now: dt.datetime) -> Pulse:
    """Ask everybody who has a seat now about trust (P7) or about the three aims (P4-P6), each alone.

    ``closes_at`` lies 5 minutes to 21 days ahead. Raises PulseIsOpen, TooFewForPulse, PulseTooSoon, BadClosingTime,
    UnknownWord, GroupEnded; PermissionDenied unless the member has a seat.
    """
    permissions.demand(permissions.may_open_pulse(by, group))
    group = standing.locked(group.pk)
    kind = words.chosen(kind, PulseKind.values, field="kind")
    today = by.school.today(now)
    people = queries.people_in(group.pk, today=today)
    if len(people) < picture.ENOUGH:
        raise TooFewForPulse
    if queries.open_pulse_of(group, kind):
        raise PulseIsOpen
    possible = queries.pulse_from(group, kind, today=today)
    if possible:
        raise PulseTooSoon(_("This is possible again from %(day)s on.") % {"day": date_format(possible, "j F")})
    if not now + SHORTEST <= closes_at <= now + LONGEST:
        raise BadClosingTime
    owner = {"school_id": group.school_id, "group": group}
    pulse = Pulse.objects.create(**owner, kind=kind, opened_on=today, closes_at=closes_at)
    PulseElector.objects.bulk_create(PulseElector(**owner, pulse=pulse, user_id=pk) for pk in sorted(people))
    return pulse


@transaction.atomic
def answer_pulse(*, pulse: Pulse, answers: Mapping[str, int], by: Member, now: dt.datetime) -> Pulse:
    """Give or change one's own answers: per question a degree from 1 (seldom) to 4 (nearly always), all of them.

    With the last answer that was missing the pulse closes at once. Raises PulseAnswersMissing, BadDegree, PulseOver,
    NoPulseVoice, GroupEnded; PermissionDenied without a seat.
    """
    permissions.demand(permissions.may_answer_pulse(by, pulse))
    pulse = _held(pulse)
    if pulse.state != PulseState.OPEN or now >= pulse.closes_at:
        raise PulseOver
    if pulse.group.state != GroupState.ACTIVE:
        raise standing.GroupEnded
    if not queries.may_vote(pulse, by):
        raise NoPulseVoice
    if set(answers) != set(QUESTIONS[pulse.kind]):
        raise PulseAnswersMissing
    if any(degree not in Often.values for degree in answers.values()):
        raise BadDegree(_("An answer is a degree from 1 to 4."), field="answers")
    mine = {"school_id": pulse.school_id, "group_id": pulse.group_id, "pulse": pulse, "user": by.user}
    PulseAnswer.objects.filter(pulse=pulse, user=by.user).delete()
    PulseAnswer.objects.bulk_create(
        PulseAnswer(**mine, question=question, degree=answers[question]) for question in QUESTIONS[pulse.kind]
    )
    today = by.school.today(now)
    if _is_complete(pulse, today=today):
        _finish(pulse, today=today)
    return pulse


def _is_complete(pulse: Pulse, *, today: dt.date) -> bool:
    """Whether every elector sits and answered; once somebody left it waits for its time, and tells of nobody."""
    answered = set(pulse.answers.values_list("user_id", flat=True))
    return pulse.electors.count() == len(queries.pulse_voices(pulse, today=today) & answered)


@transaction.atomic
def close_due_pulses(*, now: dt.datetime) -> int:
    """Close every pulse whose time has come; returns how many. Some eight queries for each."""
    closed = 0
    for row in Pulse.objects.filter(state=PulseState.OPEN, closes_at__lte=now).order_by("pk"):
        pulse = _held(row)
        if pulse.state == PulseState.OPEN:
            _finish(pulse, today=pulse.school.today(now))
            closed += 1
    return closed


def _held(pulse: Pulse) -> Pulse:
    """The pulse as it is now, its row kept for this transaction: answers and closing go one after the other."""
    rows = Pulse.objects.select_for_update(of=("self",)).select_related("group", "school")
    return rows.get(pk=pulse.pk)


def _finish(pulse: Pulse, *, today: dt.date) -> None:
    """Close it with a result, or void where fewer than four answered who still sit; no single answer stays."""
    voices = queries.pulse_voices(pulse, today=today)
    given: dict[str, list[int]] = {question: [] for question in QUESTIONS[pulse.kind]}
    for question, degree in pulse.answers.filter(user__in=voices).values_list("question", "degree"):
        given[question].append(degree)
    shown = {question: picture.sealed(degrees).halves for question, degrees in given.items()}
    halves = {question: value for question, value in shown.items() if value is not None}
    pulse.state = PulseState.CLOSED if len(halves) == len(shown) else PulseState.VOID
    pulse.closed_on = today
    Pulse.objects.filter(pk=pulse.pk, state=PulseState.OPEN).update(state=pulse.state, closed_on=today)
    if pulse.state == PulseState.CLOSED:
        owner = {"school_id": pulse.school_id, "group_id": pulse.group_id, "pulse": pulse}
        PulseReading.objects.bulk_create(
            PulseReading(**owner, question=question, halves=value) for question, value in halves.items()
        )
    pulse.answers.all().delete()
    pulse.electors.all().delete()
