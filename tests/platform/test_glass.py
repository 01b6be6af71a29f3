"""Break-glass: an operator reads at one school, for a reason, until a moment, read only and never unseen."""

from __future__ import annotations

import datetime as dt
import html
from typing import Any

import pytest
import time_machine
from django.core import mail
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from schools import post, tenancy
from schools.models import BreakGlass, Delivery, Event, OperatorGrant
from tests import factories
from tests.conftest import TestCast
from tests.factories import NOW
from tests.platform import test_matrix as matrix
from workgroups import actions, letters
from workgroups.models import Goal, Guest, Seat

REASON = "Gevraagd door Frank: de lijst laadt niet"
HOUR = dt.timedelta(hours=1)
WILG = "/s/de-wilg/"


@pytest.fixture(autouse=True)
def _now(cast: TestCast) -> Any:
    with time_machine.travel(NOW, tick=False):
        yield


def looks(cast: TestCast, group: int | None = None, hours: int = 2, **values: Any) -> BreakGlass:
    """Hugo looks in at De Wilg, or in a group of it."""
    given = {"place": "de-wilg", "group_number": group, "reason": REASON, "hours": hours, "by": cast.hugo, "now": NOW}
    return actions.break_glass(**given | values)


def reads(answer: Any) -> str:
    return html.unescape(answer.content.decode())


def test_it_works(cast: TestCast, as_: Any) -> None:
    """From the operator's page to the school's, and the whole school can read of it."""
    hugo = as_(cast.hugo)
    assert hugo.get(WILG).status_code == 404
    assert "/glass/" in reads(hugo.get("/"))
    asked = {"place": "de-wilg", "group_number": "", "reason": REASON, "hours": "2"}
    assert hugo.post("/glass/", asked)["Location"] == WILG
    text = reads(hugo.get(WILG))
    assert "tot 12.00 uur" in text
    assert 'href="/glass/"' in text
    assert "De Wilg" in reads(hugo.get("/glass/"))
    for who in ("carla", "bram", "anna", "frank"):
        text = reads(as_(cast.people[who]).get(f"{WILG}opened/"))
        assert REASON in text
        assert cast.hugo.name in text
    assert REASON not in reads(as_(cast.daan).get("/s/de-beuk/people/"))
    assert as_(cast.daan).get(f"{WILG}opened/").status_code == 404
    told = Event.objects.get()
    assert (told.what, told.by, told.school, told.kind) == (
        "glass_broken",
        cast.hugo,
        cast.schools["de-wilg"],
        "schools.breakglass",
    )


def test_leaders_and_admins_hear_of_it_at_once_and_the_group_too(cast: TestCast) -> None:
    look = looks(cast)
    assert heard(look) == {"anna", "frank"}
    inside = looks(cast, cast.reading.pk)
    assert heard(inside) == {"anna", "frank", "els", "carla"}
    rows = list(Delivery.objects.filter(subject_id=inside.pk).select_related("user", "school"))
    assert {row.due_at for row in rows} == {NOW}
    carla = next(row for row in rows if row.user == cast.carla)
    letter = letters.glass.prepare(rows, NOW)[carla.pk]
    assert isinstance(letter, post.Letter)
    for said in (REASON, cast.hugo.name, "Begrijpend lezen", "10.00 uur", "12.00 uur", "/s/de-wilg/opened/"):
        assert said in letter.text
        assert said in html.unescape(letter.html)
    cast.carla.memberships.update(until_date=NOW.date() - dt.timedelta(days=1))
    gone = letters.glass.prepare(rows, NOW)[carla.pk]
    assert isinstance(gone, post.Dropped)


def heard(look: BreakGlass) -> set[str]:
    rows = Delivery.objects.filter(kind="glass_broken", subject_id=look.pk).select_related("user")
    return {row.user.given_name.lower() for row in rows if row.user}


def test_where_nobody_is_in_office_the_board_hears(cast: TestCast) -> None:
    look = looks(cast, place="de-beuk")
    assert heard(look) == {"gerda"}
    post.deliver(now=NOW)
    (letter,) = mail.outbox
    assert (letter.to, REASON in str(letter.body)) == ([cast.gerda.email], True), "also who is nobody at the school"


