"""What is for everybody, what is one's own, and what belongs to a school or a board."""

from django.utils.translation import gettext_lazy as _

from samenspraak.who_sees import kept
from samenspraak.who_sees.audiences import (
    ADMIN,
    ANYBODY,
    BOARD,
    CHAIR_AND_OFFICE,
    HOLDER,
    OFFICE,
    ONLY_YOU,
    OPERATOR,
    SCHOOL,
)
from samenspraak.who_sees.things import Thing

THINGS = (
    Thing(
        key="public",
        name=_("what is for everybody"),
        reads=ANYBODY,
        read_at="about",
        kept=kept.NOTHING,
        at="""
            about council-dossier guide guide-step cards:deck cards:card cards:print api:cards api:card api:root
            api:schema api:nowhere offline worker manifest favicon robots set_language parts
            mailbox mailbox-letter mailbox-paper mailbox-file
        """,
        is_told=False,
    ),
    Thing(
        key="today",
        name=_("your own start"),
        reads=ONLY_YOU,
        kept=kept.GATHERED,
        at="home school-home join join-code workgroups:now",
        more=_("It shows what you may read anyway. For a colleague it looks different."),
        is_told=False,
    ),
    Thing(
        key="account",
        name=_("your account, letters and calendar"),
        reads=ONLY_YOU,
        changes=ONLY_YOU,
        kept=kept.OWN,
        at="""
            account account-events account-letters account-calendar account-tokens account-token-revoke api:me
            calendar-new calendar-group calendar-renew calendar-remove
        """,
        more=_("Your chair sees that a letter could not be delivered, but not to whom."),
    ),
    Thing(
        key="keys",
        name=_("what an address in a letter or calendar opens"),
        reads=HOLDER,
        changes=HOLDER,
        kept=kept.OWN,
        at="stop-letters calendar-feed",
        is_told=False,
    ),
    Thing(
        key="people",
        name=_("who works at the school: names and roles"),
        reads=SCHOOL,
        read_at="people",
        kept=kept.WORKS_HERE,
        at="people api:school",
        more=_("Addresses for mail do not stand there."),
    ),
    Thing(
        key="events",
        name=_("who changed roles, invitations, groups and settings"),
        reads=ADMIN,
        read_at="school-events",
        kept=kept.EVENTS,
        at="school-events",
        more=_(
            "Each reads of the own account what happened with it. Nothing of what groups say or write stands there, "
            "nor who answered a round, postponed something or took a yes back."
        ),
    ),
    Thing(
        key="board-events",
        name=_("who changed roles and settings of the board"),
        reads=BOARD,
        read_at="board-events",
        kept=kept.EVENTS,
        at="board-events",
    ),
    Thing(
        key="looks",
        name=_("which operator looked in, when and why"),
        reads=SCHOOL,
        read_at="school-opened",
        changes=OPERATOR,
        changed_at="glass",
        kept=kept.EVENTS,
        at="school-opened glass glass-close",
        more=_("Only for a reason and for four hours at most, reading only. The leaders and admins get a letter at once."),
    ),
    Thing(
        key="days-off",
        name=_("days without school"),
        reads=SCHOOL,
        read_at="workgroups:days-off",
        changes=OFFICE,
        changed_at="workgroups:days-off",
        kept=kept.SCHOOL,
        at="workgroups:days-off workgroups:days-off-remove",
        is_told=False,
    ),
    Thing(
        key="reminders",
        name=_("when the school’s groups are reminded"),
        reads=OFFICE,
        read_at="workgroups:reminders",
        changes=OFFICE,
        changed_at="workgroups:reminders",
        kept=kept.SCHOOL,
        at="workgroups:reminders",
        is_told=False,
    ),
    Thing(
        key="dashboard",
        name=_("the school’s overview"),
        reads=SCHOOL,
        read_at="school-dashboard",
        kept=kept.GATHERED,
        at="school-dashboard school-dashboard-csv school-dashboard-xlsx api:dashboard",
        more=_(
            "Of a group’s conversation it shows only what the group shares, in three words. "
            "The leader reads the same as you. Anybody in the group can stop sharing at any time."
        ),
    ),
    Thing(
        key="board",
        name=_("the board’s overview"),
        reads=BOARD,
        read_at="board-home",
        kept=kept.GATHERED,
        at="board-home board-csv board-xlsx api:board",
        more=_("Two numbers for each school: its groups and how often they met. Nothing about conversations."),
    ),
    Thing(
        key="group",
        name=_("the group: its name, theme and chair"),
        reads=SCHOOL,
        read_at="workgroups:group",
        changes=CHAIR_AND_OFFICE,
        changed_at="workgroups:group-edit",
        kept=kept.GROUP,
        at="""
            workgroups:group workgroups:group-new workgroups:group-edit workgroups:group-turn workgroups:group-end
            api:group api:groups
        """,
        more=_("What else you find on the page of a group is for its people, and for a coach who is welcome there."),
    ),
)
