"""What a button of the debrief is about."""

from __future__ import annotations

from django import forms


class PlaceForm(forms.Form):
    """One of the points, counted through from 1."""

    place = forms.IntegerField(min_value=1, max_value=6)
