"""A visit without a network: nothing is lost, nothing comes twice, and the page says how things stand.

Each test is a row of the table in docs/offline.md.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.utils import timezone
from playwright.sync_api import Browser, Download, expect
from pytest_django.live_server_helper import LiveServer

from observations import actions
from samenspraak.demo import cast as told
from schools import tenancy
from schools.models import Delivery
from tests import factories
from tests.browser import field as fields
from tests.browser.conftest import Visitor, leaving, press
from tests.browser.field import Device, Field

pytestmark = pytest.mark.browser
WELL = "Er wordt  “echt” doorgevraagd, é én stil gewacht.\nTwee keer zelfs."
CHANCE = "Zeg eerst wat jullie al weten."
NOTHING: dict[str, list[str]] = {"databases": [], "caches": [], "keys": []}


@pytest.fixture
def field(
    transactional_db: None, live_server: LiveServer, browser: Browser, browser_type_launch_args: dict[str, Any]
) -> Iterator[Field]:
    """Bram in the field."""
    with fields.opened(live_server, browser, browser_type_launch_args) as field:
        yield field


def _line(number: int) -> str:
    words = "1 aantekening" if number == 1 else f"{number} aantekeningen"
    return f"{words} op dit apparaat, nog niet op school."


def _write_a_pair(bram: Device) -> None:
    bram.page.click("[data-step=notes] [data-go=pairs]")
    bram.write("p1-strong", "Jullie vroegen steeds door.")
    bram.page.select_option("[name=p1-strong_aspect]", "openness")
    bram.write("p1-improvement", CHANCE)
    bram.page.select_option("[name=p1-improvement_aspect]", "analysing")


def test_a_whole_visit_without_a_network(field: Field) -> None:
    bram = field.device()
    page = bram.open()
    with field.is_cut():
        page.reload()
        bram.listen()
        bram.write("well-openness", WELL)
        bram.write("chances-openness", CHANCE)
        _write_a_pair(bram)
        bram.says("waiting")
        expect(page.locator("[data-unsent-line] b")).to_have_text(_line(4))

        page.goto("/s/de-wilg/")
        assert bram.line() == _line(4)
        page.get_by_role("link", name=fields.GROUP).click()
        page.goto(field.path.replace("/field/", "/notes/"))
        assert page.url.endswith(field.path)
        expect(page.locator("[name=well-openness]")).to_have_value(WELL)
        assert field.line.writes == []
    bram.says("sent")
    expect(page.locator("[data-unsent-line]")).to_have_count(0)
    assert (field.kept, field.notes()) == ([201, 200], {"openness": (WELL, CHANCE)})
    found = field.at_school()
    assert found
    assert (found.listened, field.visit.state) == (1, "noting")


def test_a_network_that_says_nothing_makes_nobody_wait_long(field: Field) -> None:
    bram = field.device()
    page = bram.open()
    bram.listen()
    field.line.state = "silent"
    page.goto(field.path)
    bram.write("well-openness", WELL)
    bram.says("waiting", "device")
    field.line.state = "up"
    bram.says("sent")
    assert field.notes() == {"openness": (WELL, "")}


def test_closed_in_the_middle_and_opened_a_day_later(field: Field, tmp_path: Path) -> None:
    field.cast.bram.set_password(told.PASSWORD)
    field.cast.bram.save(update_fields=["password"])
    bram = field.device(folder=tmp_path)
    bram.open()
    with field.is_cut():
        bram.listen()
        bram.write("well-openness", WELL)
        bram.says("waiting")
        bram.close()

    with time_machine.travel(timezone.now() + dt.timedelta(days=1)):
        bram = field.device("", folder=tmp_path)
        page = bram.page
        bram.context.clock.set_system_time(timezone.now())
        with field.is_cut():
            page.goto(field.path)
            expect(page.locator("[name=well-openness]")).to_have_value(WELL)
            bram.write("chances-openness", CHANCE)
            bram.says("waiting")
        bram.says("signed-out")
        assert (field.at_school(), set(field.kept)) == (None, {401})
        press(page, "[data-says=signed-out] a")
        page.fill("input[name=login]", str(field.cast.bram.email))
        page.fill("input[name=password]", told.PASSWORD)
        press(page, "main form button")
        assert page.url.endswith(field.path)
        bram.says("sent")
        assert (field.kept.count(201), field.notes()) == (1, {"openness": (WELL, CHANCE)})


def test_the_network_goes_while_sharing(field: Field) -> None:
    bram = field.device()
    page = bram.open()
    bram.listen()
    _write_a_pair(bram)
    bram.says("sent")
    page.click("[data-go=ready]:visible")
    with leaving(page):
        page.click("a[href$='/share/']:visible")
    share = "main form button.button"
    with field.line.cut():
        with page.expect_event("requestfailed", lambda request: request.method == "POST"):
            page.click(share)
        page.close()
        assert field.at_school()
        assert field.visit.state == "noting"
    page = bram.context.new_page()
    page.goto(field.path.replace("/field/", "/share/"))
    field.line.state = "lying"
    page.click(share)
    page.wait_for_function("() => !document.querySelector('main')")
    field.line.state = "up"
    page.goto(field.path.replace("/field/", "/share/"))
    assert page.url.endswith(f"/visits/{field.visit.pk}/")
    assert field.at_school()
    assert field.visit.state == "shared"
    with tenancy.acting_for_system("tests"):
        told = Delivery.objects.filter(kind="feedback_shared").values_list("user__given_name", flat=True)
        assert sorted(told) == ["Carla", "Els"]


def test_the_group_called_it_off_meanwhile(field: Field) -> None:
    bram = field.device()
    bram.open()
    with field.is_cut():
        bram.listen()
        bram.write("well-openness", WELL)
        bram.says("waiting")
        _withdraw(field)
    bram.says("gone")
    assert field.kept == [410]
    assert [row["fields"] for row in bram.rows() or []] == [{}]
    assert "doorgevraagd" not in json.dumps(bram.rows())
    assert (field.at_school(), field.visit.state) == (None, "withdrawn")


def _withdraw(field: Field) -> None:
    with tenancy.acting_for_system("tests"):
        els = factories.hat(field.cast.els, field.visit.school, today=timezone.localdate())
        actions.withdraw_visit(visit=field.visit, by=els, now=timezone.now())


def test_signing_out_warns_and_then_leaves_nothing(field: Field, tmp_path: Path) -> None:
    bram = field.device(width=360)
    page = bram.open()
    bram.listen()
    field.line.loses = "PUT"
    bram.write("well-openness", WELL)
    bram.says("waiting")
    page.goto("/me/")
    page.click("form[action$='/logout/'] button")
    expect(page.locator("main [data-leaving] b")).to_have_text("1 aantekening staat alleen op dit apparaat.")
    assert Visitor(page, field.line.address).find_barriers() == []
    text = _saved(bram, "txt", tmp_path)
    assert text.startswith("Nog niet op school\n\n\nBezoek aan Begrijpend lezen\n")
    assert text.endswith(f"\nMinuten geluisterd: 1\n\nOpenness\nWat goed gaat: {WELL}\n")
    kept = json.loads(_saved(bram, "json", tmp_path))
    assert kept[0]["notes"] == {"openness": {"going_well": WELL, "chances": ""}}
    with field.line.cut():
        page.click("[data-leave]")
        expect(page.locator("main [data-stuck]")).to_be_visible()
    assert [row["fields"] for row in bram.rows() or []] == [{"well-openness": WELL}]
    field.line.state = "up"
    with leaving(page):
        page.click("[data-leave]")
    assert "/account/login/" in page.url
    assert bram.left_behind() == NOTHING


def _saved(bram: Device, kind: str, folder: Path) -> str:
    with bram.page.expect_download() as coming:
        bram.page.click(f"main [data-save={kind}]:visible")
    download: Download = coming.value
    download.save_as(folder / download.suggested_filename)
    return (folder / download.suggested_filename).read_text()


def test_somebody_else_signs_in(field: Field, tmp_path: Path) -> None:
    bram = field.device()
    page = bram.open()
    with field.line.cut():
        bram.listen()
        bram.write("well-openness", WELL)
        bram.says("waiting")
        bram.sign_out_elsewhere()
    page.goto("/account/login/")
    expect(page.locator("[data-unsent-line]")).to_contain_text(_line(1))
    assert fields.GROUP not in page.inner_text("[data-unsent-line]")

    bram.sign_in("els")
    page.goto("/s/de-wilg/")
    expect(page.locator("main [data-others]")).to_contain_text("1 aantekening van iemand anders")
    assert fields.GROUP not in page.inner_text("main [data-others]")
    assert Visitor(page, field.line.address).find_barriers() == []
    assert WELL in _saved(bram, "txt", tmp_path)
    page.click("[data-drop]")
    expect(page.locator("main [data-others]")).to_have_count(0)
    assert bram.left_behind() == NOTHING
    assert set(field.kept) <= {401}


def test_somebody_else_signs_in_behind_an_open_page(field: Field) -> None:
    bram = field.device()
    page = bram.open()
    bram.listen()
    bram.says("sent")
    bram.sign_in("els")
    bram.write("well-openness", WELL)
    bram.says("signed-out")
    assert field.notes() == {}
    bram.sign_in("bram")
    page.goto("/s/de-wilg/")
    bram.has_sent_all()
    page.goto(field.path)
    bram.says("sent")
    assert field.notes() == {"openness": (WELL, "")}


def test_what_is_at_school_goes_when_somebody_else_signs_in(field: Field) -> None:
    bram = field.device()
    page = bram.open()
    page.locator("[data-read-tick] input").first.dispatch_event("click")
    bram.listen()
    bram.write("well-openness", WELL)
    bram.says("sent")
    bram.sign_in("els")
    page.goto("/s/de-wilg/")
    page.wait_for_function("async () => !(await caches.keys()).some((name) => name !== 'samenspraak-shell')")
    page.wait_for_function("async () => !(await indexedDB.databases()).length")
    page.wait_for_function("() => !localStorage.length")
    assert bram.left_behind() == NOTHING
    assert page.locator("main [data-others]").count() == 0
