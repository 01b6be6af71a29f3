"""A staff list of a school or a board: chosen, looked at, taken in whole or not at all."""

from __future__ import annotations

import datetime as dt
import re
import time
from typing import Any

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from schools import actions, registry, retention, roster, tenancy
from schools.models import Event, Invitation, Membership, Roster, School
from schools.roles import Role
from tests import factories
from tests.conftest import TestCast
from tests.factories import NOW
from tests.schools import national_list as listed

HEAD = "voornaam;tussenvoegsel;achternaam;e-mail;rol;locatiecode"
WILG = "/s/de-wilg/people/list/"
BOARD = "/b/90001/people/list/"


def file(*lines: str, head: str = HEAD) -> SimpleUploadedFile:
    return SimpleUploadedFile("mensen.csv", "\r\n".join((head, *lines)).encode("cp1252"))


def choose(client: Client, *lines: str, at: str = WILG) -> Any:
    return client.post(at, {"file": file(*lines)})


def look(client: Client, *lines: str, at: str = WILG) -> tuple[str, str]:
    """The address of the look at a list, and its page."""
    answer = choose(client, *lines, at=at)
    assert answer.status_code == 302, answer.content.decode()
    return answer["Location"], client.get(answer["Location"]).content.decode()


def take(client: Client, address: str, **more: Any) -> Any:
    page = client.get(address).content.decode()
    seen = re.search(r'name="seen" value="(\w+)"', page)
    return client.post(address, {"seen": seen[1] if seen else "", **more})


