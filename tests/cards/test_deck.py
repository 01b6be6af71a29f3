"""The deck: loaded from the catalogue files, whole in both languages, the same rows ever after."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.utils import translation

from cards import actions, queries
from cards.models import Aspect, Behaviour, Edition, Tip, Utterance

BEHAVIOURS = [4, 3, 4, 5, 5, 4]
UTTERANCES = [7, 11, 11, 7, 8, 8]
TIPS = [4, 3, 3, 4, 4, 5]


@pytest.fixture
def deck(db: None) -> actions.Loaded:
    return actions.load_edition()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the catalogue to spoil."""
    return Path(shutil.copytree(actions.CATALOGUE, tmp_path / "catalogue"))


def _edit(folder: Path, file: str, change: Callable[[Any], object]) -> None:
    book = json.loads((folder / file).read_text(encoding="utf-8"))
    change(book)
    (folder / file).write_text(json.dumps(book), encoding="utf-8")


def test_it_works(deck: actions.Loaded) -> None:
    assert deck == actions.Loaded(new=1 + 6 + 25 + 52 + 23, changed=0)
    cards = queries.with_lines(queries.deck())
    assert [card.number for card in cards] == [1, 2, 3, 4, 5, 6]
    assert [card.behaviours.count() for card in cards] == BEHAVIOURS
    assert [card.utterances.count() for card in cards] == UTTERANCES
    assert [card.tips.count() for card in cards] == TIPS


def test_every_line_speaks_both_languages(deck: actions.Loaded) -> None:
    for model in (Aspect, Behaviour, Utterance, Tip):
        for row in model.objects.all():
            assert set(row.texts) == {"nl", "en"}
            assert row.texts["nl"] != row.texts["en"]
    with translation.override("nl"):
        assert Aspect.objects.get(number=1).name == "Open staan voor andere perspectieven"
    with translation.override("en"):
        assert Aspect.objects.get(number=1).name == "Being open to other perspectives"
    with translation.override("fr"):
        assert Aspect.objects.get(number=1).name == "Open staan voor andere perspectieven"


def test_a_tip_can_become_an_agreement(deck: actions.Loaded) -> None:
    for tip in Tip.objects.all():
        assert tip.texts["nl"]["agreement"].startswith("In onze bijeenkomsten ")
        assert tip.agreement == tip.texts["nl"]["agreement"]


def test_a_second_run_changes_nothing(deck: actions.Loaded) -> None:
    before = list(Behaviour.objects.order_by("pk").values())
    assert actions.load_edition() == actions.Loaded(new=0, changed=0)
    assert list(Behaviour.objects.order_by("pk").values()) == before
    assert Edition.objects.count() == 1


def test_edited_words_change_their_own_row(deck: actions.Loaded, folder: Path) -> None:
    before = Tip.objects.get(key="feedback-t1")
    others = list(Tip.objects.exclude(pk=before.pk).order_by("pk").values())

    def rewrite(book: Any) -> None:
        book["aspects"][5]["tips"][0]["text"] = "Vraag eerst of het een goed moment is."

    _edit(folder, "nl.json", rewrite)
    assert actions.load_edition(folder=folder) == actions.Loaded(new=0, changed=1)
    after = Tip.objects.get(pk=before.pk)
    assert after.texts["nl"]["text"] == "Vraag eerst of het een goed moment is."
    assert after.texts["en"] == before.texts["en"]
    assert list(Tip.objects.exclude(pk=before.pk).order_by("pk").values()) == others


def test_a_new_version_keeps_the_rows(deck: actions.Loaded, folder: Path) -> None:
    kept = set(Aspect.objects.values_list("pk", flat=True))
    for file in ("nl.json", "en.json"):
        _edit(folder, file, lambda book: book["edition"].update(version="2027.1"))
    assert actions.load_edition(folder=folder) == actions.Loaded(new=0, changed=1)
    assert set(queries.deck().values_list("pk", flat=True)) == kept
    assert queries.deck()[0].edition.version == "2027.1"


def test_queries_do_not_grow_with_the_lines(db: None, django_assert_max_num_queries: Callable[[int], Any]) -> None:
    with django_assert_max_num_queries(16):
        actions.load_edition()
    with django_assert_max_num_queries(10):
        actions.load_edition()


