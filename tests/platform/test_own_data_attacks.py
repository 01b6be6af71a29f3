"""Words of everybody around a person: none is in the own file, and after erasure none of the person's is left."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.urls import reverse
from django.utils import translation

from schools import actions, erasures, queries
from schools.models import AddressChange, Event, Invitation, User
from schools.roles import Role
from tests import factories
from tests.conftest import TestCast
from tests.platform import lived, planted, test_matrix as matrix

NOW = factories.NOW
NUMBER = 987_654_321  # of nothing else
stage = matrix.stage
# What each of these people wrote at the stage, or is told about them: the tables of which their file may hold words.
OWN = {
    "carla": {"scananswer", "seat", "goalupdate", "knowline", "peerfeedback"},
    "els": {"seat", "peerfeedback"},
    "bram": {"visit", "feedbackpair", "aspectnote", "correction", "unshared"},
    "anna": set(),
    "frank": set(),
}


@pytest.fixture(autouse=True)
def ledger(settings: Any, tmp_path: Path) -> Path:
    path = tmp_path / "erasures.jsonl"
    settings.ERASURES_FILE = str(path)
    return path


def told(user: User) -> str:
    return json.dumps([list(map(list, rows)) for _one, rows in queries.held_about(user=user, now=NOW)], default=str)


def test_nobody_takes_along_what_others_wrote_or_are_called(stage: matrix.Stage) -> None:
    cast = stage.cast
    planted.plant(stage)
    plant_the_rest()
    people = {name: getattr(cast, name) for name in OWN}
    for one in User.objects.all():
        User.objects.filter(pk=one.pk).update(family_name=f"achter{one.pk}naam", nickname=f"roep{one.pk}naam")
    foreign: dict[str, set[str]] = {}
    for name, user in people.items():
        file = told(User.objects.get(pk=user.pk))
        found = {table for table in (*planted.READERS, *planted.NOT_PLANTED) if planted.WORD.format(table) in file}
        others = User.objects.exclude(pk=user.pk)
        said = {word for one in others for word in (f"achter{one.pk}naam", f"roep{one.pk}naam", one.email or "-@-")}
        foreign[name] = (found - OWN[name]) | {word for word in said if word in file}
        assert f"achter{user.pk}naam" in file
    assert foreign == {name: set() for name in OWN}


def plant_the_rest() -> None:
    for model in apps.get_models():
        name = model._meta.model_name or ""
        words = [one.name for one in model._meta.concrete_fields if planted._holds_words(one)]
        if name in {"closer", "correction", "remark"} and words:
            model._base_manager.update(**dict.fromkeys(words, planted.WORD.format(name)))


def test_of_two_who_asked_each_other_nobody_reads_the_others_question(cast: TestCast) -> None:
    lived.lay(cast.carla, cast.reading, cast.els, "zwaluw")
    lived.lay(cast.els, cast.reading, cast.carla, "spreeuw")
    file = told(cast.carla)
    of_els = {word for word in file.replace('"', " ").split() if word.startswith("spreeuw")}
    assert of_els == {"spreeuw-got", "spreeuw-gave"}, "what Carla gave her, and was given by her"


def values() -> Iterator[tuple[str, str]]:
    """Every value of every row of every table, and where it stands."""
    for model in apps.get_models(include_auto_created=True):
        names = [one.attname for one in model._meta.concrete_fields]
        for row in model._base_manager.values_list(*names):
            for name, value in zip(names, row, strict=True):
                yield f"{model._meta.label}.{name}", repr(value).lower()


def lived_through(cast: TestCast, user: User) -> set[str]:
    """Everything, and what is beside it; gives by what the person could be found."""
    lived.lay(user, cast.reading, cast.els, "zwaluw")
    before = "zwaluw@vroeger.example"
    keys = {"confirm_digest": "c9", "undo_digest": "u9"}
    AddressChange.objects.create(
        user=user, old=before, new=user.email or "", asked_at=NOW - dt.timedelta(days=3), confirmed_at=NOW, **keys
    )
    at_beuk = {"school": cast.schools["de-beuk"], "role": Role.TEACHER, "made_at": NOW}
    Invitation.objects.create(**at_beuk, email=before, given_name="zwaluw-given_name", invited_by=cast.irma)
    for what in ("role_given", "settings_changed"):
        Event.objects.create(at=NOW, what=what, by=user, person=cast.els, school=cast.reading.school)
    return {
        *(f"zwaluw-{what}" for what in ("given_name", "family_name", "nickname", "infix", "invited", "told", "key")),
        *(f"zwaluw-{what}" for what in ("token", "seat", "sort", "manner", "well", "visit")),
        "zwaluw@new.example",
        before,
        str(user.email),
        str(NUMBER),
    }


def test_after_erasure_no_table_and_no_ledger_knows_the_person(cast: TestCast, ledger: Path) -> None:
    user = User.objects.create_user("wilma@dewilg.example", id=NUMBER, given_name="Wilma")
    words = lived_through(cast, user)
    missing = {word for word in words if not any(word in value for _where, value in values())}
    assert missing == set(), "what is searched for has to be there before"
    User.objects.filter(pk=user.pk).update(erase_at=NOW)
    assert actions.erase_due(now=NOW) == 1
    found = {(where, word) for where, value in values() for word in words if word in value}
    assert found - STAYS == set()
    held = erasures.lines_of(ledger)
    assert [set(json.loads(line)) for line in held] == [{"user", "made", "erased"}]
    assert not any(word in line for line in held for word in words - {str(NUMBER)})


# Words of the person that others have read, and keep.
STAYS = {
    ("observations.Visit.own_words", "zwaluw-visit"),  # the group read it when the visit was proposed
}


def test_what_a_former_admin_did_is_not_the_products_own(cast: TestCast, as_: Any, api: Any) -> None:
    wilg = cast.schools["de-wilg"]
    admin = factories.person("Wilma", wilg, Role.ADMIN)
    Event.objects.create(at=NOW, what="role_given", by=admin, person=cast.els, role="coach", school=wilg)
    Event.objects.create(at=NOW, what="service_changed", by=admin, board=wilg.board)
    Event.objects.create(at=NOW, what="invitation_accepted", by=admin, person=admin, school=wilg)
    Event.objects.create(at=NOW, what="signed_in", by=admin)
    actions.erase(user=admin, now=NOW)
    assert set(Event.objects.filter(by__is_former=True).values_list("what", flat=True)) == {
        "role_given",
        "service_changed",
    }
    page = as_(cast.frank).get(reverse("school-events", args=["de-wilg"])).content.decode()
    assert f"{cast.els.name} · door oud-collega" in page
    rows = api(cast.frank).get("schools/de-wilg/events/").body["results"]
    assert {row["by"] for row in rows if row["what"] == "role_given"} == {"former colleague"}
    with translation.override("en"):
        assert {str(one.by and one.by.name) for one in Event.objects.filter(by__is_former=True)} == {"former colleague"}
    Event.objects.filter(by__is_former=True).delete()
    assert actions.forget_former() > 0
