"""The national list: read exactly or refused with one sentence, and imported as often as one likes."""

from __future__ import annotations

import datetime as dt
import os
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from schools import actions, registry
from schools.models import Board, School
from schools.models.place import Region
from tests.conftest import TestCast
from tests.factories import NOW
from tests.schools import national_list as listed
from tests.schools.national_list import HEADER, file, row

REAL = os.environ.get("SAMENSPRAAK_REGISTRY_FILE", "")


def load(*lines: str, boards: set[int] | None = None, now: dt.datetime = NOW) -> actions.Tally:
    return actions.import_registry(rows=registry.read(file(lines)), boards=boards, now=now)


@pytest.mark.parametrize("encoding", ["cp1252", "utf-8-sig", "utf-8"])
def test_it_reads_what_is_there(encoding: str) -> None:
    lines = [
        row("32JK00", "Openbare basisschool De Fryske Wâlden", "'S GRAVENMOER", "Noord", 20091),
        row("04NA00", '"Basisschool ""De Maasparel"""', "ALPHEN AAN DEN RIJN", "Zuid"),
    ]
    first, second = registry.read(file(lines, encoding=encoding))
    assert first == registry.Listed(
        "32JK00", "Openbare basisschool De Fryske Wâlden", "'s Gravenmoer", Region.NORTH, 20091
    )
    assert (second.name, second.place) == ('Basisschool "De Maasparel"', "Alphen aan den Rijn")


@pytest.mark.parametrize(
    ("on_the_list", "as_people_write_it"),
    [
        ("'S-GRAVENHAGE", "'s-Gravenhage"),
        ("'T HARDE", "'t Harde"),
        ("IJSSELSTEIN", "IJsselstein"),
        ("CAPELLE AAN DEN IJSSEL", "Capelle aan den IJssel"),
        ("2E EXLOERMOND", "2e Exloermond"),
        ("HENDRIK-IDO-AMBACHT", "Hendrik-Ido-Ambacht"),
        ("DEN HELDER", "Den Helder"),
        ("STAD AAN 'T HARINGVLIET", "Stad aan 't Haringvliet"),
        ("HEI- EN BOEICOP", "Hei- en Boeicop"),
        ("RIJSWIJK ZH", "Rijswijk ZH"),
        ("HENGELO GLD", "Hengelo Gld"),
        ("BEEK GEM BERG EN DAL", "Beek gem Berg en Dal"),
        ("2e Exloërmond", "2e Exloërmond"),
        ("", ""),
    ],
)
def test_places_are_written_as_people_write_them(on_the_list: str, as_people_write_it: str) -> None:
    assert registry.place_name(on_the_list) == as_people_write_it


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"", "The file is empty."),
        (b" \r\n \r\n", "The file is empty."),
        (file([]), "The file ends after line 1: there is no school in it."),
        (file([row()], encoding="utf-16"), "The file is UTF-16; save it as Windows-1252 or UTF-8 first."),
        (b"PK\x03\x04\n\0\0\0", "Line 2 is not text: this is not a CSV file."),
        (b"\xef\xbb\xbf" + file([row()]), "Line 2 is not UTF-8, although the file says so at its start."),
        (file([row()]) + b"\x81\r\n", "Line 3 is neither Windows-1252 nor UTF-8."),
        (
            b"name,email\nCarla,-\n",
            "Line 1 is not the header of the list of schools: there is no column VESTIGINGSCODE in it.",
        ),
        (file([row()], header=HEADER.replace("VAKANTIEREGIO", "REGIO")), "Line 1 lacks the column VAKANTIEREGIO."),
        (file([row()], header=HEADER.replace("PROVINCIE", "PLAATSNAAM")), "Line 1 has the column PLAATSNAAM twice."),
        (file([row(), "Utrecht;1;2"]), "Line 3 has 3 columns, but the header has 31."),
        (file([row() + ";x"]), "Line 2 has 32 columns, but the header has 31."),
        (file([row("01aa00")]), "Line 2 has the VESTIGINGSCODE '01aa00'; six capitals or digits were expected."),
        (file([row("")]), "Line 2 has the VESTIGINGSCODE ''; six capitals or digits were expected."),
        (file([row(), row()]), "Line 3 repeats the code 01AA00 of line 2."),
        (file([row(board="x")]), "Line 2 has the BEVOEGD GEZAG NUMMER 'x'; a number was expected."),
        (file([row(board=2**31)]), "Line 2 has the BEVOEGD GEZAG NUMMER '2147483648'; a number was expected."),
        (file([row(board="²")]), "Line 2 has the BEVOEGD GEZAG NUMMER '²'; a number was expected."),
        (file([row(region="Oost")]), "Line 2 has the VAKANTIEREGIO 'Oost'; Noord, Midden or Zuid was expected."),
        (file([row(name=" ")]), "Line 2 has no VESTIGINGSNAAM."),
        (file([row(name="x" * 121)]), "Line 2 has a VESTIGINGSNAAM of more than 120 characters."),
        (file([row(), row("01AB00", '"open')]), "Line 3 cannot be read: unexpected end of data."),
        (file([row(name='"a" b')]), "Line 2 cannot be read: ';' expected after '\"'."),
        (file([row(name='"two\r\nlines"'), row()]), "Line 4 repeats the code 01AA00 of line 2."),
    ],
)  # fmt: skip
def test_anything_else_is_refused_with_its_line(data: bytes, sentence: str) -> None:
    with pytest.raises(registry.NotTheListError) as refused:
        registry.read(data)
    assert str(refused.value) == sentence


