"""What is typed in a self-scan: what it is about and how the group answers, and the answers on one card."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.formats import date_format
from django.utils.functional import cached_property
from django.utils.translation import gettext as _now, gettext_lazy as _, pgettext

from cards.models import Aspect, Behaviour
from observations import queries
from observations.actions import Answer
from observations.actions.versions import CANNOT_SAY
from observations.models.observation import Degree
from schools.forms import Versioned
from workgroups import forms as work

AT_ONCE = dt.timedelta(minutes=10)
A_WEEK = dt.timedelta(days=7)
_DEGREES = (*((str(value), label) for value, label in Degree.choices), (CANNOT_SAY, _("cannot say")))
_WHOLE = ("all", work.Told(_("All six cards"), _("A starting picture, some ten minutes")))
_TOGETHER = (
    "together",
    work.Told(_("Together, with one voice"), _("You talk about each sentence and give one answer. You see it at once")),
)


class ScanForm(forms.Form):
    """About which cards, and how: with one voice, or each alone until a moment that fits the group."""

    def __init__(
        self,
        *args: Any,
        card: Aspect | None,
        sealed: bool,
        now: dt.datetime,
        meets_at: dt.datetime | None,
        about: str,
        how: str,
    ) -> None:
        """Offer the card in focus, and the ways that this group can go now; the moments are in the school's zone."""
        super().__init__(*args)
        self.until = _moments(now, meets_at)
        cards = [("focus", work.Told(card.name, _("Your card, some three minutes")))] if card else []
        self.fields["about"] = work.tiles(_("What do you look at?"), [*cards, _WHOLE], _("Choose what you look at."))
        ways = [_TOGETHER, *((key, _alone(key, until)) for key, until in self.until.items())] if sealed else [_TOGETHER]
        self.fields["how"] = work.tiles(_("How do you answer?"), ways, _("Choose how you answer."))
        self.fields["about"].initial = "focus" if card and about != "all" else "all"
        likely = how or "meeting"
        self.fields["how"].initial = likely if sealed and likely in self.until else ways[0][0]

    @property
    def closes_at(self) -> dt.datetime | None:
        """Until when each answers alone; None when the group answers together."""
        return self.until.get(self.cleaned_data["how"])


def _moments(now: dt.datetime, meets_at: dt.datetime | None) -> dict[str, dt.datetime]:
    """Until when one can answer alone: ten minutes, the start of the next meeting if that is near, a week."""
    moments = {"now": now + AT_ONCE}
    if meets_at and now + AT_ONCE < meets_at <= now + 3 * A_WEEK:
        moments["meeting"] = meets_at
    return moments | {"week": now + A_WEEK}


def _alone(key: str, until: dt.datetime) -> work.Told:
    clock = date_format(until, pgettext("time of day", "H:i"))
    day = date_format(until, _now("l j F"))
    if key == "now":
        return work.Told(_("Each alone first, now"), _now("You sit together and have ten minutes, until %s") % clock)
    if key == "meeting":
        return work.Told(_("Each alone first, until you meet"), _now("%(day)s, %(time)s") % {"day": day, "time": clock})
    return work.Told(_("Each alone first, a week"), _now("Until %(day)s, %(time)s") % {"day": day, "time": clock})


@dataclass(frozen=True)
class Line:
    """The two fields of one behaviour, for the template."""

    degree: forms.BoundField
    manner: forms.BoundField


class AnswersForm(Versioned):
    """To what degree, and in what manner, for every behaviour of one card; "cannot say" is an answer too."""

    def __init__(self, *args: Any, behaviours: Iterable[Behaviour], given: Mapping[int, Answer]) -> None:
        """Make two fields per behaviour, filled with what was answered before."""
        super().__init__(*args)
        self.behaviours = list(behaviours)
        read = {line.pk: given[line.pk] for line in self.behaviours if line.pk in given}
        self.fields["version"].initial = queries.fingerprint(read)
        for line in self.behaviours:
            self.fields[f"degree-{line.pk}"] = work.tiles(
                line.text, _DEGREES, _("Choose an answer, or “cannot say”."), initial=_shown(given.get(line.pk))
            )
            attrs = {"rows": 1, "aria-label": f"{_now('In what manner?')} {line.text}"}
            self.fields[f"manner-{line.pk}"] = work.words(
                _("In what manner?"),
                max_length=300,
                widget=forms.Textarea(attrs=attrs),
                initial=given[line.pk].manner if line.pk in given else "",
            )

    @cached_property
    def lines(self) -> list[Line]:
        """The fields per behaviour."""
        return [Line(self[f"degree-{line.pk}"], self[f"manner-{line.pk}"]) for line in self.behaviours]

    @property
    def answers(self) -> dict[int, Answer]:
        """The answer on each behaviour, by its id."""
        data = self.cleaned_data
        return {
            line.pk: Answer(_degree(data[f"degree-{line.pk}"]), data[f"manner-{line.pk}"]) for line in self.behaviours
        }


def _degree(value: str) -> int | None:
    return None if value == CANNOT_SAY else int(value)


def _shown(answer: Answer | None) -> str | None:
    if answer is None:
        return None
    return CANNOT_SAY if answer.degree is None else str(answer.degree)
