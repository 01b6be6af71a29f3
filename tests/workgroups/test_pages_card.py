"""The card inside a group: both sides, and a tip or a phrase on it that becomes the group's own agreement."""

from __future__ import annotations

from typing import Any

import pytest
from django.utils import translation

from cards.models import Aspect, Tip, Utterance
from schools.models import User
from tests import factories
from tests.workgroups.scene import Scene, at, reads, tells_nothing
from workgroups.models import Agreement, Goal, WorkGroup

MAKE = "Maak dit onze afspraak"
FIVE = "Jullie hebben vijf afspraken"


@pytest.fixture
def tip(place: Scene) -> Tip:
    """A tip on the group's card, with its own draft in two languages."""
    row: Tip = place.period.aspect.tips.get()
    row.texts = {
        "nl": {"text": "Wacht even", "agreement": "In onze bijeenkomsten wachten we even"},
        "en": {"text": "Wait a moment", "agreement": "In our meetings we wait a moment"},
    }
    row.save()
    return row


@pytest.fixture
def question(place: Scene) -> Utterance:
    """A question on the group's card."""
    return say(place.period.aspect, "openness-u8", nl="Hoe kijk jij hiernaar?", en="How do you see this?")


def say(aspect: Aspect, key: str, **words: str) -> Utterance:
    """A phrase on a card, in these languages."""
    texts = {language: {"text": text} for language, text in words.items()}
    row: Utterance = Utterance.objects.create(aspect=aspect, key=key, position=8, texts=texts)
    return row


def fill(place: Scene) -> None:
    """Let the group have five agreements."""
    for slot in (2, 3, 4, 5):
        factories.agreement(place.goal, f"Afspraak {slot}", slot)


# --- the page


@pytest.mark.sqlite
def test_it_works(place: Scene, as_: Any, tip: Tip, question: Utterance) -> None:
    text = reads(as_(place.cast.carla).get(at("card", place.group.pk)))
    for said in ("Openness", "openness?", "De snelle praters besluiten", "openness 4", tip.text, question.text):
        assert said in text
    form = at("agreement-new", place.goal.pk)
    assert f'href="{form}?tip={tip.key}"' in text
    assert f'href="{form}?phrase={question.key}"' in text
    assert text.count(MAKE) == 3


def test_home_group_and_meeting_lead_to_it(place: Scene, as_: Any) -> None:
    browser, link = as_(place.cast.carla), f'href="{at("card", place.group.pk)}"'
    pages = [at("group", place.group.pk), at("meeting", place.ahead.pk), at("goal-new", place.period.pk)]
    for address in ["/s/de-wilg/", *pages, at("agreement-new", place.goal.pk)]:
        assert link in reads(browser.get(address)), address


def test_without_a_card_it_leads_to_choosing_one(place: Scene, as_: Any) -> None:
    group = place.cast.maths
    text = reads(as_(place.cast.joris).get(at("card", group.pk)))
    assert at("focus-new", group.pk) in text
    assert MAKE not in text


def test_the_page_costs_the_same_with_one_and_with_three(
    place: Scene, as_: Any, django_assert_num_queries: Any
) -> None:
    browser, address, aspect = as_(place.cast.carla), at("card", place.group.pk), place.period.aspect
    browser.get(address)
    with django_assert_num_queries(14):
        browser.get(address)
    for number in (2, 3):
        say(aspect, f"openness-u{number}", nl="...")
        texts = {"nl": {"text": "-", "agreement": "-"}}
        Tip.objects.create(aspect=aspect, key=f"openness-t{number}", position=number, texts=texts)
        factories.agreement(factories.goal(place.period, f"Doel {number}", number), f"Afspraak {number}", number)
    with django_assert_num_queries(14):
        browser.get(address)


# --- from the card to an agreement


@pytest.mark.parametrize(
    ("language", "drafts"),
    [
        (
            "nl",
            [
                "In onze bijeenkomsten wachten we even",
                "In onze bijeenkomsten vragen we: “Hoe kijk jij hiernaar?”",
                "In onze bijeenkomsten zeggen we: “Dat wist ik niet.”",
            ],
        ),
        (
            "en",
            [
                "In our meetings we wait a moment",
                "In our meetings we ask: “How do you see this?”",
                "In our meetings we say: “I did not know that.”",
            ],
        ),
    ],
)
def test_a_line_of_the_card_becomes_a_draft(
    place: Scene, as_: Any, tip: Tip, question: Utterance, language: str, drafts: list[str]
) -> None:
    words = say(place.period.aspect, "openness-u9", nl="Dat wist ik niet.", en="I did not know that.")
    User.objects.filter(pk=place.cast.carla.pk).update(language=language)
    browser, address = as_(place.cast.carla), at("agreement-new", place.goal.pk)
    asked = [{"tip": tip.key}, {"phrase": question.key}, {"phrase": words.key}]
    forms = [browser.get(address, line).context["form"] for line in asked]
    assert [form["text"].value() for form in forms] == drafts
    assert [form["tip"].value() for form in forms] == [tip.key, None, None]


