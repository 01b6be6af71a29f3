"""Tell one group's year: meetings planned, opened, judged and closed, each at its own moment."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field

from cards.models import Aspect, Behaviour
from observations import actions as visiting
from observations.actions import debrief
from observations.models import Visit
from observations.models.visit import VisitState
from samenspraak.demo.cast import Cast
from samenspraak.demo.shapes import LEADERS, Aim, Promise, Round, Tale, Visited
from schools import holidays, queries
from schools.models import Delivery, School, User
from schools.roles import Member
from workgroups import actions, queries as groups, recurrence
from workgroups.models import Agreement, FocusPeriod, Goal, Meeting, Seat, WorkGroup
from workgroups.models.series import Every

DAY = dt.timedelta(days=1)
MINUTE = dt.timedelta(minutes=1)
SHOWN = "Begrijpend lezen"  # the group that a newcomer follows
WENT = {"k": "kept", "p": "partly", "n": "not", "o": "no_occasion"}


@dataclass
class Year:
    """One group's year while it is being told."""

    tale: Tale
    people: Cast
    group: WorkGroup
    meetings: list[Meeting] = field(default_factory=list)
    period: FocusPeriod | None = None
    begun: int = 0
    goals: dict[Goal, Aim] = field(default_factory=dict)
    agreements: dict[Agreement, Promise] = field(default_factory=dict)
    visits: dict[int, Visit] = field(default_factory=dict)

    def hat(self, short: str, now: dt.datetime) -> Member:
        """Somebody's hat in the group's school at that moment."""
        return hat(self.people.people[short], self.group.school, now)

    def chair(self, now: dt.datetime) -> Member:
        """The chair's hat at that moment."""
        return self.hat(self.tale.chair, now)


def hat(user: User, school: School, now: dt.datetime) -> Member:
    """Somebody's hat in a school at a moment, with seats."""
    member = queries.member_at(user=user, slug=school.slug, now=now)
    return groups.at_the_table(member, today=school.today(now))


def tell(tale: Tale, *, people: Cast, now: dt.datetime) -> Year:
    """Tell the year of one group, from its first meeting to the ones that are planned."""
    school = people.schools[tale.school]
    past, future = days_of(tale, school=school, now=now)
    start = instant(past[0] if past else school.today(now) - 3 * DAY, tale.time, school) - 10 * DAY
    year = Year(tale, people, _start(tale, school=school, people=people, now=start))
    for number, day in enumerate(past):
        _meet(year, number, day)
    if tale.in_series:
        _plan_series(year, future[0], now=now - DAY)
    else:
        year.meetings += [_plan(year, day, now=now - DAY) for day in future]
    if tale.shares:
        visiting.decide_sharing(group=year.group, shares=True, by=year.chair(now), now=now - 10 * DAY)
    return year


def days_of(tale: Tale, *, school: School, now: dt.datetime) -> tuple[list[dt.date], list[dt.date]]:
    """The days of the meetings held, oldest first, and of two to come: in the group's rhythm, never in a holiday."""
    today = school.today(now)
    soon = today + 2 * DAY
    coming = soon + ((tale.weekday - soon.weekday()) % 7) * DAY
    off = holidays.days_off(school, today - 500 * DAY, today + 200 * DAY)

    def rhythm(day: dt.date, weeks: int, count: int) -> list[dt.date]:
        """That many school days from this one on; a day that falls in a holiday moves on by single weeks."""
        days: list[dt.date] = []
        while len(days) < count:
            if day not in off:
                days.append(day)
                day += weeks * 7 * DAY
            else:
                day += (7 if weeks > 0 else -7) * DAY
        return days

    ahead = rhythm(coming, tale.every_weeks, 2)
    return sorted(rhythm(ahead[0] - tale.every_weeks * 7 * DAY, -tale.every_weeks, tale.held)), ahead


def instant(day: dt.date, time: dt.time, school: School) -> dt.datetime:
    """A wall-clock time at a school, as an instant."""
    return dt.datetime.combine(day, time, tzinfo=school.zone).astimezone(dt.UTC)


def _start(tale: Tale, *, school: School, people: Cast, now: dt.datetime) -> WorkGroup:
    chair = people.people[tale.chair]
    group = actions.start_group(
        name=tale.name,
        theme=tale.theme,
        kind=tale.kind,
        present_practice=tale.present,
        desired_practice=tale.desired,
        chair=chair,
        by=hat(people.people[LEADERS[tale.school]], school, now),
        now=now,
    )
    for short in tale.members:
        actions.seat(group=group, user=people.people[short], by=hat(chair, school, now), now=now)
    for short, text in (tale.ask_about or {}).items():
        own = group.seats.get(user=people.people[short])
        actions.say_line(seat=own, text=text, by=hat(people.people[short], school, now), now=now)
    if tale.rotates:
        actions.rotate_chair(group=group, rotates=True, by=hat(chair, school, now), now=now)
    return group


