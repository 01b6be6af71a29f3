"""What words of the API mean where their label does not say enough, and what stands in addresses."""

from __future__ import annotations

MEANINGS: dict[str, dict[str, str]] = {
    "AgreementState": {
        "live": "the group keeps to it",
        "habit": "it goes by itself now",
        "changed": "another one came in its place",
        "dropped": "the group let it go",
    },
    "GoalState": {
        "live": "the group works on it",
        "reached": "the group said so, at a closer",
        "dropped": "the group let it go",
    },
    "GroupState": {"active": "it meets", "ended": "it is over; its people can go on reading"},
    "Step": {
        "not_yet": "nothing to be heard of it yet",
        "on_the_way": "it is coming",
        "reached": "it is there; ending the goal is the group's word",
    },
    "Kept": {
        "kept": "the group kept to it",
        "partly": "now and then",
        "not": "it did not work out this time",
        "no_occasion": "there was no moment for it",
    },
    "MeetingState": {
        "planned": "it lies ahead, or goes on now",
        "held": "it took place and was closed",
        "cancelled": "it was called off",
        "lapsed": "it took place, and nobody closed it",
    },
    "Word": {"seldom": "up to 1.5", "sometimes": "2 and 2.5", "often": "from 3"},
    "Role": {
        "teacher": "works in groups",
        "coach": "listens to groups that want it",
        "leader": "leads the school: sees the rhythm of groups, and what they share",
        "admin": "keeps people and groups of the school up to date, and reads nothing that groups write",
    },
    "VisitState": {
        "proposed": "waits for a yes; `asks` says whose",
        "accepted": "the group welcomes it",
        "declined": "not now, said the group",
        "withdrawn": "taken back, or put off",
        "listening": "the visitor listens now",
        "noting": "the visitor writes notes",
        "shared": "the feedback is with the group",
        "closed": "the group went through it",
    },
    "Party": {
        "group": "the group says yes or no",
        "visitor": "the group changed something: the visitor says yes or no",
    },
    "ScanState": {
        "open": "people can answer",
        "closed": "single answers are gone; the picture waits for the chair",
        "revealed": "the group reads the picture",
        "void": "too few answered, or the group let it go: there is no picture",
    },
    "HelpState": {
        "asked": "nobody answered yet",
        "answered": "the school answered; the group says whether that is enough",
        "done": "the group has what it asked for",
        "withdrawn": "the group took it back",
    },
}
# What each word in an address names.
PLACES: dict[str, str] = {
    "slug": "The school's name in addresses: `slug` of `me/`.",
    "key": "Key of the card (aspect): `key` of `cards/`.",
    "number": "The board's number in the national list: `number` of `me/`.",
    "group_id": "The group's id.",
    "meeting_id": "The meeting's id.",
    "series_id": "The series' id.",
    "goal_id": "The goal's id.",
    "agreement_id": "The agreement's id.",
    "period_id": "The focus period's id.",
    "seat_id": "The seat's id.",
    "visit_id": "The visit's id.",
    "shared_id": "Id of the visit whose feedback was shared.",
    "scan_id": "The self-scan's id.",
    "pulse_id": "The pulse's id.",
    "help_id": "Id of what was asked.",
    "observation_id": "A UUID that the visitor's app made.",
    "user_id": "The person's id.",
    "membership_id": "The role's id.",
    "invitation_id": "The invitation's id.",
    "token_id": "The token's id.",
    "session_id": "The session's id.",
    "feed_id": "The feed's id.",
    "holiday_id": "Id of the day off.",
    "place": "Place of the pair in the feedback, from 1.",
    "kind": "Kind of letter.",
}
# Titles where the operation's name alone reads badly.
TITLES: dict[str, str] = {
    "read_root": "Where to begin",
    "read_me": "Who am I",
    "read_deck": "Read the six cards",
    "decide_sharing": "Decide on sharing",
    "ask_help": "Ask for help",
    "read_own_answers": "Read your own answers",
    "log_own_answers": "Log your own answers",
}