def test_a_file_beyond_all_measure_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(registry, "MOST_BYTES", 2_000)
    with pytest.raises(registry.NotTheListError, match="larger than"):
        registry.read(file(listed.rows(50)))


def test_it_works_and_a_second_run_changes_nothing(db: None) -> None:
    lines = [row("01AA00", board=10001), row("01AB00", "'t Kompas", "", "Noord", 10002)]
    assert load(*lines) == actions.Tally(new=2)
    school = School.objects.get(location_code="01AB00")
    assert (school.name, school.place, school.region) == ("'t Kompas", "", "north")
    assert (school.slug, school.board.number, school.board.name) == ("t-kompas", 10002, "")
    before = list(School.objects.order_by("pk").values())
    assert load(*lines) == actions.Tally(unchanged=2)
    assert list(School.objects.order_by("pk").values()) == before


def test_what_changed_follows_the_list_but_the_address_stays(db: None) -> None:
    load(row("01AA00", "De Regenboog", "GOUDA", "Zuid", 1), row("01AB00"))
    changed = row("01AA00", "De Boog", "DELFT", "Noord", 2)
    assert load(changed, row("01AB00")) == actions.Tally(changed=1, unchanged=1)
    school = School.objects.get(location_code="01AA00")
    assert (school.name, school.place, school.region, school.board.number) == ("De Boog", "Delft", "north", 2)
    assert school.slug == "de-regenboog-gouda"


def test_what_vanished_is_closed_and_opens_when_it_returns(db: None) -> None:
    load(row("01AA00"), row("01AB00"))
    assert load(row("01AA00")) == actions.Tally(unchanged=1, closed=1)
    closed = School.objects.get(location_code="01AB00")
    assert closed.closed_on == NOW.date()
    assert load(row("01AA00"), now=NOW + dt.timedelta(days=9)) == actions.Tally(unchanged=1)
    closed.refresh_from_db()
    assert closed.closed_on == NOW.date()
    assert load(row("01AA00"), row("01AB00", "Nieuw")) == actions.Tally(unchanged=1, reopened=1)
    closed.refresh_from_db()
    assert closed.name == "Nieuw"
    assert not School.objects.filter(closed_on__isnull=False).exists()


