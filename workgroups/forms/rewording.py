"""What the group says in other words, and the version that was read: nobody overwrites what they did not see."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from schools.forms import Versioned
from workgroups.forms import AgreementForm, GroupForm, PeriodForm, Told, WhyForm, tiles, words

CHANGED = "changed"
_WAYS = (
    ("habit", Told(_("It is a habit now"), _("You do it without being reminded"))),
    (CHANGED, Told(_("You say it differently now"), _("The new words take its place"))),
    ("dropped", Told(_("You let it go"), _("It does not help, or no longer fits"))),
)


class GroupWordsForm(GroupForm, Versioned):
    """What a group is called and works on, in other words."""


class GroupWhyForm(WhyForm, Versioned):
    """The same with its why."""


class GoalWordsForm(Versioned):
    """A goal in other words."""

    text = words(
        _("What do you want to do better?"),
        _("Write down what you want to do better."),
        max_length=300,
        help_text=_("Something you could hear in your own meetings"),
    )


class AgreementWordsForm(AgreementForm, Versioned):
    """An agreement in other words."""


class WhyWordsForm(PeriodForm, Versioned):
    """Why the card matters, in other words."""


class EndAgreementForm(Versioned):
    """How an agreement ends on purpose (G8): a habit, changed into other words, or let go."""

    how = tiles(_("Why does it stop?"), _WAYS, _("Choose one of the three."))
    text = words(_("How do you say it now?"), max_length=300)

    def clean(self) -> dict[str, Any]:
        """Who changes an agreement writes down other words."""
        data = super().clean() or {}
        if data.get("how") == CHANGED:
            if not data.get("text"):
                self.add_error("text", _("Write down how you say it now."))
            elif data["text"] == self.initial.get("text"):
                self.add_error("text", _("These are the words you have. Change them, or choose something else."))
        return data
