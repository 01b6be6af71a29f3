"""The group looks at its own talk (G3): opening a round, answering, and letting all read what came of it.

Nothing here writes down who did something, nor at what time of day: no audit, no actor, no key of a repeated call.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from django.db import transaction
from django.db.models import Q
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from cards.models import Aspect, Behaviour, Edition
from observations import permissions, picture, queries
from observations.actions import picturing, telling, versions
from observations.actions.contents import BadDegree, UnknownKey
from observations.models import Elector, ScanAnswer, SelfScan
from observations.models.observation import Degree
from observations.models.selfscan import ScanState, ScanWay
from observations.queries import Answer
from schools.refusals import Refused
from schools.roles import Member
from workgroups.actions import standing, words
from workgroups.models import WorkGroup
from workgroups.models.group import GroupState
from workgroups.queries import deck_of

SHORTEST, LONGEST = dt.timedelta(minutes=5), dt.timedelta(days=21)
MANNER_AT_MOST = 300


class ScanUnderWay(Refused):
    """One round at a time."""

    message = _("Your group already has a self-scan under way. Finish that one first.")
    code = "scan_under_way"


class TooFewSeats(Refused):
    """With fewer than four, everybody could read who answered what."""

    message = _("Answering each alone needs at least four people. Answer together instead.")
    field = "way"
    code = "too_few_seats"


class BadClosingTime(Refused):
    """A sealed round closes by itself, today or within three weeks."""

    message = _("Choose a moment between 5 minutes and 21 days from now.")
    field = "closes_at"
    code = "closing_time"


class TooSoon(Refused):
    """Sealed rounds on the same card lie 21 days apart: from two close ones, a single change could be read."""

    message = _("Answering each alone is possible again from %(day)s on. You can answer together now.")
    field = "way"
    code = "too_soon"


class LateAnswer(Refused):
    """The round closed before this answer came."""

    message = _("This self-scan is closed, so your answers cannot be added any more. They were not kept.")
    code = "late_answer"


class NoVoice(Refused):
    """A sealed round asks those who sat in the group as it opened."""

    message = _("This self-scan began before you joined the group. You take part in the next one.")
    code = "no_voice"


class DegreesMissing(Refused):
    """One card is answered whole."""

    message = _("Answer every line of the card. “Cannot say” is an answer too.")
    field = "answers"
    code = "answers_missing"


class NotEnough(Refused):
    """A picture of fewer than four would show who said what."""

    message = _("There are not enough answers yet to show a picture.")
    code = "not_enough"


class OwnAnswersFirst(Refused):
    """Whether there is enough is told to a chair who answered: before that it could say who did."""

    message = _("Answer everything yourself first. Then you can see whether there are enough answers.")
    code = "own_answers_first"


class SomebodyLeft(Refused):
    """Whoever ends seats could try out whose answers there are, if "enough" went along with it."""

    message = _("Somebody left your group since this round began. It closes by itself, at its time.")
    code = "somebody_left"


@transaction.atomic
def open_scan(
    *, group: WorkGroup, aspect: Aspect | None, way: str, closes_at: dt.datetime | None, by: Member, now: dt.datetime
) -> SelfScan:
    """Start a round on one aspect of the group's deck, or on all six (None: a starting picture).

    ``way`` is "together" or "sealed"; ``closes_at`` counts for a sealed round only, 5 minutes to 21 days ahead. Who has
    a seat now may answer in it. Raises ScanUnderWay, TooFewSeats, BadClosingTime, TooSoon, UnknownKey, UnknownWord,
    GroupEnded; PermissionDenied unless the member has a seat.
    Each of them hears of a sealed round by letter, once.
    """
    permissions.demand(permissions.may_open_scan(by, group))
    group = standing.locked(group.pk)
    way = words.chosen(way, ScanWay.values, field="way")
    deck = list(deck_of(group))
    if not deck or (aspect is not None and aspect not in deck):
        raise UnknownKey(field="aspect")
    if queries.scan_under_way(group):
        raise ScanUnderWay
    today = by.school.today(now)
    if way == ScanWay.TOGETHER:
        return _opened(group, deck[0].edition, aspect, way, opened_on=today)
    people = queries.people_in(group.pk, today=today)
    _must_be_possible(group, aspect, people, closes_at, today=today, now=now)
    scan = _opened(group, deck[0].edition, aspect, way, opened_on=today, closes_at=closes_at)
    Elector.objects.bulk_create(
        Elector(school_id=group.school_id, group=group, scan=scan, user_id=user_id) for user_id in sorted(people)
    )
    telling.tell_electors(scan, people, school=by.school, now=now)
    return scan


def _opened(group: WorkGroup, edition: Edition, aspect: Aspect | None, way: str, **moments: object) -> SelfScan:
    about = {"edition": edition, "aspect": aspect, "way": way}
    return SelfScan.objects.create(school_id=group.school_id, group=group, **about, **moments)


def _must_be_possible(
    group: WorkGroup,
    aspect: Aspect | None,
    people: list[int],
    closes_at: dt.datetime | None,
    *,
    today: dt.date,
    now: dt.datetime,
) -> None:
    if len(people) < picture.ENOUGH:
        raise TooFewSeats
    if closes_at is None or not now + SHORTEST <= closes_at <= now + LONGEST:
        raise BadClosingTime
    possible = queries.sealed_from(group, aspect, today=today)
    if possible:
        raise TooSoon(TooSoon.message % {"day": date_format(possible, "j F")})


@transaction.atomic
def answer_scan(
    *,
    scan: SelfScan,
    aspect: Aspect,
    answers: Mapping[int, Answer],
    version: int | None = None,
    by: Member,
    now: dt.datetime,
) -> SelfScan:
    """Answer one aspect of an open round, whole, or change one's answers on it; ``answers`` is per behaviour id.

    Together any seat answers for all. With the last answer that was missing the round closes at once: together it is
    revealed, sealed it waits for the chair. ``version`` is the fingerprint of the answers on this card that were read,
    None replaces them whatever they say. Raises Conflict with what was saved since, DegreesMissing, BadDegree,
    TextTooLong, UnknownKey, NoVoice, LateAnswer, ScanOver, GroupEnded; PermissionDenied without a seat.
    """
    permissions.demand(permissions.may_answer_scan(by, scan))
    scan = picturing.held(scan)
    _must_be_open(scan, by, now=now)
    covered = queries.behaviours_of(scan)
    lines = [line for line in covered if line.aspect_id == aspect.pk]
    if not lines:
        raise UnknownKey(field="aspect")
    checked = _checked(lines, answers)
    versions.must_have_read(scan, lines, checked, version=version, by=by)
    _keep(scan, lines, checked, by=by)
    if picturing.is_complete(scan, covered, today=by.school.today(now)):
        picturing.finish(scan, covered, today=by.school.today(now))
    return scan


def _must_be_open(scan: SelfScan, by: Member, *, now: dt.datetime) -> None:
    if scan.state == ScanState.OPEN and scan.group.state != GroupState.ACTIVE:
        raise standing.GroupEnded
    if scan.closes_at is None:
        if scan.state != ScanState.OPEN:
            raise picturing.ScanOver
        return
    if scan.state != ScanState.OPEN or now >= scan.closes_at:
        raise LateAnswer
    if not queries.is_elector(scan, by):
        raise NoVoice


def _checked(lines: list[Behaviour], answers: Mapping[int, Answer]) -> dict[int, Answer]:
    """The answers, their words on one line; the domain asks for every line of the card and for nothing else."""
    if set(answers) != {line.pk for line in lines}:
        raise DegreesMissing
    if any(answer.degree is not None and answer.degree not in Degree.values for answer in answers.values()):
        raise BadDegree(_("An answer is a degree from 1 to 4, or “cannot say”."), field="answers")
    return {
        pk: Answer(
            answer.degree, words.one_line(answer.manner, limit=MANNER_AT_MOST, field="answers", may_be_empty=True)
        )
        for pk, answer in answers.items()
    }


def _keep(scan: SelfScan, lines: list[Behaviour], answers: Mapping[int, Answer], *, by: Member) -> None:
    user = None if scan.way == ScanWay.TOGETHER else by.user
    whose = Q(user__isnull=True) if user is None else Q(user=user)
    ScanAnswer.objects.filter(whose, scan=scan, behaviour__in=lines).delete()
    ScanAnswer.objects.bulk_create(
        ScanAnswer(
            school_id=scan.school_id,
            group_id=scan.group_id,
            scan=scan,
            user=user,
            behaviour_id=pk,
            degree=answer.degree,
            manner=answer.manner,
        )
        for pk, answer in answers.items()
    )


@transaction.atomic
def close_scan(*, scan: SelfScan, by: Member, now: dt.datetime) -> SelfScan:
    """Close a sealed round before its time, once four and the chair answered everything; after it, in any case.

    The picture is made and the answers are deleted in the same transaction. Raises OwnAnswersFirst, NotEnough,
    SomebodyLeft, ScanOver; PermissionDenied unless chair.
    """
    permissions.demand(permissions.may_steer_scan(by, scan))
    scan = picturing.held(scan)
    if scan.state != ScanState.OPEN or scan.closes_at is None:
        raise picturing.ScanOver
    today, covered = by.school.today(now), queries.behaviours_of(scan)
    if now < scan.closes_at:
        _must_be_enough(queries.standing(scan, by, today=today))
    picturing.finish(scan, covered, today=today)
    return scan


def _must_be_enough(stands: queries.Standing) -> None:
    if stands.is_elector and not stands.i_am_done:
        raise OwnAnswersFirst
    if stands.enough is None:
        raise SomebodyLeft
    if not stands.enough:
        raise NotEnough


@transaction.atomic
def drop_scan(*, scan: SelfScan, by: Member, now: dt.datetime) -> SelfScan:
    """Let go of a round that is not revealed: its answers, or its picture, are deleted.

    Raises ScanOver; PermissionDenied unless chair, or with a seat in a round that is answered together.
    """
    permissions.demand(permissions.may_drop_scan(by, scan))
    scan = picturing.held(scan)
    if scan.state not in queries.UNDER_WAY:
        raise picturing.ScanOver
    picturing.let_go(scan, today=by.school.today(now))
    return scan


@transaction.atomic
def reveal_scan(
    *,
    scan: SelfScan,
    by: Member,
    now: dt.datetime,  # noqa: ARG001  # every action takes it; the day of closing is the day that counts
) -> SelfScan:
    """Show a closed round to all seats at once. Raises ScanOver; PermissionDenied unless chair."""
    permissions.demand(permissions.may_steer_scan(by, scan))
    scan = picturing.held(scan)
    picturing.turn(scan, since=(ScanState.CLOSED,), to=ScanState.REVEALED)
    return scan


@transaction.atomic
def close_due_scans(*, now: dt.datetime) -> int:
    """Close every sealed round whose time has come; returns how many. Some ten queries for each."""
    due = SelfScan.objects.filter(state=ScanState.OPEN, closes_at__lte=now)
    closed = 0
    for row in due.order_by("pk"):
        scan = picturing.held(row)
        if scan.state == ScanState.OPEN:
            picturing.finish(scan, queries.behaviours_of(scan), today=scan.school.today(now))
            closed += 1
    return closed
