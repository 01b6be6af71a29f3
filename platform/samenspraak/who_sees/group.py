"""What belongs to a group: its people, its meetings, and what it plans and writes."""

from django.utils.translation import gettext_lazy as _

from samenspraak.who_sees import kept
from samenspraak.who_sees.audiences import (
    CHAIR,
    CHAIR_AND_OFFICE,
    GROUP,
    GROUP_AND_GUEST,
    GROUP_GUEST_AND_OFFICE,
    SCHOOL,
    TWO,
)
from samenspraak.who_sees.things import Thing

THINGS = (
    Thing(
        key="seats",
        name=_("who is in the group"),
        reads=GROUP_GUEST_AND_OFFICE,
        read_at="workgroups:group-seats",
        changes=CHAIR_AND_OFFICE,
        changed_at="workgroups:group-seats",
        kept=kept.GROUP,
        at="""
            workgroups:group-seats workgroups:seat-leave workgroups:seat-chair workgroups:seat-stay
            workgroups:seat-line workgroups:chair-keep workgroups:chair-rotate
            api:seats api:seat api:seat-leave api:seat-stay api:seat-chair api:seat-line
            api:group-seats api:seat-candidates api:chair-keep api:chair-rotate
        """,
        more=_("Only the chair and the admins let somebody go or hand over the chair."),
    ),
    Thing(
        key="meetings",
        name=_("meetings: day, time and place"),
        reads=GROUP_GUEST_AND_OFFICE,
        read_at="workgroups:meeting",
        changes=CHAIR,
        changed_at="workgroups:meeting-edit",
        kept=kept.GROUP,
        at="""
            workgroups:meeting workgroups:meeting-new workgroups:meeting-edit workgroups:meeting-cancel
            workgroups:meeting-restore api:meeting api:meetings api:group-meetings api:group-proposal
            api:meeting-preview api:meeting-cancel api:meeting-restore api:series api:one-series api:series-end
            api:group-series api:series-preview
        """,
        more=_("Leaders and admins see the day, time and place, and nothing of what was said."),
    ),
    Thing(
        key="agenda",
        name=_("agenda and notes of a meeting"),
        reads=GROUP,
        read_at="workgroups:meeting-agenda",
        changes=GROUP,
        changed_at="workgroups:meeting-notes",
        kept=kept.GROUP,
        at="""
            workgroups:meeting-agenda workgroups:meeting-point workgroups:meeting-notes workgroups:meeting-paper
            workgroups:meeting-screen workgroups:meeting-scene workgroups:meeting-state workgroups:meeting-sheet
            api:meeting-agenda api:meeting-points api:meeting-notes
            api:meeting-paper
        """,
        more=_("No coach and no leader reads this, and nor does the board."),
    ),
    Thing(
        key="letters",
        name=_("the letters of the group"),
        reads=GROUP,
        read_at="workgroups:letters",
        changes=CHAIR,
        changed_at="workgroups:letters",
        kept=kept.LETTERS,
        at="""
            workgroups:letters workgroups:letter workgroups:letter-paper workgroups:letter-back workgroups:letter-send
            api:group-letters api:letter api:letter-back api:letter-send api:group-reminders
        """,
    ),
    Thing(
        key="plan",
        name=_("card, goals, agreements and how you look back on them"),
        reads=GROUP_AND_GUEST,
        read_at="workgroups:goal",
        changes=GROUP,
        changed_at="workgroups:goal-edit",
        kept=kept.GROUP,
        at="""
            workgroups:card workgroups:focus-new workgroups:focus-why
            workgroups:start workgroups:start-state workgroups:start-step workgroups:start-pause
            workgroups:start-resume workgroups:start-why workgroups:start-goals workgroups:start-agreements
            workgroups:start-line workgroups:start-line-away workgroups:start-finish
            workgroups:goal workgroups:goal-new workgroups:goal-edit workgroups:goal-end workgroups:goal-update
            workgroups:agreement workgroups:agreements workgroups:agreement-new workgroups:agreement-edit
            workgroups:agreement-end workgroups:meeting-open workgroups:meeting-close workgroups:meeting-skip
            observations:point-goal observations:point-agreement api:point-goal api:point-agreement
            api:goal api:goals api:goal-end api:goal-updates api:goal-agreements api:goal-checks api:period-goals
            api:agreement api:agreements api:agreement-end api:agreement-checks
            api:focus-period api:focus-periods api:group-focus api:group-card api:group-cards
            api:meeting-open api:meeting-close api:meeting-skip
        """,
        more=_("At your school people see which card you work on, and no goal or agreement."),
    ),
    Thing(
        key="papers",
        name=_("the group’s papers: questions, decisions and what you read"),
        reads=GROUP,
        read_at="workgroups:papers",
        changes=GROUP,
        changed_at="workgroups:decision-edit",
        kept=kept.GROUP,
        at="""
            workgroups:papers workgroups:papers-round workgroups:know workgroups:know-new workgroups:know-add
            workgroups:know-line workgroups:know-found workgroups:know-away
            workgroups:decision workgroups:decision-new workgroups:decision-edit workgroups:decision-open
            workgroups:decision-other-view workgroups:decision-decide workgroups:criterion
            workgroups:criterion-new workgroups:criterion-drop workgroups:option workgroups:option-new
            workgroups:option-drop workgroups:routine workgroups:routine-new workgroups:routine-edit
            workgroups:source workgroups:source-new workgroups:source-edit
            workgroups:interview workgroups:interview-new workgroups:interview-edit
        """,
    ),
    Thing(
        key="peer",
        name=_("feedback between two colleagues"),
        reads=TWO,
        read_at="workgroups:peer",
        changes=TWO,
        changed_at="workgroups:peer-take-back",
        begins=GROUP,
        kept=kept.GROUP,
        at="""
            workgroups:peer workgroups:peer-new workgroups:peer-give workgroups:peer-decline
            workgroups:peer-take-back workgroups:peer-thank
        """,
        more=_("Nobody else in the group reads it, and nor does the chair."),
    ),
    Thing(
        key="help",
        name=_("what the group asks its school"),
        reads=SCHOOL,
        read_at="api:help",
        changes=GROUP,
        changed_at="workgroups:help-edit",
        kept=kept.GROUP,
        at="""
            workgroups:help workgroups:help-edit workgroups:help-back workgroups:help-done workgroups:help-answer
            api:help api:help-request api:help-withdraw api:help-finish api:group-help api:help-answer
        """,
        more=_("The school leader answers. It names the group, and nobody in it."),
    ),
)
