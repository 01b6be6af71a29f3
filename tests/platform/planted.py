"""Words that can be found again, planted in all that a group writes: who came to read which."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.apps import apps
from django.db import models
from django.db.models import Case, Value, When

from observations.models import AspectNote, FeedbackPair, Observation, ScanAnswer, Visit
from samenspraak.who_sees import audiences as who
from samenspraak.who_sees.audiences import Audience
from tests import factories
from workgroups.models import Agenda, FocusPeriod, GoalUpdate, GuidedStart, Seat
from workgroups.models.group import InGroup

if TYPE_CHECKING:
    from tests.platform.test_matrix import Stage

WORD = "zwaluw{}staart"
# What is written in each table, and who may read it; an audience of nobody: only those on their own.
READERS: dict[str, Audience] = {
    "agenda": who.GROUP,
    "agreement": who.GROUP_AND_GUEST,
    "aspectnote": who.VISITOR,
    "criterion": who.GROUP,
    "decisionnote": who.GROUP,
    "feedbackpair": who.GROUP_AND_VISITOR,
    "focusperiod": who.GROUP_AND_GUEST,
    "goal": who.GROUP_AND_GUEST,
    "goalupdate": who.GROUP_AND_GUEST,
    "guidedstart": who.GROUP,
    "helprequest": who.SCHOOL,
    "interview": who.GROUP,
    "knowline": who.GROUP,
    "knowsheet": who.GROUP,
    "meeting": who.GROUP_GUEST_AND_OFFICE,
    "option": who.GROUP,
    "peerfeedback": who.TWO,
    "routinereview": who.GROUP,
    "scananswer": who.TWO,  # Carla's own
    "seat": who.GROUP_GUEST_AND_OFFICE,
    "source": who.GROUP,
    "unshared": who.VISITOR,
    "visit": who.GROUP_AND_VISITOR,
}
# Written by others than the stage's people, or known by their keys: rounds and pulses have leak tests of their own.
NOT_PLANTED = {"closer", "correction", "remark", "pulseanswer", "pulsereading"}
_NOT_WORDS = {"time_zone", "answer"}


@dataclass
class Planted:
    """What was planted, and which callers found it."""

    found: dict[str, set[str]] = field(default_factory=dict)

    def read(self, who_reads: str, body: bytes) -> None:
        """Note what this caller finds in an answer."""
        for name in READERS:
            if WORD.format(name).encode() in body:
                self.found.setdefault(name, set()).add(who_reads)


def plant(stage: Stage) -> Planted:
    """Plant a word of its own in every table of the own group."""
    _more_rows(stage)
    for model in _tables():
        name = model._meta.model_name or ""
        words = [one.name for one in model._meta.concrete_fields if _holds_words(one)]
        if not words or name in NOT_PLANTED or name == "guidedstart":
            continue
        assert name in READERS, f"Say in READERS who reads {name}."
        rows = model._base_manager.filter(group=stage.cast.reading)
        unshared = rows.filter(observation__visit__shared_at__isnull=True) if model is FeedbackPair else None
        rows.update(**_planted(words, name))
        if unshared is not None:
            unshared.update(**_planted(words, "unshared"))
    return Planted()


def _planted(words: list[str], name: str) -> dict[str, Case]:
    """The word, wherever something stands: what is empty has to stay so in some tables."""
    put = Value(WORD.format(name))
    return {word: Case(When(**{word: ""}, then=Value("")), default=put) for word in words}


def _tables() -> list[type[models.Model]]:
    return [model for model in apps.get_models() if issubclass(model, InGroup)]


def _holds_words(one: models.Field[Any, Any]) -> bool:
    is_text = isinstance(one, models.CharField | models.TextField)
    return is_text and not one.choices and one.name not in _NOT_WORDS


def _more_rows(stage: Stage) -> None:
    """What the stage itself lacks: notes and points before sharing, an own answer, how a goal goes."""
    own, cast = stage.own, stage.cast
    mine = {"school": cast.reading.school, "group": cast.reading}
    observation = Observation.objects.get(pk=own["observation_id"])
    aspect = cast.aspects["openness"]
    AspectNote.objects.create(**mine, observation=observation, aspect=aspect, going_well="-", chances="-")
    points = {"strong": "-", "strong_aspect": aspect, "improvement": "-", "improvement_aspect": aspect}
    FeedbackPair.objects.create(**mine, observation=observation, position=1, **points)
    line = aspect.behaviours.earliest("position")
    ScanAnswer.objects.create(**mine, scan_id=own["scan_id"], user=cast.carla, behaviour=line, degree=2, manner="-")
    told = {"step": "on_the_way", "note": "-", "by": cast.carla, "written_at": factories.NOW}
    GoalUpdate.objects.create(**mine, goal_id=own["goal_id"], **told)
    Agenda.objects.update_or_create(meeting_id=own["meeting_id"], defaults={**mine, "notes": "-"})
    FocusPeriod.objects.filter(pk=own["period_id"]).update(why="-")
    GuidedStart.objects.filter(group=cast.reading).update(drafts=_drafts())
    Seat.objects.filter(group=cast.reading).update(ask_me_about="-")
    Visit.objects.filter(group=cast.reading).update(own_words="-")


def _drafts() -> list[dict[str, Any]]:
    return [{"id": 101, "version": 1, "text": WORD.format("guidedstart"), "agreements": []}]
