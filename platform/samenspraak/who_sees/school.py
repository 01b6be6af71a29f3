"""What is for everybody, what is one's own, and what belongs to a school or a board."""

from django.utils.translation import gettext_lazy as _

from samenspraak.who_sees import kept
from samenspraak.who_sees.audiences import (
    ADMIN,
    ADMINS,
    ANYBODY,
    BOARD,
    CHAIR,
    CHAIR_AND_OFFICE,
    HOLDER,
    OFFICE,
    OFFICE_AND_BOARD,
    ONLY_YOU,
    OPERATOR,
    SCHOOL,
    YOUR_SCHOOLS,
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
            reference reference-part
            program-about program-about-oauth program-keys
            api:schema api:nowhere offline worker manifest favicon robots security-txt set_language parts
            mailbox mailbox-letter mailbox-paper mailbox-file find-board board-services
        """,
        is_told=False,
    ),
    Thing(
        key="today",
        name=_("your own start"),
        reads=ONLY_YOU,
        kept=kept.GATHERED,
        at="home school-home join join-code workgroups:now api:code api:next-meeting",
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
            account account-address account-address-asked account-address-confirm account-prove
            account-session-end account-sessions account-sessions-end account-letters account-calendar
            api:own-letters api:feeds api:feed api:feed-renew
            account-programs account-program-end program-ask program-token program-revoke program-userinfo
            account-tokens account-token-revoke api:boards api:schools api:language api:sessions
            api:session api:sessions-end api:tokens api:token api:me
            calendar-new calendar-group calendar-renew calendar-remove account-ways account-enrol account-passkey-new
            account-passkey-name account-passkey-remove account-app-new account-app-remove account-codes
            account-services service-connect service-unlink service-prove
        """,
        more=_("Your chair sees that a letter could not be delivered, but not to whom."),
    ),
    Thing(
        key="own-data",
        name=_("what Samenspraak knows about you"),
        reads=ONLY_YOU,
        changes=ONLY_YOU,
        kept=kept.GATHERED,
        at="account-data account-data-file account-erase account-erase-undo api:own-data api:erasure",
        more=_("Nobody at school sees that you took it along, or that you asked to erase your account."),
    ),
    Thing(
        key="own-name",
        name=_("your own name"),
        reads=YOUR_SCHOOLS,
        changes=ONLY_YOU,
        kept=kept.OWN,
        at="account-name api:own-name",
    ),
    Thing(
        key="own-events",
        name=_("what happened with your account"),
        reads=ONLY_YOU,
        kept=kept.EVENTS,
        at="account-events api:own-events",
    ),
    Thing(
        key="keys",
        name=_("what an address in a letter or calendar opens"),
        reads=HOLDER,
        changes=HOLDER,
        kept=kept.OWN,
        at="""
            stop-letters calendar-feed address-undo erasure-undo invitation invitation-type service-login service-back
            service-link
        """,
        is_told=False,
    ),
    Thing(
        key="people",
        name=_("who works at the school: names and roles"),
        reads=SCHOOL,
        read_at="people",
        changes=ADMINS,
        changed_at="person",
        kept=kept.WORKS_HERE,
        at="people api:school api:colleagues",
        more=_("E-mail addresses are not there."),
    ),
    Thing(
        key="people-kept",
        name=_("the people’s e-mail addresses, and until when they are here"),
        reads=ADMINS,
        read_at="people-kept",
        changes=ADMINS,
        changed_at="person",
        kept=kept.WORKS_HERE,
        at="""
            people-kept person person-leave person-paper role-end role-stay api:members api:member api:member-leave
            api:member-roles api:member-role-end api:member-role-stay
        """,
    ),
    Thing(
        key="invitations",
        name=_("who was invited and has not come yet"),
        reads=ADMINS,
        read_at="people-invitations",
        changes=OFFICE_AND_BOARD,
        changed_at="people-invite",
        kept=kept.INVITATIONS,
        at="""
            people-invitations people-invite people-paper people-invitation-send people-invitation-withdraw
            people-invitation-code api:invitations api:invitation api:invitation-send api:invitation-withdraw
        """,
        more=_("A leader invites, but does not read the list. Nobody hears whether an address is known elsewhere."),
    ),
    Thing(
        key="group-invitations",
        name=_("who was invited to the group and has not come yet"),
        reads=CHAIR,
        read_at="workgroups:group-invite",
        changes=CHAIR,
        changed_at="workgroups:group-invite",
        kept=kept.INVITATIONS,
        at="""
            workgroups:group-invite workgroups:group-invitation-withdraw
            api:group-invite api:group-invitation api:group-invitations
        """,
        more=_("The admins of the school read these invitations too, among those of the school."),
    ),
    Thing(
        key="start",
        name=_("what the school needs before it starts"),
        reads=OFFICE_AND_BOARD,
        read_at="school-start",
        changes=OFFICE_AND_BOARD,
        changed_at="school-council",
        kept=kept.SCHOOL,
        at="""
            school-start school-council school-region school-reason api:start api:start-council api:start-region
            api:start-reason
        """,
        more=_(
            "Only the board can let a school start before its council agreed. "
            "It has to say why, and everybody at the school reads that."
        ),
    ),
    Thing(
        key="papers",
        name=_("papers for the council, the data protection officer and the contract"),
        reads=OFFICE_AND_BOARD,
        read_at="school-papers school-paper",
        kept=kept.NOTHING,
        at="school-papers school-paper school-paper-pdf board-papers board-paper board-paper-pdf",
        is_told=False,
    ),
    Thing(
        key="events",
        name=_("who changed roles, invitations, groups and settings"),
        reads=ADMIN,
        read_at="school-events api:events",
        kept=kept.EVENTS,
        at="school-events api:events",
        more=_(
            "Each reads of the own account what happened with it. Nothing of what groups say or write stands there, "
            "nor who answered a round, postponed something or took a yes back."
        ),
    ),
    Thing(
        key="roster",
        name=_("a list of people that is imported"),
        reads=ONLY_YOU,
        changes=ONLY_YOU,
        kept=kept.A_DAY,
        at="""
            roster roster-look roster-template board-roster board-roster-look board-roster-template
            api:rosters api:roster api:roster-take api:board-rosters api:board-roster api:board-roster-take
        """,
        more=_(
            "Only admins of the school or its board can import a list. Other columns than the six are not read. "
            "The file itself is not kept."
        ),
    ),
    Thing(
        key="board-events",
        name=_("who changed roles and settings of the board"),
        reads=BOARD,
        read_at="board-events api:board-events",
        kept=kept.EVENTS,
        at="board-events api:board-events",
    ),
    Thing(
        key="services",
        name=_("by which service the board’s staff sign in"),
        reads=BOARD,
        read_at="services",
        changes=BOARD,
        changed_at="service",
        kept=kept.OWN,
        at="services service service-try service-open service-close service-remove",
        more=_("How many people linked an account, not who. The secret is kept sealed and shown to nobody."),
    ),
    Thing(
        key="looks",
        name=_("which operator looked in, when and why"),
        reads=SCHOOL,
        read_at="school-opened",
        changes=OPERATOR,
        changed_at="glass",
        kept=kept.EVENTS,
        at="school-opened glass glass-close api:openings",
        more=_(
            "Only for a reason and for four hours at most, reading only. The leaders and admins get a letter at once."
        ),
    ),
    Thing(
        key="retention",
        name=_("what is kept and until when, and how much went"),
        reads=SCHOOL,
        read_at="school-retention",
        kept=kept.RECEIPTS,
        at="school-retention api:retention api:receipts",
        more=_("Numbers only. Admins also read what goes within a month, and of more kinds how much went."),
    ),
    Thing(
        key="days-off",
        name=_("days without school"),
        reads=SCHOOL,
        read_at="workgroups:days-off",
        changes=OFFICE,
        changed_at="workgroups:days-off",
        kept=kept.SCHOOL,
        at="workgroups:days-off workgroups:days-off-remove api:days-off api:days-off-remove",
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
        at="workgroups:reminders api:reminders",
        is_told=False,
    ),
    Thing(
        key="dashboard",
        name=_("the school’s overview"),
        reads=SCHOOL,
        read_at="school-dashboard",
        kept=kept.GATHERED,
        at="""
            school-dashboard school-dashboard-csv school-dashboard-xlsx
            api:dashboard-csv api:dashboard-xlsx api:dashboard
        """,
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
        at="board-home board-start board-csv board-xlsx api:board-start api:board-csv api:board-xlsx api:board",
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
            api:group api:groups api:group-turn api:group-end
        """,
        more=_("What else you find on the page of a group is for its people, and for a coach who is welcome there."),
    ),
)
