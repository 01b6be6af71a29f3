"""What happened, written down: who, what, with which thing, when; no content, and nothing that stays unnamed."""

from __future__ import annotations

import datetime as dt
from contextlib import suppress
from typing import Any

import pytest
from django.db import DatabaseError, transaction
from django.db.models import Model

from observations import actions as observing
from schools import actions as schools_actions, events, retention, tenancy
from schools.events import What
from schools.models import BoardMembership, BreakGlass, Event, Membership, User
from schools.roles import Role
from tests import factories
from tests.conftest import TestCast
from tests.factories import NOW, TODAY
from tests.observations import pulses, rounds, steps
from workgroups import actions, reminders
from workgroups.models import Seat

# All that is kept of an event. Whoever adds a field here says why it tells no content, no place and no address.
KEPT = {"id", "at", "what", "by", "person", "role", "kind", "object_id", "school", "board"}


def told(since: int = 0) -> list[tuple[Any, ...]]:
    """What was written down: what, by whom, about whom, with which kind of thing."""
    order = ("at", "what", "by__given_name", "person__given_name", "kind", "pk")
    rows = Event.objects.select_related("by", "person").order_by(*order)[since:]
    names = [(row.by.given_name if row.by else "", row.person.given_name if row.person else "") for row in rows]
    return [(row.what, *pair, row.kind.partition(".")[2]) for row, pair in zip(rows, names, strict=True)]


def test_it_keeps_who_what_which_and_when_and_no_word_more() -> None:
    assert {field.name for field in Event._meta.get_fields()} == KEPT
    assert not [field for field in Event._meta.get_fields() if field.get_internal_type() == "TextField"]


def test_what_people_do_with_groups_is_written_down(cast: TestCast) -> None:
    school, els = cast.schools["de-wilg"], cast.hat("els")
    seat = actions.seat(group=cast.reading, user=cast.joris, by=els, now=NOW)
    actions.hand_over_chair(group=cast.reading, to=seat, by=els, now=NOW)
    left = Seat.objects.get(group=cast.reading, user=cast.carla)
    actions.leave(seat=left, last_day=TODAY, by=cast.hat("joris"), now=NOW)
    actions.stay(seat=left, by=cast.hat("joris"), now=NOW)
    kind = "plc"
    why = {"theme": "Taal", "kind": kind, "present_practice": "", "desired_practice": ""}
    made = actions.start_group(name="Taal", chair=cast.carla, by=cast.hat("anna"), now=NOW, **why)
    actions.end_group(group=made, because="Het is klaar.", by=cast.hat("carla"), now=NOW)
    assert told() == [
        (What.CHAIR_HANDED, "Els", "Joris", "workgroup"),
        (What.GROUP_ENDED, "Carla", "", "workgroup"),
        (What.GROUP_MADE, "Anna", "Carla", "workgroup"),
        (What.SEAT_ENDED, "Joris", "Carla", "workgroup"),
        (What.SEAT_GIVEN, "Els", "Joris", "workgroup"),
        (What.SEAT_GIVEN, "Joris", "Carla", "workgroup"),
    ]
    assert set(Event.objects.values_list("school", flat=True)) == {school.pk}
    assert set(Event.objects.values_list("object_id", flat=True)) == {str(cast.reading.pk), str(made.pk)}


def test_roles_keys_and_settings_are_written_down(cast: TestCast) -> None:
    given: dict[str, Any] = {"email": "nora@dewilg.example", "name": "Nora Vink", "now": NOW}
    schools_actions.seat_at_school(place="de-wilg", role=Role.COACH, **given)
    schools_actions.seat_at_board(number=90001, **given)
    schools_actions.make_token(name="Rooster", by=cast.carla, now=NOW)
    schools_actions.revoke_token(token_id=cast.carla.tokens.get().pk, by=cast.carla, now=NOW)
    day = TODAY + dt.timedelta(days=3)
    actions.add_days_off(name="Studiedag", first_day=day, last_day=None, by=cast.hat("anna"), now=NOW)
    actions.remove_days_off(holiday_id=cast.schools["de-wilg"].holidays.get().pk, by=cast.hat("anna"), now=NOW)
    actions.remind_school(rule=reminders.Rule(hours_before=24), by=cast.hat("anna"), now=NOW)
    assert told() == [
        (What.ROLE_GIVEN, "", "Nora", "boardmembership"),
        (What.ROLE_GIVEN, "", "Nora", "membership"),
        (What.SETTINGS_CHANGED, "Anna", "", "school"),
        (What.SETTINGS_CHANGED, "Anna", "", "school"),
        (What.SETTINGS_CHANGED, "Anna", "", "school"),
        (What.TOKEN_MADE, "Carla", "", ""),
        (What.TOKEN_REVOKED, "Carla", "", ""),
    ]
    assert Event.objects.get(role=Role.COACH).school == cast.schools["de-wilg"]
    assert Event.objects.get(kind="schools.boardmembership").board == cast.schools["de-wilg"].board


def test_a_group_welcomes_and_who_said_it_is_not_named(cast: TestCast) -> None:
    steps.accepted(cast)
    assert told() == [(What.GUEST_WELCOMED, "", "Bram", "workgroup")]


