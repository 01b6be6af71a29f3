"""People to read, write and get letters while a bare machine is upgraded: fed to its `samenspraak shell`.

Prints JSON: a token, the goal to write about, and how many letters will be due.
"""

import datetime as dt
import json

from django.utils import timezone

from cards.models import Aspect
from schools import post, tenancy, tokens
from schools.models import Board, Membership, School, User
from schools.roles import Role
from workgroups.models import FocusPeriod, Goal, Meeting, ReminderRule, Seat, WorkGroup

LOTS = 6  # of letters, half a minute apart
EACH = 20
now = timezone.now()
today = timezone.localdate()
with tenancy.acting_for_system("a walk"):
    board = Board.objects.create(number=99999, name="Stichting De Proef")
    school = School.objects.create(board=board, name="De Proef", slug="de-proef", place="Delft")
    group = WorkGroup.objects.create(school=school, name="Lezen", theme="Lezen")
    ReminderRule.objects.create(school=school, group=group)
    people = [
        User.objects.create_user(f"lid{number}@deproef.example", None, given_name=f"Lid{number}")
        for number in range(LOTS * EACH)
    ]
    for person in people:
        Membership.objects.create(school=school, user=person, role=Role.TEACHER, from_date=today)
        Seat.objects.create(school=school, group=group, user=person, is_chair=person == people[0], from_date=today)
    aspect = Aspect.objects.filter(edition__key="standard")[0]
    period = FocusPeriod.objects.create(school=school, group=group, aspect=aspect, started_on=today)
    goal = Goal.objects.create(school=school, group=group, period=period, position=1, text="Vragen", set_on=today)
    starts = now + dt.timedelta(days=1)
    local = timezone.localtime(starts)
    meeting = Meeting.objects.create(
        school=school, group=group, day=local.date(), time=local.time().replace(second=0, microsecond=0),
        time_zone="Europe/Amsterdam", starts_at=starts.replace(second=0, microsecond=0), place="Teamkamer",
    )  # fmt: skip
    for lot in range(LOTS):
        post.write_down(
            kind="reminder",
            subject_id=meeting.pk,
            version=meeting.schedule_version,
            school_id=school.pk,
            user_ids=[person.pk for person in people[lot * EACH : (lot + 1) * EACH]],
            due_at=now + dt.timedelta(seconds=30 * lot),
            expires_at=meeting.starts_at,
            now=now,
        )
    key = tokens.make_token(user=people[0], name="A walk", now=now)
print(json.dumps({"token": key, "goal": goal.pk, "letters": len(people)}))