def _plan(year: Year, day: dt.date, *, now: dt.datetime) -> Meeting:
    tale = year.tale
    return actions.plan_meeting(
        group=year.group, day=day, time=tale.time, minutes=60, place=tale.place, title="", by=year.chair(now), now=now
    )


def _plan_series(year: Year, day: dt.date, *, now: dt.datetime) -> None:
    """Ten meetings around a holiday, of which the third moves a day, just this once."""
    group, by = year.group, year.chair(now)
    sitting = recurrence.Sitting(year.tale.time, 60, year.tale.place)
    rules = [recurrence.Rule(first, Every.FORTNIGHT, count=10, believes=True) for first in (day, day + 7 * DAY)]
    looks = [actions.lay_out_series(group=group, rule=rule, sitting=sitting, by=by, now=now) for rule in rules]
    look = max(looks, key=lambda one: len(one.turns))  # the one with more turns left out
    planned = actions.plan_series(group=group, rule=look.rule, sitting=sitting, seen=look.days, by=by, now=now)
    year.meetings += planned
    actions.move_meeting(
        meeting=planned[2],
        day=planned[2].day - DAY,
        time=sitting.time,
        minutes=sitting.minutes,
        place=sitting.place,
        title="",
        by=by,
        now=now,
    )


def _meet(year: Year, number: int, day: dt.date) -> None:
    """One meeting from planning to closing, with what members did in the days around it."""
    starts = instant(day, year.tale.time, year.group.school)
    for part in year.tale.rounds:
        if part.starts_at_meeting == number:
            _begin(year, part, number, now=starts - 2 * DAY)
    meeting = _plan(year, day, now=starts - 7 * DAY)
    year.meetings.append(meeting)
    if number not in year.tale.unopened:
        actions.open_meeting(meeting=meeting, by=year.chair(starts), now=starts + MINUTE)
    visited = next((visit for visit in year.tale.visits if visit.meeting == number), None)
    if visited:
        year.visits[number] = _visit(year, visited, meeting)
    _close(year, meeting, number, now=starts + 58 * MINUTE)
    _write_notes(year, number, now=starts + 2 * DAY)
    _end_what_is_over(year, number, now=starts + 2 * DAY)


def _begin(year: Year, part: Round, number: int, *, now: dt.datetime) -> None:
    for visited in year.tale.visits:
        if visited.said and visited.meeting in year.visits:
            _answer(year, visited, now=now)
    endings = {row.pk: promise.ended or "live" for row, promise in year.agreements.items()}
    aspect = Aspect.objects.get(edition__is_public=True, key=part.aspect)
    by = year.chair(now)
    year.period = actions.choose_aspect(
        group=year.group,
        aspect=aspect,
        why=part.why,
        endings=endings,
        goal_endings={goal.pk: aim.ended or "dropped" for goal, aim in year.goals.items()},
        by=by,
        now=now,
    )
    year.begun = number
    year.agreements = {row: promise for row, promise in year.agreements.items() if endings[row.pk] == "live"}
    year.goals = {}
    for aim in part.aims:
        goal = _set(year, year.period, aim, now=now)
        year.goals[goal] = aim
        rows = {row.text: row for row in goal.agreements.all()}
        year.agreements |= {rows[promise.text]: promise for promise in aim.promises}


def _answer(year: Year, visited: Visited, *, now: dt.datetime) -> None:
    """The group looked at what a visitor gave back, and answered every point."""
    visit, by = year.visits[visited.meeting], year.chair(now)
    if visit.state == VisitState.CLOSED:
        return
    debrief.begin_debrief(visit=visit, by=by, now=now)
    for place, answer in enumerate(visited.said, start=1):
        debrief.show_point(visit=visit, place=place, by=by, now=now)
        debrief.answer_point(visit=visit, place=place, answer=answer, by=by, now=now)
    debrief.end_debrief(visit=visit, by=by, now=now)


def _set(year: Year, period: FocusPeriod, aim: Aim, *, now: dt.datetime) -> Goal:
    texts, by = [promise.text for promise in aim.promises], year.chair(now)
    if aim.point is None:
        return actions.set_goal(period=period, text=aim.text, agreements=texts, by=by, now=now)
    meeting, place = aim.point
    return debrief.take_as_goal(
        visit=year.visits[meeting], place=place, period=period, text=aim.text, agreements=texts, by=by, now=now
    )


def _close(year: Year, meeting: Meeting, number: int, *, now: dt.datetime) -> None:
    by, since = year.chair(now), number - year.begun
    because = (year.tale.skipped or {}).get(number)
    if because:
        actions.skip_closer(meeting=meeting, because=because, by=by, now=now)
        return
    kept = {row.pk: WENT[promise.went[min(since, len(promise.went) - 1)]] for row, promise in year.agreements.items()}
    steps = {goal.pk: _step(year, aim, number) for goal, aim in year.goals.items()}
    actions.close_meeting(meeting=meeting, agreements=kept, goals=steps, by=by, now=now)
    year.goals = {goal: aim for goal, aim in year.goals.items() if steps[goal.pk] != "reached"}


