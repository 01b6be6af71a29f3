"""A row in every table that the clock empties, planted by what it is, and the moment from which it is to be gone."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable
from typing import Any

from allauth.idp.oidc.models import Client as App
from django.apps import apps
from django.db import models

from observations.models import (
    AspectNote,
    FeedbackPair,
    Observation,
    PulseAnswer,
    ScanAnswer,
    SelfScan,
    Visit,
)
from schools import events, post
from schools.models import (
    AddressChange,
    ApiToken,
    BoardMembership,
    BreakGlass,
    Delivery,
    Event,
    Invitation,
    KeptAnswer,
    Membership,
    OperatorGrant,
    Program,
    ProgramKey,
    Receipt,
    Roster,
    School,
    Session,
    User,
)
from tests import factories
from tests.conftest import TestCast
from tests.factories import NOW, TODAY
from workgroups.models import Guest, SchoolRule, Seat, WorkGroup

DAY = dt.timedelta(days=1)
YEAR = dt.timedelta(days=365)
# Of every table what the clock keeps: a row, and the moment from which it is to be gone.
Planted = tuple[models.Model, dt.datetime]
PLANTS: dict[str, Callable[[TestCast], Planted]] = {}


def plant(key: str) -> Callable[[Callable[[TestCast], Planted]], Callable[[TestCast], Planted]]:
    def put(make: Callable[[TestCast], Planted]) -> Callable[[TestCast], Planted]:
        PLANTS[key] = make
        return make

    return put


def midnight(day: dt.date) -> dt.datetime:
    """The first moment of a day in UTC: by the clock's zone an hour or two later."""
    return dt.datetime(day.year, day.month, day.day, tzinfo=dt.UTC)


@plant("sessions")
def _session(cast: TestCast) -> Planted:
    ends = NOW + 30 * DAY
    return Session.objects.create(session_key="a" * 64, user=cast.carla, expire_date=ends), ends


@plant("address-changes")
def _change(cast: TestCast) -> Planted:
    row = AddressChange.objects.create(
        user=cast.carla, old="o@x.example", new="n@x.example", confirm_digest="1", undo_digest="2", asked_at=NOW
    )
    return row, NOW + 14 * DAY


@plant("tokens")
def _token(cast: TestCast) -> Planted:
    ends = NOW + 90 * DAY
    row = ApiToken.objects.create(
        user=cast.carla, name="rooster", digest="1", scopes="account", created_at=NOW, expires_at=ends
    )
    return row, ends + 30 * DAY


def _program(cast: TestCast) -> Program:
    app = App.objects.create(id="app", name="Rooster", secret="-")
    return Program.objects.create(user=cast.carla, client=app, scopes="account", seal="-", allowed_at=NOW)


@plant("apps")
def _app(cast: TestCast) -> Planted:
    return _program(cast), NOW + YEAR


@plant("app-keys")
def _app_key(cast: TestCast) -> Planted:
    ends = NOW + 30 * DAY
    row = ProgramKey.objects.create(
        program=_program(cast), kind="access", digest="1", scopes="account", made_at=NOW, expires_at=ends
    )
    return row, ends + DAY


@plant("calls")
def call(cast: TestCast) -> Planted:
    row = KeptAnswer.objects.create(user=cast.carla, key_digest="1", call_digest="1", made_at=NOW)
    return row, NOW + DAY


@plant("invitations")
def _invitation(cast: TestCast) -> Planted:
    told = {"digest": "1", "sent_at": NOW, "expires_at": NOW + 14 * DAY, "made_at": NOW}
    row = Invitation.objects.create(school=cast.schools["de-wilg"], role="teacher", email="k@x.example", **told)
    return row, NOW + 104 * DAY


@plant("invitations-waiting")
def _waiting(cast: TestCast) -> Planted:
    row = Invitation.objects.create(school=cast.schools["de-wilg"], role="teacher", email="w@x.example", made_at=NOW)
    return row, NOW + YEAR


@plant("rosters")
def _roster(cast: TestCast) -> Planted:
    row = Roster.objects.create(school=cast.schools["de-wilg"], by=cast.frank, made_at=NOW, lines=[["Kim"]])
    return row, NOW + DAY


def closed(cast: TestCast) -> School:
    School.objects.filter(slug="de-wilg").update(closed_on=TODAY)
    return cast.schools["de-wilg"]


@plant("days-off")
def _day_off(cast: TestCast) -> Planted:
    return factories.study_day(closed(cast)), midnight(TODAY + YEAR)


@plant("school-start")
def _start(cast: TestCast) -> Planted:
    School.objects.filter(slug="de-wilg").update(started_because="Wij beginnen vast")
    return closed(cast), midnight(TODAY + YEAR)


def letter(cast: TestCast, **values: Any) -> Delivery:
    told = {"state": "sent", "message_id": "<1@x.example>", "sent_at": NOW}
    return factories.reminder(factories.meeting(cast.reading), cast.carla, **told | values)


@plant("recipients")
def _recipient(cast: TestCast) -> Planted:
    row = letter(cast)
    return row, row.expires_at + 30 * DAY


