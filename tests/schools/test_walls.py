"""The second wall: PostgreSQL itself keeps schools' rows apart, whatever a query forgets to ask."""

from __future__ import annotations

import datetime as dt
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.apps import apps
from django.conf import settings
from django.core.management import call_command
from django.db import DatabaseError, connection, models, transaction

from samenspraak import checks, health
from schools import tenancy, walls
from schools.models import Board, BoardMembership, Holiday, Membership, School
from schools.roles import Role
from tests import factories, walled
from tests.conftest import TestCast, gather
from workgroups.models import WorkGroup

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif("sqlite" in settings.DATABASES["default"]["ENGINE"], reason="SQLite has the first wall only"),
]

# Rows that belong to no school, and what keeps them.
WITHOUT_SCHOOL = {
    "schools_school": "the national list: names and places, which are public",
    "schools_board": "the national list",
    "schools_user": "a person, who may work at several schools; found by way of memberships",
    "schools_boardmembership": "of a board",
    "schools_operatorgrant": "of the site",
    "schools_apitoken": "of a person; a keyed hash",
    "schools_program": "of a person",
    "schools_programkey": "of a person; a keyed hash",
    "schools_keptanswer": "of a person, with a wall of its own",
    "schools_letterwishes": "of a person",
    "schools_unwantedletters": "of a person",
    "schools_session": "of a person; a hash",
    "schools_addresschange": "of a person",
    "schools_signinservice": "of a board",
    "workgroups_boardedition": "of a board",
    "workgroups_calendarfeed": "of a person; the key is random",
    "workgroups_ownrule": "of a person",
}
# Walls that differ from the others, with the names of their policies.
UNLIKE = {
    "schools_membership": {"own", "wall"},
    "schools_holiday": {"common", "wall"},
    "schools_roster": {"wall"},
    "schools_breakglass": {"own", "system", "wall"},
    "schools_event": {"append", "own", "system", "wall"},
    "schools_keptanswer": {"wall"},
    "schools_receipt": {"system", "wall"},
}
FLOORS = ("schools", "workgroups", "observations")


def _policies() -> dict[str, dict[str, tuple[str, str]]]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT tablename, policyname, coalesce(qual, ''), coalesce(with_check, '') FROM pg_policies")
        found: dict[str, dict[str, tuple[str, str]]] = {}
        for table, name, *rule in cursor.fetchall():
            found.setdefault(table, {})[name] = (rule[0], rule[1])
    return found


def _models() -> list[type[models.Model]]:
    return [model for floor in FLOORS for model in apps.get_app_config(floor).get_models(include_auto_created=True)]


def _has_school(model: type[models.Model]) -> bool:
    return any(field.column == "school_id" for field in model._meta.concrete_fields)


def test_no_table_of_schools_rows_stands_open() -> None:
    assert walls.open_tables() == []
    with_school = {model._meta.db_table for model in _models() if _has_school(model)}
    assert set(_policies()) == with_school | {"schools_keptanswer"}


def test_a_table_without_wall_is_found() -> None:
    with connection.cursor() as cursor:
        cursor.execute(walled.OVER_IT)
        cursor.execute("CREATE TABLE forgotten (id bigint, school_id bigint)")
        cursor.execute("ALTER TABLE workgroups_goal NO FORCE ROW LEVEL SECURITY")
        assert walls.open_tables() == ["forgotten", "workgroups_goal"]


def test_a_table_without_school_is_meant() -> None:
    assert {model._meta.db_table for model in _models() if not _has_school(model)} <= set(WITHOUT_SCHOOL)


def test_all_walls_are_alike_but_for_those_that_are_told() -> None:
    found = _policies()
    plain = found["workgroups_goal"]["wall"]
    assert plain[0] == plain[1]
    assert {table for table, rules in found.items() if rules != {"wall": plain}} == set(UNLIKE)
    assert {table: set(found[table]) for table in UNLIKE} == UNLIKE


