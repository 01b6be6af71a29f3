"""The kinds of letters of this floor, as the ledger keeps them."""

from enum import StrEnum

# About a self-scan: whoever may answer in it hears that it is open.
SCAN_OPENED = "scan_opened"


class LetterKind(StrEnum):
    """About visits: members hear of a proposal, a yes to their change and feedback, the visitor of the answer."""

    PROPOSED = "visit_proposed"
    ANSWERED = "visit_answered"
    AGREED = "visit_agreed"
    OFF = "visit_off"
    FEEDBACK = "feedback_shared"