def test_nothing_can_be_changed(cast: TestCast, as_: Any) -> None:
    """Neither by a page nor, while the door is open for looking, by any statement at all."""
    looks(cast)
    looks(cast, cast.reading.pk)
    hugo = as_(cast.hugo)
    goal = factories.goal(factories.period(cast.reading, cast.aspects["openness"]))
    for address in ("reminders/", "days-off/", "groups/new/", f"groups/{cast.reading.pk}/", f"goals/{goal.pk}/"):
        assert hugo.post(f"{WILG}{address}", {"name": "Anders"}).status_code in {403, 405}, address
    with tenancy.acting_as(cast.hugo):
        tenancy.only_read()
        with pytest.raises(DatabaseError), transaction.atomic():
            Goal.objects.update(text="Anders")
    with connection.cursor() as cursor:
        cursor.execute("SHOW transaction_read_only")
        assert cursor.fetchone() == ("off",)


def test_a_school_opens_as_its_admin_reads_it_and_no_group_with_it(cast: TestCast, as_: Any) -> None:
    looks(cast)
    hugo = as_(cast.hugo)
    assert hugo.get(f"{WILG}people/").status_code == 200
    assert hugo.get(f"{WILG}events/").status_code == 200
    assert hugo.get(f"{WILG}groups/{cast.reading.pk}/goals/").status_code == 404
    assert "Thema" not in reads(hugo.get("/s/de-beuk/"))
    for elsewhere in ("/s/de-beuk/", "/s/de-eik/", "/b/90001/", "/api/v1/schools/de-wilg/"):
        assert hugo.get(elsewhere).status_code == 404, elsewhere


def test_a_group_opens_as_its_guest_reads_it(cast: TestCast, as_: Any) -> None:
    """Goals, meetings, feedback; no agenda, no self-scan, no remarks; nothing of the group beside it."""
    meeting = factories.meeting(cast.reading)
    factories.goal(factories.period(cast.reading, cast.aspects["openness"]), "Wij vragen door")
    factories.meeting(cast.maths)
    looks(cast, cast.reading.pk)
    hugo, inside = as_(cast.hugo), f"{WILG}groups/{cast.reading.pk}/"
    assert "Wij vragen door" in reads(hugo.get(inside))
    assert hugo.get(f"{WILG}meetings/{meeting.pk}/").status_code == 200
    for closed in (f"{WILG}meetings/{meeting.pk}/agenda/", f"{inside}reminders/", f"{inside}help/", f"{WILG}events/"):
        assert hugo.get(closed).status_code in {403, 404}, closed
    assert "Wij vragen door" not in reads(hugo.get(f"{WILG}groups/{cast.maths.pk}/"))


def test_every_page_opens_to_an_admin_or_a_guest_first_and_nothing_is_sent(cast: TestCast) -> None:
    """The whole table of doors, with the school and the group open: no page more than these two read, and no form."""
    own = matrix._objects(cast, cast.reading, cast.bram)
    Guest.objects.filter(user=cast.bram).delete()
    looks(cast)
    looks(cast, cast.reading.pk)
    hugo, opened = matrix._browser(cast.hugo), set()
    for row in (row for row in matrix._rows() if "slug" in matrix.WORDS[row.name] and not row.name.startswith("api:")):
        answer = matrix._call(hugo, row.method, matrix._address(row.name, own))
        if row.method != "GET":
            assert answer.status_code in {403, 404, 405}, row
        elif answer.status_code not in {403, 404, 405}:
            assert answer.status_code in {200, 302, 304}, row
            assert "+" in {row.expected["SA"], row.expected["CO"]}, row
            assert "attachment" not in answer.get("Content-Disposition", ""), row
            opened.add(row.name)
    assert {"school-home", "people", "school-events", "workgroups:group", "workgroups:meeting"} <= opened


def test_no_file_is_taken_along(cast: TestCast, as_: Any) -> None:
    looks(cast, cast.reading.pk)
    hugo = as_(cast.hugo)
    for address in ("dashboard.csv", f"groups/{cast.reading.pk}/profile.csv"):
        assert hugo.get(f"{WILG}{address}").status_code == 403, address


