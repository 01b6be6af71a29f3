"""A meeting while it goes on: in which act it is, what its big screen shows, and whether that changed."""

from __future__ import annotations

import datetime as dt
import zlib
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, F, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce

from cards.models import Aspect
from schools.roles import Member
from workgroups import permissions
from workgroups.models import Agenda, Agreement, FocusPeriod, Goal, Meeting, Scene
from workgroups.models.agenda import Shows
from workgroups.models.goal import AgreementState, GoalState, PeriodState
from workgroups.models.meeting import MeetingState
from workgroups.queries.focus import Focus
from workgroups.queries.meetings import next_meeting, proposal
from workgroups.queries.today import CLOSES_BEFORE_END

OUTCOME = "outcome"
ROUNDS = CARD_SIDES = 3
NEAR = 8


@dataclass(frozen=True)
class ToLookAt:
    """An agreement or a goal to look back on: its words, and the how manieth of its kind."""

    about: str
    text: str
    number: int
    of: int


@dataclass(frozen=True)
class Point:
    """A point of the agenda: ``number`` from 1; ``is_now`` where the group is."""

    number: int
    text: str
    is_now: bool


@dataclass(frozen=True)
class Starter:
    """A phrase of the card to start with: its words, its place among all, and the place of another one."""

    text: str
    place: int
    after: int


