"""An edition of a board's own: checked line by line, loaded beside the standard one, seen by nobody at first."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from cards import actions, queries, reading
from cards.models import Aspect, Edition
from cards.reading import lines

CANARY = "Alleen voor bestuur 90001"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """The standard cards in Dutch under another key, laid out over many lines."""
    path = tmp_path / "onze-kaarten.json"
    text = (actions.CATALOGUE / "nl.json").read_text(encoding="utf-8")
    path.write_text(text.replace('"key": "standard"', '"key": "onze"'), encoding="utf-8")
    return path


def replace(file: Path, old: str, new: str) -> int:
    """Spoil the first place where ``old`` stands; says on which line that is."""
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new, 1), encoding="utf-8")
    return text[: text.index(old)].count("\n") + 1


def problems(path: Path) -> list[str]:
    with pytest.raises(reading.CatalogueError) as refused:
        reading.read_edition(path)
    return str(refused.value).splitlines()


def test_it_loads_beside_the_standard_one(db: None, file: Path) -> None:
    actions.load_edition()
    assert actions.load_own_edition(path=file) == actions.Loaded(new=107, changed=0)
    assert actions.load_own_edition(path=file) == actions.Loaded(new=0, changed=0)
    own = Edition.objects.get(key="onze")
    assert not own.is_public
    assert [aspect.edition.key for aspect in queries.deck()] == ["standard"] * 6
    assert own.aspects.count() == 6


def test_a_folder_has_both_languages(db: None, tmp_path: Path) -> None:
    folder = Path(shutil.copytree(actions.CATALOGUE, tmp_path / "onze"))
    for path in folder.iterdir():
        replace(path, '"key": "standard"', '"key": "onze"')
    actions.load_own_edition(path=folder)
    assert set(Aspect.objects.filter(edition__key="onze")[0].texts) == {"nl", "en"}


def test_other_words_change_the_card_in_place(db: None, file: Path) -> None:
    actions.load_own_edition(path=file)
    before = set(Aspect.objects.values_list("pk", flat=True))
    replace(file, "Horen we ook wie het anders ziet?", "Wie ziet het anders?")
    assert actions.load_own_edition(path=file) == actions.Loaded(new=0, changed=1)
    assert set(Aspect.objects.values_list("pk", flat=True)) == before


SPOILT: list[tuple[str, str, str]] = [
    ('"question": "Horen', '"quest": "Horen', "openness has “quest”, which means nothing here."),
    ('"Horen we ook wie het anders ziet?"', '""', "The question of openness is empty."),
    ('"Horen we ook wie het anders ziet?"', "7", "The question of openness is not a text."),
    (
        '"Hoe kijk jij hiernaar?"',
        f'"{"a" * 251}"',
        "The text of openness-u1 has 251 characters; there is room for 250.",
    ),
    (
        '"Hoe kijk jij hiernaar?"',
        '"Hoe kijk\\nje?"',
        "The text of openness-u1 has a sign that cannot be printed, such as a line break.",
    ),
    ('"openness-u1"', '"Openness 1"', "The key of Openness 1 may have a-z, 0-9 and single hyphens only."),
    ('"openness-u1"', '"openness-u2"', ""),
    ('"openness-u1"', '"openness-u99"', "openness-u99 is too many; the standard edition does not have it."),
    ('"onze"', '"standard"', "“standard” is the edition that everybody reads. Give yours another key."),
    ('"number": 2', '"number": 3', "reflecting has number 3, but it stands at 2."),
    ('"Hoe kijk jij hiernaar?"},', '"Hoe kijk jij hiernaar?"}', ""),
]


@pytest.mark.parametrize(("old", "new", "sentence"), SPOILT)
def test_what_does_not_fit_is_named_with_its_line(file: Path, old: str, new: str, sentence: str) -> None:
    line = replace(file, old, new)
    found = problems(file)
    if sentence:
        assert f"onze-kaarten.json:{line}: {sentence}" in found
    else:
        assert any(f":{near}: " in said for said in found for near in (line, line + 1))


def test_everything_is_said_at_once_in_order(file: Path) -> None:
    replace(file, '"Horen we ook wie het anders ziet?"', '""')
    last = replace(file, '"feedback-t5"', '"feedback-t6"')
    found = problems(file)
    numbers = [int(said.split(":")[1]) for said in found]
    assert numbers == sorted(numbers)
    assert numbers[-1] == last
    assert len(found) == 3


def test_what_misses_is_named_where_it_belongs(file: Path) -> None:
    text = file.read_text(encoding="utf-8").splitlines(keepends=True)
    place = next(at for at, line in enumerate(text) if "openness-u3" in line)
    file.write_text("".join(text[:place] + text[place + 1 :]), encoding="utf-8")
    start = next(at for at, line in enumerate(text, start=1) if '"utterances"' in line)
    assert problems(file) == [f"onze-kaarten.json:{start}: openness-u3 is missing; the standard edition has it."]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "1: Here a text between quotation marks was expected."),
        (b'{"edition": {},\n "aspects": [],\n}', "3: After the last comma nothing follows"),
        (b'{"edition" 1}', "1: After the name “edition” a colon was expected."),
        (b'{\n"edition": {}, "edition": {}}', "2: “edition” stands twice in the same place."),
        (b'{"a": "open\n"}', "1: This text has no closing quotation mark on its own line."),
        (b"{}\n\n{}", "3: Something stands after the end of the catalogue."),
        (b'{"a": 1\n "b": 2}', "2: Here a comma or } was expected."),
        (b'{"a":\n"caf\xe9"}', "2: This sign is not UTF-8. Save the file as UTF-8."),
        (b"[" * 5000, "1: This lies deeper than anything in a catalogue."),
        (b"[]", "1: The catalogue is not written as { ... } with names."),
        (b'{"aspects": [3, []], "edition": 3}', "1: The edition of The catalogue is not a part with names."),
    ],
)
def test_what_is_no_catalogue_is_a_sentence(tmp_path: Path, content: bytes, said: str) -> None:
    path = tmp_path / "kapot.json"
    path.write_bytes(content)
    assert any(line.startswith(f"kapot.json:{said}") for line in problems(path))


def test_a_file_that_is_not_there_is_a_sentence(tmp_path: Path) -> None:
    assert problems(tmp_path / "weg.json") == ["weg.json: This file cannot be read: No such file or directory."]


def test_a_folder_with_something_else_in_it_is_refused(tmp_path: Path) -> None:
    folder = Path(shutil.copytree(actions.CATALOGUE, tmp_path / "onze"))
    (folder / "nl kopie.json").write_text("{}")
    assert problems(folder) == ["nl kopie.json: A file is called after its language: nl or en, then .json."]


def test_the_byte_order_mark_of_an_editor_does_no_harm(file: Path) -> None:
    file.write_bytes(b"\xef\xbb\xbf" + file.read_bytes())
    assert set(reading.read_edition(file)) == {"nl"}


def test_placed_json_reads_as_json_does() -> None:
    text = (actions.CATALOGUE / "en.json").read_text(encoding="utf-8")
    assert lines.read(text).plain == json.loads(text)
    assert lines.read(' {"a": [], "b": {}, "c": [1, true, null]} ').plain == {"a": [], "b": {}, "c": [1, True, None]}


def test_check_writes_nothing_and_asks_no_database(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("load_edition", str(file), "--check")
    assert capsys.readouterr().out == "onze 2026.1 (nl) is whole. Nothing was changed.\n"


def test_the_command_loads_and_says_what_comes_next(db: None, file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("load_edition", str(file))
    told = capsys.readouterr().out
    assert "onze 2026.1 (nl) is loaded: 107 rows new, 0 changed." in told
    assert "manage.py board_edition NUMBER onze" in told


def test_the_command_refuses_and_changes_nothing(db: None, file: Path) -> None:
    line = replace(file, '"Horen we ook wie het anders ziet?"', '""')
    with pytest.raises(CommandError) as refused:
        call_command("load_edition", str(file))
    assert str(refused.value) == (
        f"onze-kaarten.json:{line}: The question of openness is empty.\n1 to mend. Nothing was changed."
    )
    assert not Edition.objects.exists()


def test_no_public_page_and_no_api_answer_shows_it(
    db: None, file: Path, client: Client, api: Callable[..., Any]
) -> None:
    actions.load_edition()
    replace(file, "Horen we ook wie het anders ziet?", CANARY)
    actions.load_own_edition(path=file)
    assert Aspect.objects.get(edition__key="onze", number=1).question == CANARY
    for address in ("/", "/about/", "/cards/", "/cards/openness/", "/api/v1/cards/", "/api/v1/cards/openness/"):
        answer = client.get(address)
        assert answer.status_code == 200, address
        assert CANARY not in answer.content.decode(), address
