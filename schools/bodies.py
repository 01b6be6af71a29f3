"""What callers send, taken strictly: JSON as it was meant, fields by name and type, nothing guessed."""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Mapping
from itertools import islice
from typing import IO, Any

from django.conf import settings
from django.utils.translation import gettext as _, gettext_lazy
from drf_spectacular.extensions import OpenApiSerializerExtension, OpenApiSerializerFieldExtension
from drf_spectacular.utils import extend_schema_field
from rest_framework import exceptions, parsers, serializers

MAX_DEPTH = 20
MOST_WRONG = 100  # names and things of a list that are told; a body can hold a hundred thousand
LARGEST_ID = 2**63 - 1
_EARLIEST, _LATEST = dt.datetime(2000, 1, 1, tzinfo=dt.UTC), dt.datetime(2099, 12, 31, tzinfo=dt.UTC)
_DAY, _TIME = re.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}"), re.compile("([01][0-9]|2[0-3]):[0-5][0-9]")
_ESCAPED_HALVES = (b"\\ud", b"\\uD")


class TooLargeError(exceptions.APIException):
    """The body is larger than anybody needs."""

    status_code = 413
    default_detail = gettext_lazy("This is too large to take in.")
    default_code = "too_large"


class StrictJson(parsers.BaseParser):
    """JSON in UTF-8: no NaN, no name twice, no half characters, not too deep, not too large."""

    media_type = "application/json"

    def parse(
        self, stream: IO[Any], media_type: str | None = None, parser_context: Mapping[str, Any] | None = None
    ) -> Any:
        """The parsed body; raises ParseError (400) with a sentence, TooLargeError (413) beyond the limit."""
        limit = settings.DATA_UPLOAD_MAX_MEMORY_SIZE
        raw: bytes = stream.read(limit + 1)
        if len(raw) > limit:
            raise TooLargeError
        try:
            found = json.loads(
                raw.decode(), object_pairs_hook=_each_name_once, parse_constant=_no_number, parse_float=_finite
            )
        except json.JSONDecodeError as error:
            place = {"line": error.lineno, "column": error.colno}
            sentence = _("This is not JSON: look at line %(line)d, column %(column)d.") % place
            raise exceptions.ParseError(sentence) from None
        except (ValueError, RecursionError):
            raise exceptions.ParseError(_("This JSON cannot be read.")) from None
        if _is_too_deep(found) or (any(half in raw for half in _ESCAPED_HALVES) and _has_half_characters(found)):
            raise exceptions.ParseError(_("This JSON cannot be read."))
        return found


def _each_name_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise exceptions.ParseError(_("A name stands twice in the same object."))
    return found


def _no_number(name: str) -> float:
    raise exceptions.ParseError(_("%(name)s is not a number in JSON.") % {"name": name})


def _finite(digits: str) -> float:
    number = float(digits)
    return number if number - number == 0 else _no_number(digits[:20])


def _is_too_deep(found: Any) -> bool:
    level = [found]
    for _step in range(MAX_DEPTH):
        level = [inner for item in level for inner in _inside(item)]
        if not level:
            return False
    return True


def _inside(item: Any) -> list[Any]:
    if isinstance(item, dict):
        return list(item.values())
    return item if isinstance(item, list) else []