@dataclass(frozen=True)
class Screen:
    """What every screen of the group shows of a meeting now.

    ``act`` is open, talk, close or done; ``chosen`` what the group chose (a value of Shows), ``showing`` what stands
    there for it: a value of Shows other than now, or outcome. ``place`` runs from 0 up to, not including, ``places``.
    ``seconds_left`` of the clock is None where none runs, 0 when its time is over. ``phrases`` are those of the card,
    shuffled, the same way on every screen.
    """

    meeting: Meeting
    focus: Focus
    agenda: Agenda
    act: str
    chosen: str
    showing: str
    place: int
    places: int
    clock_until: dt.datetime | None
    seconds_left: int | None
    phrases: tuple[str, ...]

    @property
    def template(self) -> str:
        """The template of what is shown."""
        return f"workgroups/screen/{self.showing}.html"

    @property
    def act_number(self) -> int:
        """The act, counted from 1 to 3."""
        return {"open": 1, "talk": 2}.get(self.act, 3)

    @property
    def before(self) -> int | None:
        """The place before this one."""
        return self.place - 1 if self.place else None

    @property
    def after(self) -> int | None:
        """The place after this one; phrases go round."""
        if self.showing == Shows.STARTER and self.places > 1:
            return (self.place + 1) % self.places
        return self.place + 1 if self.place + 1 < self.places else None

    @property
    def phrase(self) -> str:
        """The phrase of the card at this place."""
        return self.phrases[self.place] if self.phrases else ""

    def starter(self, number: int) -> Starter | None:
        """A phrase of the card, whatever the screen shows; any number gives one."""
        if not self.phrases:
            return None
        place = number % len(self.phrases)
        return Starter(self.phrases[place], place, (place + 1) % len(self.phrases))

    @property
    def points(self) -> list[Point]:
        """The points of the agenda around this place: as many as fit on the wall."""
        lines = self.agenda.lines
        first = max(0, min(self.place - NEAR // 2, len(lines) - NEAR))
        near = enumerate(lines[first : first + NEAR], start=first)
        return [Point(number + 1, text, number == self.place) for number, text in near]

    @property
    def look_at(self) -> ToLookAt | None:
        """The agreement or goal to look back on at this place."""
        rows = to_look_at(self.focus)
        return rows[self.place] if rows else None


@dataclass(frozen=True)
class WhatsNext:
    """The next meeting, planned or (as ``schedule_of``) proposed; the proposal is empty where one is planned."""

    planned: Meeting | None
    proposal: dict[str, Any]


def meetings_at_own_table(member: Member) -> QuerySet[Meeting]:
    """The meetings of groups in which the member has a seat (C6), all its parts at hand; for fetch."""
    rows = Meeting.objects.visible_to(member).filter(group_id__in=list(member.seats))
    return rows.select_related("group", "opener", "closer", "scene", "agenda")


def meetings_to_follow(member: Member) -> QuerySet[Meeting]:
    """As ``meetings_at_own_table``, each also with what ``mark_of`` needs; one query in all."""
    group = {"group": OuterRef("group")}
    of_agreements = Agreement.objects.filter(**group).order_by().values("group")
    of_goals = Goal.objects.filter(**group).order_by().values("group")
    live = Count("pk", filter=Q(state=AgreementState.LIVE))
    period = FocusPeriod.objects.filter(**group, state=PeriodState.LIVE)
    return meetings_at_own_table(member).annotate(
        live_agreements=Coalesce(Subquery(of_agreements.annotate(n=live).values("n")), 0),
        agreed=Subquery(of_agreements.annotate(n=Sum("version") + Count("pk")).values("n")),
        aimed=Subquery(of_goals.annotate(n=Sum("version") + Count("pk")).values("n")),
        alive=Subquery(of_goals.annotate(n=Count("pk", filter=Q(state=GoalState.LIVE))).values("n")),
        period=Subquery(period.values("pk")[:1]),
        why=Subquery(period.annotate(n=F("version")).values("n")[:1]),
    )


def at_own_table(meeting: Meeting, *, member: Member) -> Meeting | None:
    """The same meeting as one of ``meetings_to_follow``, if the member has a seat. One query then, else none."""
    if not permissions.may_use_agenda(member, meeting):
        return None
    return meetings_to_follow(member).get(pk=meeting.pk)


def mark_of(meeting: Meeting, *, now: dt.datetime) -> str:
    """A mark that changes when a page of this meeting does; for one of ``meetings_to_follow``. No query."""
    row: Any = meeting
    agenda, scene = agenda_of(meeting), _scene_of(meeting)
    act = _act_of(meeting, has_agreements=bool(row.live_agreements), now=now)
    over = scene.clock_until is not None and scene.clock_until <= now
    begun = now >= meeting.starts_at, now >= meeting.opens_at, now >= meeting.ends_at
    parts = [act, meeting.state, hasattr(meeting, "opener"), meeting.schedule_version, meeting.title, *begun]
    parts += [agenda.version, agenda.notes_version, scene.version, over]
    parts += [row.live_agreements, row.agreed, row.aimed, row.alive, row.period, row.why]
    return f"{zlib.crc32(repr(parts).encode()):08x}"


def agenda_of(meeting: Meeting) -> Agenda:
    """The meeting's agenda; an empty one where nobody wrote yet."""
    return getattr(meeting, "agenda", None) or Agenda(meeting=meeting)


def screen_of(meeting: Meeting, *, focus: Focus, now: dt.datetime) -> Screen:
    """What the big screen shows. At most four queries, none for one of ``meetings_at_own_table`` but the phrases."""
    agenda, scene = agenda_of(meeting), _scene_of(meeting)
    act = _act_of(meeting, has_agreements=bool(focus.agreements), now=now)
    showing = _showing(scene.shows, act)
    phrases = phrases_of(focus.aspect, meeting)
    places = {
        Shows.AGENDA.value: len(agenda.lines),
        Shows.CARD.value: CARD_SIDES,
        Shows.STARTER.value: len(phrases),
        Shows.ROUND.value: ROUNDS,
        Shows.LOOK_BACK.value: len(to_look_at(focus)),
    }.get(showing, 1)
    until = scene.clock_until
    left = max(0, round((until - now).total_seconds())) if until else None
    return Screen(
        meeting=meeting,
        focus=focus,
        agenda=agenda,
        act=act,
        chosen=scene.shows,
        showing=showing,
        place=min(scene.place, max(places - 1, 0)) if scene.shows == showing else 0,
        places=max(places, 1),
        clock_until=until,
        seconds_left=left,
        phrases=phrases,
    )


def phrases_of(aspect: Aspect | None, meeting: Meeting) -> tuple[str, ...]:
    """The phrases on a card, in an order that looks drawn by chance and is the same for everybody. One query."""
    lines = aspect.utterances.all() if aspect else ()
    shuffled = sorted(lines, key=lambda line: zlib.crc32(f"{meeting.pk}:{line.key}".encode()))
    return tuple(line.text for line in shuffled)


def to_look_at(focus: Focus) -> list[ToLookAt]:
    """What the closer asks about, in its order: every live agreement (G6), then every live goal (G7)."""
    kinds = {
        "agreement": [one.text for one in focus.agreements],
        "goal": [one.text for one in focus.live_goals],
    }
    return [
        ToLookAt(about, text, number, len(texts))
        for about, texts in kinds.items()
        for number, text in enumerate(texts, start=1)
    ]


def whats_next(meeting: Meeting, *, today: dt.date, now: dt.datetime) -> WhatsNext:
    """What comes after a meeting: what is planned, else a proposal at the usual rhythm. At most four queries."""
    planned = next_meeting(meeting.group, now=now)
    return WhatsNext(planned, {} if planned else proposal(meeting.group, today=today))


def _scene_of(meeting: Meeting) -> Scene:
    return getattr(meeting, "scene", None) or Scene(meeting=meeting)


def _act_of(meeting: Meeting, *, has_agreements: bool, now: dt.datetime) -> str:
    if meeting.state == MeetingState.HELD:
        return "done"
    if now >= max(meeting.starts_at, meeting.ends_at - CLOSES_BEFORE_END):
        return "close"
    return "talk" if hasattr(meeting, "opener") or not has_agreements else "open"


def _showing(chosen: str, act: str) -> str:
    if act == "done":
        return OUTCOME
    by_act = {"open": Shows.AGREEMENTS, "talk": Shows.AGENDA, "close": Shows.LOOK_BACK}
    return by_act[act].value if chosen == Shows.NOW else chosen
