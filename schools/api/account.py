"""One's own name and language over REST."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework import exceptions, serializers
from rest_framework.request import Request
from rest_framework.response import Response

from schools import actions, bodies, forms, rest, scopes
from schools.models import User

_EXAMPLE = {"given_name": "Carla", "infix": "van", "family_name": "Dijk", "nickname": ""}


class Names(serializers.Serializer[Any]):
    """By which names the caller is known."""

    given_name = serializers.CharField(help_text="The first name.")
    infix = serializers.CharField(allow_blank=True, help_text="What stands between, such as `van der`.")
    family_name = serializers.CharField(allow_blank=True, help_text="The last name.")
    nickname = serializers.CharField(allow_blank=True, help_text="What colleagues say, if not the first name.")
    name = serializers.CharField(help_text="The full name.")
    called = serializers.CharField(help_text="How colleagues call the caller.")


class NewNames(bodies.Sent):
    """By which names to be known: all four; what is left out becomes empty. Blanks are made one, on one line."""

    given_name = bodies.Text(max_length=60, help_text="The first name.")
    infix = bodies.Text(required=False, default="", allow_blank=True, max_length=20, help_text="Such as `van der`.")
    family_name = bodies.Text(required=False, default="", allow_blank=True, max_length=80, help_text="The last name.")
    nickname = bodies.Text(
        required=False,
        default="",
        allow_blank=True,
        max_length=60,
        help_text="What colleagues say, if that is not the first name.",
    )


class Spoken(bodies.Sent):
    """A language."""

    language = serializers.ChoiceField(
        choices=settings.LANGUAGES, help_text="In which the product speaks to the caller, on pages and in letters."
    )


class NameView(rest.Door):
    """The caller's names."""

    area = scopes.Area.ACCOUNT

    @extend_schema(operation_id="read_name", tags=["account"], responses=Names)
    def get(self, request: Request) -> Response:
        """By which names the caller is known."""
        return Response(_names(self.caller))

    @extend_schema(
        operation_id="change_name",
        tags=["account"],
        request=NewNames,
        responses=Names,
        examples=[OpenApiExample("A name", _EXAMPLE, request_only=True)],
    )
    def put(self, request: Request) -> Response:
        """Take these names, as colleagues and letters will use them from now on."""
        self.must_be_proved()
        form = forms.NameForm(self.sent(NewNames))
        if not form.is_valid():
            raise exceptions.ValidationError({name: [str(one) for one in said] for name, said in form.errors.items()})
        actions.call_oneself(**form.cleaned_data, by=self.caller)
        return Response(_names(User(**form.cleaned_data)))


class LanguageView(rest.Door):
    """The caller's language."""

    area = scopes.Area.ACCOUNT

    @extend_schema(operation_id="change_language", tags=["account"], request=Spoken, responses=Spoken)
    def put(self, request: Request) -> Response:
        """Speak this language with the caller from now on, on every device and in letters.

        What the API says follows `Accept-Language`.
        """
        said = self.sent(Spoken)
        actions.speak(**said, by=self.caller)
        return Response(said)


def _names(user: User) -> dict[str, Any]:
    return {
        "given_name": user.given_name,
        "infix": user.infix,
        "family_name": user.family_name,
        "nickname": user.nickname,
        "name": user.name,
        "called": user.called,
    }