def test_it_ends_by_itself_at_the_next_request(cast: TestCast, as_: Any) -> None:
    looks(cast, hours=1)
    hugo = as_(cast.hugo)
    with time_machine.travel(NOW + HOUR - dt.timedelta(seconds=1), tick=False):
        assert hugo.get(WILG).status_code == 200
    with time_machine.travel(NOW + HOUR, tick=False):
        assert hugo.get(WILG).status_code == 404
        with tenancy.acting_as(cast.hugo):
            assert not Seat.objects.exists()
        assert "open tot" not in reads(as_(cast.carla).get(f"{WILG}opened/"))


def test_it_sleeps_after_two_hours_without_use(cast: TestCast, as_: Any) -> None:
    """A group's guest has no role that sleeps elsewhere; who looks in from outside has."""
    looks(cast, cast.reading.pk, hours=4)
    hugo, inside = as_(cast.hugo), f"{WILG}groups/{cast.reading.pk}/"
    with time_machine.travel(NOW + HOUR, tick=False):
        assert hugo.get(inside).status_code == 200
    with time_machine.travel(NOW + 3.1 * HOUR, tick=False):
        assert "/prove/" in hugo.get(inside)["Location"]


def test_it_can_be_closed_before(cast: TestCast, as_: Any) -> None:
    look, hugo = looks(cast), as_(cast.hugo)
    assert hugo.post(f"/glass/{look.pk}/close/").status_code == 302
    assert hugo.get(WILG).status_code == 404
    assert hugo.post(f"/glass/{look.pk}/close/", follow=True).redirect_chain[-1][0] == "/glass/"
    assert list(Event.objects.order_by("what").values_list("what", flat=True)) == ["glass_broken", "glass_closed"]


def test_who_is_no_operator_any_more_sees_nothing(cast: TestCast, as_: Any) -> None:
    looks(cast)
    OperatorGrant.objects.update(until_date=NOW.date() - dt.timedelta(days=1))
    hugo = as_(cast.hugo)
    assert hugo.get(WILG).status_code == hugo.get("/glass/").status_code == 404


@pytest.mark.parametrize(
    ("field", "value"),
    [("place", "nergens"), ("group_number", "987654"), ("reason", "  "), ("hours", "5"), ("group_number", "x")],
)
def test_what_does_not_fit_is_said_beside_the_field(cast: TestCast, as_: Any, field: str, value: str) -> None:
    asked = {"place": "de-wilg", "group_number": str(cast.reading.pk), "reason": REASON, "hours": "2", field: value}
    answer = as_(cast.hugo).post("/glass/", asked)
    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == [field]
    assert not BreakGlass.objects.exists()


def test_a_group_of_another_school_is_not_there(cast: TestCast) -> None:
    with pytest.raises(actions.NoSuchGroup):
        looks(cast, cast.next_door.pk)


def test_twice_is_once_and_a_colleague_goes_in_by_the_own_role(cast: TestCast) -> None:
    looks(cast)
    with pytest.raises(actions.OpenAlready):
        looks(cast)
    OperatorGrant.objects.create(user=cast.carla, from_date=factories.LONG_AGO)
    with pytest.raises(actions.AtHome):
        looks(cast, by=cast.carla)


@pytest.mark.parametrize("who", ["carla", "els", "bram", "anna", "frank", "gerda", "irma"])
def test_it_needs_an_operator(cast: TestCast, as_: Any, who: str) -> None:
    browser: Client = as_(cast.people[who])
    assert browser.get("/glass/").status_code == browser.post("/glass/", {"place": "de-wilg"}).status_code == 404
    assert not BreakGlass.objects.exists()


def test_the_list_costs_the_same_for_one_and_for_three(cast: TestCast, as_: Any) -> None:
    carla, hugo = as_(cast.carla), Client()
    hugo.force_login(cast.hugo)
    looks(cast)
    counts = []
    for more in ((), (cast.reading.pk, cast.maths.pk)):
        for group in more:
            looks(cast, group)
        for browser, address in ((carla, f"{WILG}opened/"), (hugo, "/glass/")):
            with CaptureQueriesContext(connection) as found:
                assert browser.get(address).status_code == 200
            counts.append(len(found))
    assert counts[:2] == counts[2:]