def text(page: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", page).split())


@pytest.fixture(autouse=True)
def _now() -> Any:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def frank(cast: TestCast, as_: Any) -> Client:
    """The browser of the admin of De Wilg."""
    client: Client = as_(cast.frank)
    client.cookies["language"] = "en"
    return client


@pytest.fixture
def gerda(cast: TestCast, as_: Any) -> Client:
    """The browser of the admin of the board of De Wilg and De Beuk."""
    client: Client = as_(cast.gerda)
    client.cookies["language"] = "en"
    return client


def test_it_works(cast: TestCast, frank: Client) -> None:
    address, page = look(frank, "Loïs;van 't;Hof;Lois@dewilg.example;leraar, coach;", "Kim;;de Wit;;;")
    assert "is invited as teacher, coach" in text(page)
    assert "gets a code on paper, as teacher" in text(page)
    assert not Invitation.objects.exists()
    assert take(frank, address)["Location"] == address
    rows = Invitation.objects.order_by("pk").values_list(
        "email", "role", "given_name", "infix", "family_name", "digest"
    )
    assert list(rows) == [
        ("lois@dewilg.example", "teacher", "Loïs", "van 't", "Hof", None),
        ("lois@dewilg.example", "coach", "Loïs", "van 't", "Hof", None),
        (None, "teacher", "Kim", "de", "Wit", None),
    ]
    assert {row.school.slug for row in Invitation.objects.all()} == {"de-wilg"}
    assert Roster.objects.get().lines == []
    assert Event.objects.filter(what="roster_imported", by=cast.frank, school=cast.schools["de-wilg"]).count() == 1
    assert "2 people are invited" in text(frank.get(address).content.decode())


def test_the_same_file_twice_changes_nothing(cast: TestCast, frank: Client) -> None:
    lines = (
        "Loïs;van 't;Hof;lois@dewilg.example;leraar, coach;",
        "Kim;;de Wit;;;",
        "Carla;de;Boer;carla@dewilg.example;;",
    )
    take(frank, look(frank, *lines)[0])
    before = set(Invitation.objects.values_list("pk")), set(Membership.objects.values_list("pk"))
    address, page = look(frank, *lines)
    assert "3 lines: right already" in text(page)
    take(frank, address)
    assert (set(Invitation.objects.values_list("pk")), set(Membership.objects.values_list("pk"))) == before


def test_one_wrong_line_and_nothing_is_taken(cast: TestCast, frank: Client) -> None:
    """Three bad lines of sixty: each named with its number and why, and no yes is asked for or heard."""
    good = [f"Voornaam{n};;Achternaam{n};v{n}@dewilg.example;;" for n in range(57)]
    bad = ["Kim;;Bos;kim;;", "Sam;;Bos;sam@dewilg.example;kok;", ";;Vos;vos@dewilg.example;;99ZZ99"]
    address, page = look(frank, *good, *bad)
    told = text(page)
    assert "3 lines cannot be imported" in told
    assert "Kim Bos 59 An address has one @" in told.replace("&#x27;", "'")
    assert "Sam Bos 60 We know no role “kok”" in told
    assert "Vos 61 The first name is missing. This is not the code of your school." in told
    assert 'name="seen"' not in page
    answer = frank.post(address, {"seen": "x" * 32})
    assert answer.status_code == 422
    assert not Invitation.objects.exists()


def test_all_or_nothing_holds_for_who_forges_the_yes(cast: TestCast, frank: Client) -> None:
    address, _page = look(frank, "Kim;;Bos;kim;;", "Sam;;Bos;sam@dewilg.example;;")
    row = Roster.objects.get()
    mark = actions.look_at_roster(roster=row, now=NOW).mark
    assert frank.post(address, {"seen": mark}).status_code == 422
    assert not Invitation.objects.exists()
    assert Roster.objects.get().taken_at is None


def test_nothing_tells_whether_an_address_exists_elsewhere(cast: TestCast, frank: Client) -> None:
    """Irma works at another board: her line and that of an unknown address look and end alike."""
    lines = ("Irma;;Bakker;{};leraar;", "Ida;;Bos;ida@dewilg.example;;")
    shown, ended = [], []
    for address in (cast.irma.email, "niemand@elders.example"):
        where, page = look(frank, *lines[:1], lines[1])
        where, page = look(frank, lines[0].format(address), lines[1])
        shown.append(text(page.replace(str(address), "…").replace(where, "")))
        take(frank, where)
        ended.append(text(frank.get(where).content.decode()))
        row = Invitation.objects.get(email=address)
        assert (row.name, row.user, row.digest) == ("Irma Bakker", None, None)
        Invitation.objects.all().delete()
    assert re.sub(r"[0-9a-f]{32,}", "", shown[0]) == re.sub(r"[0-9a-f]{32,}", "", shown[1])
    assert ended[0] == ended[1]
    assert not Membership.objects.filter(user=cast.irma, school__slug="de-wilg").exists()


def test_who_is_known_here_gets_what_is_missing(cast: TestCast, frank: Client) -> None:
    address, page = look(
        frank,
        "Carla;de;Boer-Jansen;CARLA@dewilg.example;leraar, coach;",  # married; the name stays hers to change
        "Els;;Anders;els@dewilg.example;;",
        "Carla;de;Boer;carla@dewilg.example;coach;",
    )
    assert "known here, and now also coach" in text(page)
    assert "line 2 says this already" in text(page)
    take(frank, address)
    cast.carla.refresh_from_db()
    assert cast.carla.name == "Carla de Boer"
    row = Membership.objects.get(user=cast.carla, role=Role.COACH)
    assert (row.school.slug, row.from_date) == ("de-wilg", NOW.date())
    assert Event.objects.filter(what="role_given", person=cast.carla, role="coach", by=cast.frank).count() == 1
    assert not Invitation.objects.exists()


def test_one_address_belongs_to_one_person(cast: TestCast, frank: Client) -> None:
    _address, page = look(
        frank,
        "Piet;;Zwart;carla@dewilg.example;;",
        "Jan;;Bos;team@dewilg.example;;",
        "Mia;;Vos;team@dewilg.example;;",
        "Kim;;Vis;;;",
        "Kim;;Vis;kim@dewilg.example;;",
    )
    told = text(page)
    assert "Piet Zwart 2 Somebody else here has this address already" in told
    assert told.count("Lines 3, 4 have one address and different names") == 2
    assert told.count("Lines 5, 6 have one name, and not all an address") == 2


def test_a_changed_address_is_a_question(cast: TestCast, frank: Client) -> None:
    """Who works here changes it oneself; an invitation that nobody accepted moves; a namesake is invited."""
    take(frank, look(frank, "Kim;;Bos;kim@oud.example;coach;")[0])
    lines = ("Kim;;Bos;kim@nieuw.example;;", "Carla;de;Boer;carla@nieuw.example;;")
    address, page = look(frank, *lines)
    assert "the invitation goes to this address now" in text(page)
    assert "Somebody of this name works here, with another address" in text(page)
    assert "carla@dewilg" not in page
    take(frank, address)
    moved = Invitation.objects.open().values_list("email", "role").order_by("role")
    assert list(moved) == [("kim@nieuw.example", "coach"), ("kim@nieuw.example", "teacher")]
    assert Invitation.objects.get(email="kim@oud.example").revoked_at == NOW
    cast.carla.refresh_from_db()
    assert cast.carla.email == "carla@dewilg.example"
    take(frank, look(frank, *lines)[0], others="3")
    assert Invitation.objects.open().filter(email="carla@nieuw.example").count() == 1


def test_who_is_missing_stays_unless_somebody_says_so(cast: TestCast, frank: Client) -> None:
    take(frank, look(frank, "Kim;;Bos;kim@dewilg.example;;", "Sam;;Vos;;;")[0])
    before = set(Membership.objects.values_list("pk", "until_date"))
    address, page = look(frank, "Carla;de;Boer;carla@dewilg.example;;")
    assert "Who left?" in text(page)
    names = re.findall(r'name="gone" value="([\w-]+)".*?<span>([^<]+)', page, re.DOTALL)
    gone = {name.strip(): key for key, name in names}
    assert {"Anna Visser", "Kim Bos", "Sam Vos"} <= set(gone)
    assert not [name for name in gone if name.startswith(("Frank", "Carla"))]  # who asks, and who stands in the list
    take(frank, address)
    assert set(Membership.objects.values_list("pk", "until_date")) == before
    address, _page = look(frank, "Carla;de;Boer;carla@dewilg.example;;")
    els = next(key for name, key in gone.items() if name.startswith("Els"))
    answer = take(frank, address, gone=[els], last_day="")
    assert answer.status_code == 422
    take(frank, address, gone=[els, gone["Kim Bos"]], last_day="2026-11-30")
    held = Membership.objects.filter(user=cast.els, school__slug="de-wilg").values_list("until_date", flat=True)
    assert {str(day) for day in held} == {"2026-11-30"}
    assert list(Invitation.objects.open().values_list("given_name", flat=True)) == ["Sam"]
    assert "the time of 2 people here ends" in text(frank.get(address).content.decode())


def test_a_yes_counts_once_and_only_for_what_was_shown(cast: TestCast, frank: Client) -> None:
    line = "Carla;de;Boer;carla@dewilg.example;coach;"
    address, page = look(frank, line)
    Membership.objects.create(
        user=cast.carla, school=cast.schools["de-wilg"], role=Role.COACH, from_date=factories.LONG_AGO
    )
    seen = re.search(r'name="seen" value="(\w+)"', page)
    assert seen
    answer = frank.post(address, {"seen": seen[1]})
    assert answer.status_code == 422
    assert "Something changed here in the meantime" in answer.content.decode()
    assert take(frank, address).status_code == 302
    assert frank.post(address, {"seen": seen[1]})["Location"] == address
    assert Membership.objects.filter(user=cast.carla, role=Role.COACH).count() == 1
    assert Event.objects.filter(what="roster_imported").count() == 1
    assert (
        "nothing changed" in frank.get(address).content.decode()
        or "right already" in frank.get(address).content.decode()
    )


def test_a_list_cannot_leave_a_school_without_an_admin(cast: TestCast, gerda: Client) -> None:
    address, page = look(gerda, "Carla;de;Boer;carla@dewilg.example;;", at=WILG)
    (frank,) = re.findall(r'name="gone" value="([\w-]+)"[^>]*>\s*<span>Frank', page)
    answer = take(gerda, address, gone=[frank], last_day="2026-11-30")
    assert answer.status_code == 422
    assert "cannot lose its last administrator" in answer.content.decode()
    assert not Membership.objects.filter(user=cast.frank, until_date__isnull=False).exists()
    assert Roster.objects.get().taken_at is None


def test_only_who_chose_a_list_reads_it(cast: TestCast, as_: Any) -> None:
    address, _page = look(as_(cast.frank), "Kim;;Bos;kim@dewilg.example;;")
    assert as_(cast.gerda).get(address).status_code == 404
    for name in ("anna", "carla", "bram", "daan", "irma", "hugo"):
        client = as_(cast.people[name])
        assert {client.get(where).status_code for where in (WILG, address)} <= {403, 404}
        assert choose(client, "Kim;;Bos;;;").status_code in {403, 404}
        assert client.get(BOARD).status_code == 404
    other = address.replace("de-wilg", "de-beuk")
    assert as_(cast.gerda).get(other).status_code == 404


def test_a_list_is_forgotten_after_a_day(cast: TestCast, frank: Client) -> None:
    first, _page = look(frank, "Kim;;Bos;kim@dewilg.example;;")
    second, _page = look(frank, "Sam;;Bos;sam@dewilg.example;;")
    assert frank.get(first).status_code == 404  # a new choice replaces the old one
    assert retention.forget("rosters", now=NOW + dt.timedelta(hours=23)) == 0
    assert retention.forget("rosters", now=NOW + dt.timedelta(hours=24)) == 1
    assert frank.get(second).status_code == 404


@pytest.mark.parametrize(("lines", "queries"), [(1, 11), (3, 11)])
def test_queries_do_not_grow_with_the_lines(
    cast: TestCast, frank: Client, lines: int, queries: int, django_assert_num_queries: Any
) -> None:
    address, _page = look(frank, *(f"Kim{n};;Bos;kim{n}@dewilg.example;;" for n in range(lines)))
    with django_assert_num_queries(queries):
        frank.get(address)


def test_a_file_that_is_too_large_gets_a_sentence(cast: TestCast, frank: Client) -> None:
    answer = frank.post(WILG, {"file": SimpleUploadedFile("a.csv", b"voornaam\r\n" + b"K\r\n" * 700_000)})
    assert (answer.status_code, "larger than 2 MB" in answer.content.decode()) == (422, True)


def test_no_file_and_an_odd_one_get_a_sentence(cast: TestCast, frank: Client) -> None:
    for sent, sentence in (({}, "Choose a file first"), ({"file": "text"}, "Choose a file first")):
        answer = frank.post(WILG, sent)
        assert (answer.status_code, sentence in answer.content.decode()) == (422, True)
    answer = frank.post(WILG, {"file": SimpleUploadedFile("a.xlsx", b"PK\x03\x04" + bytes(200))})
    assert (answer.status_code, "not an Excel workbook" in answer.content.decode()) == (422, True)


def test_the_empty_list_is_one_that_we_read(cast: TestCast, frank: Client, as_: Any) -> None:
    answer = frank.get(f"{WILG}empty.csv")
    assert answer.content.decode("utf-8-sig") == "voornaam;tussenvoegsel;achternaam;email;rol\r\n"
    School.objects.filter(slug="de-wilg").update(location_code="01AA00")
    body = as_(cast.gerda).get(f"{BOARD}empty.csv").content.decode("utf-8-sig")
    assert body.splitlines()[1:] == [";;;;;de-beuk", ";;;;;01AA00"]
    filled = body.replace(";;;;;01AA00", "Kim;;Bos;kim@dewilg.example;coach;01AA00")
    (line,) = roster.read(filled.encode("utf-8-sig")).lines
    assert (line.number, line.given_name, line.place) == (3, "Kim", "01AA00")


def test_a_boards_list_says_at_which_school(cast: TestCast, gerda: Client) -> None:
    School.objects.filter(slug="de-wilg").update(location_code="01AA00")
    School.objects.filter(slug="de-eik").update(location_code="02AA00")
    lines = (
        "Kim;;Bos;kim@x.example;;01aa00",
        "Kim;;Bos;kim@x.example;coach;de-beuk",
        "Carla;de;Boer;carla@dewilg.example;coach;de-beuk",
        "Sam;;Vos;sam@x.example;;01AA",
    )
    _address, page = look(gerda, *lines, "Bo;;Vis;bo@x.example;;02AA00", "Jo;;Vis;jo@x.example;;", at=BOARD)
    told = text(page)
    assert "Bo Vis 6 Your board has no open school with this code." in told
    assert "Jo Vis 7 The location code is missing" in told
    address, page = look(gerda, *lines, at=BOARD)
    assert "known here" not in text(page)
    lines_there = gerda.get(f"{address}?school=de-beuk").content.decode()
    assert "known here, and now also coach" in text(lines_there)
    take(gerda, address)
    rows = Invitation.objects.values_list("school__slug", "email", "role").order_by("pk")
    assert list(rows) == [
        ("de-wilg", "kim@x.example", "teacher"),
        ("de-beuk", "kim@x.example", "coach"),
        ("de-wilg", "sam@x.example", "teacher"),
    ]
    assert Membership.objects.filter(user=cast.carla, school__slug="de-beuk", role="coach").exists()
    assert Event.objects.filter(what="roster_imported").count() == 2


def test_a_board_of_57_schools_and_1500_people_is_set_up_from_files(cast: TestCast) -> None:
    """The national list, then one staff list for the whole board; read once more, it changes nothing."""
    began = time.process_time()
    actions.import_registry(rows=registry.read(listed.file(listed.rows(57, board=90001))), now=NOW)
    codes = [f"{n:04}00" for n in range(57)]
    people = [
        f"Voornaam{n};van de;Achternaam{n};v{n}@bestuur.example;{'coach' if n < 57 else ''};{codes[n % 57]}"
        for n in range(1500)
    ]
    data = file(*people).read()
    with tenancy.acting_as(cast.gerda):
        board = School.objects.get(slug="de-wilg").board
        for expected in ({"invite": 1500, "same": 0}, {"invite": 0, "same": 1500}):
            row = actions.read_roster(data=data, board=board, by=cast.gerda, now=NOW)
            seen = actions.look_at_roster(roster=row, now=NOW).mark
            tally = actions.take_roster(roster=row, seen=seen, by=cast.gerda, now=NOW)
            assert {name: tally[name] for name in expected} == expected
    assert time.process_time() - began < 10
    assert Invitation.objects.open().count() == 1500
    assert set(Invitation.objects.values_list("school__location_code", flat=True)) == set(codes)
    assert Event.objects.filter(what="roster_imported").count() == 2 * 57


@pytest.mark.parametrize(
    "odd", ["a\x00b", "9" * 5000, "<script>٣²\u202e", "-1", "person-1-1", ["1", "2"], "2026-13-40"]
)
def test_odd_answers_break_nothing(cast: TestCast, frank: Client, odd: Any) -> None:
    address, page = look(frank, "Carla;de;Boer;carla@nieuw.example;;", "Kim;;Bos;kim@dewilg.example;;")
    seen = re.search(r'name="seen" value="(\w+)"', page)
    for sent in ({"seen": odd}, {"seen": seen[1] if seen else "", "others": odd, "gone": odd, "last_day": odd}):
        assert frank.post(address, sent).status_code == 422
    assert frank.get(address, {"school": odd}).status_code == 200
    assert frank.get(f"{WILG}987654321987654321987654321/").status_code == 404
    assert not Invitation.objects.exists()


def test_a_late_last_day_and_too_many_at_once_are_refused(cast: TestCast, frank: Client, monkeypatch: Any) -> None:
    address, page = look(frank, "Carla;de;Boer;carla@dewilg.example;;")
    gone = re.findall(r'name="gone" value="([\w-]+)"', page)
    answer = take(frank, address, gone=gone[:1], last_day="2030-01-01")
    assert (answer.status_code, "within a year" in answer.content.decode()) == (422, True)
    monkeypatch.setattr("schools.actions.roster.MOST_ENDED", 1)
    answer = take(frank, address, gone=gone[:2], last_day="2026-11-30")
    assert (answer.status_code, "very many people" in answer.content.decode()) == (422, True)
    assert not Membership.objects.filter(school__slug="de-wilg", until_date__isnull=False).exists()
    monkeypatch.setattr("schools.views.roster.MOST_ASKED", 1)
    page = frank.get(address).content.decode()
    assert 'name="gone"' not in page
    assert "too many to ask about here" in page
