"""The kinds of letters of this floor, as the ledger keeps them."""

from enum import StrEnum

# About a self-scan: whoever may answer in it hears that it is open.
SCAN_OPENED = "scan_opened"


class LetterKind(StrEnum):
    """About visits: members hear of a proposal, a yes to their change and feedback, the visitor of the answer.

    The visitor also hears what becomes of the meeting. That letter's version is the one of the meeting's schedule.
    """

    PROPOSED = "visit_proposed"
    ANSWERED = "visit_answered"
    AGREED = "visit_agreed"
    OFF = "visit_off"
    MEETING = "visit_meeting"
    FEEDBACK = "feedback_shared"