@plant("letters")
def _left(cast: TestCast) -> Planted:
    row = letter(cast)
    post.forget_recipients(Delivery.objects.filter(pk=row.pk))
    return row, row.expires_at + YEAR


@plant("events")
def _event(cast: TestCast) -> Planted:
    events.record(what=events.What.SIGNED_IN, by=cast.carla, now=NOW)
    return Event.objects.get(), NOW + YEAR


@plant("looks")
def _look(cast: TestCast) -> Planted:
    row = BreakGlass.objects.create(
        school=cast.schools["de-wilg"], user=cast.hugo, reason="Gevraagd", opened_at=NOW, ends_at=NOW
    )
    return row, NOW + YEAR


@plant("receipts")
def _receipt(cast: TestCast) -> Planted:
    return Receipt.objects.create(day=TODAY, kind="calls", number=3), midnight(TODAY + YEAR)


@plant("roles")
def _role(cast: TestCast) -> Planted:
    row = Membership.objects.get(user=cast.carla)
    Membership.objects.filter(pk=row.pk).update(until_date=TODAY)
    return row, midnight(TODAY + YEAR)


@plant("board-roles")
def _board_role(cast: TestCast) -> Planted:
    row = BoardMembership.objects.get(user=cast.gerda)
    BoardMembership.objects.filter(pk=row.pk).update(until_date=TODAY)
    return row, midnight(TODAY + YEAR)


@plant("operators")
def _operator(cast: TestCast) -> Planted:
    row = OperatorGrant.objects.get(user=cast.hugo)
    OperatorGrant.objects.filter(pk=row.pk).update(until_date=TODAY)
    return row, midnight(TODAY + YEAR)


@plant("erasures")
def _erasure(cast: TestCast) -> Planted:
    User.objects.filter(pk=cast.carla.pk).update(erase_at=NOW + 7 * DAY)
    return cast.carla, NOW + 7 * DAY


@plant("people")
def _person(cast: TestCast) -> Planted:
    user = factories.person("Weg", cast.schools["de-wilg"])
    User.objects.filter(pk=user.pk).update(created_at=NOW - 3 * YEAR)
    Membership.objects.filter(user=user).update(until_date=TODAY)
    return user, midnight(TODAY + YEAR)


@plant("groups")
def _group(cast: TestCast) -> Planted:
    WorkGroup.objects.filter(pk=cast.reading.pk).update(state="ended", ended_on=TODAY)
    return cast.reading, midnight(TODAY + YEAR)


@plant("seats")
def _seat(cast: TestCast) -> Planted:
    row = Seat.objects.get(group=cast.reading, user=cast.carla)
    Seat.objects.filter(pk=row.pk).update(until_date=TODAY)
    return row, midnight(TODAY + YEAR)


@plant("guests")
def _guest(cast: TestCast) -> Planted:
    mine = {"school": cast.reading.school, "group": cast.reading}
    row = Guest.objects.create(**mine, user=cast.bram, from_date=TODAY, until_date=TODAY)
    return row, midnight(TODAY + YEAR)


@plant("school-rules")
def _rule(cast: TestCast) -> Planted:
    return SchoolRule.objects.create(school=closed(cast)), midnight(TODAY + YEAR)


def noted(cast: TestCast, **told: Any) -> AspectNote:
    mine = {"school": cast.reading.school, "group": cast.reading}
    meeting = factories.meeting(cast.reading, TODAY)
    told = {"accepted_for": meeting.starts_at, "proposed_at": NOW, "state": "noting", **told}
    visit = Visit.objects.create(**mine, meeting=meeting, coach=cast.bram, purpose="support", **told)
    seen = Observation.objects.create(id=uuid.uuid4(), **mine, visit=visit, listened=20, updated_at=NOW)
    points = {"strong_aspect": cast.aspects["openness"], "improvement_aspect": cast.aspects["openness"]}
    FeedbackPair.objects.create(**mine, observation=seen, position=1, strong="a", improvement="b", **points)
    return AspectNote.objects.create(**mine, observation=seen, aspect=cast.aspects["openness"], going_well="-")


@plant("notes")
def note(cast: TestCast) -> Planted:
    row = noted(cast)
    return row, row.observation.visit.meeting.starts_at + 90 * DAY


@plant("scan-answers")
def _scan_answer(cast: TestCast) -> Planted:
    mine, ends = {"school": cast.reading.school, "group": cast.reading}, NOW + 7 * DAY
    edition = cast.aspects["openness"].edition
    scan = SelfScan.objects.create(**mine, edition=edition, way="sealed", opened_on=TODAY, closes_at=ends)
    line = cast.aspects["openness"].behaviours.earliest("position")
    return ScanAnswer.objects.create(**mine, scan=scan, user=cast.carla, behaviour=line, degree=2), ends


@plant("pulse-answers")
def _pulse_answer(cast: TestCast) -> Planted:
    mine, ends = {"school": cast.reading.school, "group": cast.reading}, NOW + 7 * DAY
    told = {"kind": "trust", "opened_on": TODAY, "closes_at": ends}
    pulse = apps.get_model("observations.Pulse").objects.create(**mine, **told)
    return PulseAnswer.objects.create(**mine, pulse=pulse, user=cast.carla, question="dare", degree=2), ends