def test_a_question_with_more_after_it_is_still_asked(place: Scene) -> None:
    with translation.override("nl"):
        assert "vragen we" in say(place.period.aspect, "u", nl="Waar zit dat in? Vertel eens.").agreement


def test_the_agreement_keeps_the_tip_it_came_from(place: Scene, as_: Any, tip: Tip, question: Utterance) -> None:
    browser, address = as_(place.cast.carla), at("agreement-new", place.goal.pk)
    assert at("card", place.group.pk) in reads(browser.get(address, {"tip": tip.key}))
    sent = {"text": "We tellen tot drie", "tip": tip.key}
    assert browser.post(f"{address}?tip={tip.key}", sent)["Location"] == at("goal", place.goal.pk)
    assert browser.post(f"{address}?phrase={question.key}", {"text": "Hoe zie jij het?"}).status_code == 302
    found = Agreement.objects.filter(goal=place.goal).order_by("slot").values_list("text", "tip")
    assert list(found)[1:] == [("We tellen tot drie", tip.pk), ("Hoe zie jij het?", None)]


@pytest.mark.parametrize("line", ["tip=harten-aas", "phrase=feedback-u1", "tip=%00", "phrase=", "tip=feedback-t1"])
def test_a_line_that_is_not_on_this_card_gives_an_empty_form(place: Scene, as_: Any, line: str) -> None:
    factories.goal(place.period, "Doel 2", 2)
    answer = as_(place.cast.carla).get(f"{at('agreement-new', place.goal.pk)}?{line}")
    assert (answer.status_code, answer.context["form"]["text"].value()) == (200, None)
    assert "goal" not in answer.context["form"].fields


def test_of_several_goals_the_group_chooses_one(place: Scene, as_: Any, tip: Tip) -> None:
    other = factories.goal(place.period, "We vragen door", 2)
    ended = factories.goal(place.period, "Allang klaar", 3, state="reached", ended_on=factories.TODAY)
    browser, address = as_(place.cast.carla), f"{at('agreement-new', place.goal.pk)}?tip={tip.key}"
    text = reads(browser.get(address))
    assert "We vragen door" in text
    assert "Allang klaar" not in text
    sent = {"text": "We tellen tot drie", "tip": tip.key}
    for goal in ("", str(ended.pk), "x"):
        answer = browser.post(address, sent | {"goal": goal})
        assert (answer.status_code, list(answer.context["form"].errors)) == (422, ["goal"])
        assert "We tellen tot drie" in reads(answer)
    again = browser.post(address, {"text": "", "goal": str(other.pk), "use": tip.key})
    assert again.context["form"]["goal"].value() == str(other.pk)
    assert browser.post(address, sent | {"goal": str(other.pk)})["Location"] == at("goal", other.pk)
    assert Agreement.objects.get(text="We tellen tot drie").goal == other


def test_a_goal_of_another_group_is_no_choice(place: Scene, as_: Any, tip: Tip) -> None:
    factories.goal(place.period, "We vragen door", 2)
    foreign = factories.goal(factories.period(place.cast.maths, place.period.aspect), "Geheim van Rekenen")
    browser, address = as_(place.cast.carla), f"{at('agreement-new', place.goal.pk)}?tip={tip.key}"
    assert "Geheim van Rekenen" not in reads(browser.get(address))
    answer = browser.post(address, {"text": "Zo", "goal": str(foreign.pk)})
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, ["goal"])
    assert "Geheim van Rekenen" not in reads(answer)