def _has_half_characters(found: Any) -> bool:
    try:
        json.dumps(found, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        return True
    return False


class Sent(serializers.Serializer[Any]):
    """What may be sent, field by field; a name that is not known is told, never skipped."""

    default_error_messages = {"invalid": gettext_lazy("Send an object: names and values, between braces.")}

    def to_internal_value(self, data: Any) -> Any:
        """The clean values; raises ValidationError beside each field, with what would fit there."""
        if isinstance(data, Mapping):
            unknown = [*islice((str(name) for name in data if name not in self.fields), MOST_WRONG)]
            if unknown:
                raise exceptions.ValidationError({name: [self._no_such_name()] for name in unknown})
        try:
            return super().to_internal_value(data)
        except exceptions.ValidationError as error:
            wrong: Any = error.detail  # by the names of the fields
            told = {name: _what_fits(self.fields.get(name), found) for name, found in wrong.items()}
            raise exceptions.ValidationError(told) from None

    def _no_such_name(self) -> str:
        return _("There is no such field. There are: %(names)s.") % {"names": ", ".join(self.fields) or "-"}


def _what_fits(field: Any, found: Any) -> Any:
    """What is wrong with a field in words that say what to send, where the framework only says that it is wrong."""
    child = getattr(field, "child", field)
    if isinstance(found, dict):
        return {place: _what_fits(child, one) for place, one in found.items()}
    return [_sentence(child, one) if isinstance(one, exceptions.ErrorDetail) else one for one in found]


def _sentence(field: Any, wrong: exceptions.ErrorDetail) -> str:
    if wrong.code == "required":
        return _("Send this field too.")
    if wrong.code == "invalid_choice" and isinstance(field, serializers.ChoiceField):
        return _("Choose one of: %(choices)s.") % {"choices": ", ".join(map(str, field.choices))}
    if wrong.code == "invalid" and isinstance(field, serializers.DateTimeField):
        return _("An instant looks like 2026-12-01T14:15:00Z.")
    return wrong


class SentShape(OpenApiSerializerExtension):  # type: ignore[no-untyped-call]
    """How the schema says that nothing else may be sent."""

    target_class = Sent
    match_subclasses = True

    def map_serializer(self, auto_schema: Any, direction: str) -> dict[str, Any]:
        """The schema of the body, closed."""
        shape = auto_schema._map_serializer(self.target, direction, bypass_extensions=True)  # noqa: SLF001  # its way
        return {**shape, "additionalProperties": False} if direction == "request" else shape


class Text(serializers.CharField):
    """A JSON string, kept as it came: the domain decides about the space around it."""

    def __init__(self, **kwargs: Any) -> None:
        """Trim nothing."""
        super().__init__(trim_whitespace=False, **kwargs)

    def to_internal_value(self, data: Any) -> str:
        """The string; a number is not one."""
        if not isinstance(data, str):
            self.fail("invalid")
        return super().to_internal_value(data)


class TextShape(OpenApiSerializerFieldExtension):  # type: ignore[no-untyped-call]
    """How the schema says that no database keeps a null character."""

    target_class = Text

    def map_serializer_field(self, auto_schema: Any, direction: str) -> dict[str, Any]:
        """The schema of the text."""
        shape = auto_schema._map_serializer_field(self.target, direction, bypass_extensions=True)  # noqa: SLF001
        return {**shape, "pattern": r"^[^\u0000]*$"} if direction == "request" else shape


class Number(serializers.IntegerField):
    """A whole JSON number; digits between quotes are not one."""

    def to_internal_value(self, data: Any) -> int:
        """The number."""
        if isinstance(data, bool) or not isinstance(data, int | float) or data != int(data):
            self.fail("invalid")
        return super().to_internal_value(int(data))


class YesNo(serializers.BooleanField):
    """true or false; a word between quotes or a number is neither."""

    def to_internal_value(self, data: Any) -> bool:
        """The answer."""
        if not isinstance(data, bool):
            self.fail("invalid", input=data)
        return data


class Many(serializers.ListField):
    """A list of so many things at most: a longer one is told before anything in it is looked at."""

    def to_internal_value(self, data: Any) -> list[Any]:
        """The things."""
        if self.max_length is not None and isinstance(data, list) and len(data) > self.max_length:
            sentence = str(self.error_messages["max_length"])
            raise exceptions.ValidationError(sentence.format(max_length=self.max_length))
        found: list[Any] = super().to_internal_value(data)
        return found

    def run_child_validation(self, data: Any) -> list[Any]:
        """Each of them; where a hundred are no good, what comes after them is not looked at."""
        found: list[Any] = []
        wrong: dict[Any, Any] = {}
        for place, item in enumerate(data):
            try:
                found.append(self.child.run_validation(item))
            except exceptions.ValidationError as error:
                wrong[place] = error.detail
            if len(wrong) >= MOST_WRONG:
                break
        if wrong:
            raise exceptions.ValidationError(wrong)
        return found


class Day(serializers.DateField):
    """A day of the calendar, written in one way: `2026-12-01`."""

    def to_internal_value(self, value: Any) -> dt.date:
        """The day."""
        if not isinstance(value, str) or not _DAY.fullmatch(value):
            self.fail("invalid", format="YYYY-MM-DD")
        return super().to_internal_value(value)


@extend_schema_field({"type": "string", "pattern": f"^{_TIME.pattern}$"})
class WallTime(serializers.TimeField):
    """A time as a wall clock shows it, to the minute: `15:15`. It has no zone: the clock hangs at school."""

    def __init__(self, **kwargs: Any) -> None:
        """Say it without seconds, too."""
        super().__init__(format="%H:%M", **kwargs)

    def to_internal_value(self, value: Any) -> dt.time:
        """The time."""
        if not isinstance(value, str) or not _TIME.fullmatch(value):
            self.fail("invalid", format="HH:MM")
        return super().to_internal_value(value)


class Asked(Sent):
    """What may stand behind the question mark of an address; values come as words there."""

    def _no_such_name(self) -> str:
        names = ", ".join([*self.fields, *self.context.get("beside", ())])
        return _("There is no such parameter. There are: %(names)s.") % {"names": names}


class AskedNumber(serializers.IntegerField):
    """The number of a row, in plain digits."""

    def __init__(self, **kwargs: Any) -> None:
        """Nothing that cannot be the number of a row."""
        super().__init__(min_value=1, max_value=LARGEST_ID, required=False, **kwargs)

    def to_internal_value(self, data: Any) -> int:
        """The number."""
        if not (isinstance(data, str) and data.isascii() and data.isdecimal()):
            self.fail("invalid")
        return super().to_internal_value(data)


class AskedMoment(serializers.DateTimeField):
    """An instant; what lies far outside this century counts as its first or last day."""

    def __init__(self, **kwargs: Any) -> None:
        """Optional, as all that can be asked."""
        super().__init__(required=False, **kwargs)

    def to_internal_value(self, value: Any) -> dt.datetime:
        """The instant; without an offset it is the site's own clock."""
        return min(max(super().to_internal_value(value), _EARLIEST), _LATEST)
