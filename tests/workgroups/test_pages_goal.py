"""The pages of goals, progress and agreements (G4, G8)."""

from __future__ import annotations

from typing import Any

import pytest

from tests import factories
from tests.workgroups.scene import Scene, at, reads, tells_nothing
from workgroups import actions
from workgroups.models import Agreement, Goal, GoalUpdate

NEW = {"text": "We vragen door", "agreements": "Drie keer waarom", "another": ""}


# --- setting a goal


@pytest.mark.sqlite
def test_a_goal_comes_with_its_first_agreements(place: Scene, as_: Any) -> None:
    browser, address = as_(place.cast.carla), at("goal-new", place.period.pk)
    assert reads(browser.get(address))
    answer = browser.post(address, NEW | {"another": "Eén iemand vat samen"})
    assert answer["Location"] == at("group", place.group.pk)
    goal = Goal.objects.get(text="We vragen door")
    found = goal.agreements.order_by("slot").values_list("text", flat=True)
    assert list(found) == ["Drie keer waarom", "Eén iemand vat samen"]


@pytest.mark.parametrize(
    ("wrong", "field"),
    [({"text": " "}, "text"), ({"agreements": ""}, "agreements"), ({"text": "x" * 301}, "text")],
)
def test_what_does_not_fit_stays_with_a_sentence(place: Scene, as_: Any, wrong: dict[str, str], field: str) -> None:
    answer = as_(place.cast.carla).post(at("goal-new", place.period.pk), NEW | {"another": "Samen"} | wrong)
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, [field])
    assert "Samen" in reads(answer)


def test_setting_it_twice_says_so(place: Scene, as_: Any) -> None:
    browser = as_(place.cast.carla)
    for status in (302, 422):
        answer = browser.post(at("goal-new", place.period.pk), NEW)
        assert answer.status_code == status
    assert "Drie keer waarom" in reads(answer)
    assert Goal.objects.filter(text="We vragen door").count() == 1


def test_three_goals_and_five_agreements_are_the_most(place: Scene, as_: Any) -> None:
    browser = as_(place.cast.carla)
    for slot in (2, 3, 4, 5):
        factories.agreement(place.goal, f"Afspraak {slot}", slot)
    answer = browser.post(at("goal-new", place.period.pk), NEW)
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, ["agreements"])
    assert not Goal.objects.filter(text="We vragen door").exists()
    Agreement.objects.all().update(state="habit", slot=None, ended_on=factories.TODAY)
    for position in (2, 3):
        factories.goal(place.period, f"Doel {position}", position)
    answer = browser.post(at("goal-new", place.period.pk), NEW)
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, ["__all__"])


def test_a_tip_goes_into_the_form_and_what_was_typed_stays(place: Scene, as_: Any) -> None:
    tip = place.cast.aspects["openness"].tips.get()
    tip.texts = {"nl": {"text": "Wacht even", "agreement": "We wachten even"}}
    tip.save()
    browser, address = as_(place.cast.carla), at("goal-new", place.period.pk)
    assert "Wacht even" in reads(browser.get(address))
    for typed, field in (("", "agreements"), ("Drie keer waarom", "another")):
        answer = browser.post(address, NEW | {"agreements": typed, "use": tip.key})
        form = answer.context["form"]
        assert (answer.status_code, form["text"].value()) == (200, "We vragen door")
        assert form[field].value() == "We wachten even"
    assert not Goal.objects.filter(text="We vragen door").exists()


# --- a goal, and how far it is


def test_it_works(place: Scene, as_: Any) -> None:
    browser, address = as_(place.cast.carla), at("goal", place.goal.pk)
    noted = browser.post(at("goal-update", place.goal.pk), {"step": "on_the_way", "note": "Het wordt rustiger"})
    assert noted["Location"] == address
    text = reads(browser.get(address))
    for said in ("Iedereen aan het woord", "Eerst een vraag", "Het wordt rustiger", "Carla"):
        assert said in text


