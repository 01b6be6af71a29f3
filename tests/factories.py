"""Rows for tests, made plainly; what a test does not name gets a sensible value."""

from __future__ import annotations

import datetime as dt
from typing import Any
from zoneinfo import ZoneInfo

from django.db import connection

from cards.models import Aspect, Behaviour, Edition, Tip, Utterance
from schools.models import Delivery, Holiday, Membership, School, User
from schools.roles import Member, Role
from workgroups import queries
from workgroups.models import (
    Agreement,
    Criterion,
    DecisionNote,
    FocusPeriod,
    Goal,
    GuidedStart,
    HelpRequest,
    Interview,
    KnowLine,
    KnowSheet,
    Meeting,
    Option,
    PeerFeedback,
    ReminderRule,
    RoutineReview,
    Seat,
    Series,
    Source,
    WorkGroup,
)

NOW = dt.datetime(2026, 11, 24, 9, 0, tzinfo=dt.UTC)
TODAY = NOW.date()
LONG_AGO = dt.date(2026, 8, 1)
SHAPE = {
    "openness": 4,
    "reflecting": 3,
    "analysing": 4,
    "substantiating": 5,
    "outside-knowledge": 5,
    "feedback": 4,
}


def deck() -> Edition:
    """A small public edition: six aspects with their behaviours, one utterance and one tip each."""
    edition = Edition.objects.create(
        key="standard",
        version="test",
        is_public=True,
        title={"nl": "Kaarten", "en": "Cards"},
        source={"nl": "-"},
    )
    for number, (key, behaviours) in enumerate(SHAPE.items(), start=1):
        words = {"name": key.title(), "short_name": key[:8], "question": f"{key}?", "definition": key}
        aspect = Aspect.objects.create(
            edition=edition, key=key, number=number, texts={"nl": {**words, "explanation": ["..."]}}
        )
        for position in range(1, behaviours + 1):
            line = {"aspect": aspect, "key": f"{key}-b{position}", "position": position}
            Behaviour.objects.create(**line, texts={"nl": {"text": f"{key} {position}"}})
        Utterance.objects.create(aspect=aspect, key=f"{key}-u1", position=1, texts={"nl": {"text": "..."}})
        Tip.objects.create(aspect=aspect, key=f"{key}-t1", position=1, texts={"nl": {"text": "-", "agreement": "-"}})
    return edition


def person(given_name: str, school: School | None = None, role: Role = Role.TEACHER, **values: Any) -> User:
    """Somebody, who holds a role in a school if one is named."""
    email = values.pop("email", f"{given_name.lower()}@example.example")
    user = User.objects.create_user(email, None, given_name=given_name, **values)
    if school:
        Membership.objects.create(school=school, user=user, role=role, from_date=LONG_AGO)
    return user


def group(
    school: School,
    name: str = "Begrijpend lezen",
    *,
    chair: User | None = None,
    members: tuple[User, ...] = (),
) -> WorkGroup:
    """A group with a chair and members, and the default reminder rule."""
    row = WorkGroup.objects.create(school=school, name=name, theme=f"Thema van {name}")
    ReminderRule.objects.create(school=school, group=row)
    for user in filter(None, (chair, *members)):
        Seat.objects.create(school=school, group=row, user=user, is_chair=user == chair, from_date=LONG_AGO)
    return row


def meeting(of: WorkGroup, day: dt.date | None = None, time: dt.time = dt.time(15, 15), **values: Any) -> Meeting:
    """A planned meeting, a week from now unless a day is named."""
    day = day or TODAY + dt.timedelta(days=7)
    zone = ZoneInfo(of.school.time_zone)
    starts_at = dt.datetime.combine(day, time, tzinfo=zone).astimezone(dt.UTC)
    return Meeting.objects.create(
        school=of.school,
        group=of,
        day=day,
        time=time,
        time_zone=of.school.time_zone,
        starts_at=starts_at,
        **{"place": "Teamkamer", **values},
    )


def series(of: WorkGroup, every: str = "week", count: int = 3) -> Series:
    """The rule of a series from next week on, without its meetings."""
    return Series.objects.create(
        school=of.school, group=of, every=every, first_day=TODAY + dt.timedelta(days=7), count=count
    )


def study_day(of: School, day: dt.date = dt.date(2026, 12, 4), last: dt.date | None = None) -> Holiday:
    """A Friday on which the school has no school, or days from then on."""
    return Holiday.objects.create(school=of, name="Studiedag", first_day=day, last_day=last or day)


