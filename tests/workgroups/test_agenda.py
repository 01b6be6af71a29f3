"""What a meeting is about and what is kept of it: the group's own, and nobody's words are overwritten unseen."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.exceptions import PermissionDenied

from schools import refusals
from tests.factories import NOW
from tests.workgroups.scene import Scene, at, reads, tells_nothing
from workgroups import actions
from workgroups.models import Agenda

PAGES = ("meeting-agenda", "meeting-point", "meeting-notes")


def _write(place: Scene, who: str = "carla", **values: Any) -> Agenda:
    given: dict[str, Any] = {"meeting": place.now, "version": None, "by": place.cast.hat(who), "now": NOW, **values}
    return actions.write_notes(**given) if "notes" in values else actions.write_agenda(**given)


# --- writing it down


def test_a_point_stands_on_each_line(place: Scene) -> None:
    agenda = _write(place, points="  Toets groep 8 \n\n  Wat   leerden we?\n")
    assert agenda.lines == ["Toets groep 8", "Wat leerden we?"]
    assert agenda.version == 2


def test_a_point_can_be_added_without_a_version(place: Scene) -> None:
    given: dict[str, Any] = {"meeting": place.now, "by": place.cast.hat("carla"), "now": NOW}
    actions.add_point(**given, point="Eerst dit")
    assert actions.add_point(**given, point="Dan  dat").lines == ["Eerst dit", "Dan dat"]
    assert actions.add_point(**given, point="Eerst dit ").lines == ["Eerst dit", "Dan dat"]  # sent twice
    with pytest.raises(actions.EmptyText):
        actions.add_point(**given, point=" ")
    with pytest.raises(actions.TextTooLong):
        actions.add_point(**given, point="x" * 161)


def test_an_agenda_has_an_end(place: Scene) -> None:
    with pytest.raises(actions.EnoughPoints):
        _write(place, points="\n".join("x" * 31))
    assert not Agenda.objects.exists()


def test_other_words_in_the_meantime_are_a_conflict(place: Scene) -> None:
    _write(place, points="Van Els", who="els", version=1)
    with pytest.raises(refusals.Conflict) as conflict:
        _write(place, points="Van Carla", version=1)
    assert (conflict.value.theirs, conflict.value.version) == ({"points": "Van Els"}, 2)
    assert _write(place, points="Van Carla", version=2).lines == ["Van Carla"]


def test_notes_and_points_do_not_hinder_each_other(place: Scene) -> None:
    _write(place, points="Van Els", who="els", version=1)
    assert _write(place, notes="Afgesproken: morgen beginnen", version=1).notes_version == 2
    with pytest.raises(refusals.Conflict) as conflict:
        _write(place, notes="Iets anders", version=1)
    assert conflict.value.theirs == {"notes": "Afgesproken: morgen beginnen"}


def test_the_same_again_changes_nothing(place: Scene) -> None:
    for values in ({"points": "Van Carla"}, {"notes": "Morgen beginnen"}):
        kept = _write(place, **values, version=1)
        again = _write(place, **values, version=1)  # sent twice, so its version is an old one
        assert (again.version, again.notes_version) == (kept.version, kept.notes_version)


@pytest.mark.parametrize("who", ["anna", "joris"])
def test_it_needs_a_seat(place: Scene, who: str) -> None:
    for values in ({"points": "x"}, {"notes": "x"}):
        with pytest.raises(PermissionDenied):
            _write(place, who=who, **values)


# --- its pages


@pytest.mark.sqlite
def test_it_works(place: Scene, as_: Any) -> None:
    browser, home = as_(place.cast.carla), at("meeting", place.now.pk)
    sent = {"points": "Toets groep 8\nWat leerden we?", "version": 1}
    assert browser.post(at("meeting-agenda", place.now.pk), sent)["Location"] == f"{home}#agenda"
    assert browser.post(at("meeting-point", place.now.pk), {"point": "Rondvraag"})["Location"] == f"{home}#agenda"
    notes = {"notes": "Els zoekt de toets op.", "version": 1}
    assert browser.post(at("meeting-notes", place.now.pk), notes)["Location"] == f"{home}#notes"
    text = reads(browser.get(home))
    for said in ("Toets groep 8", "Wat leerden we?", "Rondvraag", "Els zoekt de toets op."):
        assert said in text


def test_it_can_be_written_beforehand_and_afterwards(place: Scene, as_: Any) -> None:
    browser = as_(place.cast.carla)
    for meeting in (place.ahead, place.held):
        assert browser.post(at("meeting-agenda", meeting.pk), {"points": "Vooraf", "version": 1}).status_code == 302
        assert "Vooraf" in reads(browser.get(at("meeting", meeting.pk)))


def test_a_conflict_shows_both_texts(place: Scene, as_: Any) -> None:
    browser = as_(place.cast.carla)
    form = browser.get(at("meeting-notes", place.now.pk)).context["form"]
    _write(place, notes="Van Els", who="els", version=1)
    sent = {"notes": "Van Carla", "version": form["version"].value()}
    answer = browser.post(at("meeting-notes", place.now.pk), sent)
    text = answer.content.decode()
    assert answer.status_code == 409
    assert "Van Els" in text
    assert "Van Carla" in text
    again = {"notes": "Van Els en Carla", "version": answer.context["form"]["version"].value()}
    assert browser.post(at("meeting-notes", place.now.pk), again).status_code == 302
    assert Agenda.objects.get(meeting=place.now).notes == "Van Els en Carla"


@pytest.mark.parametrize(
    ("name", "sent"),
    [
        ("meeting-agenda", {"points": "y" * 161}),
        ("meeting-point", {"point": ""}),
        ("meeting-notes", {"notes": "y" * 8001}),
    ],
)
def test_what_does_not_fit_stays_with_a_sentence(place: Scene, as_: Any, name: str, sent: dict[str, str]) -> None:
    answer = as_(place.cast.carla).post(at(name, place.now.pk), sent)
    assert answer.status_code == 422
    assert next(iter(sent.values())) in answer.content.decode()


@pytest.mark.parametrize("who", ["anna", "frank", "joris", "daan"])
def test_outside_the_group_it_is_not_there(place: Scene, as_: Any, who: str) -> None:
    _write(place, notes="De snelle praters wachten")
    for name in PAGES:
        answer = as_(getattr(place.cast, who)).get(at(name, place.now.pk))
        assert answer.status_code == 404
        assert tells_nothing(answer.content.decode())


def test_a_guest_reads_no_agenda_and_no_notes(place: Scene, as_: Any) -> None:
    place.invite(place.cast.bram)
    _write(place, points="Kanariepunt")
    _write(place, notes="Kanarienotitie")
    browser = as_(place.cast.bram)
    for name in PAGES:
        assert browser.get(at(name, place.now.pk)).status_code == 404
    text = reads(browser.get(at("meeting", place.now.pk)))
    assert "Eerst een vraag" in text
    assert "Kanarie" not in text


def test_the_form_costs_the_same_with_one_and_with_three(
    place: Scene, as_: Any, django_assert_num_queries: Any
) -> None:
    browser = as_(place.cast.carla)
    for points in ("Een", "Een\nTwee\nDrie"):
        _write(place, points=points)
        with django_assert_num_queries(8):
            browser.get(at("meeting-agenda", place.now.pk))
