"""What an observation holds: notes, marks and pairs, checked, compared and written down whole."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from django.utils.translation import gettext_lazy as _

from cards.models import Aspect
from observations import queries
from observations.models import AspectNote, BehaviourMark, FeedbackPair, Observation
from observations.models.observation import Degree
from observations.queries import Pair
from schools.refusals import Refused

_PAIRS_AT_MOST = 3
_NOTE_AT_MOST, _POINT_AT_MOST = 2000, 400


class TooManyPairs(Refused):
    """1 to 3 improvement points (C9)."""

    message = _("Choose one to three pairs.")
    field = "pairs"
    code = "too_many_pairs"


class OneSided(Refused):
    """As many strong points as improvement points (C10)."""

    message = _("Every improvement point needs a strong point beside it, and the other way round.")
    field = "pairs"
    code = "one_sided"


class UnknownKey(Refused):
    """Not an aspect or behaviour of the deck."""

    message = _("The deck has no card or line with this name.")
    code = "unknown_key"


class BadDegree(Refused):
    """A degree is 1, 2, 3, 4 or nothing."""

    message = _("A mark is a degree from 1 to 4, or no occasion.")
    field = "marks"
    code = "degree"


class TooLong(Refused):
    """A text that does not fit."""

    message = _("That text is too long: a note holds 2000 characters, a point 400.")
    code = "too_long"


class Content(NamedTuple):
    """What an observation holds, in a shape that can be compared."""

    notes: dict[str, tuple[str, str]]
    marks: dict[str, int | None]
    pairs: list[Pair]


def checked(notes: Mapping[str, tuple[str, str]], marks: Mapping[str, int | None], pairs: Sequence[Pair]) -> Content:
    """The content without empty notes and without blanks around texts; raises what does not fit."""
    if len(pairs) > _PAIRS_AT_MOST:
        raise TooManyPairs
    if any(not pair.is_whole for pair in pairs):
        raise OneSided
    if any(degree is not None and degree not in Degree.values for degree in marks.values()):
        raise BadDegree
    clean_notes = {key: (well.strip(), chances.strip()) for key, (well, chances) in notes.items()}
    clean_pairs = [
        Pair(pair.strong_aspect, pair.strong.strip(), pair.improvement_aspect, pair.improvement.strip())
        for pair in pairs
    ]
    if any(len(text) > _NOTE_AT_MOST for texts in clean_notes.values() for text in texts) or any(
        len(text) > _POINT_AT_MOST for pair in clean_pairs for text in (pair.strong, pair.improvement)
    ):
        raise TooLong
    return Content({key: texts for key, texts in clean_notes.items() if any(texts)}, dict(marks), clean_pairs)


def content_of(observation: Observation) -> Content:
    """What the observation holds now. Three queries."""
    return Content(queries.notes_in(observation), queries.marks_in(observation), queries.pairs_of(observation))


def write(observation: Observation, content: Content) -> None:
    """Replace notes, marks and pairs."""
    for rows in (observation.notes, observation.marks, observation.pairs):
        rows.all().delete()
    aspects = queries.aspects_in_use(observation)
    behaviours = queries.behaviours_in_use(observation)
    owner: dict[str, Any] = {
        "observation": observation,
        "school_id": observation.school_id,
        "group_id": observation.group_id,
    }
    try:
        AspectNote.objects.bulk_create(
            AspectNote(**owner, aspect=aspects[key], going_well=well, chances=chances)
            for key, (well, chances) in content.notes.items()
        )
        BehaviourMark.objects.bulk_create(
            BehaviourMark(**owner, behaviour=behaviours[key], degree=degree) for key, degree in content.marks.items()
        )
        FeedbackPair.objects.bulk_create(
            _pair_row(owner, aspects, position, pair) for position, pair in enumerate(content.pairs, start=1)
        )
    except KeyError as missing:
        raise UnknownKey(_("The deck does not know “%s”.") % missing.args[0]) from None


def _pair_row(owner: dict[str, Any], aspects: Mapping[str, Aspect], position: int, pair: Pair) -> FeedbackPair:
    return FeedbackPair(
        **owner,
        position=position,
        strong_aspect=aspects[pair.strong_aspect],
        strong=pair.strong,
        improvement_aspect=aspects[pair.improvement_aspect],
        improvement=pair.improvement,
    )
