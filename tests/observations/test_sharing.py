"""Giving back: in pairs, without names, to the whole group (C9-C13)."""

from observations import queries
from observations.models import AspectReading
from tests.conftest import TestCast
from tests.observations import steps


def test_it_works(cast: TestCast) -> None:
    visit = steps.shared(cast)
    assert visit.state == "shared"
    readings = dict(AspectReading.objects.values_list("aspect__key", "halves"))
    assert readings == {
        "openness": 7,
        "reflecting": None,
        "analysing": None,
        "substantiating": None,
        "outside-knowledge": None,
        "feedback": 2,
    }
    profile = queries.profile_of(cast.reading)
    assert [line.latest for line in profile.aspects] == [7, None, None, None, None, 2]
