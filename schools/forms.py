"""What people fill in about themselves, and the version that a form carries along."""

from __future__ import annotations

from django import forms
from django.conf import settings
from django.utils.translation import get_language_info, gettext_lazy as _

from schools.models import ApiToken


def _own_names() -> list[tuple[str, str]]:
    """Each language by the name its speakers give it."""
    return [(code, get_language_info(code)["name_local"].capitalize()) for code, _name in settings.LANGUAGES]


class LanguageForm(forms.Form):
    """In which language the product speaks to somebody, on every device and in letters."""

    language = forms.ChoiceField(label=_("Language"), choices=_own_names, widget=forms.RadioSelect)


class TokenForm(forms.Form):
    """A new key to the API."""

    name = forms.CharField(
        label=_("What is it for?"),
        help_text=_("Such as the program that will use it"),
        max_length=ApiToken._meta.get_field("name").max_length,
    )


class Versioned(forms.Form):
    """A form about words that others can change too: ``version`` is the one that the writer read.

    Start it with ``initial={"version": row.version, ...}``, put it on the page with the other fields
    (``{{ form.version }}``) and hand ``cleaned_data["version"]`` to the action, which raises refusals.Conflict.
    """

    version = forms.IntegerField(required=False, widget=forms.HiddenInput)
