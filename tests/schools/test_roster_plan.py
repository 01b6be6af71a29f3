"""What a list would do, beside what is known: plain values in, a plan out."""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest
from django.utils import translation

from schools import roster
from schools.roles import Role
from schools.roster import lines, naming, plan, telling

WILG, BEUK = plan.Place(1, "De Wilg", "de-wilg", "01AA00"), plan.Place(2, "De Beuk", "de-beuk", "01AA01")
EIK = plan.Place(3, "De Eik", "de-eik")


@pytest.fixture(autouse=True)
def _english() -> Iterator[None]:
    with translation.override("en"):
        yield


def somebody(given: str, family: str, email: str = "", *, at: plan.Place = WILG, user: int | None = 7) -> plan.Person:
    return plan.Person(at.pk, naming.Name(given, "", family), email, {Role.TEACHER: (user or 0) * 10 + at.pk}, user)


def drawn(*said: str, places: tuple[plan.Place, ...] = (WILG,), people: tuple[plan.Person, ...] = ()) -> plan.Plan:
    """A plan of lines written as "given;family;email;roles;place"."""
    rows = [row.split(";") + [""] * 4 for row in said]
    read = [roster.Line(n, row[0], "", *row[1:5]) for n, row in enumerate(rows, start=2)]
    return plan.plan([lines.said_by(line) for line in read], plan.Known(places, people, own_id=99))


def kinds(made: plan.Plan) -> list[str]:
    return [entry.kind.value for entry in made.entries]


def test_a_school_goes_by_its_code_its_address_or_four_signs_where_that_is_enough() -> None:
    made = drawn(
        "Kim;Bos;;;01aa00", "Sam;Bos;;;de-beuk", "Bo;Bos;;;01 AA 01", "Jo;Bos;;;01AA", "Al;Bos;;;DE-EIK", "Mo;Bos;;;",
        places=(WILG, BEUK, EIK),
    )  # fmt: skip
    assert [entry.place and entry.place.name for entry in made.entries] == [
        "De Wilg", "De Beuk", "De Beuk", None, "De Eik", None,
    ]  # fmt: skip
    assert made.entries[3].wrong == ("Several schools begin with this code. Write all six characters.",)
    assert made.entries[5].wrong == ("The location code is missing: at which school is this?",)
    assert kinds(drawn("Jo;Bos;;;01AA", places=(WILG, EIK))) == ["invite"]


def test_only_a_name_tells_who_somebody_without_an_address_is() -> None:
    two = (somebody("Kim", "Bos", user=7), somebody("Kim", "Bos", user=8))
    assert kinds(drawn("Kim;Bos", people=two[:1])) == ["same"]
    assert kinds(drawn("KIM;BÓS", people=two[:1])) == ["same"]
    assert kinds(drawn("Kim;Bos;;coach", people=two[:1])) == ["add"]
    assert kinds(drawn("Kim;Bos", people=two)) == ["refused"]
    assert kinds(drawn("Kim;Bos", people=(somebody("Kim", "Bos", at=BEUK),))) == ["invite"]


def test_roles_on_several_lines_add_up_once() -> None:
    made = drawn("Kim;Bos;kim@x.example;leraar", "Kim;Bos;kim@x.example;leraar,coach", "Kim;Bos;kim@x.example;coach")
    assert kinds(made) == ["invite", "invite", "again"]
    assert [entry.roles for entry in made.entries] == [(Role.TEACHER,), (Role.COACH,), ()]
    assert telling.told(made.entries[2]) == "line 2 says this already"


def test_nobody_is_missing_from_a_school_that_the_list_does_not_speak_of() -> None:
    people = (somebody("Kim", "Bos", "kim@x.example"), somebody("Sam", "Vos", "sam@x.example", at=BEUK, user=8))
    mine = somebody("Ik", "Zelf", "ik@x.example", user=99)
    made = drawn("Bo;Vis;bo@x.example;;de-wilg", "Jo;?;;;de-beuk", places=(WILG, BEUK), people=(*people, mine))
    assert kinds(made) == ["invite", "refused"]
    assert made.missing == people[:1]


def test_the_mark_differs_as_soon_as_something_else_would_be_done() -> None:
    line = "Kim;Bos;kim@x.example;coach"
    marks = {
        drawn(line).mark,
        drawn(line, people=(somebody("Kim", "Bos", "kim@x.example"),)).mark,
        drawn(line, people=(somebody("Kim", "Bos", "kim@oud.example"),)).mark,
        drawn(line, people=(somebody("Kim", "Bos", "kim@x.example", user=None),)).mark,
        drawn(line, people=(somebody("Sam", "Vos", "sam@x.example"),)).mark,
        drawn(f"{line},leraar").mark,
    }
    assert len(marks) == 6
    assert drawn(line).mark == drawn(line).mark


def test_as_many_lines_as_may_be_take_a_moment() -> None:
    """Also where all have one name, and none an address."""
    for names in ([f"Kim{n};Bos;kim{n}@x.example" for n in range(5000)], ["Kim;Bos"] * 5000):
        began = time.process_time()
        assert len(drawn(*names).entries) == 5000
        assert time.process_time() - began < 2
