"""The door: nothing of a school is read outside it, and "not yours" equals "not there"."""

from collections import Counter
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection
from django.http import Http404

from schools import tenancy
from tests import factories
from tests.conftest import TestCast
from workgroups.models import WorkGroup

FLOORS = ("cards", "schools", "workgroups", "observations", "platform")
# Where the product acts for itself, or for somebody who has no hat there yet: few places, each of them meant.
FOR_SYSTEM = {
    "platform/samenspraak/alarm_letters.py": 1,
    "platform/samenspraak/backup/aftermath.py": 1,
    "platform/samenspraak/backup/postgresql.py": 1,
    "platform/samenspraak/condition.py": 1,
    "platform/samenspraak/demo/story.py": 2,
    "platform/samenspraak/glass.py": 1,
    "schools/actions/erasing.py": 1,
    "schools/actions/following.py": 1,
    "schools/links.py": 1,
    "schools/management/commands/create_board.py": 1,
    "schools/management/commands/import_registry.py": 1,
    "schools/management/commands/load_holidays.py": 1,
    "schools/management/commands/seat.py": 1,
    "schools/post/ledger.py": 1,
    "schools/providers/rules.py": 1,
    "schools/retention.py": 1,
    "workgroups/tasks.py": 1,
    "observations/tasks.py": 1,
}


def test_few_places_act_for_the_system() -> None:
    root = Path(settings.BASE_DIR)
    files = [file for floor in FLOORS for file in (root / floor).rglob("*.py")]
    found = {str(file.relative_to(root)): file.read_text().count("tenancy.acting_for_system(") for file in files}
    assert +Counter(found) == FOR_SYSTEM
    assert sum(FOR_SYSTEM.values()) <= 21


def test_it_needs_an_open_door(cast: TestCast) -> None:
    member = cast.hat("carla")
    token = tenancy._inside.set(None)
    with pytest.raises(tenancy.OutsideTheDoorError):
        WorkGroup.objects.visible_to(member)
    tenancy._inside.reset(token)


def test_next_door_sees_nothing(cast: TestCast) -> None:
    daan = cast.hat("daan", "de-beuk")
    assert list(WorkGroup.objects.visible_to(daan)) == [cast.next_door]
    with pytest.raises(Http404):
        tenancy.fetch(WorkGroup.objects.visible_to(daan), pk=cast.reading.pk)


@pytest.mark.parametrize("lookup", [{"pk": 10**30}, {"pk": "seven"}, {"name": "Nergens"}])
def test_what_is_not_there_is_404(cast: TestCast, lookup: dict[str, object]) -> None:
    with pytest.raises(Http404):
        tenancy.fetch(WorkGroup.objects.visible_to(cast.hat("carla")), **lookup)


def setting(name: str) -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting(%s, true)", [f"samenspraak.{name}"])
        return str(cursor.fetchone()[0])


def test_the_database_knows_whose_schools_may_be_read(cast: TestCast) -> None:
    with tenancy.acting_as(cast.bram):
        reach = {str(cast.schools[slug].pk) for slug in ("de-wilg", "de-beuk")}
        assert set(setting("schools").split(",")) == reach
        assert setting("user") == str(cast.bram.pk)
    with tenancy.acting_as(cast.gerda):
        assert set(setting("schools").split(",")) == reach
    with tenancy.acting_as(cast.hugo):
        assert setting("schools") == ""


def test_a_door_inside_a_door_shuts_behind_itself(cast: TestCast) -> None:
    with tenancy.acting_as(cast.daan):
        with tenancy.acting_for_system("a look around"):
            assert (setting("system"), setting("user")) == ("a look around", "")
        assert (setting("system"), setting("user")) == ("", str(cast.daan.pk))
        assert setting("schools") == str(cast.schools["de-beuk"].pk)
        with pytest.raises(LookupError), tenancy.acting_for_system("a fall"):
            raise LookupError
        assert (setting("system"), setting("user")) == ("", str(cast.daan.pk))
        assert tenancy.inside() == f"user {cast.daan.pk}"


def test_a_seat_opens_the_group(cast: TestCast) -> None:
    assert cast.hat("carla").sits_in(cast.reading.pk)
    assert not cast.hat("carla").chairs(cast.reading.pk)
    assert cast.hat("els").chairs(cast.reading.pk)
    assert not cast.hat("anna").sits_in(cast.reading.pk)
    assert factories.hat(cast.carla, cast.schools["de-beuk"]).seats == {}
