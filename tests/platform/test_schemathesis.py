"""What a machine asks the API from its schema alone, as each kind of caller; see guesses.py.

All in one file, so that one process thinks of the questions, and only once.
"""

import pytest

from tests.platform import guesses

asking, stage = guesses.asking, guesses.stage
pytestmark = guesses.pytestmark


@pytest.mark.parametrize("who", guesses.CALLERS)
def test_nothing_breaks_and_nothing_is_other_than_told(asking: guesses.Asking, who: str) -> None:
    asking(who)