def test_a_wall_goes_up_and_comes_down_again(cast: TestCast) -> None:
    wall = walls.Wall("workgroups_goal")
    with connection.cursor() as cursor:
        cursor.execute(walled.OVER_IT)
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    with connection.schema_editor() as editor:
        wall.database_backwards("workgroups", editor)
        assert walls.open_tables() == ["workgroups_goal"]
        wall.database_forwards("workgroups", editor)
    assert walls.open_tables() == []


def _names() -> set[str]:
    """What the database shows of the groups when nothing is asked about schools; also outside a door."""
    with walled.in_vain():
        return set(WorkGroup.objects.values_list("name", flat=True))


WILG, BEUK, EIK = {"Begrijpend lezen", "Rekenen"}, {"Spelling"}, {"Taal"}


def test_each_sees_the_schools_in_reach(cast: TestCast) -> None:
    shown = {}
    for name in ("carla", "daan", "bram", "gerda", "irma", "hugo"):
        with tenancy.acting_as(cast.people[name]):
            shown[name] = _names()
    both = WILG | BEUK
    assert shown == {"carla": WILG, "daan": BEUK, "bram": both, "gerda": both, "irma": EIK, "hugo": set()}
    assert _names() == WILG | BEUK | EIK


def test_outside_a_door_there_is_nothing(cast: TestCast) -> None:
    with _no_door():
        assert _names() == set()
        with pytest.raises(DatabaseError, match="row-level security"), transaction.atomic():
            factories.group(cast.schools["de-wilg"], "Buiten", chair=cast.carla)


@contextmanager
def _no_door() -> Iterator[None]:
    held = tenancy._inside.set(None)
    with walled.in_vain(), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(tenancy._NOBODY)
        yield
    tenancy._inside.reset(held)
    walled.keep_open()


def test_what_is_written_elsewhere_is_refused(cast: TestCast) -> None:
    wilg = cast.schools["de-wilg"]
    with tenancy.acting_as(cast.daan):
        with pytest.raises(DatabaseError, match="row-level security"), transaction.atomic():
            WorkGroup.objects.create(school=wilg, name="Van de buren")
        with pytest.raises(DatabaseError, match="row-level security"), transaction.atomic():
            WorkGroup.objects.filter(pk=cast.next_door.pk).update(school=wilg)
        assert WorkGroup.objects.filter(pk=cast.reading.pk).update(name="Gekaapt") == 0
        assert WorkGroup.objects.filter(pk=cast.reading.pk)._raw_delete("default") == 0
    assert _names() >= WILG


def test_nobody_makes_a_membership_for_oneself(cast: TestCast) -> None:
    """One's own are there to be read everywhere, and that is all."""
    wilg = cast.schools["de-wilg"]
    elsewhere = Membership.objects.create(
        school=wilg, user=cast.daan, role=Role.TEACHER,
        from_date=factories.LONG_AGO, until_date=factories.LONG_AGO + dt.timedelta(days=9),
    )  # fmt: skip
    with tenancy.acting_as(cast.daan):
        own = Membership.objects.filter(user=cast.daan)
        assert set(own.values_list("school__slug", flat=True)) == {"de-wilg", "de-beuk"}
        assert Membership.objects.filter(school=wilg).count() == 1
        assert own.filter(pk=elsewhere.pk).update(until_date=None) == 0
        with pytest.raises(DatabaseError, match="row-level security"), transaction.atomic():
            Membership.objects.create(school=wilg, user=cast.daan, role=Role.ADMIN, from_date=factories.TODAY)


def test_holidays_of_a_region_are_there_for_all_and_nobodys_to_change(cast: TestCast) -> None:
    days = {"first_day": factories.TODAY, "last_day": factories.TODAY}
    Holiday.objects.create(region="north", name="Vakantie", **days)
    Holiday.objects.create(school=cast.schools["de-wilg"], name="Studiedag", **days)
    with tenancy.acting_as(cast.daan):
        assert list(Holiday.objects.values_list("name", flat=True)) == ["Vakantie"]
        assert Holiday.objects.update(name="Gekaapt") == 0


