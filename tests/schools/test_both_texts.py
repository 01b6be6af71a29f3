"""Two people at one text: the second sees both, and chooses."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from django import forms
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.test import RequestFactory

from schools import problems, refusals
from schools.forms import Versioned
from schools.pages import FormMixin, Page


class _WordsForm(Versioned):
    words = forms.CharField(label="Words")
    step = forms.ChoiceField(choices=[("far", "Far away"), ("near", "Nearby")])


class _Words(FormMixin, Page):
    """A page whose words stand at version 3."""

    form_class = _WordsForm
    stored = {"words": "Theirs", "step": "far"}

    def act(self, form: forms.Form) -> str:
        """Take version 3 alone."""
        if form.cleaned_data["version"] != 3:
            raise refusals.Conflict(theirs=self.stored, version=3)
        return "/saved/"

    def show(self, *, status: int = 200, **context: Any) -> HttpResponse:
        """The fields, as every page shows them."""
        return HttpResponse(render_to_string("ui/form.html", context), status=status)


def _send(rf: RequestFactory, **typed: Any) -> HttpResponse:
    request: HttpRequest = rf.post("/", {"words": "Mine", "step": "near", **typed})
    view = _Words()
    view.setup(request)
    return view.post(request)


@pytest.mark.parametrize("version", [2, "", "x1"])
def test_both_texts_are_there(rf: RequestFactory, version: Any) -> None:
    answer = _send(rf, version=version)

    page = answer.content.decode()
    assert answer.status_code == (422 if version == "x1" else 409)
    assert ("Theirs" in page) == (version != "x1")
    assert 'value="Mine"' in page


def test_sending_again_is_a_choice(rf: RequestFactory) -> None:
    page = _send(rf, version=2).content.decode()

    assert '<input type="hidden" name="version" value="3"' in page
    assert _send(rf, version=3).headers["Location"] == "/saved/"


def test_a_choice_is_told_in_its_words(rf: RequestFactory) -> None:
    assert "Far away</p>" in _send(rf, version=2).content.decode()


def test_a_field_that_is_the_same_is_left_alone(rf: RequestFactory) -> None:
    page = _send(rf, version=2, words="Theirs").content.decode()

    assert 'id="id_words_theirs"' not in page
    assert 'id="id_step_theirs"' in page


def test_what_the_form_does_not_show_is_still_a_conflict(rf: RequestFactory) -> None:
    page = _send(rf, version=2, words="Theirs", step="far")

    assert page.status_code == 409
    assert 'class="summary"' in page.content.decode()


def test_the_api_tells_what_is_stored() -> None:
    request = SimpleNamespace(data={"text": "Mine"})
    answer = problems.problem(refusals.Conflict(theirs={"text": "Theirs"}, version=3), {"request": request})

    assert (answer.status_code, answer.data["code"]) == (412, "conflict")
    assert (answer.data["stored"], answer.data["version"]) == ({"text": "Theirs"}, 3)
    assert answer.data["sent"] == {"text": "Mine"}


def test_it_is_said_once_and_the_fields_stay_calm(rf: RequestFactory) -> None:
    page = _send(rf, version=2).content.decode()

    assert page.count("Bewaar je nog een keer") == 1
    assert 'class="error"' not in page
    assert "wrong" not in page
    assert 'href="#id_words"' in page
    assert page.count('aria-describedby="id_words_theirs"') == 1
    assert page.count('aria-describedby="id_step_theirs"') == 1
