"""The own file calls letters what people call them."""

from __future__ import annotations

from django.utils import translation

from schools import holdings, post
from schools.models.post import DeliveryState
from schools.post import kinds
from workgroups.models.meeting import MeetingState


def test_every_kind_and_sort_of_letters_has_a_name_in_words() -> None:
    names = {*kinds._KINDS, *(one.name for one in post.sorts())}
    assert {"reminder", "agreements"} <= names
    assert {name for name in names if str(holdings.letter_in_words(name)) == name} == set()


def test_a_letter_that_is_held_is_called_otherwise_than_a_meeting_that_was_held() -> None:
    with translation.override("nl"):
        assert str(MeetingState.HELD.label) == "geweest"
        assert str(DeliveryState.HELD.label) == "vastgehouden"