def test_what_stays_unnamed_is_not_written_down(cast: TestCast) -> None:
    """Answering a pulse and a scan, postponing, withdrawing a visit, sharing and taking that back."""
    visit = steps.accepted(cast)
    people = pulses.five(cast)
    before = Event.objects.count()
    observing.postpone_visit(visit=visit, by=cast.hat("carla"), now=NOW)
    observing.withdraw_visit(visit=visit, by=cast.hat("carla"), now=NOW)
    pulses.closed(cast, people, 1, 2, 3, 4, 4)
    scan = rounds.revealed(cast, people)
    observing.decide_sharing(group=cast.reading, shares=True, by=cast.hat("els"), now=NOW)
    observing.decide_sharing(group=cast.reading, shares=False, by=cast.hat("carla"), now=NOW)
    assert scan.state == "revealed"
    assert Event.objects.count() == before


@pytest.mark.parametrize("who", ["carla", "els", "bram", "anna"])
def test_only_an_admin_reads_what_happened_at_school(cast: TestCast, who: str) -> None:
    actions.seat(group=cast.reading, user=cast.joris, by=cast.hat("els"), now=NOW)
    assert not Event.objects.visible_to(cast.hat(who))
    assert Event.objects.visible_to(cast.hat("frank")).count() == 1


def test_an_admin_reads_of_no_sign_in_no_visit_and_no_file_of_a_group(cast: TestCast) -> None:
    school = cast.schools["de-wilg"]
    steps.accepted(cast)
    events.record(what=What.SIGNED_IN, by=cast.carla, now=NOW)
    events.record(what=What.FILE_TAKEN, by=cast.els, on=cast.reading, school=school, now=NOW)
    events.record(what=What.FILE_TAKEN, by=cast.anna, on=school, school=school, now=NOW)
    assert [row.by for row in Event.objects.visible_to(cast.hat("frank"))] == [cast.anna]
    assert not Event.objects.of_board(school.board)
    assert {row.what for row in Event.objects.about(cast.els)} == {What.FILE_TAKEN}
    assert {row.what for row in Event.objects.about(cast.bram)} == {What.GUEST_WELCOMED}


def test_next_door_sees_nothing(cast: TestCast) -> None:
    actions.seat(group=cast.reading, user=cast.joris, by=cast.hat("els"), now=NOW)
    Membership.objects.create(
        school=cast.schools["de-beuk"], user=cast.daan, role=Role.ADMIN, from_date=factories.LONG_AGO
    )
    assert not Event.objects.visible_to(cast.hat("daan", "de-beuk"))


def test_a_board_reads_its_own_and_the_roles_at_its_schools(cast: TestCast) -> None:
    board, elsewhere = cast.schools["de-wilg"].board, cast.schools["de-eik"].board
    of_board = BoardMembership.objects.get(user=cast.gerda)
    of_school = Membership.objects.get(user=cast.daan)
    events.record(what=What.ROLE_GIVEN, by=None, on=of_board, now=NOW)
    events.record(what=What.ROLE_GIVEN, by=None, on=of_school, now=NOW)
    events.record(what=What.SERVICE_CHANGED, by=cast.gerda, board=board, now=NOW)
    actions.seat(group=cast.reading, user=cast.joris, by=cast.hat("els"), now=NOW)
    assert Event.objects.of_board(board).count() == 3
    assert not Event.objects.of_board(elsewhere)


def test_writing_down_is_one_query(cast: TestCast, django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(1):
        events.record(what=What.SIGNED_IN, by=cast.carla, now=NOW)


def test_after_twelve_months_it_is_forgotten(cast: TestCast) -> None:
    school = cast.schools["de-wilg"]
    for days in (364, 366):
        at = NOW - dt.timedelta(days=days)
        events.record(what=What.SIGNED_IN, by=cast.carla, now=at)
        BreakGlass.objects.create(school=school, user=cast.hugo, reason="Gevraagd", opened_at=at, ends_at=at)
    assert [retention.forget(key, now=NOW) for key in ("events", "looks")] == [1, 1]
    assert Event.objects.get().at > NOW - events.KEPT
    assert BreakGlass.objects.get().ends_at > NOW - events.KEPT


def test_who_left_is_not_named_any_more(cast: TestCast) -> None:
    events.record(what=What.SIGNED_IN, by=cast.joris, now=NOW)
    Seat.objects.filter(user=cast.joris).delete()
    User.objects.get(pk=cast.joris.pk).delete()
    assert Event.objects.get().by is None


def _of(model: type[Model], **which: Any) -> int:
    return model._default_manager.filter(**which).count()


def test_nobody_changes_what_is_written_down(cast: TestCast) -> None:
    """An admin of the school and whom it is about can read it; the database lets neither touch it."""
    events.record(what=What.SEAT_GIVEN, by=cast.els, person=cast.frank, school=cast.schools["de-wilg"], now=NOW)
    with tenancy.acting_as(cast.frank):
        assert _of(Event) == 1
        for touch in (lambda: Event.objects.update(by=None), lambda: Event.objects.all().delete()[0]):
            with suppress(DatabaseError), transaction.atomic():
                assert touch() == 0
        assert _of(Event, by=cast.els) == 1
    with tenancy.acting_as(cast.daan):
        assert _of(Event) == 0