def test_names_that_many_schools_share_get_addresses_of_their_own(db: None) -> None:
    load(*(row(f"01A{sign}00", "De Regenboog", "GOUDA") for sign in "ABC"))
    assert set(School.objects.values_list("slug", flat=True)) == {
        "de-regenboog-gouda", "de-regenboog-gouda-01ab00", "de-regenboog-gouda-01ac00",
    }  # fmt: skip
    load(*(row(f"01A{sign}00", "De Regenboog", "GOUDA") for sign in "BC"), row("01AD00", "!", ""))
    assert School.objects.get(location_code="01AB00").slug == "de-regenboog-gouda-01ab00"
    assert School.objects.get(location_code="01AD00").slug == "school"


def test_schools_made_by_hand_are_left_alone(cast: TestCast) -> None:
    load(row("01AA00", "De Wilg", " "))
    wilg = School.objects.get(slug="de-wilg")
    assert (wilg.location_code, wilg.closed_on) == (None, None)
    assert School.objects.get(location_code="01AA00").slug == "de-wilg-01aa00"


def test_only_the_boards_asked_for(db: None) -> None:
    lines = [row("01AA00", board=1), row("01AB00", board=1), row("02AA00", board=2), row("03AA00", board=3)]
    assert load(*lines, boards={1, 2}) == actions.Tally(new=3)
    assert not Board.objects.filter(number=3).exists()
    fewer = [row("01AA00", "Anders", board=1), row("03AA00", board=3), row("02AB00", board=2)]
    assert load(*fewer, boards={1}) == actions.Tally(changed=1, closed=1)
    assert School.objects.get(location_code="02AA00").closed_on is None


def test_a_school_that_moved_to_another_board_is_not_taken_for_closed(db: None) -> None:
    load(row("01AA00", board=1), row("01AB00", board=1))
    moved = [row("01AA00", board=1), row("01AB00", board=2)]
    assert load(*moved, boards={1}) == actions.Tally(changed=1, unchanged=1)
    assert School.objects.get(location_code="01AB00").board.number == 2


def test_a_board_that_the_list_does_not_have_changes_nothing(db: None) -> None:
    load(row("01AA00", board=1))
    with pytest.raises(actions.BoardNotListedError, match="The list has no board 9"):
        load(row("01AB00", board=2), boards={2, 9})
    assert School.objects.count() == 1


@pytest.mark.parametrize("number", [3, 300])
def test_queries_do_not_grow_with_the_rows(db: None, number: int, django_assert_num_queries: Any) -> None:
    lines = listed.rows(number)
    with django_assert_num_queries(8):
        assert load(*lines) == actions.Tally(new=number)
    with django_assert_num_queries(6):
        assert load(*lines) == actions.Tally(unchanged=number)
    other = [line.replace("School", "Basisschool") for line in lines[1:]]
    with django_assert_num_queries(8):
        assert load(*other) == actions.Tally(changed=number - 1, closed=1)


def test_the_command_says_what_it_did(db: None, tmp_path: Path, capsys: Any) -> None:
    path = tmp_path / "list.csv"
    path.write_bytes(file([row("01AA00", board=1), row("01AB00", board=2)]))
    call_command("import_registry", path, "--board", "1")
    call_command("import_registry", path)
    assert [line for line in capsys.readouterr().out.splitlines() if line.startswith("new ")] == [
        "new 1, changed 0, closed 0, reopened 0, unchanged 0",
        "new 1, changed 0, closed 0, reopened 0, unchanged 1",
    ]