def _step(year: Year, aim: Aim, number: int) -> str:
    """How far the group found itself with a goal at the end of a meeting."""
    ends = [part.starts_at_meeting for part in year.tale.rounds if part.starts_at_meeting > number]
    if aim.ended == "reached" and (number + 1) in ends:
        return "reached"
    return "on_the_way" if number > year.begun else "not_yet"


def _write_notes(year: Year, number: int, *, now: dt.datetime) -> None:
    for goal, aim in year.goals.items():
        for meeting, short, step, note in aim.notes:
            if meeting == number:
                actions.update_goal(goal=goal, step=step, note=note, by=year.hat(short, now), now=now)


def _end_what_is_over(year: Year, number: int, *, now: dt.datetime) -> None:
    """Within a period: end the agreements, and the goals, whose story is over."""
    told = number - year.begun + 1
    last_of_round = any(part.starts_at_meeting == number + 1 for part in year.tale.rounds)
    over = {row for row, promise in year.agreements.items() if promise.ended and len(promise.went) <= told}
    if last_of_round:
        return
    for row in over:
        actions.end_agreement(agreement=row, how=year.agreements.pop(row).ended, by=year.chair(now), now=now)
    for goal, aim in list(year.goals.items()):
        if aim.ended == "dropped" and not any(row.goal_id == goal.pk for row in year.agreements):
            actions.end_goal(goal=goal, how="dropped", by=year.chair(now), now=now)
            del year.goals[goal]


def _visit(year: Year, visited: Visited, meeting: Meeting) -> Visit:
    """Bram came, listened twenty minutes, noted and gave back."""
    starts = meeting.starts_at
    visit = _propose(year, visited.purpose, visited.own_words, meeting, now=starts - 5 * DAY)
    visiting.accept_visit(visit=visit, by=year.chair(starts), now=starts - 4 * DAY)
    coach = year.hat("bram", starts)
    visiting.start_listening(visit=visit, by=coach, now=starts + 5 * MINUTE)
    observation = visiting.stop_listening(visit=visit, by=coach, now=starts + 26 * MINUTE)
    observation, _created = visiting.log_observation(
        id=observation.pk,
        visit=visit,
        listened=None,
        notes=visited.notes,
        marks=_marks(visited),
        pairs=[visiting.Pair(*pair) for pair in visited.pairs],
        version=observation.version,
        by=coach,
        now=starts + 50 * MINUTE,
    )
    visiting.share_feedback(observation=observation, by=coach, now=starts + 62 * MINUTE)
    visit.refresh_from_db()
    return visit


def _propose(year: Year, purpose: str, own_words: str, meeting: Meeting, *, now: dt.datetime) -> Visit:
    return visiting.propose_visit(
        meeting=meeting,
        purpose=purpose,
        own_words=own_words,
        target_minutes=20,
        by=year.hat("bram", now),
        now=now,
    )


def _marks(visited: Visited) -> dict[str, int | None]:
    rows = Behaviour.objects.filter(aspect__edition__is_public=True).order_by("aspect__number", "position")
    keys: dict[str, list[str]] = {}
    for aspect, key in rows.values_list("aspect__key", "key"):
        keys.setdefault(aspect, []).append(key)
    return {
        key: None if mark == "-" else int(mark)
        for aspect, marks in visited.marks.items()
        for key, mark in zip(keys[aspect], marks, strict=True)
    }


def plan_visits(*, years: list[Year], now: dt.datetime) -> None:
    """What waits: Bram asks to come to Begrijpend lezen, and is welcome already at Spelling."""
    coming = {year.tale.name: year for year in years}
    words = "Jullie wilden de stille stemmen horen. Ik luister graag of dat lukt."
    reading, spelling = coming[SHOWN], coming["Spelling"]
    _propose(reading, "support", words, reading.meetings[-2], now=now - DAY)
    visit = _propose(spelling, "support", "", spelling.meetings[-2], now=now - 2 * DAY)
    visiting.accept_visit(visit=visit, by=spelling.chair(now), now=now - DAY)


def plan_one_more(*, now: dt.datetime) -> Delivery:
    """A further meeting of the group that is shown, for a demo in which every reminder has left."""
    group = WorkGroup.objects.select_related("school").get(name=SHOWN, state="active")
    last = Meeting.objects.filter(group=group).latest("starts_at")
    seat = Seat.objects.select_related("user").get(group=group, is_chair=True, until_date__isnull=True)
    day = max(last.day, group.school.today(now)) + 14 * DAY
    chair = hat(seat.user, group.school, now)
    meeting = actions.plan_meeting(
        group=group, day=day, time=last.time, minutes=60, place=last.place, title="", by=chair, now=now
    )
    return Delivery.objects.filter(kind="reminder", subject_id=meeting.pk).earliest("pk")
