"""The demo's story: a school year of two schools relative to today, told through the same actions as the pages use."""

from __future__ import annotations

import datetime as dt
import os

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.core.management import call_command
from django.utils import timezone

from observations import queries
from observations.models import Visit
from samenspraak.demo import asking, cast, looking, papers, pulsing, scanning, shapes, starting, tales, telling
from schools import retention, tenancy, tokens
from schools.models import Delivery, User
from schools.models.post import DeliveryState
from workgroups.models import Meeting
from workgroups.models.meeting import MeetingState

A_YEAR_AGO = dt.timedelta(days=400)
REMINDER_IN = dt.timedelta(seconds=90)
A_WHILE = dt.timedelta(hours=1)  # in which the meeting can still be moved


def tell(*, now: dt.datetime) -> None:
    """Tell the whole story and keep everybody's sign-in and token in the demo's folder."""
    call_command("load_holidays", verbosity=0)
    since = (now - A_YEAR_AGO).date()
    with tenancy.acting_for_system("demo"):
        people = cast.gather(since=since)
        for short, person in shapes.EXTRAS.items():
            people.people[short] = cast.invite(person, people.schools, since=since, hashed=make_password(None))
        starting.start(people, since=since, now=now)
        years = [telling.tell(tale, people=people, now=now) for tale in tales.TALES]
        telling.plan_visits(years=years, now=now)
        for year in years:
            pulsing.ask(year, now=now)
            scanning.look(year, now=now)
            papers.write(year, now=now)
            asking.ask(year, now=now)
        looking.look(people, now=now)
        # The year is told in one go: letters about its past never left.
        Delivery.objects.filter(due_at__lte=now).delete()
        _keep_sign_ins(people.people, now=now)
        over = Visit.objects.filter(queries.is_over(now)).select_related("meeting", "school")
        ends = [queries.vanishing(visit, today=visit.school.today(now)) for visit in over]
    _let_go({end.on for end in ends if end}, now=now)


def make_reminders_due(*, now: dt.datetime) -> None:
    """Let the reminders of one meeting leave in a minute and a half, whatever the hour, so that a newcomer sees them.

    It is a meeting whose chair can sign in: who moves it then sees that everybody is told.
    """
    with tenancy.acting_for_system("demo"):
        waiting = Delivery.objects.filter(kind="reminder", state=DeliveryState.WAITING, expires_at__gt=now + A_WHILE)
        meetings = Meeting.objects.filter(group__name=telling.SHOWN, state=MeetingState.PLANNED)
        row = waiting.filter(subject_id__in=meetings.values("pk")).order_by("due_at", "pk").first()
        if row is None:
            row = telling.plan_one_more(now=now)
        # Their due time stays what the rule says: the reconciler would put a wrong one right.
        waiting.filter(subject_id=row.subject_id).update(next_try_at=now + REMINDER_IN)


def _let_go(days: set[dt.date], *, now: dt.datetime) -> None:
    """Nor did the clock run: notes go on their own days, and what else had its time goes before the demo stands."""
    for day in sorted(days):
        midnight = dt.datetime.combine(day, dt.time.max, tzinfo=timezone.get_default_timezone())
        retention.forget_due(now=min(midnight, now), only=["notes"])
    retention.forget_due(now=now)


def _keep_sign_ins(people: dict[str, User], *, now: dt.datetime) -> None:
    """Write addresses, the password and a token for each of the cast into a file for the owner only."""
    lines = [f"Password of everyone: {cast.PASSWORD}", ""]
    for short in cast.PEOPLE:
        key = tokens.make_token(user=people[short], name="Demo", now=now)
        lines.append(f"{people[short].email:<24} {cast.ROLES[short]:<52} {key}")
    handle = os.open(settings.DEMO_DIR / "sign-ins.txt", os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write("\n".join(lines) + "\n")
