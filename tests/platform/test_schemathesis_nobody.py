"""What a machine asks the API from its schema alone, as nobody in particular; see guesses.py."""

from tests.platform import guesses

asking, stage = guesses.asking, guesses.stage
pytestmark = guesses.pytestmark


def test_nothing_breaks_and_nothing_is_other_than_told(asking: guesses.Asking) -> None:
    asking("nobody")
