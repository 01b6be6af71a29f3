"""The kinds of letters about visits, as the ledger keeps them."""

from enum import StrEnum


class LetterKind(StrEnum):
    """Who hears what: members hear of a proposal and of feedback, the visitor of the group's answer."""

    PROPOSED = "visit_proposed"
    ANSWERED = "visit_answered"
    OFF = "visit_off"
    FEEDBACK = "feedback_shared"