def test_doors_keep_the_right_view(cast: TestCast) -> None:
    """Doors in doors, savepoints, and what breaks down in the middle."""
    with tenancy.acting_as(cast.daan):
        with tenancy.acting_for_system("a look around"):
            assert _names() == WILG | BEUK | EIK
            with tenancy.acting_as(cast.irma):
                assert _names() == EIK
            assert _names() == WILG | BEUK | EIK
        assert _names() == BEUK
        with pytest.raises(LookupError), tenancy.acting_for_system("a fall"):
            raise LookupError
        assert _names() == BEUK
        with pytest.raises(DatabaseError), tenancy.acting_for_system("a fault"), connection.cursor() as cursor:
            cursor.execute("SELECT nothing FROM nowhere")
        assert _names() == BEUK
        with pytest.raises(LookupError):
            _look_around_in_vain()
        assert _names() == BEUK


def _look_around_in_vain() -> None:
    with transaction.atomic():
        with tenancy.acting_for_system("undone"):
            assert _names() >= WILG
        raise LookupError


@pytest.mark.django_db(transaction=True)
def test_nothing_is_left_on_a_connection_that_others_use_next() -> None:
    with tenancy.acting_for_system("tests"):
        cast = gather()
    seen: list[set[str]] = [_names()]
    with tenancy.acting_as(cast.daan):
        seen.append(_names())
        thread = threading.Thread(target=lambda: seen.append(_alone()))
        thread.start()
        thread.join()
    seen.append(_names())
    changed = tenancy.change_for_system("tests", "UPDATE workgroups_workgroup SET name = name")
    seen.append(_names())
    assert seen == [set(), BEUK, set(), set(), set()]
    assert changed == 4


def _alone() -> set[str]:
    """What a thread sees, on a connection of its own, that opened no door."""
    try:
        return _names()
    finally:
        connection.close()


def test_the_reach_is_a_day_wider_than_the_hat(cast: TestCast) -> None:
    """A day begins in a school's own zone; which day counts for the hat, the application knows."""
    today = dt.datetime.now(dt.UTC).date()
    reached = []
    for ends, begins in ((-2, None), (-1, None), (None, 1), (None, 2)):
        user = factories.person(f"Rand {ends} {begins}")
        Membership.objects.create(
            school=cast.schools["de-eik"], user=user, role=Role.TEACHER,
            from_date=factories.LONG_AGO if begins is None else today + dt.timedelta(days=begins),
            until_date=None if ends is None else today + dt.timedelta(days=ends),
        )  # fmt: skip
        with tenancy.acting_as(user):
            reached.append(_names() == EIK)
    assert reached == [False, True, True, False]


def test_somebody_of_57_schools_and_a_board_of_57(cast: TestCast) -> None:
    board = Board.objects.create(number=57057)
    School.objects.bulk_create(School(board=board, name=f"School {n}", slug=f"school-{n}") for n in range(57))
    schools = list(School.objects.filter(board=board))
    user = factories.person("Overal")
    Membership.objects.bulk_create(
        Membership(school=one, user=user, role=Role.COACH, from_date=factories.LONG_AGO) for one in schools
    )
    boss = factories.person("Bestuur")
    BoardMembership.objects.create(board=board, user=boss, from_date=factories.LONG_AGO)
    WorkGroup.objects.bulk_create(WorkGroup(school=one, name=f"Groep {one.slug}", theme="Taal") for one in schools)
    for who in (user, boss):
        with tenancy.acting_as(who):
            assert WorkGroup.objects.count() == 57