def test_a_dry_run_says_which_schools_become_what_and_changes_nothing(db: None, tmp_path: Path, capsys: Any) -> None:
    old = ("01AA00", "01AB00", "01AC00", "01AD00", "01AE00", "01AF00")
    load(*(row(code, f"School {code[2:4]}", board=1) for code in old))
    load(*(row(code, f"School {code[2:4]}", board=1) for code in old[1:]))
    path = tmp_path / "list.csv"
    now = [
        row("01AA00", "School AA", board=1),
        row("01AB00", "De Wilg", board=1),
        row("01AC00", "School AC", board=2),
        row("01AD00", "De Eik", board=2),
        row("01AE00", "School AE", "UTRECHT", "Noord", board=1),
        row("01AG00", "School AG", "'S-GRAVENHAGE", board=1),
    ]
    path.write_bytes(file(now))
    before = list(School.objects.order_by("pk").values())
    call_command("import_registry", path, "--dry-run")
    assert list(School.objects.order_by("pk").values()) == before
    assert not Board.objects.filter(number=2).exists()
    told = [
        "New: 1",
        "  01AG00 School AG ('s-Gravenhage, board 1)",
        "Renamed: 2",
        "  01AB00 School AB -> De Wilg",
        "  01AD00 School AD -> De Eik",
        "Moved to another board: 2",
        "  01AC00 School AC (1 -> 2)",
        "  01AD00 De Eik (1 -> 2)",
        "Another place or holiday region: 1",
        "  01AE00 School AE (IJsselstein Ut, middle -> Utrecht, north)",
        "Closed: 1",
        "  01AF00 School AF",
        "Reopened: 1",
        f"  01AA00 School AA (closed since {NOW.date()})",
        "new 1, changed 4, closed 1, reopened 1, unchanged 0",
    ]
    assert capsys.readouterr().out.splitlines() == [*told, "This was a dry run: nothing was changed."]
    call_command("import_registry", path)
    assert capsys.readouterr().out.splitlines() == told
    assert Board.objects.filter(number=2).exists()


def test_the_report_of_a_long_list_stays_readable(db: None, tmp_path: Path, capsys: Any) -> None:
    path = tmp_path / "list.csv"
    path.write_bytes(file(listed.rows(45)))
    call_command("import_registry", path, "--dry-run")
    short = capsys.readouterr().out.splitlines()
    assert (short[0], short[41], len(short)) == ("New: 45", "  and 5 more (--all names every one)", 44)
    call_command("import_registry", path, "--dry-run", "--all")
    assert len(capsys.readouterr().out.splitlines()) == 48


def test_the_command_refuses_with_one_sentence(db: None, tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    path.write_bytes(file([row(), row("x")]))
    with pytest.raises(CommandError, match=r"list.csv: Line 3 has the VESTIGINGSCODE 'x'.* Nothing was changed\."):
        call_command("import_registry", path)
    with pytest.raises(CommandError, match=r"No such file or directory\. Nothing was changed\."):
        call_command("import_registry", tmp_path / "none.csv")
    with pytest.raises(CommandError, match=r"Is a directory\. Nothing was changed\."):
        call_command("import_registry", tmp_path)
    path.write_bytes(file([row()]))
    with pytest.raises(CommandError, match=r"The list has no board 77\. Nothing was changed\."):
        call_command("import_registry", path, "--board", "77")
    assert not School.objects.exists()


def test_a_whole_country(db: None, django_assert_max_num_queries: Any) -> None:
    """The real list where $SAMENSPRAAK_REGISTRY_FILE names it, else one as long, with as many shared names."""
    if REAL:
        rows = registry.read(Path(REAL).read_bytes())
    else:
        names = [f"De Regenboog {n % 5000}" for n in range(6000)]
        lines = [row(f"{n:04}00", name, f"PLAATS {n % 7}") for n, name in enumerate(names)]
        rows = registry.read(file(lines))
    with django_assert_max_num_queries(19):
        first = actions.import_registry(rows=rows, now=NOW)
    assert first == actions.Tally(new=len(rows))
    assert School.objects.values("slug").distinct().count() == len(rows)
    assert actions.import_registry(rows=rows, now=NOW) == actions.Tally(unchanged=len(rows))