def test_it_returns_to_where_the_note_was_made_but_never_elsewhere(place: Scene, as_: Any) -> None:
    browser, address = as_(place.cast.carla), at("goal-update", place.goal.pk)
    assert browser.post(address, {"step": "reached", "next": "/"})["Location"] == "/"
    for elsewhere in ("https://example.example/", "//example.example", "javascript:alert(1)", "nowhere"):
        answer = browser.post(address, {"step": "reached", "next": elsewhere})
        assert answer["Location"] == at("goal", place.goal.pk)


def test_noting_it_twice_is_one_note(place: Scene, as_: Any) -> None:
    browser = as_(place.cast.carla)
    for _time in range(2):
        assert browser.post(at("goal-update", place.goal.pk), {"step": "on_the_way"}).status_code == 302
    assert GoalUpdate.objects.count() == 1


@pytest.mark.parametrize("step", ["", "perfect"])
def test_a_note_without_a_step_keeps_its_words(place: Scene, as_: Any, step: str) -> None:
    answer = as_(place.cast.carla).post(at("goal-update", place.goal.pk), {"step": step, "note": "Rustiger"})
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, ["step"])
    assert "Rustiger" in reads(answer)


def test_a_goal_that_ended_takes_no_notes(place: Scene, as_: Any) -> None:
    browser = as_(place.cast.carla)
    sent = {"how": "reached"}
    assert reads(browser.get(at("goal-end", place.goal.pk)))
    assert browser.post(at("goal-end", place.goal.pk), {}).status_code == 422
    assert browser.post(at("goal-end", place.goal.pk), sent)["Location"] == at("group", place.group.pk)
    assert browser.post(at("goal-end", place.goal.pk), sent).status_code == 422
    answer = browser.post(at("goal-update", place.goal.pk), {"step": "reached", "note": "Toch nog"})
    assert answer.status_code == 422
    assert "<textarea" not in reads(browser.get(at("goal", place.goal.pk)))


def test_the_page_costs_the_same_with_one_and_with_three(
    place: Scene, as_: Any, django_assert_num_queries: Any
) -> None:
    browser, address = as_(place.cast.carla), at("goal", place.goal.pk)
    given: dict[str, Any] = {
        "goal": place.goal,
        "step": "on_the_way",
        "by": place.cast.hat("els"),
        "now": factories.NOW,
    }
    actions.update_goal(**given, note="a")
    browser.get(address)
    with django_assert_num_queries(11):
        browser.get(address)
    for slot in (2, 3):
        factories.agreement(place.goal, f"Afspraak {slot}", slot)
        actions.update_goal(**given, note=f"b{slot}")
    with django_assert_num_queries(11):
        browser.get(address)


# --- agreements


def test_one_more_agreement_perhaps_from_a_tip(place: Scene, as_: Any) -> None:
    browser, address = as_(place.cast.carla), at("agreement-new", place.goal.pk)
    tip = place.cast.aspects["openness"].tips.get()
    shown = browser.post(address, {"text": "", "use": tip.key})
    assert (shown.status_code, shown.context["form"]["tip"].value()) == (200, tip.key)
    assert f'value="{tip.key}"' in reads(shown)
    answer = browser.post(address, {"text": "We wachten even", "tip": tip.key})
    assert answer["Location"] == at("goal", place.goal.pk)
    assert Agreement.objects.get(text="We wachten even").tip == tip


def test_an_agreement_needs_words_of_its_own(place: Scene, as_: Any) -> None:
    browser, address = as_(place.cast.carla), at("agreement-new", place.goal.pk)
    for text in ("", place.agreement.text):
        answer = browser.post(address, {"text": text})
        assert (answer.status_code, list(answer.context["form"].errors)) == (422, ["text"])
        assert text in reads(answer)


def test_a_sixth_agreement_says_there_is_no_room(place: Scene, as_: Any) -> None:
    for slot in (2, 3, 4, 5):
        factories.agreement(place.goal, f"Afspraak {slot}", slot)
    answer = as_(place.cast.carla).post(at("agreement-new", place.goal.pk), {"text": "Nog één"})
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, ["text"])
    assert "Nog één" in reads(answer)


