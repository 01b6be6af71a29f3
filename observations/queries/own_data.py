"""What this floor holds about a person: visits and what was noted there, and own answers in rounds that are open."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from django.db.models import Prefetch
from django.utils.translation import gettext as _t, gettext_lazy as _

from observations.choices import SCAN_OPENED, LetterKind
from observations.models import (
    AspectNote,
    BehaviourMark,
    Elector,
    FeedbackPair,
    Observation,
    PulseAnswer,
    PulseElector,
    ScanAnswer,
    Visit,
)
from observations.models.observation import Degree
from observations.models.pulse import Often, PulseKind, PulseQuestion
from observations.models.visit import VisitState
from schools.holdings import Cell, Holding
from schools.models import User
from workgroups.models import Guest
from workgroups.queries.own_data import GROUP

Rows = Iterator[tuple[Cell, ...]]
# How people know the kinds and sorts of letters of this floor.
LETTERS = {
    "visits": _("Visits"),
    **{kind.value: _("Visits") for kind in LetterKind},
    **dict.fromkeys(("feedback", LetterKind.FEEDBACK.value), _("Feedback is there")),
    **dict.fromkeys(("scan", SCAN_OPENED), _("A self-scan is open")),
}
_UNSHARED = (VisitState.PROPOSED, VisitState.ACCEPTED, VisitState.LISTENING, VisitState.NOTING)


def unshared_of(user: User) -> list[Visit]:
    """The visits of the person that are not shared, and were not declined or withdrawn, by group. One query."""
    rows = Visit.objects.filter(coach=user, state__in=_UNSHARED).select_related("group", "meeting", "school")
    return list(rows.order_by("group_id", "pk"))


def visits_in_words(user: User, _now: dt.datetime) -> list[str]:
    """What becomes of the person's visits."""
    words = _t("Your visit to %(group)s is called off. What you noted there and did not share goes.")
    return [words % {"group": visit.group.name} for visit in unshared_of(user)]


def _visits(user: User, now: dt.datetime) -> Rows:
    """What a visitor may still read of the own visit; afterwards only that it was (C12)."""
    lasting = _lasting(user, now)
    rows = Visit.objects.filter(coach=user).select_related("school", "group", "meeting", "observation")
    for row in rows.order_by("proposed_at", "pk"):
        reads = row.shared_at is None or (row.group_id, row.school_id) in lasting
        seen: Observation | None = getattr(row, "observation", None)
        yield (
            row.school.name,
            row.group.name,
            row.meeting.day,
            row.get_state_display(),
            row.get_purpose_display(),
            row.own_words if reads else "",
            row.target_minutes,
            seen.listened if seen else None,
            row.proposed_at,
            row.shared_at,
        )


def _noted(user: User, now: dt.datetime) -> Rows:
    """In one row each: raw notes and marks, the points given, and corrections."""
    lasting = _lasting(user, now)
    for row in _observed(user):
        if row.shared_at is not None and (row.group_id, row.school_id) not in lasting:
            continue
        seen: Observation | None = getattr(row, "observation", None)
        for kind, aspect, text in (*_words_of(seen), *_corrections(row)):
            yield row.school.name, row.group.name, row.meeting.day, kind, aspect, text


def _observed(user: User) -> list[Visit]:
    prefix = "observation__"
    rows = Visit.objects.filter(coach=user).select_related("school", "group", "meeting", "observation")
    parts = (
        Prefetch(f"{prefix}notes", AspectNote.objects.select_related("aspect").order_by("aspect__number")),
        Prefetch(f"{prefix}marks", BehaviourMark.objects.select_related("behaviour__aspect").order_by("behaviour_id")),
        Prefetch(
            f"{prefix}pairs",
            FeedbackPair.objects.select_related("strong_aspect", "improvement_aspect").order_by("position"),
        ),
        "corrections",
    )
    return list(rows.prefetch_related(*parts).order_by("proposed_at", "pk"))


def _words_of(seen: Observation | None) -> Iterator[tuple[Cell, Cell, Cell]]:
    if seen is None:
        return
    for note in seen.notes.all():
        for kind, text in ((_("what went well"), note.going_well), (_("chances"), note.chances)):
            if text:
                yield kind, note.aspect.name, text
    for mark in seen.marks.all():
        degree = Degree(mark.degree).label if mark.degree else _("no occasion")
        yield degree, mark.behaviour.aspect.name, mark.behaviour.text
    for pair in seen.pairs.all():
        yield _("strong point"), pair.strong_aspect.name, pair.strong
        yield _("improvement point"), pair.improvement_aspect.name, pair.improvement


def _corrections(row: Visit) -> Iterator[tuple[Cell, Cell, Cell]]:
    for one in sorted(row.corrections.all(), key=lambda one: one.place):
        yield _("correction"), "", one.text


def _lasting(user: User, now: dt.datetime) -> set[tuple[int, int]]:
    """The groups of which the person is still a guest."""
    rows = Guest.objects.filter(user=user).select_related("school")
    return {(row.group_id, row.school_id) for row in rows if row.holds_on(row.school.today(now))}


def _rounds(user: User, _now: dt.datetime) -> Rows:
    for row in Elector.objects.filter(user=user).select_related("school", "group", "scan").order_by("pk"):
        yield row.school.name, row.group.name, _("self-scan"), row.scan.opened_on
    for voice in PulseElector.objects.filter(user=user).select_related("school", "group", "pulse").order_by("pk"):
        yield voice.school.name, voice.group.name, PulseKind(voice.pulse.kind).label, voice.pulse.opened_on


def _answers(user: User, _now: dt.datetime) -> Rows:
    scans = ScanAnswer.objects.filter(user=user).select_related("school", "group", "behaviour__aspect")
    for row in scans.order_by("pk"):
        degree = Degree(row.degree).label if row.degree else _("cannot say")
        yield row.school.name, row.group.name, row.behaviour.text, degree, row.manner
    for one in PulseAnswer.objects.filter(user=user).select_related("school", "group").order_by("pk"):
        said = Often(one.degree).label
        yield one.school.name, one.group.name, PulseQuestion(one.question).label, said, ""


def _columns(*names: str) -> frozenset[str]:
    return frozenset(f"observations.{name}" for name in names)


HOLDINGS: tuple[Holding, ...] = (
    Holding(
        "visits",
        _("Your visits to groups"),
        (
            *GROUP,
            ("day", _("day of the meeting")),
            ("state", _("how it stands")),
            ("purpose", _("what for")),
            ("own_words", _("your words with it")),
            ("minutes_planned", _("minutes planned")),
            ("minutes_listened", _("minutes listened")),
            ("proposed_at", _("proposed")),
            ("shared_at", _("shared")),
        ),
        _visits,
        _columns("Visit.coach"),
    ),
    Holding(
        "visit_words",
        _("What you noted on visits and gave back"),
        (
            *GROUP,
            ("day", _("day of the meeting")),
            ("what", _("what")),
            ("aspect", _("aspect")),
            ("text", _("text")),
        ),
        _noted,
    ),
    Holding(
        "open_rounds",
        _("Open rounds in which you may answer"),
        (*GROUP, ("round", _("round")), ("opened_on", _("opened"))),
        _rounds,
        _columns("Elector.user", "PulseElector.user"),
    ),
    Holding(
        "open_answers",
        _("Your answers in rounds that are still open"),
        (*GROUP, ("question", _("question")), ("answer", _("answer")), ("in_words", _("in words"))),
        _answers,
        _columns("ScanAnswer.user", "PulseAnswer.user"),
    ),
)
