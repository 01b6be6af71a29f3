"""What API views of this floor share: answers of which nothing stays behind, and what is sent key by key."""

from __future__ import annotations

from typing import Any

from rest_framework import exceptions, serializers

from workgroups import rest

MOST_KEYS = 200  # of the behaviours of a whole deck there are some thirty


class Keyed(serializers.DictField):
    """Something for each of some keys; far too many are told before anything in it is looked at."""

    def to_internal_value(self, data: Any) -> Any:
        """What was sent, by its keys."""
        if isinstance(data, dict) and len(data) > MOST_KEYS:
            sentence = str(serializers.ListField.default_error_messages["max_length"])
            raise exceptions.ValidationError(sentence.format(max_length=MOST_KEYS))
        return super().to_internal_value(data)


class PrivateView(rest.GroupView):
    """An API view of which nobody on the way keeps anything, refusals neither: they may hold what was sent."""

    is_secret = True