def test_an_agreement_that_was_judged_keeps_its_old_words(place: Scene, as_: Any) -> None:
    browser, address = as_(place.cast.carla), at("agreement-edit", place.agreement.pk)
    assert "Eerst een vraag" in reads(browser.get(address))
    assert browser.post(address, {"text": " "}).status_code == 422
    sent = {"text": "Twee vragen eerst", "version": 1}
    assert browser.post(address, sent)["Location"] == at("goal", place.goal.pk)
    text = reads(browser.get(at("goal", place.goal.pk)))
    assert "Twee vragen eerst" in text
    assert "Eerst een vraag" in text
    successor = Agreement.objects.get(text="Twee vragen eerst")
    assert "Eerst een vraag" in reads(browser.get(at("agreement-edit", successor.pk)))
    answer = browser.post(address, {"text": "Drie vragen", "version": 1})
    assert answer.status_code == 409
    for words in ("Twee vragen eerst", "Drie vragen", 'name="version" value="2"'):
        assert words in answer.content.decode()
    assert browser.post(address, {"text": "Drie vragen", "version": 2}).status_code == 302
    assert Agreement.objects.get(state="live").text == "Drie vragen"


def test_two_at_one_goal_read_both_texts(place: Scene, as_: Any) -> None:
    browser, address = as_(place.cast.carla), at("goal-edit", place.goal.pk)
    assert "Iedereen aan het woord" in reads(browser.get(address))
    assert browser.post(address, {"text": "Van de een", "version": 1})["Location"] == at("goal", place.goal.pk)
    for stale in (1, "", 0):
        answer = browser.post(address, {"text": "Van de ander", "version": stale})
        text = answer.content.decode()
        assert (answer.status_code, "Van de een" in text, "Van de ander" in text) == (409, True, True)
    assert Goal.objects.get(pk=place.goal.pk).text == "Van de een"
    assert browser.post(address, {"text": "Van de ander", "version": 2}).status_code == 302
    assert Goal.objects.get(pk=place.goal.pk).text == "Van de ander"


def test_an_ended_goal_keeps_its_words(place: Scene, as_: Any) -> None:
    browser, address = as_(place.cast.carla), at("goal-edit", place.goal.pk)
    actions.end_goal(goal=place.goal, how="reached", by=place.cast.hat("els"), now=factories.NOW)
    assert "<textarea" not in reads(browser.get(address))
    assert browser.post(address, {"text": "Toch nog", "version": 1}).status_code == 422


def test_an_agreement_changes_on_purpose(place: Scene, as_: Any) -> None:
    browser, address = as_(place.cast.carla), at("agreement-end", place.agreement.pk)
    for wrong in ("", "Eerst een vraag, dan je mening"):
        answer = browser.post(address, {"how": "changed", "text": wrong, "version": 1})
        assert (answer.status_code, list(answer.context["form"].errors)) == (422, ["text"])
    sent = {"how": "changed", "text": "Eerst twee vragen", "version": 1}
    assert browser.post(address, sent)["Location"] == at("goal", place.goal.pk)
    old = Agreement.objects.get(pk=place.agreement.pk)
    assert (old.state, old.changed_into) == ("changed", Agreement.objects.get(text="Eerst twee vragen"))
    answer = browser.post(address, {"how": "changed", "text": "Eerst drie vragen", "version": 1})
    assert (answer.status_code, "Eerst twee vragen" in answer.content.decode()) == (409, True)


def test_its_life_is_read_at_one_address(place: Scene, as_: Any) -> None:
    actions.change_agreement(
        agreement=place.agreement, text="Twee vragen", version=1, by=place.cast.hat("els"), now=factories.NOW
    )
    browser = as_(place.cast.carla)
    for row in Agreement.objects.all():
        text = reads(browser.get(at("agreement", row.pk)))
        for words in ("Eerst een vraag, dan je mening", "Twee vragen", "2026-2027", "nagekomen"):
            assert words in text
    text = reads(browser.get(at("agreements", place.group.pk)))
    assert text.index("Twee vragen") < text.index("Eerst een vraag, dan je mening")