def test_without_a_goal_the_draft_comes_along_with_the_first(place: Scene, as_: Any, tip: Tip) -> None:
    Goal.objects.update(state="dropped", ended_on=factories.TODAY)
    browser, address = as_(place.cast.carla), f"{at('goal-new', place.period.pk)}?tip={tip.key}"
    assert f'href="{address}"' in reads(browser.get(at("card", place.group.pk)))
    form = browser.get(address).context["form"]
    assert (form["agreements"].value(), form["tip"].value()) == (tip.agreement, tip.key)
    sent = {"text": "We vragen door", "agreements": "We tellen tot drie", "tip": tip.key, "another": "Samen"}
    refused = browser.post(address, sent | {"text": ""})
    assert refused.status_code == 422
    assert f'value="{tip.key}"' in reads(refused)
    assert browser.post(address, sent).status_code == 302
    found = Agreement.objects.filter(goal__text="We vragen door").order_by("slot").values_list("text", "tip")
    assert list(found) == [("We tellen tot drie", tip.pk), ("Samen", None)]


def test_a_tip_in_the_second_place_is_kept_there(place: Scene, as_: Any, tip: Tip) -> None:
    browser, address = as_(place.cast.carla), at("goal-new", place.period.pk)
    typed = {"text": "We vragen door", "agreements": "Drie keer waarom", "another": ""}
    form = browser.post(address, typed | {"use": tip.key}).context["form"]
    assert (form["another"].value(), form["another_tip"].value()) == (tip.agreement, tip.key)
    assert browser.post(address, typed | {"another": "Even wachten", "another_tip": tip.key}).status_code == 302
    found = Agreement.objects.filter(goal__text="We vragen door").order_by("slot").values_list("text", "tip")
    assert list(found) == [("Drie keer waarom", None), ("Even wachten", tip.pk)]


def test_with_five_agreements_it_says_so_before_anybody_types(place: Scene, as_: Any, tip: Tip) -> None:
    browser = as_(place.cast.carla)
    forms = [f"{at('agreement-new', place.goal.pk)}?tip={tip.key}", at("goal-new", place.period.pk)]
    for full in (False, True):
        for address in [at("card", place.group.pk), *forms]:
            text = reads(browser.get(address))
            assert (FIVE in text) == full, address
            assert (MAKE in text) != full, address
            assert (at("agreement-end", place.agreement.pk) in text) == full
            assert ("<textarea" in text) == (not full and address in forms)
        if not full:
            fill(place)
    answer = browser.post(forms[0], {"text": "Toch nog één"})
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, ["text"])
    assert "Toch nog één" in reads(answer)


def test_a_group_that_ended_reads_its_card(place: Scene, as_: Any) -> None:
    WorkGroup.objects.filter(pk=place.group.pk).update(state="ended", ended_on=factories.TODAY)
    text = reads(as_(place.cast.carla).get(at("card", place.group.pk)))
    assert "De snelle praters" in text
    assert MAKE not in text
    assert at("focus-new", place.group.pk) not in text


# --- who may


@pytest.mark.parametrize("who", ["anna", "frank", "joris", "bram"])
def test_it_needs_a_seat(place: Scene, as_: Any, who: str) -> None:
    answer = as_(getattr(place.cast, who)).get(at("card", place.group.pk))
    assert answer.status_code == 404
    assert tells_nothing(answer.content.decode())


@pytest.mark.parametrize("full", [False, True])
def test_a_guest_reads_the_card_and_makes_nothing_of_it(place: Scene, as_: Any, tip: Tip, full: bool) -> None:
    place.invite(place.cast.bram)
    if full:
        fill(place)
    browser = as_(place.cast.bram)
    text = reads(browser.get(at("card", place.group.pk)))
    for said in ("De snelle praters", tip.text):
        assert said in text
    for deed in (MAKE, FIVE, at("focus-new", place.group.pk), at("focus-why", place.period.pk)):
        assert deed not in text
    for address in (at("agreement-new", place.goal.pk), at("goal-new", place.period.pk)):
        sent = {"text": "Van de gast", "agreements": "Van de gast", "tip": tip.key}
        assert browser.post(f"{address}?tip={tip.key}", sent).status_code == 403
    assert not Agreement.objects.filter(text="Van de gast").exists()


def test_a_guest_finds_no_way_to_choose_the_first_card(place: Scene, as_: Any) -> None:
    place.invite(place.cast.bram)
    place.period.delete()
    text = reads(as_(place.cast.bram).get(at("card", place.group.pk)))
    assert at("focus-new", place.group.pk) not in text


def test_next_door_sees_nothing(place: Scene, as_: Any) -> None:
    browser = as_(place.cast.daan)
    for slug in ("de-beuk", "de-wilg"):
        answer = browser.get(at("card", place.group.pk, slug=slug))
        assert answer.status_code == 404
        assert tells_nothing(answer.content.decode())