SPOILT: list[tuple[str, Callable[[Any], object], str]] = [
    ("en.json", lambda book: book["aspects"][0]["tips"].pop(), "openness-t4 is missing; nl.json has it."),
    (
        "en.json",
        lambda book: book["aspects"][1]["tips"][0].update(key="reflecting-tt"),
        "reflecting-t1 is missing; nl.json has it.",
    ),
    (
        "en.json",
        lambda book: book["aspects"][1]["tips"][0].update(key="reflecting-tt"),
        "reflecting-tt is too many; nl.json does not have it.",
    ),
    (
        "en.json",
        lambda book: book["aspects"][0]["behaviours"].reverse(),
        "openness-value-expertise stands where openness-ask-opinions belongs, as in nl.json.",
    ),
    (
        "en.json",
        lambda book: book["edition"].update(version="1999.1"),
        "The version is 1999.1, but nl.json has 2026.1.",
    ),
    ("nl.json", lambda book: book["aspects"].pop(), "There are 5 aspects, but the instrument has 6."),
    (
        "nl.json",
        lambda book: book["aspects"][2]["tips"][0].update(agreement=" "),
        "The agreement of analysing-t1 is empty.",
    ),
    (
        "nl.json",
        lambda book: book["aspects"][0].update(explanation=[]),
        "openness needs an explanation of 1 to 12 paragraphs.",
    ),
    ("nl.json", lambda book: book["aspects"][0].pop("question"), "openness has no question."),
    (
        "nl.json",
        lambda book: book["aspects"][0]["tips"][1].update(key="openness-t1"),
        "openness-t1 stands here for the second time.",
    ),
    (
        "nl.json",
        lambda book: book["aspects"][1].update(number=5),
        "reflecting has number 5, but it stands at 2.",
    ),
    ("nl.json", lambda book: book.pop("edition"), "The catalogue has no edition."),
]


@pytest.mark.parametrize(("file", "spoil", "sentence"), SPOILT)
def test_a_spoilt_file_is_one_sentence_and_changes_nothing(
    db: None, folder: Path, file: str, spoil: Callable[[Any], object], sentence: str
) -> None:
    _edit(folder, file, spoil)
    with pytest.raises(actions.CatalogueError) as refused:
        actions.load_edition(folder=folder)
    assert (file, sentence) in {(problem.file, problem.sentence) for problem in refused.value.problems}
    assert not Edition.objects.exists()


def test_both_files_short_of_a_line_are_counted(db: None, folder: Path) -> None:
    for file in ("nl.json", "en.json"):
        _edit(folder, file, lambda book: book["aspects"][3]["utterances"].pop())
    with pytest.raises(actions.CatalogueError, match=r"nl\.json:1: There are 51 utterances, but the instrument has 52"):
        actions.load_edition(folder=folder)


def test_a_key_in_use_cannot_vanish(deck: actions.Loaded, folder: Path) -> None:
    for file in ("nl.json", "en.json"):
        _edit(folder, file, lambda book: book["aspects"][0]["tips"][3].update(key="openness-t5"))
    with pytest.raises(actions.CatalogueError, match="openness-t4 is in use and no longer there"):
        actions.load_edition(folder=folder)
    assert Tip.objects.filter(key="openness-t4").exists()
    assert not Tip.objects.filter(key="openness-t5").exists()


def test_what_is_no_json_is_one_sentence(db: None, folder: Path) -> None:
    (folder / "en.json").write_text("{", encoding="utf-8")
    with pytest.raises(actions.CatalogueError, match=r"en\.json:1: Here a name between quotation marks was expected"):
        actions.load_edition(folder=folder)
    (folder / "nl.json").unlink()
    with pytest.raises(actions.CatalogueError, match=r"nl\.json: This file is missing in"):
        actions.load_edition(folder=folder)


def test_the_command_says_what_it_did(
    db: None, folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    call_command("load_deck")
    assert capsys.readouterr().out == "The deck is loaded: 107 rows new, 0 changed.\n"
    call_command("load_deck", verbosity=0)
    assert capsys.readouterr().out == ""
    monkeypatch.setattr(actions, "CATALOGUE", folder)
    (folder / "nl.json").unlink()
    with pytest.raises(CommandError, match=r"nl\.json: This file is missing in"):
        call_command("load_deck")


@pytest.mark.parametrize("number", [1, 2])
def test_a_card_costs_the_same_however_full(
    deck: actions.Loaded, number: int, django_assert_num_queries: Callable[[int], Any]
) -> None:
    key = queries.deck()[number - 1].key
    with django_assert_num_queries(4):
        card = queries.card(key=key)
        assert card is not None
        lines = [line.text for rows in (card.behaviours, card.utterances, card.tips) for line in rows.all()]
    assert len(lines) == BEHAVIOURS[number - 1] + UTTERANCES[number - 1] + TIPS[number - 1]


def test_only_the_public_edition_is_the_deck(deck: actions.Loaded) -> None:
    licensed = Edition.objects.create(key="paper", version="1", is_public=False, title={"nl": "P"}, source={"nl": "-"})
    Aspect.objects.create(edition=licensed, key="secret", number=1, texts=queries.deck()[0].texts)
    assert queries.deck().count() == 6
    assert queries.card(key="secret") is None
    assert queries.leaf(key="secret") is None


def test_neighbours_end_at_the_ends(deck: actions.Loaded) -> None:
    first, last = queries.leaf(key="openness"), queries.leaf(key="feedback")
    assert first is not None
    assert last is not None
    assert (first.before, first.after and first.after.key) == (None, "reflecting")
    assert (last.before and last.before.key, last.after) == ("outside-knowledge", None)
