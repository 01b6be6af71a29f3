"""How a group looks at its own talk: rounds and pulses, visits and what comes of them."""

from django.utils.translation import gettext_lazy as _

from samenspraak.who_sees import kept
from samenspraak.who_sees.audiences import (
    GROUP,
    GROUP_AND_GUEST,
    GROUP_AND_VISITOR,
    ONLY_YOU,
    VISITOR,
    VISITORS,
)
from samenspraak.who_sees.things import Thing

THINGS = (
    Thing(
        key="answers",
        name=_("what you fill in yourself in a self-scan or pulse"),
        reads=ONLY_YOU,
        changes=ONLY_YOU,
        kept=kept.ANSWERS,
        at="observations:scan-answer api:scan-answers api:pulse-answers",
        more=_("Nobody sees what you answered, or whether you did. Your chair does not either."),
    ),
    Thing(
        key="scans",
        name=_("self-scans and pulses of the group"),
        reads=GROUP,
        read_at="observations:scan observations:pulse",
        changes=GROUP,
        changed_at="observations:scan-new",
        kept=kept.GROUP,
        at="""
            observations:scan observations:scans observations:scan-new observations:scan-close
            observations:scan-drop observations:scan-reveal observations:scan-state observations:scan-sheet
            observations:scan-paper observations:start-round observations:pulse observations:pulses
            observations:pulse-new observations:pulse-state api:scan api:scans
            api:group-scans api:scan-close api:scan-drop api:scan-reveal
            api:group-pulses api:pulse api:pulses
        """,
        more=_(
            "What you fill in, only you read, until the round closes; then the answers of each person are deleted. "
            "What people wrote stays in the group."
        ),
    ),
    Thing(
        key="visits",
        name=_("visits of a coach: when and what for"),
        reads=GROUP_AND_VISITOR,
        read_at="observations:visit",
        changes=GROUP_AND_VISITOR,
        changed_at="observations:visit-withdraw",
        begins=VISITORS,
        kept=kept.GROUP,
        at="""
            observations:visit observations:visit-new observations:visit-accept observations:visit-decline
            observations:visit-amend observations:visit-agree observations:visit-postpone
            observations:visit-withdraw api:visit api:visits
            api:group-next-visit api:group-visits api:visit-contract api:visit-accept api:visit-agree api:visit-amend
            api:visit-decline api:visit-postpone api:visit-withdraw
        """,
        more=_(
            "A leader who comes to listen is a visitor like any other. Who stopped or postponed a visit is not kept."
        ),
    ),
    Thing(
        key="notes",
        name=_("notes of a visitor, before anything is shared"),
        reads=VISITOR,
        read_at="observations:notes",
        changes=VISITOR,
        changed_at="observations:notes",
        kept=kept.NOTES,
        at="""
            observations:visit-prepare observations:field observations:listen observations:listen-stop
            observations:notes observations:feedback-compose observations:feedback-share
            api:observation api:observations api:observation-share
            api:visit-preparation api:visit-listening api:visit-listening-stop
        """,
        more=_("The group does not read these, and nor does the school leader."),
    ),
    Thing(
        key="feedback",
        name=_("feedback of a visitor to the group"),
        reads=GROUP_AND_VISITOR,
        read_at="observations:debrief",
        changes=GROUP,
        changed_at="observations:debrief",
        kept=kept.GROUP,
        at="""
            observations:debrief observations:debrief-state observations:debrief-show observations:debrief-answer
            observations:debrief-end observations:feedback-correct api:feedback api:visit-feedback api:visit-corrections
            api:visit-debrief api:visit-debrief-show api:visit-debrief-end api:point-answer
        """,
        more=_("What was shared does not change. The coach can add what was wrong, with the day."),
    ),
    Thing(
        key="profile",
        name=_("the group’s dialogue profile"),
        reads=GROUP_AND_GUEST,
        read_at="observations:profile",
        kept=kept.GROUP,
        at="""
            observations:profile observations:profile-aspect observations:profile-csv observations:profile-pdf
            observations:profile-xlsx api:profile api:profile-aspect api:profile-csv api:profile-pdf api:profile-xlsx
        """,
        more=_(
            "The school leader reads it only if the group shares it: in three words for each card, with strong points "
            "and chances. Never a figure, a behaviour or a remark."
        ),
    ),
    Thing(
        key="sharing",
        name=_("what the group shares with its school"),
        reads=GROUP,
        read_at="observations:sharing",
        changes=GROUP,
        changed_at="observations:sharing",
        kept=kept.GROUP,
        at="observations:sharing api:group-sharing api:group-sharing-preview",
        more=_("Who said yes or no is not kept. Anybody in the group can stop sharing at any time."),
    ),
)