def test_a_group_without_agreements_reads_that(place: Scene, as_: Any) -> None:
    Agreement.objects.all().delete()
    assert 'class="blank' in reads(as_(place.cast.carla).get(at("agreements", place.group.pk)))


@pytest.mark.parametrize("name", ["agreements", "agreement", "goal-edit"])
def test_the_pages_cost_the_same_however_long_the_life(
    place: Scene, as_: Any, django_assert_num_queries: Any, name: str
) -> None:
    pk = {"agreements": place.group.pk, "agreement": place.agreement.pk, "goal-edit": place.goal.pk}[name]
    browser, address = as_(place.cast.carla), at(name, pk)
    browser.get(address)
    count = {"agreements": 9, "agreement": 10, "goal-edit": 8}[name]
    with django_assert_num_queries(count):
        browser.get(address)
    given: dict[str, Any] = {"by": place.cast.hat("els"), "now": factories.NOW}
    row = place.agreement
    for version in (1, 2):
        text = f"Woorden {version}"
        row = actions.change_agreement(agreement=row, text=text, version=version, **given)
        actions.agree_on(goal=place.goal, text=f"Nog {version}", tip=None, **given)
    with django_assert_num_queries(count):
        browser.get(address)


@pytest.mark.parametrize("how", ["habit", "dropped"])
def test_an_agreement_ends_once(place: Scene, as_: Any, how: str) -> None:
    browser, address = as_(place.cast.carla), at("agreement-end", place.agreement.pk)
    assert "Eerst een vraag" in reads(browser.get(address))
    assert browser.post(address, {"how": "live"}).status_code == 422
    assert browser.post(address, {"how": how})["Location"] == at("goal", place.goal.pk)
    assert browser.post(address, {"how": how}).status_code == 422
    assert Agreement.objects.get(pk=place.agreement.pk).state == how


# --- who may


def addresses(place: Scene, slug: str = "de-wilg") -> list[str]:
    """Every page about the group's goals and agreements."""
    goals = ("goal", "goal-update", "goal-edit", "goal-end", "agreement-new")
    found = [at("agreements", place.group.pk, slug=slug), at("agreement", place.agreement.pk, slug=slug)]
    found += [at(name, place.goal.pk, slug=slug) for name in goals]
    found += [at(name, place.agreement.pk, slug=slug) for name in ("agreement-edit", "agreement-end")]
    return [*found, at("goal-new", place.period.pk, slug=slug)]


@pytest.mark.parametrize("who", ["anna", "frank", "joris", "bram"])
def test_it_needs_a_seat(place: Scene, as_: Any, who: str) -> None:
    browser = as_(getattr(place.cast, who))
    for address in addresses(place):
        answer = browser.get(address)
        assert answer.status_code == 404, address
        assert tells_nothing(answer.content.decode())


def test_a_guest_reads_the_goal_and_writes_nothing(place: Scene, as_: Any) -> None:
    place.invite(place.cast.bram)
    browser = as_(place.cast.bram)
    reading = addresses(place)[:3]
    for address in reading:
        text = reads(browser.get(address))
        assert "Eerst een vraag" in text
        assert "<textarea" not in text
        assert at("agreement-edit", place.agreement.pk) not in text
    for address in addresses(place)[3:]:
        assert browser.post(address, NEW | {"step": "reached", "how": "dropped"}).status_code == 403, address


def test_next_door_sees_nothing(place: Scene, as_: Any) -> None:
    browser = as_(place.cast.daan)
    for address in addresses(place, "de-beuk"):
        answer = browser.get(address)
        assert answer.status_code == 404, address
        assert tells_nothing(answer.content.decode())
