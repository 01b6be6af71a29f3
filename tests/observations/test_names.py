"""The name check: whole words with their capital, nothing else (C13)."""

import pytest

from observations.names import named_in

KNOWN = ["Els", "Mulder", "Carla", "Boer", "Jan-Willem", "", "  "]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Els vroeg door.", "Els"),
        ("Dat is Els’ idee.", "Els"),
        ("(Carla)", "Carla"),
        ("De vraag van mevrouw Mulder!", "Mulder"),
        ("Jan-Willem wachtte.", "Jan-Willem"),
        ("Elsje, meubels, els, Boerderij, mulder.", None),
        ("", None),
    ],
)
def test_whole_words_with_a_capital(text: str, name: str | None) -> None:
    assert named_in(text, KNOWN) == name


def test_nobody_is_nobody() -> None:
    assert named_in("Els vroeg door.", []) is None
