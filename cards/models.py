"""The deck as rows: an edition of the instrument, its six aspects and what stands on their cards.

Texts stand per language side by side, so that a card reads whole in each. The deck belongs to no school.
"""

from __future__ import annotations

from typing import Any

from django.db import models
from django.utils.translation import get_language, gettext


def _in_language(texts: dict[str, Any]) -> Any:
    """The text in the reader's language, else in Dutch, the language of the instrument."""
    return texts.get((get_language() or "nl")[:2]) or texts["nl"]


class Edition(models.Model):
    """A version of the whole instrument. The public one is ours; a board may have the right to another."""

    key = models.SlugField(max_length=40)
    version = models.CharField(max_length=20)
    is_public = models.BooleanField(default=False)
    title = models.JSONField()
    source = models.JSONField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["key", "version"], name="one_edition_per_version"),
        ]

    def __str__(self) -> str:
        return f"{self.key} {self.version}"

    @property
    def credit(self) -> str:
        """Whose work it builds on, in the reader's language."""
        return str(_in_language(self.source))


class Aspect(models.Model):
    """One aspect of good professional talk: one card. ``number`` 1-6 also says its colour and shape."""

    edition = models.ForeignKey(Edition, on_delete=models.PROTECT, related_name="aspects")
    key = models.SlugField(max_length=40)
    number = models.PositiveSmallIntegerField()
    texts = models.JSONField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["edition", "key"], name="one_aspect_per_key"),
            models.UniqueConstraint(fields=["edition", "number"], name="one_aspect_per_number"),
            models.CheckConstraint(condition=models.Q(number__range=(1, 6)), name="aspects_are_six"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        """The aspect's name in the reader's language."""
        return str(_in_language(self.texts)["name"])

    @property
    def short_name(self) -> str:
        """The short name, for tables."""
        return str(_in_language(self.texts)["short_name"])

    @property
    def question(self) -> str:
        """The question in which a group recognises itself."""
        return str(_in_language(self.texts)["question"])

    @property
    def definition(self) -> str:
        """The aspect in one sentence."""
        return str(_in_language(self.texts)["definition"])

    @property
    def explanation(self) -> list[str]:
        """The theory behind it, in paragraphs."""
        return list(_in_language(self.texts)["explanation"])


class CardLine(models.Model):
    """A line on a card: its place on it and its text per language."""

    key = models.SlugField(max_length=60)
    position = models.PositiveSmallIntegerField()
    texts = models.JSONField()

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.text

    @property
    def text(self) -> str:
        """The line in the reader's language."""
        return str(_in_language(self.texts)["text"])


class Behaviour(CardLine):
    """Something one can hear in a talk that has this aspect."""

    aspect = models.ForeignKey(Aspect, on_delete=models.PROTECT, related_name="behaviours")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["aspect", "key"], name="one_behaviour_per_key")]


class Utterance(CardLine):
    """An example question or phrase to borrow."""

    aspect = models.ForeignKey(Aspect, on_delete=models.PROTECT, related_name="utterances")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["aspect", "key"], name="one_utterance_per_key")]

    @property
    def agreement(self) -> str:
        """A draft agreement made from this question or phrase."""
        if "?" in self.text:
            return gettext("In our meetings we ask: “%(words)s”") % {"words": self.text}
        return gettext("In our meetings we say: “%(words)s”") % {"words": self.text}


class Tip(CardLine):
    """Something to try, which can become the group's own agreement."""

    aspect = models.ForeignKey(Aspect, on_delete=models.PROTECT, related_name="tips")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["aspect", "key"], name="one_tip_per_key")]

    @property
    def agreement(self) -> str:
        """A draft agreement made from this tip."""
        return str(_in_language(self.texts)["agreement"])
