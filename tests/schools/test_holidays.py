"""Days without school: the published ones, and a school's own, which win."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from schools import actions, holidays
from schools.models import Holiday, School
from schools.models.place import Region
from tests.conftest import TestCast

HEADER = "region;name;first_day;last_day\n"


def day(text: str) -> dt.date:
    return dt.date.fromisoformat(f"2026-{text}")


def span(first: str, last: str) -> set[dt.date]:
    return {day(first) + dt.timedelta(days=n) for n in range((day(last) - day(first)).days + 1)}


def autumn(region: str = Region.MIDDLE, **values: Any) -> Holiday:
    row = {"region": region, "name": "Herfstvakantie", "first_day": day("10-17"), "last_day": day("10-25")}
    return Holiday.objects.create(**{**row, **values})


def off(school: School, first: str = "10-01", last: str = "12-01") -> set[dt.date]:
    return set(holidays.days_off(school, day(first), day(last)))


def test_a_region_has_its_days_off(cast: TestCast, django_assert_num_queries: Any) -> None:
    autumn()
    with django_assert_num_queries(1):
        assert off(cast.schools["de-wilg"]) == span("10-17", "10-25")
    assert off(cast.schools["de-wilg"], "10-20", "10-21") == span("10-20", "10-21")
    assert off(cast.schools["de-eik"]) == set()


def test_a_school_adds_its_own_days(cast: TestCast) -> None:
    autumn()
    wilg, beuk = cast.schools["de-wilg"], cast.schools["de-beuk"]
    Holiday.objects.create(school=wilg, name="Studiedag", first_day=day("11-04"), last_day=day("11-04"))
    assert off(wilg) == span("10-17", "10-25") | {day("11-04")}
    assert off(beuk) == span("10-17", "10-25")


@pytest.mark.parametrize(
    ("name", "first", "last"),
    [
        ("Herfstvakantie", "10-10", "10-18"),
        ("herfstvakantie", "10-24", "11-01"),
        ("Herfstvakantie", "10-31", "11-08"),
        ("Twee weken vrij", "10-17", "10-18"),
    ],
)
def test_its_own_days_win(cast: TestCast, name: str, first: str, last: str) -> None:
    autumn()
    wilg = cast.schools["de-wilg"]
    Holiday.objects.create(school=wilg, name=name, first_day=day(first), last_day=day(last))
    assert off(wilg) == span(first, last)


def test_its_own_days_win_outside_the_days_asked_for(cast: TestCast) -> None:
    autumn()
    wilg = cast.schools["de-wilg"]
    autumn("", school=wilg, first_day=day("10-10"), last_day=day("10-16"))
    assert off(wilg, "10-17", "10-30") == set()


def test_last_years_own_days_do_not_win_this_year(cast: TestCast) -> None:
    autumn()
    last_year = {"first_day": dt.date(2025, 10, 11), "last_day": dt.date(2025, 10, 19)}
    autumn("", school=cast.schools["de-wilg"], **last_year)
    assert off(cast.schools["de-wilg"]) == span("10-17", "10-25")


def test_the_published_calendar_loads_and_a_second_run_changes_nothing(door: None, capsys: Any) -> None:
    call_command("load_holidays")
    number = Holiday.objects.count()
    call_command("load_holidays")
    assert capsys.readouterr().out.splitlines() == [
        f"new {number}, changed 0, unchanged 0",
        f"new 0, changed 0, unchanged {number}",
    ]
    for region in Region:
        assert Holiday.objects.filter(region=region, name="Zomervakantie").count() == 3


def test_the_published_holidays_last_from_saturday_to_sunday() -> None:
    listed = holidays.read(holidays.PUBLISHED.read_bytes())
    long_ones = [one for one in listed if one.name.endswith("vakantie")]
    assert len(long_ones) == 3 * 3 * 5
    assert {(one.first_day.weekday(), one.last_day.weekday()) for one in long_ones} == {(5, 6)}
    for region in Region:
        first_days = [one.first_day for one in listed if one.region == region]
        assert first_days == sorted(first_days)


def test_a_correction_follows_the_list_and_keeps_the_rest(cast: TestCast) -> None:
    own = autumn("", school=cast.schools["de-wilg"])
    autumn()
    spring = autumn(name="Voorjaarsvakantie", first_day=day("02-14"), last_day=day("02-22"))
    corrected = f"{HEADER}middle;Herfstvakantie;2026-10-10;2026-10-18\nnorth;Herfstvakantie;2026-10-10;2026-10-18\n"
    assert actions.load_holidays(listed=holidays.read(corrected.encode())) == (1, 1)
    assert off(cast.schools["de-beuk"]) == span("10-10", "10-18")
    assert set(Holiday.objects.filter(pk__in=[own.pk, spring.pk])) == {own, spring}


@pytest.mark.parametrize("number", [1, 9])
def test_queries_do_not_grow_with_the_holidays(door: None, number: int, django_assert_num_queries: Any) -> None:
    lines = "".join(f"middle;Dag {n};2026-11-{n + 1:02};2026-11-{n + 1:02}\n" for n in range(number))
    with django_assert_num_queries(4):  # a savepoint included
        actions.load_holidays(listed=holidays.read((HEADER + lines).encode()))


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"", "Line 1 must be region;name;first_day;last_day."),
        (b"\xff", "The file is not a CSV file in UTF-8."),
        (HEADER.encode() + b"all;Her\0fst;2026-10-17;2026-10-25", "The file is not a CSV file in UTF-8."),
        (
            HEADER.encode() + b"all;Vrij;2026-10-17;2026-10-17\nnorth;Vrij;2027-05-03;2027-05-03",
            "Line 3 names a second holiday Vrij in the same school year.",
        ),
        (HEADER.encode() + b"middle;Herfst;2026-10-17", "Line 2 must hold a region, a name and two days"),
        (HEADER.encode() + b"west;Herfst;2026-10-17;2026-10-25", "Line 2 must hold a region"),
        (HEADER.encode() + b"all;Herfst;17-10-2026;2026-10-25", "Line 2 must hold a region"),
        (HEADER.encode() + b"all;;2026-10-17;2026-10-25", "Line 2 needs a name"),
        (HEADER.encode() + b"all;Herfst;2026-10-17;2026-10-16", "Line 2 ends before it starts."),
        (
            HEADER.encode() + b"all;A;2026-10-17;2026-10-18\nnorth;B;2026-10-17;2026-10-17",
            "Line 3 repeats a holiday that starts on 2026-10-17.",
        ),
    ],
)
def test_a_file_that_is_no_calendar_is_refused(door: None, tmp_path: Path, data: bytes, sentence: str) -> None:
    path = tmp_path / "days.csv"
    path.write_bytes(data)
    with pytest.raises(CommandError, match=f"{sentence}.*Nothing was changed"):
        call_command("load_holidays", path)
    assert not Holiday.objects.exists()