def test_a_role_is_let_in_before_the_first_step() -> None:
    """createcachetable may run on a database in which there is nothing yet."""
    with connection.cursor() as cursor:
        cursor.execute(f"{walled.OVER_IT}; CREATE SCHEMA bare; SET LOCAL search_path = bare")
        walls.let_in(walled.ROLE)
        cursor.execute("CREATE TABLE a_cache (id int)")
        cursor.execute("SELECT has_table_privilege(%s, 'a_cache', 'INSERT')", [walled.ROLE])
        assert cursor.fetchone() == (True,)


def test_who_serves_may_not_take_the_wall_down() -> None:
    for words in ("ALTER TABLE workgroups_goal DISABLE ROW LEVEL SECURITY", "DROP POLICY wall ON workgroups_goal",
                  "TRUNCATE workgroups_goal", "DELETE FROM django_migrations"):  # fmt: skip
        with pytest.raises(DatabaseError, match=r"must be owner|permission denied"), transaction.atomic():
            connection.cursor().execute(words)


LOGIN = "samenspraak_tests"


@pytest.fixture
def own_roles(transactional_db: None, settings: Any) -> Iterator[None]:
    """Connected as production is: who serves signs in as a role of its own, and another one owns the tables."""
    walled.come_back()
    given = dict(connection.settings_dict)
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE ROLE {LOGIN} LOGIN")
    settings.MIGRATION_DATABASE = given
    connection.close()
    connection.settings_dict["USER"] = LOGIN
    yield
    connection.close()
    connection.settings_dict["USER"] = given["USER"]
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TABLE IF EXISTS a_cache; DROP OWNED BY {LOGIN}; DROP ROLE {LOGIN}")
    walled.go_behind()


def test_steps_are_taken_by_the_owner_and_rows_by_the_application(own_roles: None) -> None:
    with pytest.raises(DatabaseError, match="permission denied"):
        _names()
    call_command("migrate", verbosity=0)
    with tenancy.acting_for_system("tests"):
        assert gather().reading.name in _names()
    assert _names() == set()
    call_command("createcachetable", "a_cache", verbosity=0)
    with connection.cursor() as cursor:
        cursor.execute("SELECT tableowner FROM pg_tables WHERE tablename = 'a_cache'")
        assert cursor.fetchone()[0] == settings.MIGRATION_DATABASE["USER"]
        cursor.execute("SELECT count(*) FROM a_cache")
    assert walls.ways_over() == []


def test_production_refuses_who_could_get_over_the_wall(own_roles: None, settings: Any) -> None:
    settings.DEMO = False

    def found() -> list[str]:
        return [str(one.msg) for one in checks.check_walls(None, databases=["default"])]

    call_command("migrate", verbosity=0)
    assert found() == []
    assert checks.check_walls(None) == []
    health._found.clear()
    assert health.can_serve() == health.OK
    for change, sentence in (
        ("ALTER ROLE {} BYPASSRLS", "has BYPASSRLS"),
        ("ALTER ROLE {} NOBYPASSRLS; CREATE TABLE a_cache (id int); ALTER TABLE a_cache OWNER TO {}", "owns tables"),
        ("ALTER ROLE {} SUPERUSER", "as a superuser"),
    ):
        with _as_owner() as cursor:
            cursor.execute(change.replace("{}", LOGIN))
        (one,) = found()
        assert sentence in one
        assert health.can_serve() == health.OK  # asked once
        health._found.clear()
        assert health.can_serve() == {"status": "failing", "part": "database role"}
        health._found.add("behind")
    with _as_owner() as cursor:
        cursor.execute("ALTER TABLE workgroups_goal DISABLE ROW LEVEL SECURITY")
    assert "workgroups_goal" in found()[1]
    with _as_owner() as cursor:
        cursor.execute("ALTER TABLE workgroups_goal ENABLE ROW LEVEL SECURITY")


@contextmanager
def _as_owner() -> Iterator[Any]:
    connection.close()
    connection.settings_dict["USER"] = settings.MIGRATION_DATABASE["USER"]
    with connection.cursor() as cursor:
        yield cursor
    connection.close()
    connection.settings_dict["USER"] = LOGIN