def reminder(of: Meeting, to: User, **values: Any) -> Delivery:
    """A reminder of the meeting that waits, an hour before its start unless ``due_at`` is named."""
    due_at = values.pop("due_at", of.starts_at - dt.timedelta(hours=1))
    about = {"kind": "reminder", "subject_id": of.pk, "version": of.schedule_version, **values}
    key = f"{about['kind']}:{of.pk}:{about['version']}:{to.pk}:mail"
    times = {"due_at": due_at, "next_try_at": due_at, "expires_at": of.starts_at}
    return Delivery.objects.create(key=key, school=of.school, user=to, **times | about)


def period(of: WorkGroup, aspect: Aspect, **values: Any) -> FocusPeriod:
    """A live focus period of the group on this aspect."""
    return FocusPeriod.objects.create(school=of.school, group=of, aspect=aspect, started_on=LONG_AGO, **values)


def start(of: FocusPeriod, step: str = "goals", *goals: str, **values: Any) -> GuidedStart:
    """A start of the period that runs since now, at this step, with draft goals."""
    texts = goals or ("Wij vragen door",)
    drafts = [{"id": number, "version": 1, "text": text, "agreements": []} for number, text in enumerate(texts, 101)]
    given = {"step": step, "drafts": drafts, "running_since": NOW, **values}
    return GuidedStart.objects.create(school=of.school, group=of.group, period=of, **given)


def help_asked(of: WorkGroup, text: str = "Wie leest er met ons mee?", **values: Any) -> HelpRequest:
    """What the group asks its school for: somebody who knows more, unless another kind is named."""
    return HelpRequest.objects.create(
        school=of.school, group=of, text=text, **{"kind": "expert", "asked_on": TODAY, **values}
    )


def goal(of: FocusPeriod, text: str = "Iedereen komt aan het woord", position: int = 1, **values: Any) -> Goal:
    """A live goal of the period."""
    return Goal.objects.create(
        school=of.school, group=of.group, period=of, position=position, text=text, set_on=LONG_AGO, **values
    )


def agreement(of: Goal, text: str = "Eerst een vraag, dan je mening", slot: int = 1, **values: Any) -> Agreement:
    """A live agreement under the goal."""
    return Agreement.objects.create(
        school=of.school, group=of.group, goal=of, slot=slot, text=text, agreed_on=LONG_AGO, **values
    )


def papers(of: WorkGroup, asker: User, giver: User) -> dict[str, int]:
    """One paper of every kind, with a question between two people; each row's id by its name in addresses."""
    mine = {"school": of.school, "group": of}
    sheet = KnowSheet.objects.create(**mine, question="Waarom haken ze af?", made_on=TODAY)
    note = DecisionNote.objects.create(**mine, question="Welke tekst?", state="options", made_on=TODAY)
    rows: dict[str, Any] = {
        "sheet": sheet,
        "line": KnowLine.objects.create(**mine, sheet=sheet, column="find_out", text="Welke woorden?", owner=asker),
        "decision": note,
        "criterion": Criterion.objects.create(**mine, note=note, position=1, text="Leren", weight=3, is_learning=True),
        "option": Option.objects.create(**mine, note=note, position=1, text="Zelf kiezen"),
        "peer": PeerFeedback.objects.create(
            **mine, asker=asker, giver=giver, question="Gaf ik ruimte?", asked_on=TODAY
        ),
        "routine": RoutineReview.objects.create(
            **mine, routine="Dictee", aim_for_pupils="Goed schrijven", made_on=TODAY
        ),
        "source": Source.objects.create(**mine, title="Hardop denken", added_on=TODAY),
        "interview": Interview.objects.create(**mine, whom="Een school", made_on=TODAY),
    }
    return {f"{name}_id": row.pk for name, row in rows.items()}


# Asked by nearly every test, some more than ten times; as plain SQL, as the pages ask it (schools.queries.member_at).
_ROLES = """
SELECT role FROM schools_membership WHERE user_id = %(user)s AND school_id = %(school)s
   AND from_date <= %(day)s AND (until_date IS NULL OR until_date >= %(day)s)
"""


def hat(user: User, school: School, *, today: dt.date = TODAY) -> Member:
    """The person's hat in the school, with seats and guest places, as the pages would make it."""
    with connection.cursor() as cursor:
        cursor.execute(_ROLES, {"user": user.pk, "school": school.pk, "day": today})
        held = frozenset(Role(role) for (role,) in cursor.fetchall())
    member = Member(user=user, school=school, roles=held)
    return queries.at_the_table(member, today=today)
